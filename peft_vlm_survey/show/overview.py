"""Figures of the whole survey: when, which families, on what, measured where, training how much."""

from collections import Counter
from collections.abc import Iterable

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES, Paper
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.papers import own_numbers, shares
from peft_vlm_survey.show.style import (
    COLOURS,
    FAINT,
    INK,
    LIGHT,
    MARKERS,
    canvas,
    category_legend,
    finish,
    grid,
    matrix,
)


def timeline(*, survey: Survey) -> Figure:
    """Plot the core papers by year of publication, one row of names a category, a marker a family."""
    papers = _core(survey)
    years = {paper.key: survey.references[paper.key].year for paper in papers}
    stacks: Counter[tuple[str, int]] = Counter((paper.category, years[paper.key]) for paper in papers)
    heights = {category: max(n for (c, _), n in stacks.items() if c == category) for category in _shown(papers)}
    figure, (axes,) = canvas(0.9 + 0.23 * sum(heights.values()))
    base, ticks = 0.0, []
    for category in reversed(_shown(papers)):
        height = heights[category]
        seen: Counter[int] = Counter()
        for paper in reversed([paper for paper in papers if paper.category == category]):
            year = years[paper.key]
            level = base + seen[year]
            seen[year] += 1
            _mark(axes, year, level, paper)
            axes.annotate(paper.name, (year, level), xytext=(8, 0), textcoords="offset points", va="center", fontsize=8)
        ticks.append((base + (height - 1) / 2, CATEGORIES[category]))
        base += height
        axes.axhline(base - 0.5, color=FAINT, linewidth=0.4, alpha=0.6)
    axes.set_ylim(-0.6, base - 0.4)
    axes.set_yticks([place for place, _ in ticks], [_narrow(name) for _, name in ticks])
    first, last = min(years.values()), max(years.values())
    axes.set_xticks(range(first, last + 1))
    axes.set_xlim(first - 0.25, last + 0.75)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("Year of publication")
    return finish(figure, survey.paper_rows(papers))


def families(*, survey: Survey) -> Figure:
    """Plot how many core papers of each category belong to each family."""
    papers = _core(survey)
    counts = Counter((paper.family, paper.category) for paper in papers)
    shown = _shown(papers)
    figure, (axes,) = canvas(3.1)
    for row, family in enumerate(reversed(FAMILIES)):
        for column, category in enumerate(shown):
            count = counts[family, category]
            if count:
                axes.scatter(column, row, s=150 + 110 * count, color=COLOURS[category], edgecolor=INK, linewidth=0.6)
                light = category in LIGHT
                axes.text(
                    column, row, str(count), ha="center", va="center", fontsize=8.5, color=INK if light else "white"
                )
            else:
                axes.text(column, row, "·", ha="center", va="center", fontsize=9, color=FAINT)
    names = [family.capitalize() for family in reversed(FAMILIES)]
    matrix(axes, [_narrow(CATEGORIES[category]) for category in shown], names)
    axes.set_xlim(-0.5, len(shown) - 0.5)
    axes.set_ylim(-0.6, len(FAMILIES) - 0.4)
    return finish(figure, survey.paper_rows(papers))


def backbones(*, survey: Survey) -> Figure:
    """Plot how many core papers adapt each backbone, by category."""
    return _bars(survey, "backbones", "Papers that use the backbone")


def benchmarks(*, survey: Survey) -> Figure:
    """Plot which core paper reports on which benchmark; benchmarks that many papers share come first."""
    papers = _core(survey)
    counts = Counter(name for paper in papers for name in paper.benchmarks)
    names = sorted(counts, key=lambda name: (-counts[name], name))
    figure, (axes,) = canvas(1.3 + 0.2 * len(names))
    for column, paper in enumerate(papers):
        for row, name in enumerate(names):
            if name in paper.benchmarks:
                _mark(axes, column, row, paper)
    matrix(axes, [paper.name for paper in papers], names, rotation=40, ha="left")
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(-0.6, len(papers) - 0.4)
    axes.grid(color=FAINT, linewidth=0.4, alpha=0.35)
    axes.set_axisbelow(True)
    return finish(figure, survey.paper_rows(papers))


def trained_shares(*, survey: Survey) -> Figure:
    """Plot the range of trained shares that each core paper prints for its own method, on a logarithmic axis."""
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


def _bars(survey: Survey, column: str, label: str) -> Figure:
    papers = _core(survey)
    counts = Counter(name for paper in papers for name in getattr(paper, column))
    names = sorted(counts, key=lambda name: (counts[name], name), reverse=False)
    figure, (axes,) = canvas(1.3 + 0.21 * len(names))
    left = [0] * len(names)
    present = set()
    for category in CATEGORIES:
        widths = [
            sum(name in getattr(paper, column) for paper in papers if paper.category == category) for name in names
        ]
        if any(widths):
            present.add(category)
            axes.barh(
                range(len(names)), widths, left=left, color=COLOURS[category], edgecolor=INK, linewidth=0.5, height=0.66
            )
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes.set_yticks(range(len(names)), names)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlabel(label)
    grid(axes, "x")
    category_legend(figure, present)
    return finish(figure, survey.paper_rows(papers))


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


def _shown(papers: Iterable[Paper]) -> list[str]:
    """Return the categories that have one of the papers."""
    present = {paper.category for paper in papers}
    return [category for category in CATEGORIES if category in present]


def _core(survey: Survey) -> list[Paper]:
    return [paper for category in CATEGORIES for paper in survey.core(category)]


def _narrow(name: str) -> str:
    return name.replace(" and ", "\nand ")
