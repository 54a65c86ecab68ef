"""Read data/benchmarks.csv: what a number measures, and which way is better."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.sheets import ID, Row, column
from peft_vlm_survey.read.tasks import TASKS

_NUMBER = r"-?[0-9]+(\.[0-9]+)?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Benchmark:
    """One data set × split × metric.

    `range_low` and `range_high` bound what is possible, in `unit`; an empty `range_high` means unbounded.
    `parts` are the benchmarks that it averages, `averages` says how.
    """

    benchmark: str = column(required=True, unique=True, **ID)
    name: str = column(required=True)
    category: str = column(required=True, words=tuple(CATEGORIES))
    task: str = column(words=TASKS)
    dataset: str = column(required=True)
    split: str
    metric: str = column(required=True)
    unit: str
    direction: str = column(required=True, words=("higher", "lower"))
    range_low: str = column(required=True, pattern=_NUMBER, form="a number")
    range_high: str = column(pattern=_NUMBER, form="a number")
    averages: str = column(words=("mean", "mean of group means", "harmonic mean"))
    parts: tuple[str, ...] = column(leads="benchmarks")
    reference: tuple[str, ...] = column(leads="references")
    note: str
    row: Row

    @property
    def more_is_better(self) -> bool:
        """Return whether the higher of two values is the better one."""
        return self.direction == "higher"

    def worth(self, value: str | Decimal) -> Decimal:
        """Return a value, or the difference of two, so that more is better."""
        return Decimal(value) if self.more_is_better else -Decimal(value)


def _parts_without_averages(benchmarks: tuple[Benchmark, ...]) -> Iterator[Problem]:
    for benchmark in benchmarks:
        if bool(benchmark.parts) != bool(benchmark.averages):
            yield benchmark.row.problem("parts and averages do not go together.", "Fill both, or leave both empty.")


def _part_of_itself(benchmarks: tuple[Benchmark, ...]) -> Iterator[Problem]:
    parts = {benchmark.benchmark: benchmark.parts for benchmark in benchmarks}
    for benchmark in benchmarks:
        below: set[str] = set()
        ahead = list(benchmark.parts)
        while ahead:
            part = ahead.pop()
            if part not in below:
                below.add(part)
                ahead += parts.get(part, ())
        if benchmark.benchmark in below:
            problem = benchmark.row.problem("it averages itself, or a part that averages it.", "Correct the parts.")
            yield replace(problem, loses=True)  # nothing can be recomputed from it


RULES = (
    _parts_without_averages,
    _part_of_itself,
)
