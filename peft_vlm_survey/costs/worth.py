"""Count what stating a thing is worth: how often published runs that do, and others, lay in the first range."""

from collections.abc import Mapping, Sequence

from peft_vlm_survey.costs.outer import KINDS
from peft_vlm_survey.costs.outer_ends import by_source, sources
from peft_vlm_survey.costs.priced import Priced
from peft_vlm_survey.costs.unsaid import DECIDES

# On each side at least so many sources have to be.
SOURCES = 5


def parted(priced: Sequence[Priced], kind: str, name: str) -> tuple[list[Priced], list[Priced]]:
    """Return the runs of a kind that state a thing, and the others."""
    of_kind = [run for run in priced if run.kind == kind]
    return [run for run in of_kind if name not in run.unsaid], [run for run in of_kind if name in run.unsaid]


def worth(priced: Sequence[Priced]) -> Mapping[str, Mapping[str, tuple[int, int]]]:
    """Return by kind and thing how many in a hundred lay inside of those that state it and of the others."""
    counted: dict[str, dict[str, tuple[int, int]]] = {}
    for kind in KINDS:
        counted[kind] = {}
        for name in DECIDES:
            sides = parted(priced, kind, name)
            if min(len(set(sources(side).values())) for side in sides) >= SOURCES:
                stated, others = (
                    round(100 * by_source(side, [run.inside(run.after) for run in side])) for side in sides
                )
                counted[kind][name] = (stated, others)
    return counted
