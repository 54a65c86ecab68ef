"""The backbones that a reader may name, and what kind of model each is."""

from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.choose.contests import contests
from peft_vlm_survey.costs.backbone_names import meant, named
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.model import Survey


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A backbone that may be named: its rows in data/backbones.csv, none or several, and its shapes if they are known."""

    id: str
    name: str
    kind: str
    configuration: str
    rows: frozenset[str]


def choices(survey: Survey) -> Mapping[str, Choice]:
    """Return every backbone that may be named, by its identifier: those whose shapes are known, then the others."""
    return survey.derived(_choices)


def _choices(survey: Survey) -> Mapping[str, Choice]:
    rows = {shape.id: [b for b in survey.backbones if b.configuration == shape.id] for shape in survey.configurations}
    found = {
        shape.id: Choice(
            id=shape.id,
            name=rows[shape.id][0].backbone if len(rows[shape.id]) == 1 else shape.name,
            kind=rows[shape.id][0].kind if rows[shape.id] else shape.kind_of_model,
            configuration=shape.id,
            rows=frozenset(b.backbone for b in rows[shape.id]),
        )
        for shape in survey.configurations
    }
    with_numbers = {contest.group.backbone for contest in contests(survey)}
    for backbone in survey.backbones:
        alone = len(rows.get(backbone.configuration, ())) == 1
        if backbone.backbone in with_numbers and not alone:
            found[backbone.backbone] = Choice(
                id=backbone.backbone,
                name=backbone.backbone,
                kind=backbone.kind,
                configuration=backbone.configuration,
                rows=frozenset([backbone.backbone]),
            )
    return found


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
    found = named(text, names)
    if found is None:
        raise CostError(
            f"backbone '{text}' is not known.",
            meant(text, names, "python -m peft_vlm_survey choose --list names them."),
        )
    return known[found]
