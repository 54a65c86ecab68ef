"""The numbers that several methods have under one protocol on one backbone, their differences, and what these are worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.compare.groups import Group, Place, every_group, method_of
from peft_vlm_survey.compare.lines import Line, lines_of
from peft_vlm_survey.compare.rerun_scatter import apart_on, apart_under
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.results import Result

MORE, WITHIN, EVEN, UNKNOWN = "more", "within", "even", "unknown"  # what a difference is against a re-run's scatter
# What the scatter rests on: re-runs on the benchmark, or of the same experiment on others.
ON, UNDER = "benchmark", "experiment"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scatter:
    """How far re-runs lie apart in the median, in the unit of a benchmark, and what that is known from."""

    apart: Decimal
    known_from: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What one method has in a group: the line that stands for it, and its other settings and other printed values."""

    line: Line
    others: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """A comparable group with the standing of each of its methods, and the scatter of each of its benchmarks."""

    group: Group
    standings: Mapping[str, Standing]
    scatter: Mapping[str, Scatter | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """How far a number lies behind the best of its row, and what that is against the scatter."""

    behind: Decimal
    verdict: str


def shared_groups(survey: Survey) -> tuple[Shared, ...]:
    """Return every comparable group of at least two methods, those of most methods first."""
    return survey.derived(_shared_groups)


def together(survey: Survey, methods: Sequence[str]) -> tuple[Shared, ...]:
    """Return the groups in which at least two of these methods have a number on one benchmark.

    Those come first in which more of the methods meet, and meet on more benchmarks.
    """
    met = [
        (shared, len(rows), meeting) for shared in shared_groups(survey) for rows, meeting in [_met(shared, methods)]
    ]
    sharing = [(shared, rows, meeting) for shared, rows, meeting in met if rows]
    return tuple(shared for shared, rows, meeting in sorted(sharing, key=lambda triple: (-triple[2], -triple[1])))


def rows_of(shared: Shared, methods: Sequence[str]) -> tuple[Benchmark, ...]:
    """Return the benchmarks on which at least two of these methods have a number; that which ranks the group comes first."""
    return _met(shared, methods)[0]


def _met(shared: Shared, methods: Sequence[str]) -> tuple[tuple[Benchmark, ...], int]:
    lines = [shared.standings[method].line for method in methods if method in shared.standings]
    order = sorted(shared.group.benchmarks, key=lambda b: b != shared.group.main)
    rows = tuple(b for b in order if sum(b.benchmark in line.cells for line in lines) > 1)
    return rows, len(lines)


def gaps(benchmark: Benchmark, numbers: Sequence[Result | None], scatter: Scatter | None) -> tuple[Gap | None, ...]:
    """Return how far each number lies behind the best of them, in the digits that are printed; None where there is none."""
    best = max(benchmark.worth(number.value) for number in numbers if number)
    return tuple(_gap(best - benchmark.worth(number.value), scatter) if number else None for number in numbers)


def _gap(behind: Decimal, scatter: Scatter | None) -> Gap:
    if not behind:
        return Gap(behind=behind, verdict=EVEN)
    if scatter is None:
        return Gap(behind=behind, verdict=UNKNOWN)
    return Gap(behind=behind, verdict=MORE if behind > scatter.apart else WITHIN)


def _shared_groups(survey: Survey) -> tuple[Shared, ...]:
    groups = [g for g in every_group(survey).values() if g.comparable and len(g.methods) > 1]
    groups.sort(key=lambda g: (-len(g.methods), g.protocol, g.backbone))
    return tuple(_shared(survey, g) for g in groups)


def _shared(survey: Survey, group: Group) -> Shared:
    numbers = survey.in_order(group.numbers)
    by_method: dict[str, list[Line]] = {}
    for line in lines_of(survey, numbers):
        by_method.setdefault(method_of(line.numbers[0]), []).append(line)
    return Shared(
        group=group,
        standings={method: _standing(survey, group, lines) for method, lines in by_method.items()},
        scatter={b.benchmark: scatter_of(survey, (group.protocol, group.backbone), b) for b in group.benchmarks},
    )


def scatter_of(survey: Survey, place: Place, benchmark: Benchmark) -> Scatter | None:
    """Return how far re-runs of a group's experiment lie apart on a benchmark, or else on all; None with too few."""
    for apart, known_from in ((apart_on, ON), (apart_under, UNDER)):
        value = apart(survey, place[0], benchmark)
        if value is not None:
            return Scatter(apart=value, known_from=known_from)
    return None


def _standing(survey: Survey, group: Group, lines: Iterable[Line]) -> Standing:
    """Return which of a method's lines stands for it, and the others.

    One that has most of what the method has at all comes before one that has little; then what its own paper printed,
    then what is known from more than notes, then what most tables print, then the best on the benchmark that ranks.
    """
    lines = tuple(lines)
    most = max(len(line.cells) for line in lines)

    def worth(line: Line) -> tuple[bool, bool, bool, int, bool, Decimal, int]:
        tables = [survey.origin(origin) for origin in line.origins]
        value = line.value(group.main)
        return (
            2 * len(line.cells) >= most,
            any(table.key and table.key == line.method_key for table in tables),
            any(table.read_in != "notes" for table in tables),
            len(tables),
            value is not None,
            group.main.worth(value) if value is not None else Decimal(0),
            len(line.cells),
        )

    first = max(lines, key=worth)
    return Standing(line=first, others=tuple(line for line in lines if line is not first))
