"""The methods that matter by year and family, and what each is described by or compared with, computed from the data."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.style import ACCENT, COLOURS, FAINT, INK, MARKERS, above, canvas, category_legend, finish
from peft_vlm_survey.show.table import Column, Numbers, Table, table

LEAST = 3  # other papers whose tables report a method
_METHODS = ("method", "training-free")
_HEAD = 0.85  # rows that the name of a family takes


@dataclass(frozen=True, kw_only=True, slots=True)
class Descent:
    """A method that others report: by how many papers, which its description names, and which it is compared with.

    Both hold keys of older methods, those that most papers report first.
    """

    paper: Paper
    year: int
    reported: int
    stated: tuple[str, ...]
    compared: tuple[str, ...]

    @property
    def parent(self) -> str:
        """The method to which a line leads: one that is stated, or else one that it is compared with; empty without either."""
        return next(iter((*self.stated, *self.compared)), "")


def descents(survey: Survey, *, least: int = LEAST) -> list[Descent]:
    """Return the methods that tables of at least `least` other papers report, in the order in which they first appeared.

    Descent is stated where the sentence about a method names another, or a row of its tables is named after both. It is
    compared with those in its paper's own tables, or where none is held with the one that shares most tables with it.
    """
    makers = {origin.origin: origin.key for origin in survey.origins}
    reports: defaultdict[str, set[str]] = defaultdict(set)
    printed: defaultdict[str, set[str]] = defaultdict(set)
    tables: defaultdict[str, set[str]] = defaultdict(set)
    for number in survey.results:
        if key := number.method_key:
            printed[key].add(number.method)
            tables[number.origin].add(key)
            if makers[number.origin] != key:
                reports[key].add(makers[number.origin] or number.origin)
    papers = {
        paper.key: paper
        for paper in survey.papers
        if paper.name and paper.family and paper.kind in _METHODS and len(reports[paper.key]) >= least
    }
    seen = {key: first_seen(survey.references[key]) for key in papers}
    ordered = sorted(papers, key=lambda key: (seen[key], -len(reports[key]), key))
    summaries = {description.key: description.summary for description in survey.descriptions}

    def descent(key: str) -> Descent:
        older = sorted(ordered[: ordered.index(key)], key=lambda other: (-len(reports[other]), other))
        texts = (summaries.get(key, ""), *printed[key])
        in_own_tables = {other for origin, held in tables.items() if makers[origin] == key for other in held}
        beside = Counter(other for held in tables.values() if key in held for other in held)
        compared = [other for other in older if other in in_own_tables] or sorted(
            (other for other in older if beside[other]), key=lambda other: -beside[other]
        )[:1]
        return Descent(
            paper=papers[key],
            year=seen[key][0],
            reported=len(reports[key]),
            stated=tuple(other for other in older if any(_names(papers[other].name, text) for text in texts)),
            compared=tuple(compared),
        )

    return [descent(key) for key in ordered]


def first_seen(reference: Reference) -> tuple[int, int]:
    """Return year and month in which a work first appeared: of its preprint, if its identifier tells them, or of its venue.

    Of a venue the month is not known; what appeared there alone counts as the last of its year.
    """
    preprint = re.match(r"([0-9]{2})([0-9]{2})\.[0-9]", reference.fields.get("eprint", ""))
    return min((2000 + int(preprint[1]), int(preprint[2])) if preprint else (9999, 0), (reference.year, 13))


def _names(name: str, text: str) -> bool:
    """Return whether a text names a method by a whole word: AdaLoRA does not name LoRA."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def lineage(*, least: int = LEAST, survey: Survey) -> Figure:
    """Draw the methods that matter by year, one band per family, each with a line from what it is described by or compared with."""
    drawn = descents(survey, least=least)
    places, bands, height = _laid_out(drawn)
    figure, (axes,) = canvas(0.75 + 0.17 * height)
    for name, top in bands.items():
        axes.text(0, top, name.capitalize(), transform=axes.get_yaxis_transform(), fontsize=8, color=FAINT, va="center")
        axes.axhline(top - _HEAD / 2, color=FAINT, linewidth=0.4, alpha=0.6)
    for descent in drawn:
        if descent.parent in places:
            _line(axes, places[descent.parent], places[descent.paper.key], stated=bool(descent.stated))
    for descent in drawn:
        x, y = places[descent.paper.key]
        axes.plot(
            x,
            y,
            MARKERS[descent.paper.family],
            color=COLOURS[descent.paper.category],
            markeredgecolor=INK,
            markeredgewidth=0.5,
            markersize=5,
            zorder=3,
        )
        text = axes.annotate(
            descent.paper.name, (x, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=7.5, zorder=4
        )
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.6})  # lines pass behind names
        text.set_gid(f"paper-{descent.paper.key}")  # by which the site makes it a link
    years = [descent.year for descent in drawn]
    axes.set_xlim(min(years) - 0.15, max(years) + 1)
    axes.set_ylim(height - 0.4, -1.4)
    axes.set_yticks([])
    axes.set_xticks(range(min(years), max(years) + 1))
    above(axes)
    category_legend(figure, {descent.paper.category for descent in drawn})
    axes.legend(
        handles=[
            Line2D([], [], color=ACCENT, linewidth=0.9, label="named in its description"),
            Line2D([], [], color=FAINT, linewidth=0.9, linestyle=(0, (2, 2)), label="compared in tables"),
        ],
        loc="lower right",
        bbox_to_anchor=(1, 0.13),
        frameon=False,
        fontsize=8,
    )
    return finish(figure, survey.paper_rows([descent.paper for descent in drawn]))


