"""The backbones that a reader may name, and what kind of model each is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.choose.contests import contests
from peft_vlm_survey.costs.backbone_names import meant, named, pieces
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.backbones import Backbone
from peft_vlm_survey.read.configurations import Configuration


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A backbone that may be named: its rows in data/backbones.csv, none or several, and its shapes if they are known.

    `in_tables` is what tables call it where that is not its name: with a head, or another model of the same shapes.
    """

    id: str
    name: str
    kind: str
    configuration: str
    rows: frozenset[str]
    in_tables: str = ""


def choices(survey: Survey) -> Mapping[str, Choice]:
    """Return every backbone that may be named, by its identifier: those whose shapes are known, then the others."""
    return survey.derived(_choices)


def _choices(survey: Survey) -> Mapping[str, Choice]:
    rows = {shape.id: [b for b in survey.backbones if b.configuration == shape.id] for shape in survey.configurations}
    by_id = {
        shape.id: Choice(
            id=shape.id,
            name=_name(shape, rows[shape.id]),
            kind=rows[shape.id][0].kind if rows[shape.id] else shape.kind_of_model,
            configuration=shape.id,
            rows=frozenset(b.backbone for b in rows[shape.id]),
            in_tables=_in_tables(shape, rows[shape.id]),
        )
        for shape in survey.configurations
    }
    with_numbers = {contest.group.backbone for contest in contests(survey)}
    for backbone in survey.backbones:
        alone = len(rows.get(backbone.configuration, ())) == 1
        if backbone.backbone in with_numbers and not alone:
            by_id[backbone.backbone] = Choice(
                id=backbone.backbone,
                name=backbone.backbone,
                kind=backbone.kind,
                configuration=backbone.configuration,
                rows=frozenset([backbone.backbone]),
            )
    return by_id


def _name(shape: Configuration, rows: Sequence[Backbone]) -> str:
    """Return what a backbone is called: as tables do, if one row has its shapes and says no more than its name.

    A row may tell of a head beside the backbone, or be of another model of the same shapes.
    """
    shape_pieces = Counter(pieces(shape.name)) + Counter(pieces(shape.id))
    return rows[0].backbone if len(rows) == 1 and Counter(pieces(rows[0].backbone)) <= shape_pieces else shape.name


def _in_tables(shape: Configuration, rows: Sequence[Backbone]) -> str:
    """Return what tables call a backbone whose one row says more than its name; else empty."""
    return rows[0].backbone if len(rows) == 1 and _name(shape, rows) != rows[0].backbone else ""


def further_names(survey: Survey, choice: Choice) -> tuple[str, ...]:
    """Return the names of a backbone beside its identifier; of rows that share its shapes none is its name."""
    if len(choice.rows) != 1:
        return (choice.name,)
    (row,) = choice.rows
    return (choice.name, row, *survey.backbones_by_id[row].aliases)


def read_backbone(survey: Survey, text: str) -> Choice | None:
    """Return the backbone that a text means: an identifier, a name or alias, or the address of its weights. Raises CostError."""
    known = choices(survey)
    if not text:
        return None
    names = {id: further_names(survey, choice) for id, choice in known.items()}
    chosen = named(text, names)
    if chosen is None:
        raise CostError(
            f"backbone '{text}' is not known.",
            meant(text, names, "peft-vlm-survey choose --list names them."),
        )
    return known[chosen]
