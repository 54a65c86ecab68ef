"""What is known: the findings with their grades, and the figure of every gain over full fine-tuning."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from matplotlib.axes import Axes

from peft_vlm_survey.compare.findings import grade, measured
from peft_vlm_survey.compare.measures import FullGain, full_gains
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.markup import Markup
from peft_vlm_survey.show.style import COLOURS, FAINT, INK, canvas, category_legend, finish, grid

_UNKNOWN = "not established"
# Upper bounds of the bins, and how each reads.
_EXAMPLES = ((1_000, "1,000 or fewer"), (50_000, "up to 50,000"), (float("inf"), "more than 50,000"))
_PARAMETERS = ((3e8, "below 0.3 B"), (1e9, "0.3 to 1 B"), (float("inf"), "above 1 B"))


def findings(*, first: int, survey: Survey) -> Markup:
    """List the first of the findings, each with a link to its section and with its grade."""
    known = measured(survey)
    lines = [
        f"1. {{ref}}`{finding.claim} <finding-{finding.finding}>` *{grade(known[finding.finding]).capitalize()}.*"
        for finding in survey.findings[:first]
    ]
    return Markup("\n".join(lines) + "\n")


def gains_by(*, survey: Survey) -> Figure:
    """Plot the gain of the middle and of the best method over full fine-tuning, one dot a comparable group.

    The rows are the tasks, how many examples are trained on, and the size of the backbone.
    """
    found = full_gains(survey)
    sizes = {backbone.backbone: _parameters(survey, backbone.configuration) for backbone in survey.backbones}
    panels: tuple[tuple[str, Callable[[FullGain], str]], ...] = (
        ("By task", lambda f: f.group.main.task),
        ("By number of training examples", lambda f: _bin(f.training_examples, _EXAMPLES)),
        ("By parameters of the backbone", lambda f: _bin(sizes.get(f.group.backbone), _PARAMETERS)),
    )
    rows: list[tuple[str, list[FullGain]]] = []
    for title, of in panels:
        binned: dict[str, list[FullGain]] = defaultdict(list)
        for f in found:
            binned[of(f)].append(f)
        rows += [(title, []), *_ordered(binned)]
    figure, (axes,) = canvas(1.1 + 0.21 * len(rows))
    rows.reverse()
    for place, (_, members) in enumerate(rows):
        if members:
            _row(axes, place, members)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(
        range(len(rows)), [f"{name} ({len(members)})" if members else name for name, members in rows], fontsize=7.5
    )
    for tick, (_, members) in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("normal" if members else "bold")
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xscale("symlog", linthresh=10)
    axes.set_xlim(-60, 60)
    axes.set_xticks([-50, -20, -10, -5, 0, 5, 10, 20, 50], ["−50", "−20", "−10", "−5", "0", "+5", "+10", "+20", "+50"])
    axes.minorticks_off()
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("Points against full fine-tuning (to the right: better)")
    grid(axes, "x")
    category_legend(figure, {f.group.main.category for f in found})
    numbers = (n for f in found for e in f.group.entries if (n := e.on(f.group.main.benchmark)))
    return finish(figure, survey.number_rows(numbers))


def _row(axes: Axes, place: int, members: list[FullGain]) -> None:
    """Draw the groups of one row: a filled dot for the middle method, a hollow one for the best, a bar at each median."""
    for f in members:
        colour = COLOURS[f.group.main.category]
        axes.plot([f.middle, f.best], [place, place], color=FAINT, linewidth=0.5, alpha=0.6, zorder=1)
        axes.plot(f.best, place, "o", color="white", markeredgecolor=colour, markeredgewidth=0.8, markersize=4)
        axes.plot(f.middle, place, "o", color=colour, markeredgecolor=INK, markeredgewidth=0.3, markersize=4.5)
    axes.plot([median(f.middle for f in members)] * 2, [place - 0.38, place + 0.38], color=INK, linewidth=1.6)


def _ordered(binned: Mapping[str, list[FullGain]]) -> list[tuple[str, list[FullGain]]]:
    """Return the rows of a panel: bins in their order, tasks by the number of their groups; what is not established last."""
    order = [name for _, name in (*_EXAMPLES, *_PARAMETERS)]
    return sorted(
        binned.items(),
        key=lambda row: (row[0] == _UNKNOWN, order.index(row[0]) if row[0] in order else 0, -len(row[1]), row[0]),
    )


def _bin(value: int | None, bins: Sequence[tuple[float, str]]) -> str:
    return next(name for bound, name in bins if value <= bound) if value else _UNKNOWN


def _parameters(survey: Survey, configuration: str) -> int:
    shape = survey.configurations_by_id.get(configuration)
    return int(shape.total_params) if shape and shape.total_params else 0
