"""The families with their trade-offs, and the taxonomy as the typed facts give it: what is trained, in which part of a model, by whom, and since when."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from urllib.parse import urlencode

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.markup import Markup, escape
from peft_vlm_survey.show.style import INK, canvas, finish, grid, label_ends
from peft_vlm_survey.show.table import Column, Numbers, Table, table

# What is trained, from what is most often trained; a paper counts once for each of its values.
MECHANISMS = {
    "tokens": "Tokens",
    "low-rank factors": "Low-rank factors",
    "bottleneck": "Bottleneck adapters",
    "own weights": "Own weights",
    "structured factors": "Structured factors",
    "scales": "Scales and shifts",
    "head": "Heads",
    "router": "Routers",
    "generator": "Generators",
    "side network": "Side networks",
    "bridge": "Bridges",
    "cache": "Caches",
    "fusion layers": "Fusion layers",
    "coefficients": "Coefficients",
    "pixels": "Pixels",
    "copy": "Copies",
    "feature prompts": "Feature prompts",
    "hidden-state edits": "Hidden-state edits",
    "text": "Text",
}
# Parts of a model as columns: several values of the vocabulary share one where they are the same place.
PARTS = {
    "Image side": ("image encoder", "vision backbone"),
    "Text side": ("text encoder", "text-encoder output", "class weights"),
    "Both encoders": ("both encoders",),
    "Fusion, connector": ("fusion", "connector"),
    "Language model": ("language model",),
    "Denoiser": ("denoiser", "control branch"),
    "Decoder, detector": ("mask decoder", "prompt encoder", "detector"),
    "Input, output": ("input pixels", "output features", "outputs"),
    "Whole, library": ("whole model", "module library", "outside the model"),
}
_EXAMPLES = 5
_TIMELINE = 8  # mechanisms that have a curve of their own


def tradeoffs(*, survey: Survey) -> Table:
    """Compare the families: what trains, what it costs in training and at inference."""
    return table(
        survey.families,
        Column("Family", 17, lambda family: f"[{escape(family.name)}](#family-{family.family})"),
        Column("What trains", 23, lambda family: escape(family.trains)),
        Column("Gradient through backbone", 12, lambda family: family.gradient),
        Column("Mergeable", 12, lambda family: family.mergeable),
        Column("Extra work at inference", 20, lambda family: escape(family.inference)),
        Column("Stored for each task", 20, lambda family: escape(family.storage)),
        data=[cells(family) for family in survey.families],
    )


def mechanisms(*, survey: Survey) -> Table:
    """Count the papers by what is trained (rows) and in which part of the model (columns); each count leads to them."""
    counts = _counts(survey)
    totals = Counter(value for description in survey.descriptions for value in dict.fromkeys(description.trained))

    def part_column(part: str) -> Column[str]:
        return Numbers(part, 9, lambda value: _filtered(counts[value, part], trained=(value,), part=PARTS[part]))

    return table(
        MECHANISMS,
        Column("Trained", 19, lambda value: MECHANISMS[value]),
        Numbers("Papers", 9, lambda value: _filtered(totals[value], trained=(value,))),
        *map(part_column, PARTS),
        note="A paper that trains several things, or in several parts, counts in each. A dash means that no paper does.",
        data=[
            {"trained": value, "part": part, "papers": str(counts[value, part])}
            for value in MECHANISMS
            for part in PARTS
        ],
    )


def tree(*, survey: Survey) -> Markup:
    """List what is trained, and below it the parts of the model in which it is, with counts and the best-known members."""
    members: dict[tuple[str, str], list[Description]] = defaultdict(list)
    for description in survey.descriptions:
        for value in description.trained:
            for part in _parts(description):
                members[value, part].append(description)
    known = Counter(number.method_key for number in survey.results if number.method_key)
    lines = []
    for value, name in MECHANISMS.items():
        count = sum(value in description.trained for description in survey.descriptions)
        lines.append(f"- **{name}**: {_filtered(count, trained=(value,))}")
        for part, values in PARTS.items():
            described = sorted(members[value, part], key=lambda description: (-known[description.key], description.key))
            named = [description for description in described if survey.paper(description.key).name][:_EXAMPLES]
            if described:
                examples = f": {', '.join(f'{{paper}}`{description.key}`' for description in named)}" if named else ""
                lines.append(
                    f"  - {_in_prose(part)} {_filtered(len(described), trained=(value,), part=values)}{examples}"
                )
    return Markup("\n".join(lines) + "\n")


def mechanisms_by_year(*, survey: Survey) -> Figure:
    """Plot, for the most common mechanisms, the share of a year's described papers that train it."""
    years = sorted({survey.references[description.key].year for description in survey.descriptions})
    years = [year for year in years if year >= 2020]
    of_year = Counter(survey.references[description.key].year for description in survey.descriptions)
    count: Counter[tuple[str, int]] = Counter()
    for description in survey.descriptions:
        count.update((value, survey.references[description.key].year) for value in dict.fromkeys(description.trained))
    shown = sorted(MECHANISMS, key=lambda value: -sum(count[value, year] for year in years))[:_TIMELINE]
    figure, axes = canvas(3.4, columns=1)
    (ax,) = axes
    ends = []
    for place, value in enumerate(shown):
        shares = [100 * count[value, year] / of_year[year] for year in years]
        ax.plot(years, shares, color=_shade(place), linewidth=1.6, marker="o", markersize=3)
        ends.append(((years[-1], shares[-1]), MECHANISMS[value], _shade(place)))
    ax.set_xticks(years)
    ax.set_xlim(years[0] - 0.2, years[-1] + 0.2)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("Papers of the year that train it, %")
    grid(ax, "y")
    label_ends(ax, ends)
    rows = [
        {"trained": value, "year": str(year), "papers": str(count[value, year]), "of": str(of_year[year])}
        for value in shown
        for year in years
    ]
    return finish(figure, rows)


def _shade(place: int) -> str:
    return ("#17407a", "#a63d1f", "#2b9a78", "#7a5c9e", INK, "#8f6a00", "#3a86a8", "#8a8a8a")[place]


def _counts(survey: Survey) -> Mapping[tuple[str, str], int]:
    return Counter(
        (value, part)
        for description in survey.descriptions
        for value in dict.fromkeys(description.trained)
        for part in dict.fromkeys(_parts(description))
    )


def _parts(description: Description) -> tuple[str, ...]:
    return tuple(name for name, values in PARTS.items() if any(part in values for part in description.part))


def _filtered(count: int, **values: tuple[str, ...]) -> str:
    """Return a count as a link to the papers that it counts; a dash if there are none."""
    if not count:
        return "–"
    query = urlencode([(name, value) for name, many in values.items() for value in many])
    return f"{{filtered}}`{count:,} <{escape_query(query)}>`"


def escape_query(query: str) -> str:
    """Return a query in which nothing ends the role that holds it.

    >>> escape_query("part=text+encoder")
    'part=text+encoder'
    """
    return query.replace("`", "").replace("<", "").replace(">", "")


def _in_prose(part: str) -> str:
    return part.lower().replace(", ", " or ")
