"""One row a method and setting: what several tables print alike is one line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from peft_vlm_survey.compare.ranks import Rank
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.results import Result


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A method on a backbone with one trained share; what several tables print alike is one line.

    `cells` are its numbers by benchmark, those of its own paper first; they all agree in their value.
    """

    method: str
    method_key: str
    backbone: str
    trained_percent: str
    trained_millions: str
    cells: Mapping[str, tuple[Result, ...]]
    rank: Rank | None = None

    @property
    def numbers(self) -> tuple[Result, ...]:
        """Every number of the line."""
        return tuple(number for cell in self.cells.values() for number in cell)

    @property
    def origins(self) -> tuple[str, ...]:
        """The tables that print it, that of its own paper first."""
        return tuple(dict.fromkeys(number.origin for number in sorted(self.numbers, key=lambda n: n.claim != "own")))

    def value(self, benchmark: Benchmark) -> Decimal | None:
        """Return what it has on a benchmark."""
        cell = self.cells.get(benchmark.benchmark)
        return Decimal(cell[0].value) if cell else None


@dataclass(kw_only=True)
class _Open:
    """A line that takes further tables in as long as they print nothing else."""

    number: Result
    notes: bool
    cells: dict[str, list[Result]] = field(default_factory=dict)

    def takes(self, numbers: Sequence[Result]) -> bool:
        shared = [(self.cells[n.benchmark][0], n) for n in numbers if n.benchmark in self.cells]
        return bool(shared) and all((one.value, one.spread) == (other.value, other.spread) for one, other in shared)

    def take(self, numbers: Iterable[Result]) -> None:
        for number in numbers:
            self.cells.setdefault(number.benchmark, []).append(number)


def lines_of(survey: Survey, numbers: Sequence[Result]) -> tuple[Line, ...]:
    """Return one line for each setting, in the order of print; a table that repeats what one says joins it."""
    origins = survey.origins_by_id
    settings: dict[tuple[str, ...], list[Result]] = defaultdict(list)
    for n in numbers:
        settings[n.origin, n.method, n.method_key, n.backbone, n.trained_percent, n.trained_millions].append(n)
    lines: dict[tuple[object, ...], list[_Open]] = defaultdict(list)
    for (origin, *setting), of_setting in settings.items():
        notes = origins[origin].read_in == "notes"
        alike = lines[(*setting, notes)]
        line = next((line for line in alike if line.takes(of_setting)), None)
        if line is None:
            line = _Open(number=of_setting[0], notes=notes)
            alike.append(line)
        line.take(of_setting)
    opened = {id(line.number): line for alike in lines.values() for line in alike}
    return tuple(
        Line(
            method=line.number.method,
            method_key=line.number.method_key,
            backbone=line.number.backbone,
            trained_percent=line.number.trained_percent,
            trained_millions=line.number.trained_millions,
            cells={name: tuple(sorted(cell, key=lambda n: n.claim != "own")) for name, cell in line.cells.items()},
        )
        for line in (opened[id(first)] for first in survey.in_order(line.number for line in opened.values()))
    )
