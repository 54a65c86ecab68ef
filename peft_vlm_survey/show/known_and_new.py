"""Figure of the accuracy on classes seen in training against that on new ones, for the methods of one protocol."""

from collections.abc import Collection

from matplotlib.axes import Axes

from peft_vlm_survey.compare.dataset_tables import dataset_tables_of
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.style import COLOURS, FAINT, FROZEN, INK, canvas, finish, grid, label_points

_KNOWN, _NEW, _MEAN = "b2n-average-base", "b2n-average-novel", "b2n-average-hm"
_BARE = "Zero-shot CLIP"
_EQUAL = (72, 76, 80)  # harmonic means whose lines are drawn


def known_and_new(protocol: str, *, named: Collection[str], survey: Survey) -> Figure:
    """Plot the methods of a base-to-novel protocol, each by its best row, and write the names of those in `named`.

    In the grey below, new classes are recognised worse than by the untrained model. A hollow mark is a row that its
    table copied from another paper. Raises KeyError for an unknown protocol or name.
    """
    tables = dataset_tables_of(survey, "base-to-novel")
    group = next((g for g in tables if g.protocol == protocol), None)
    lines: dict[object, Line] = {}
    for line in group.lines if group else ():
        if {_KNOWN, _NEW, _MEAN} <= {*line.cells}:
            lines.setdefault(method_of(line.numbers[0]), line)
    if missing := {*named} - {line.method for line in lines.values()}:
        raise KeyError(f"no row of '{protocol}' for {', '.join(sorted(missing))}")
    figure, (axes,) = canvas(3.9)
    points = {line.method: (_value(line, _KNOWN), _value(line, _NEW)) for line in lines.values()}
    across, up = zip(*points.values(), strict=True)
    axes.set_xlim(min(across) - 1.5, max(across) + 1.5)
    axes.set_ylim(min(up) - 1.5, max(up) + 1.5)
    if _BARE in points:
        axes.axhspan(axes.get_ylim()[0], points[_BARE][1], color=FROZEN, alpha=0.6, linewidth=0, zorder=0)
    for mean in _EQUAL:
        _line_of_equal(axes, mean)
    for line in lines.values():
        hollow = line.cells[_MEAN][0].claim == "copied"
        axes.plot(
            *points[line.method],
            "o",
            color="white" if hollow else COLOURS["recognition"],
            markeredgecolor=INK,
            markeredgewidth=0.7,
            markersize=6.5,
        )
    axes.set_xlabel("Accuracy on known classes, % (to the right: better)")
    axes.set_ylabel("Accuracy on new classes, % (up: better)")
    grid(axes, "both")
    first = sorted(points, key=lambda method: method not in named)  # the others are only kept clear of
    label_points(axes, [points[m] for m in first], [m if m in named else "" for m in first])
    return finish(
        figure, survey.number_rows(n for line in lines.values() for b in (_KNOWN, _NEW) for n in line.cells[b])
    )


def _value(line: Line, benchmark: str) -> float:
    return float(line.cells[benchmark][0].value)


def _line_of_equal(axes: Axes, mean: int) -> None:
    """Draw where the harmonic mean of both accuracies is the same, and write it at the upper end."""
    left, right = axes.get_xlim()
    top = axes.get_ylim()[1]
    start = max(left, mean * top / (2 * top - mean))
    known = [start + (right - start) * step / 100 for step in range(101)]
    new = [mean * x / (2 * x - mean) for x in known]
    axes.plot(known, new, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    axes.annotate(
        f"H = {mean}", (known[0], new[0]), xytext=(7, -2), textcoords="offset points", va="center", fontsize=7.5
    )