def _laid_out(drawn: Iterable[Descent]) -> tuple[Mapping[str, tuple[float, float]], Mapping[str, float], float]:
    """Return the place of each method, the height at which each family is named, and how many rows there are in all."""
    places: dict[str, tuple[float, float]] = {}
    bands: dict[str, float] = {}
    base = 0.0
    for family in FAMILIES:
        rows: Counter[int] = Counter()
        members = sorted(
            (descent for descent in drawn if descent.paper.family == family), key=lambda descent: -descent.reported
        )
        if not members:
            continue
        bands[family] = base
        for descent in members:
            places[descent.paper.key] = (descent.year, base + _HEAD + rows[descent.year])
            rows[descent.year] += 1
        base += _HEAD + max(rows.values()) + 0.35
    return places, bands, base


def _line(axes: Axes, start: tuple[float, float], end: tuple[float, float], *, stated: bool) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-",
            connectionstyle="arc3,rad=0.12" if start[0] != end[0] else "arc3,rad=0.35",
            linewidth=0.7,
            linestyle="-" if stated else (0, (2, 2)),
            color=ACCENT if stated else FAINT,
            alpha=0.75,
            shrinkA=3,
            shrinkB=3,
            zorder=1,
        )
    )


def lineage_listed(*, least: int = LEAST, survey: Survey) -> Table:
    """List the same methods, the most reported first, with every method that each builds on or is compared with."""
    ordered = sorted(
        descents(survey, least=least), key=lambda descent: (-descent.reported, descent.year, descent.paper.key)
    )

    def led(keys: Iterable[str]) -> str:
        return ", ".join(f"{{paper}}`{key}`" for key in keys)

    return table(
        ordered,
        Column("Method", 17, lambda descent: led([descent.paper.key])),
        Numbers("Papers that report it", 11, lambda descent: descent.reported),
        Column("Year", 8, lambda descent: str(descent.year)),
        Column("Family", 20, lambda descent: descent.paper.family),
        Column("Described with", 22, lambda descent: led(descent.stated)),
        Column("Compared with", 22, lambda descent: led(descent.compared), further=True),
        data=[
            {
                "key": descent.paper.key,
                "year": str(descent.year),
                "reported_by": str(descent.reported),
                "described_with": "; ".join(descent.stated),
                "compared_with": "; ".join(descent.compared),
            }
            for descent in ordered
        ],
    )
