"""Figures of all results: the fronts, every gain over full fine-tuning, and what papers do not report."""

from matplotlib.ticker import NullFormatter

from peft_vlm_survey.compare.experiments import points
from peft_vlm_survey.compare.front import pareto_front
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import group, groups
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.numbers import TRAINED_AXIS, describe
from peft_vlm_survey.show.style import (
    COLOURS,
    FAINT,
    INK,
    MARKERS,
    canvas,
    category_legend,
    finish,
    grid,
    label_points,
)

_MOST_LABELS = 14  # of more points, variants that only add a part to another method go unnamed


def front(protocol: str, backbone: str, *, survey: Survey) -> Figure:
    """Plot the main benchmark of one comparable group against trained share, with the Pareto front.

    Numbers read in notes alone are hollow and never on the front. Raises KeyError if no entry has both, only notes say so, or each
    row keeps a set-up of its own.
    """
    g = group(survey, protocol, backbone)
    if not g.comparable:
        raise KeyError(f"protocol '{protocol}' ranks nothing: each row keeps a set-up of its own")
    entries = [(e, n) for e in g.entries if e.trained_percent and (n := e.on(g.main.benchmark))]
    if not entries:
        raise KeyError(f"no trained share under protocol '{protocol}' on backbone '{backbone}'")
    points = [(float(e.trained_percent), float(n.value)) for e, n in entries]
    solid = [i for i, (e, _) in enumerate(entries) if e.read_in != "notes"]
    if not solid:
        raise KeyError(f"only notes under protocol '{protocol}' on backbone '{backbone}'")
    best = [solid[i] for i in pareto_front([points[i] for i in solid], higher=g.main.more_is_better)]
    figure, (axes,) = canvas(3.9)
    families = {paper.key: paper.family for paper in survey.papers}
    line = [points[i] for i in best]
    axes.plot(*zip(*line, strict=True), color=INK, linewidth=0.9, drawstyle="steps-post", zorder=1)
    for i, (entry, _) in enumerate(entries):
        colour = FAINT if entry.method == REFERENCE else COLOURS[g.main.category]
        axes.plot(
            *points[i],
            MARKERS.get(families.get(entry.method_key, ""), "o"),
            color=colour if i in solid else "none",
            markeredgecolor=INK if i in best or i not in solid else FAINT,
            markeredgewidth=0.9,
            markersize=7.5 if i in best else 6,
        )
    axes.set_xscale("log")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.margins(0.14, 0.14)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xlabel(TRAINED_AXIS)
    axes.set_ylabel(describe(g.main).replace(" (", "\n(", 1))
    grid(axes, "both")
    named = [
        i for i in range(len(entries)) if len(entries) <= _MOST_LABELS or i in best or " + " not in entries[i][0].method
    ]
    label_points(axes, [points[i] for i in named], [entries[i][0].method for i in named])
    return finish(figure, survey.number_rows(n for _, n in entries))


def all_gains(*, least: int = 1, survey: Survey) -> Figure:
    """Plot for every comparable group by how much each method is better than full fine-tuning, as `compare.gain` defines it.

    Only benchmarks of which more is better are drawn, shares as percentages, and only groups with at least `least`
    such methods; notes are hollow.
    """
    families = {paper.key: paper.family for paper in survey.papers}
    drawn = []
    for g in groups(survey):
        scale = points(g.main) or 1.0
        gains = [(e, scale * float(gain)) for e in g.entries if (gain := g.gain(e)) is not None]
        if len(gains) >= max(least, 1) and g.main.more_is_better:
            drawn.append((g, gains))
    drawn.sort(
        key=lambda pair: (list(CATEGORIES).index(pair[0].main.category), pair[0].protocol, pair[0].backbone),
        reverse=True,
    )
    figure, (axes,) = canvas(1.2 + 0.25 * len(drawn))
    for row, (g, gains) in enumerate(drawn):
        colour = COLOURS[g.main.category]
        for entry, ahead in gains:
            hollow = entry.read_in == "notes"
            axes.plot(
                ahead,
                row,
                MARKERS.get(families.get(entry.method_key, ""), "o"),
                color="none" if hollow else colour,
                markeredgecolor=colour if hollow else INK,
                markeredgewidth=0.5,
                markersize=6,
            )
        name = f"{survey.protocol(g.protocol).name}; {g.backbone}"
        axes.text(0.004, row + 0.3, name, transform=axes.get_yaxis_transform(), fontsize=7, va="center", color=INK)
        axes.axhline(row + 0.55, color=FAINT, linewidth=0.4, alpha=0.5)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks([])
    axes.set_ylim(-0.6, len(drawn) - 0.4)
    axes.set_xscale("symlog", linthresh=10)
    every = [ahead for _, gains in drawn for _, ahead in gains]
    axes.set_xlim(min([-60, *every]), max([16, *every]))  # never less than the data
    axes.set_xticks([-50, -20, -10, -5, 0, 5, 10], ["−50", "−20", "−10", "−5", "0", "+5", "+10"])
    axes.minorticks_off()
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("Points against full fine-tuning (to the right: better)")
    grid(axes, "x")
    category_legend(figure, {g.main.category for g, _ in drawn})
    numbers = (n for g, gains in drawn for e, _ in gains if (n := e.on(g.main.benchmark)))
    return finish(figure, survey.number_rows(numbers))
