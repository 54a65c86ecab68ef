"""Figures of the whole catalogue: how it grew, what meets what, where it appears, whether there is code."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

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

_FEW = 4  # papers of which no tenth can be told: each is drawn


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


def venues(*, most: int = 18, survey: Survey) -> Figure:
    """Plot where the papers appeared, stacked by category: the venues with most of them, and all others together."""
    where = {paper.key: survey.venue(paper.key) for paper in survey.papers}
    ranked = [name for name, _ in sorted(Counter(where.values()).items(), key=lambda pair: (-pair[1], pair[0]))]
    shown = ranked[:most]
    rest = f"{len(ranked) - most} others"
    names = [*shown, rest] if len(ranked) > most else shown
    figure, (axes,) = canvas(0.9 + 0.2 * len(names))
    left = [0] * len(names)
    for category in CATEGORIES:
        count = Counter(
            where[p.key] if where[p.key] in shown else rest for p in survey.papers if p.category == category
        )
        widths = [count[name] for name in names]
        axes.barh(names, widths, left=left, color=COLOURS[category], edgecolor=INK, linewidth=0.4, height=0.7)
        left = [a + b for a, b in zip(left, widths, strict=True)]
    for row, total in enumerate(left):
        axes.text(total, row, f" {total}", va="center", fontsize=8)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, max(left) * 1.08)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("Papers")
    grid(axes, "x")
    category_legend(figure, {paper.category for paper in survey.papers})
    return finish(figure, _rows(survey, survey.papers))


def code_by_year(*, least: int = 10, survey: Survey) -> Figure:
    """Plot the share of papers with a known address of code by year, in years with at least `least` papers of a category."""
    years = _years(survey, survey.papers)
    figure, (axes,) = canvas(2.7)
    for category in CATEGORIES:
        papers = [paper for paper in survey.papers if paper.category == category]
        total = Counter(survey.references[paper.key].year for paper in papers)
        known = Counter(survey.references[paper.key].year for paper in papers if paper.code)
        points = [(year, 100 * known[year] / total[year]) for year in years if total[year] >= least]
        if points:
            axes.plot(*zip(*points, strict=True), marker="o", color=COLOURS[category], linewidth=1.6, markersize=4.5)
    axes.set_ylim(0, 100)
    axes.set_ylabel("Papers with code, %")
    axes.set_xticks(years)
    axes.set_xlim(years[0] - 0.3, years[-1] + 0.3)
    grid(axes, "y")
    category_legend(figure, {paper.category for paper in survey.papers})
    code = [{"code": paper.code} for paper in survey.papers]
    return finish(figure, [row | address for row, address in zip(_rows(survey, survey.papers), code, strict=True)])


def migration(*, survey: Survey) -> Figure:
    """Plot, for each family and category, when a tenth, half and nine tenths of its catalogued papers had appeared.

    Fewer than four papers are small dots in the middle of their years.
    """
    years = _years(survey, survey.papers)
    figure, (axes,) = canvas(0.9 + 0.6 * len(FAMILIES))
    for row, family in enumerate(FAMILIES):
        for step, category in enumerate(CATEGORIES):
            dates = sorted(
                survey.references[p.key].year for p in survey.papers if family in p.families and p.category == category
            )
            if not dates:
                continue
            place = row + 0.8 / len(CATEGORIES) * (step - (len(CATEGORIES) - 1) / 2)
            if len(dates) < _FEW:
                axes.plot(
                    [date + 0.5 for date in dates], [place] * len(dates), "o", color=COLOURS[category], markersize=3.5
                )
                continue
            early, middle, late = (_when(dates, part, years) for part in (0.1, 0.5, 0.9))
            axes.plot([early, late], [place, place], color=COLOURS[category], linewidth=2, solid_capstyle="round")
            axes.plot(
                middle, place, "o", color=COLOURS[category], markeredgecolor=INK, markeredgewidth=0.5, markersize=5.5
            )
            axes.annotate(
                str(len(dates)), (late, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=7.5
            )
    for row in range(1, len(FAMILIES)):
        axes.axhline(row - 0.5, color=FAINT, linewidth=0.4, alpha=0.6)
    axes.set_yticks(range(len(FAMILIES)), [family.capitalize() for family in FAMILIES])
    axes.set_ylim(len(FAMILIES) - 0.5, -0.5)
    axes.set_xticks([year + 0.5 for year in years], [str(year) for year in years])
    axes.set_xlim(years[0], years[-1] + 1.4)
    axes.tick_params(axis="y", length=0)
    grid(axes, "x")
    category_legend(figure, {paper.category for paper in survey.papers})
    return finish(figure, _rows(survey, survey.papers))


def _when(dates: Sequence[int], part: float, years: Sequence[int]) -> float:
    """Return the moment at which a part of the papers had appeared, a year's papers being spread evenly over it."""
    per_year = [dates.count(year) for year in years]
    wanted = part * len(dates)
    for year, number, reached in zip(years, per_year, accumulate(per_year), strict=True):
        if reached >= wanted and number:
            return year + (wanted - (reached - number)) / number
    return years[-1] + 1.0


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
