"""Set the ends of the outer range on published runs, every source weighing the same and each in turn left out."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import ceil, exp, floor, log

from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.outer import BESIDE, KINDS, NAMED, STATED, among, family_of, narrowest
from peft_vlm_survey.costs.priced import Priced
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.memory_cases import MemoryCase

HELD = 0.9
# What share of the runs that set them the ends have to hold, in steps; the first with which HELD of the others lie inside.
LEVELS = tuple(share / 200 for share in range(round(200 * HELD), 201))
NEAR = 1e-9
# How many sources have to set the ends of runs that state something, and that there have to be more runs than this.
SOURCES, RUNS = 10, 50


@dataclass(frozen=True, slots=True)
class _Run:
    """How far a printed value lies below and above the range, in logarithms, and what it weighs among the runs of a group.

    `uses` says that no closer group takes it.
    """

    below: float
    above: float
    weight: float
    source: str
    uses: bool


def sources(priced: Iterable[Priced]) -> Mapping[str, str]:
    """Return the source of the group of each run."""
    return sources_of(run.case for run in priced)


def sources_of(cases: Iterable[MemoryCase]) -> Mapping[str, str]:
    """Return the source of each group: groups of one repository, and repositories of one group, are one."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above.setdefault(name, name) != name:
            name = above[name]
        return name

    groups = [(f"group {case.group}", case.source.partition("@")[0].partition(" ")[0]) for case in cases]
    for group, owner in groups:
        above[top(group)] = top(owner)
    return {group.removeprefix("group "): top(group) for group, _ in groups}


def named(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> Mapping[str, str]:
    """Return how each kind is called where a range is told: of what is no decoder with how many runs of how many sources set its ends."""
    known = [case for case in cases if case.command and not case.held_back and case.configuration in shapes]
    names = dict(NAMED)
    for family in BESIDE:
        members = [case for case in known if family_of(shapes[case.configuration]) == family]
        names[family] += f"; {many(len(members), 'run')} of {many(len({*sources_of(members).values()}), 'source')}"
    return names


def many(number: int, what: str) -> str:
    """Return a number with what it counts, in the plural unless it is one."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def ends(priced: Sequence[Priced]) -> Mapping[str, tuple[float, float]]:
    """Return by what the lower and the upper end are multiplied, by group, in hundredths and outwards.

    Runs of a kind that state something are a group of their own where they are many and lie closer together. A group is set
    by all its runs, but so that nine in ten of those lie inside which no closer group takes.
    """
    set_by = {}
    for kind in dict.fromkeys(run.kind for run in priced if run.kind in KINDS):
        set_by[kind] = _ends(_runs(priced, kind))
        for stated in STATED:
            runs = _runs(priced, among(kind, stated))
            if _sources(runs) >= SOURCES and len(runs) > RUNS:
                closer = {kind: set_by[kind], among(kind, stated): _ends(runs)}
                if narrowest(closer, closer) != kind:
                    set_by |= closer
    return {group: _ends(_runs(priced, group, set_by)) for group in set_by}


def ends_around(priced: Sequence[Priced], family: str) -> tuple[float, float]:
    """Return the ends of a family that is one kind, set in the same way."""
    return _ends(_runs(priced, family))


def left_out_around(priced: Sequence[Priced], family: str) -> list[bool]:
    """Return of each run of a family that is one kind whether it lies inside the ends that its other sources set."""
    runs = _runs(priced, family)
    return _held_left_out(runs, _level(runs))


def _ends(runs: tuple[_Run, ...]) -> tuple[float, float]:
    below, above = _narrowest(runs, _level(runs))
    return floor(100 * exp(-below)) / 100, ceil(100 * exp(above)) / 100


def left_out(priced: Sequence[Priced]) -> tuple[bool, ...]:
    """Return of each run of a decoder whether it lies inside the ends that the other sources of its group set."""
    given = ends(priced)
    inside: dict[int, bool] = {}
    for group in given:
        runs = _runs(priced, group, given)
        places = (place for place, member in enumerate(priced) if group in member.groups)
        held = zip(places, runs, _held_left_out(runs, _level(runs)), strict=True)
        inside |= {place: is_inside for place, run, is_inside in held if run.uses}
    return tuple(inside[place] for place in range(len(priced)))


def by_source(priced: Sequence[Priced], inside: Sequence[bool]) -> float:
    """Return what share of runs lies inside, every source weighing the same."""
    names = sources(priced)
    of = [names[run.case.group] for run in priced]
    runs = Counter(of)
    return sum(held / runs[source] for held, source in zip(inside, of, strict=True)) / len(runs)


def _runs(
    priced: Sequence[Priced], group: str, given: Mapping[str, tuple[float, float]] | None = None
) -> tuple[_Run, ...]:
    names = sources(priced)
    members = [run for run in priced if group in run.groups]
    of = [names[run.case.group] for run in members]
    of_source = Counter(of)
    return tuple(
        _Run(
            max(0.0, log(run.after.low / (run.case.gigabytes * GB))),
            max(0.0, log(run.case.gigabytes * GB / run.after.high)),
            1 / of_source[source],
            source,
            given is None or narrowest(run.groups, given) == group,
        )
        for run, source in zip(members, of, strict=True)
    )


@lru_cache(maxsize=64)
def _level(runs: tuple[_Run, ...]) -> float:
    """Return the first of the levels with which enough of the others lie inside; both who sets ends and who tests them ask."""
    return next((level for level in LEVELS if _share_left_out(runs, level) >= HELD), LEVELS[-1])


def _sources(runs: Iterable[_Run]) -> int:
    return len({run.source for run in runs})


def _share_left_out(runs: Sequence[_Run], level: float) -> float:
    """Return what share lies inside of the runs that use the ends, every source weighing the same; of all if these are few."""
    enough = _sources(run for run in runs if run.uses) >= SOURCES
    held = [
        (run.source, inside)
        for run, inside in zip(runs, _held_left_out(runs, level), strict=True)
        if run.uses or not enough
    ]
    of_source = Counter(source for source, _ in held)
    return sum(inside / of_source[source] for source, inside in held) / len(of_source)


def _held_left_out(runs: Sequence[_Run], level: float) -> list[bool]:
    """Return of each run whether it lies inside the ends that hold so large a share of the runs of other sources."""
    ends_of = {
        name: _narrowest([run for run in runs if run.source != name], level)
        for name in dict.fromkeys(run.source for run in runs)
    }
    return [run.below <= ends_of[run.source][0] + NEAR and run.above <= ends_of[run.source][1] + NEAR for run in runs]


def _narrowest(runs: Collection[_Run], level: float) -> tuple[float, float]:
    """Return how far the ends have to be moved, together as little as can be, to hold so large a share.

    The further the lower end is moved, the less far the upper one has to be: both go through the runs once.
    """
    enough = level * sum(run.weight for run in runs) - NEAR
    best = (max(run.below for run in runs), max(run.above for run in runs))
    by_above = sorted(runs, key=lambda run: run.above)
    places = sorted(range(len(by_above)), key=lambda place: by_above[place].below)
    held, top = 0.0, len(by_above) - 1  # what lies inside of both ends; the place of the run that sets the upper one
    for below, reached in groupby(places, key=lambda place: by_above[place].below):
        held += sum(by_above[place].weight for place in reached if place <= top)
        while held >= enough and (by_above[top].below > below or held - by_above[top].weight >= enough):
            held -= by_above[top].weight if by_above[top].below <= below else 0.0
            top -= 1
        if held >= enough and below + by_above[top].above < sum(best) - NEAR:
            best = (below, by_above[top].above)
    return best
