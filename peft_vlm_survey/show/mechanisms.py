"""The families with their trade-offs, and the taxonomy as the typed facts give it: what is trained, in which part of a model."""

from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlencode

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.markup import escape
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
