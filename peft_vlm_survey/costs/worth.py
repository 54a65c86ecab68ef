"""Count what stating a thing is worth: how often published runs that do, and others, lay in the first range."""

from collections.abc import Mapping, Sequence

from peft_vlm_survey.costs.outer import KINDS
from peft_vlm_survey.costs.outer_ends import by_source, sources
from peft_vlm_survey.costs.priced import Priced
from peft_vlm_survey.costs.unsaid import DECIDES

# On each side at least so many sources have to be.
SOURCES = 5


def parted(found: Sequence[Priced], kind: str, name: str) -> tuple[list[Priced], list[Priced]]:
    """Return the runs of a kind that state a thing, and the others."""
    own = [run for run in found if run.kind == kind]
    return [run for run in own if name not in run.unsaid], [run for run in own if name in run.unsaid]


def worth(found: Sequence[Priced]) -> Mapping[str, Mapping[str, tuple[int, int]]]:
    """Return by kind and thing how many in a hundred lay inside of those that state it and of the others."""
    counted: dict[str, dict[str, tuple[int, int]]] = {}
    for kind in KINDS:
        counted[kind] = {}
        for name in DECIDES:
            sides = parted(found, kind, name)
            if min(len(set(sources(side).values())) for side in sides) >= SOURCES:
                told, others = (round(100 * by_source(side, [run.inside(run.after) for run in side])) for side in sides)
                counted[kind][name] = (told, others)
    return counted
