"""Figures of the catalogue: how it grew, what meets what, and when the versions of a model are adapted."""

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES, Paper
from peft_vlm_survey.read.tasks import GROUP_OF, GROUPS
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.style import (
    ACCENT,
    COLOURS,
    FAINT,
    INK,
    TRAINED,
    canvas,
    category_legend,
    category_legend_within,
    finish,
    grid,
    matrix,
    panels,
)


def growth(*, survey: Survey) -> Figure:
    """Plot the papers of each family by year of publication, one panel a family, stacked by category."""
    years = _years(survey, survey.papers)
    count = Counter((paper.family, paper.category, survey.references[paper.key].year) for paper in survey.papers)
    figure, axes = panels(2, 4, 4.4)
    for family, ax in zip(FAMILIES, axes, strict=True):
        bottom = [0] * len(years)
        for category in CATEGORIES:
            heights = [count[family, category, year] for year in years]
            ax.bar(years, heights, bottom=bottom, color=COLOURS[category], edgecolor=INK, linewidth=0.3, width=0.8)
            bottom = [a + b for a, b in zip(bottom, heights, strict=True)]
        ax.set_title(f"{family.capitalize()}\n{sum(bottom)} papers", fontsize=8, loc="left")
        ax.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        ax.set_ylim(0, max(4, *bottom) * 1.08)
        _year_ticks(ax, years)
        grid(ax, "y")
    category_legend(figure, {paper.category for paper in survey.papers})
    return finish(figure, _rows(survey, survey.papers))


def papers_by_year(*, survey: Survey) -> Figure:
    """Plot all papers by year of publication, stacked by category, each year with its count.

    It is narrower than the text, so that it stands beside the tiles of the first page with letters of full size.
    """
    years = _years(survey, survey.papers)
    count = Counter((paper.category, survey.references[paper.key].year) for paper in survey.papers)
    figure, (axes,) = canvas(1.75, width=4.3)
    bottom = [0] * len(years)
    for category in CATEGORIES:
        heights = [count[category, year] for year in years]
        axes.bar(years, heights, bottom=bottom, color=COLOURS[category], edgecolor=INK, linewidth=0.3, width=0.8)
        bottom = [a + b for a, b in zip(bottom, heights, strict=True)]
    for year, total in zip(years, bottom, strict=True):
        axes.text(year, total, str(total), ha="center", va="bottom", fontsize=8)
    axes.set_ylim(0, max(bottom) * 1.12)
    axes.set_ylabel("Papers")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    grid(axes, "y")
    category_legend_within(axes, {paper.category for paper in survey.papers})
    return finish(figure, _rows(survey, survey.papers))


def families_by_group(*, survey: Survey) -> Figure:
    """Shade how many papers of each group of tasks use each family; a paper counts in every group and family it has."""
    count: Counter[tuple[str, str]] = Counter()
    for paper in survey.papers:
        groups = dict.fromkeys(GROUP_OF[task] for task in paper.task)
        count.update((group, family) for group in groups for family in paper.families)
    figure, (axes,) = canvas(0.7 + 0.235 * len(GROUPS))
    for row, group in enumerate(GROUPS):
        total = sum(count[group, family] for family in FAMILIES) or 1
        for column, family in enumerate(FAMILIES):
            number = count[group, family]
            share = number / total
            axes.barh(
                row,
                1,
                left=column - 0.5,
                height=1,
                color=ACCENT,
                alpha=0.05 + 0.75 * share if number else 0,
                linewidth=0,
            )
            axes.text(
                column,
                row,
                str(number) if number else "·",
                ha="center",
                va="center",
                fontsize=8,
                color="white" if share > 0.55 else INK if number else FAINT,
            )
    matrix(axes, [family.capitalize() for family in FAMILIES], list(GROUPS), rotation=35, ha="left")
    axes.set_xlim(-0.5, len(FAMILIES) - 0.5)
    axes.set_ylim(len(GROUPS) - 0.5, -0.5)
    return finish(figure, _rows(survey, survey.papers))


def _years(survey: Survey, papers: Sequence[Paper]) -> list[int]:
    known = [survey.references[paper.key].year for paper in papers]
    return list(range(min(known), max(known) + 1))


def _year_ticks(axes: Axes, years: Sequence[int]) -> None:
    axes.set_xticks(years, [f"’{year % 100:02}" if (years[-1] - year) % 2 == 0 else "" for year in years])


def _rows(survey: Survey, papers: Sequence[Paper]) -> list[dict[str, str]]:
    """Return what these figures count: a few columns a paper, since whole rows stand in downloads/papers.csv."""
    return [
        {
            "key": paper.key,
            "year": str(survey.references[paper.key].year),
            "venue": survey.venue(paper.key),
            "category": paper.category,
            "families": "; ".join(paper.families),
            "tasks": "; ".join(paper.task),
        }
        for paper in papers
    ]


_FILLS = (COLOURS["grounding"], TRAINED, ACCENT)  # oldest first; they differ in grey, too
_MONTHS = 3  # in a bar


def versions(*keys: str, survey: Survey) -> Figure:
    """Plot the papers that adapt each of the works `keys`, by quarter of their preprint, and mark when each work appeared.

    The works are models, oldest first, at most three. A paper counts with every version among its backbones, and only
    if it has an arXiv number, whose first digits are its month. Raises KeyError for a work without one.
    """
    released = {survey.name(key): quarter for key in keys if (quarter := _quarter(survey, key)) is not None}
    if len(released) < len(keys):
        raise KeyError(f"no arXiv number for one of {', '.join(keys)}")
    shown = [
        (paper, quarter)
        for paper in survey.papers
        if set(paper.backbones) & set(released) and (quarter := _quarter(survey, paper.key)) is not None
    ]
    count = Counter((name, quarter) for paper, quarter in shown for name in released if name in paper.backbones)
    quarters = _span([*(quarter for _, quarter in count), *released.values()])
    figure, (axes,) = canvas(2.5)
    bottom = [0] * len(quarters)
    for name, fill in zip(released, _FILLS, strict=False):
        heights = [count[name, quarter] for quarter in quarters]
        total = f"{name}: {sum(heights)} papers"
        axes.bar(quarters, heights, bottom=bottom, color=fill, edgecolor=INK, linewidth=0.4, width=0.82, label=total)
        bottom = [a + b for a, b in zip(bottom, heights, strict=True)]
    top = max(bottom)
    for name, quarter in released.items():
        axes.axvline(quarter, ymax=0.92, color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
        axes.text(quarter, top * 1.2, name, ha="center", va="top", fontsize=8.5)
    axes.set_ylim(0, top * 1.22)
    axes.set_ylabel("Papers in a quarter")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    years = [quarter for quarter in quarters if quarter % 4 == 0 or quarter == quarters[0]]
    axes.set_xticks([year - 0.5 for year in years], [str(year // 4) for year in years], ha="left")
    grid(axes, "y")
    axes.legend(loc="upper left", bbox_to_anchor=(0.085, 0.9), frameon=False, fontsize=8.5)
    return finish(figure, survey.paper_rows([paper for paper, _ in shown]))


def _quarter(survey: Survey, key: str) -> int | None:
    """Return the quarter of a work's preprint, counted from the year 0, or None without an arXiv number of today's form."""
    digits = survey.references[key].fields.get("eprint", "")[:4]
    if not digits.isdigit():
        return None
    return (2000 + int(digits[:2])) * 4 + (int(digits[2:]) - 1) // _MONTHS


def _span(quarters: Sequence[int]) -> list[int]:
    return list(range(min(quarters), max(quarters) + 1))
