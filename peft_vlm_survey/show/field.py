"""Figures of the whole catalogue: how it grew, what meets what, where it appears, whether there is code."""

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
