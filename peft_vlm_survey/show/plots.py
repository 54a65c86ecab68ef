"""Figures of reported numbers: what methods gain, what they pay for it, and the fronts."""

from collections import Counter

from matplotlib.ticker import FuncFormatter, NullFormatter

from peft_vlm_survey.compare.experiments import points
from peft_vlm_survey.compare.front import pareto_front
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import group, groups
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.results import QUANTITIES, Result
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.numbers import TRAINED_AXIS, describe
from peft_vlm_survey.show.style import (
    ACCENT,
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


def tradeoff(*origins: str, y: str, x: str = "trained_percent", survey: Survey) -> Figure:
    """Plot a benchmark against what it costs, for every method of the given printed tables.

    `x` is `trained_percent` or a quantity (`memory` in GB, `storage` in kB); the axis is logarithmic where the
    values span more than a factor of ten. Raises KeyError if the tables hold no such pair.
    """
    chosen = [n for n in (*survey.results, *survey.measurements) if n.origin in origins]
    costs = {_setting(n): n for n in chosen if n.benchmark == x} if x in QUANTITIES else {}
    if x != "trained_percent" and not costs:
        raise KeyError(f"no '{x}' in {', '.join(origins)}")
    points, labels, families = [], [], []
    names = {paper.key: paper.family for paper in survey.papers}
    several = len({n.backbone for n in chosen}) > 1
    for number in chosen:
        cost = (
            costs[_setting(number)].value if _setting(number) in costs else number.trained_percent if not costs else ""
        )
        if number.benchmark == y and cost:
            points.append((float(cost), float(number.value)))
            labels.append(
                f"{number.method}, {number.backbone}" if several and number.method != REFERENCE else number.method
            )
            families.append(names.get(number.method_key, ""))
    if not points:
        raise KeyError(f"no '{y}' with '{x}' in {', '.join(origins)}")
    benchmark = survey.benchmark(y)
    figure, (axes,) = canvas(3.9)
    for point, label, family in zip(points, labels, families, strict=True):
        reference = label == REFERENCE
        axes.plot(
            *point,
            MARKERS.get(family, "o"),
            color=FAINT if reference else COLOURS[benchmark.category],
            markeredgecolor=INK,
            markeredgewidth=0.6,
            markersize=7,
        )
        if reference:
            axes.axhline(point[1], color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    if max(p[0] for p in points) > 10 * min(p[0] for p in points):
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.margins(0.12, 0.12)
    axes.set_xlabel(_cost_label(x, costs))
    axes.set_ylabel(wrapped(describe(benchmark)))
    grid(axes, "both")
    label_points(axes, points, labels)
    return finish(figure, survey.number_rows(n for n in chosen if n.benchmark in (x, y)))


def gains(origin: str, *, method: str, reference: str, backbone: str | None = None, survey: Survey) -> Figure:
    """Plot the difference between two methods on every benchmark for which one printed table gives one value each.

    Differences that mean *better* point to the right, also where lower is better.
    Raises KeyError if the table has no benchmark for both.
    """
    rows = [n for n in survey.results if n.origin == origin and backbone in (None, n.backbone)]
    mine, other = _values(rows, method), _values(rows, reference)
    shared = [b for b in survey.benchmarks if b.benchmark in mine and b.benchmark in other]
    if not shared:
        raise KeyError(f"no benchmark for both '{method}' and '{reference}' in '{origin}'")
    differences = [mine[b.benchmark] - other[b.benchmark] for b in shared]
    better = [d if b.more_is_better else -d for d, b in zip(differences, shared, strict=True)]
    figure, (axes,) = canvas(0.9 + 0.3 * len(shared))
    places = range(len(shared), 0, -1)
    colours = [COLOURS[b.category] if gain >= 0 else ACCENT for gain, b in zip(better, shared, strict=True)]
    axes.barh(places, better, height=0.62, color=colours, edgecolor=INK, linewidth=0.6)
    for bar, gain in zip(axes.patches, better, strict=True):
        bar.set_hatch("" if gain >= 0 else "////")
    for place, difference, gain in zip(places, differences, better, strict=True):
        axes.annotate(
            f"{difference:+.2f}".replace("-", "−"),
            (gain, place),
            xytext=(4 if gain >= 0 else -4, 0),
            textcoords="offset points",
            ha="left" if gain >= 0 else "right",
            va="center",
            fontsize=7.5,
        )
    axes.set_yticks(list(places), [b.name for b in shared])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.16)
    axes.set_xlabel(f"{method} minus {reference}, points (to the right: {method} is better)")
    grid(axes, "x")
    compared = {b.benchmark for b in shared}
    numbers = (n for n in rows if n.method in (method, reference) and n.benchmark in compared)
    return finish(figure, survey.number_rows(numbers))


def _values(rows: list[Result], method: str) -> dict[str, float]:
    """Return the method's value on every benchmark for which the rows give just one."""
    of_method = [row for row in rows if row.method == method]
    counts = Counter(row.benchmark for row in of_method)
    return {row.benchmark: float(row.value) for row in of_method if counts[row.benchmark] == 1}


def _setting(number: Result) -> tuple[str, str, str, str]:
    return number.origin, number.method, number.backbone, number.trained_percent


def _cost_label(x: str, costs: dict[tuple[str, str, str, str], Result]) -> str:
    if not costs:
        return TRAINED_AXIS
    unit = next(iter(costs.values())).unit
    return f"{QUANTITIES[x]}, {unit} (to the left: less)"


def wrapped(text: str) -> str:
    """Return a long label in two lines."""
    return text.replace(" (", "\n(", 1) if len(text) > 42 else text


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
