"""Set the ends of the outer range on published runs, every source weighing the same and each in turn left out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, log

from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.priced import Priced

HELD = 0.9
# What share of the runs that set them the ends have to hold, in steps; the first with which HELD of the others lie inside.
LEVELS = tuple(share / 200 for share in range(round(200 * HELD), 201))
NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class _Run:
    """How far a printed value lies below and above the range, in logarithms, and what it weighs among the runs of a kind."""

    below: float
    above: float
    weight: float
    source: str


def sources(found: Iterable[Priced]) -> Mapping[str, str]:
    """Return the source of each group: groups of one repository, and repositories of one group, are one."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above.setdefault(name, name) != name:
            name = above[name]
        return name

    groups = [(f"group {one.case.group}", one.case.source.partition("@")[0].partition(" ")[0]) for one in found]
    for group, owner in groups:
        above[top(group)] = top(owner)
    return {group.removeprefix("group "): top(group) for group, _ in groups}


def ends(found: Sequence[Priced]) -> Mapping[str, tuple[float, float]]:
    """Return by what the lower and the upper end are multiplied, by kind, in hundredths and outwards."""
    set_by = {}
    for kind in dict.fromkeys(one.kind for one in found):
        runs = _runs(found, kind)
        below, above = _narrowest(runs, _level(runs))
        set_by[kind] = (floor(100 * exp(-below)) / 100, ceil(100 * exp(above)) / 100)
    return set_by


def left_out(found: Sequence[Priced]) -> Mapping[str, float]:
    """Return by kind what share of runs lies inside the ends that the other sources set, every source weighing the same."""
    kinds = {kind: _runs(found, kind) for kind in dict.fromkeys(one.kind for one in found)}
    return {kind: _share_left_out(runs, _level(runs)) for kind, runs in kinds.items()}


def _runs(found: Sequence[Priced], kind: str) -> list[_Run]:
    names = sources(found)
    own = [one for one in found if one.kind == kind]
    of = [names[one.case.group] for one in own]
    return [
        _Run(
            max(0.0, log(one.after.low / (one.case.gigabytes * GB))),
            max(0.0, log(one.case.gigabytes * GB / one.after.high)),
            1 / of.count(source),
            source,
        )
        for one, source in zip(own, of, strict=True)
    ]


def _level(runs: Collection[_Run]) -> float:
    return next((level for level in LEVELS if _share_left_out(runs, level) >= HELD), LEVELS[-1])


def _share_left_out(runs: Collection[_Run], level: float) -> float:
    names = dict.fromkeys(run.source for run in runs)
    held = 0.0
    for name in names:
        below, above = _narrowest([run for run in runs if run.source != name], level)
        held += sum(
            run.weight
            for run in runs
            if run.source == name and run.below <= below + NEAR and run.above <= above + NEAR
        )
    return held / len(names)


def _narrowest(runs: Collection[_Run], level: float) -> tuple[float, float]:
    """Return how far the ends have to be moved, together as little as can be, to hold so large a share."""
    enough = level * sum(run.weight for run in runs) - NEAR
    best = (max(run.below for run in runs), max(run.above for run in runs))
    for below in sorted({run.below for run in runs}):
        held = 0.0
        for run in sorted((run for run in runs if run.below <= below), key=lambda run: run.above):
            held += run.weight
            if held >= enough:
                if below + run.above < sum(best) - NEAR:
                    best = (below, run.above)
                break
    return best
