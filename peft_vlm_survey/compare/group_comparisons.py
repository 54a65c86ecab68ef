"""The numbers that several methods have under one protocol on one backbone, their differences, and what these are worth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.compare.groups import Group, every_group, method_of
from peft_vlm_survey.compare.lines import Line, lines_of
from peft_vlm_survey.compare.rerun_scatter import apart_on, apart_under
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark

MORE, WITHIN, EVEN, UNKNOWN = "more", "within", "even", "unknown"  # what a difference is against a re-run's scatter
# What the scatter rests on: re-runs on the benchmark, or of the same experiment on others.
ON, UNDER = "benchmark", "experiment"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scatter:
    """How far re-runs lie apart in the median, in the unit of a benchmark, and what that is known from."""

    apart: Decimal
    known_from: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MethodRow:
    """What one method has in a group: the line that stands for it, and its other settings and other printed values."""

    line: Line
    others: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupComparison:
    """A comparable group with the row of each of its methods, and the scatter of each of its benchmarks."""

    group: Group
    rows: Mapping[str, MethodRow]
    scatter: Mapping[str, Scatter | None]


def group_comparisons(survey: Survey) -> tuple[GroupComparison, ...]:
    """Return every comparable group of at least two methods, those of most methods first."""
    return survey.derived(_group_comparisons)


def _group_comparisons(survey: Survey) -> tuple[GroupComparison, ...]:
    groups = [g for g in every_group(survey).values() if g.comparable and len(g.methods) > 1]
    groups.sort(key=lambda g: (-len(g.methods), g.protocol, g.backbone))
    return tuple(_comparison(survey, g) for g in groups)


def _comparison(survey: Survey, group: Group) -> GroupComparison:
    numbers = survey.in_order(group.numbers)
    by_method: dict[str, list[Line]] = {}
    for line in lines_of(survey, numbers):
        by_method.setdefault(method_of(line.numbers[0]), []).append(line)
    return GroupComparison(
        group=group,
        rows={method: _method_row(survey, group, lines) for method, lines in by_method.items()},
        scatter={b.benchmark: scatter_of(survey, group.protocol, b) for b in group.benchmarks},
    )


def scatter_of(survey: Survey, protocol: str, benchmark: Benchmark) -> Scatter | None:
    """Return how far re-runs of a group's experiment lie apart on a benchmark, or else on all; None with too few."""
    for apart, known_from in ((apart_on, ON), (apart_under, UNDER)):
        value = apart(survey, protocol, benchmark)
        if value is not None:
            return Scatter(apart=value, known_from=known_from)
    return None


def _method_row(survey: Survey, group: Group, lines: Iterable[Line]) -> MethodRow:
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
    return MethodRow(line=first, others=tuple(line for line in lines if line is not first))
