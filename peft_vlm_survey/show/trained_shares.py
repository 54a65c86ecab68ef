"""The trained shares that the papers with a section of their own report."""

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES, Paper
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.papers import own_numbers, shares
from peft_vlm_survey.show.style import COLOURS, FAINT, INK, MARKERS, canvas, category_legend, finish, grid


def trained_shares(*, survey: Survey) -> Figure:
    """Plot the range of trained shares that each of these papers reports for its own method, on a logarithmic axis."""
    known = [(paper, [float(share) for share in shares(survey, paper)]) for paper in _core(survey)]
    known = sorted([(paper, values) for paper, values in known if values], key=lambda pair: min(pair[1]), reverse=True)
    figure, (axes,) = canvas(1.3 + 0.26 * len(known))
    for row, (paper, values) in enumerate(known):
        axes.plot(
            [min(values), max(values)],
            [row, row],
            color=COLOURS[paper.category],
            linewidth=2,
            solid_capstyle="round",
            zorder=1,
        )
        for value in sorted(set(values)):
            _mark(axes, value, row, paper)
    axes.axvline(100, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(
        "full fine-tuning",
        (100, len(known) - 0.5),
        xytext=(-3, 0),
        textcoords="offset points",
        rotation=90,
        ha="right",
        va="top",
        fontsize=7.5,
    )
    axes.set_xscale("log")
    axes.set_xlim(min([0.05, *(min(values) / 2 for _, values in known)]), 140)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_yticks(range(len(known)), [paper.name for paper, _ in known])
    axes.set_ylim(-0.6, len(known) - 0.4)
    axes.set_xlabel("Trained parameters, % of what the paper counts")
    grid(axes, "x")
    category_legend(figure, {paper.category for paper, _ in known})
    return finish(figure, survey.number_rows(number for paper, _ in known for number in own_numbers(survey, paper)))


def _mark(axes: Axes, x: float, y: float, paper: Paper) -> None:
    axes.plot(
        x,
        y,
        MARKERS[paper.family],
        color=COLOURS[paper.category],
        markeredgecolor=INK,
        markeredgewidth=0.6,
        markersize=7,
        zorder=2,
    )


def _core(survey: Survey) -> list[Paper]:
    return [paper for category in CATEGORIES for paper in survey.core(category)]
