"""The numbers of one data set as its page shows them: one row a method and setting, one table a comparable group."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from peft_vlm_survey.compare.boards import FEWEST
from peft_vlm_survey.compare.experiments import experiments, points
from peft_vlm_survey.compare.groups import Place, main_of, method_of, place_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.datasets import Dataset
from peft_vlm_survey.read.results import Result

FEWEST_RERUNS = 5  # of one benchmark, before their median says how far two runs of one experiment lie apart


@dataclass(frozen=True, kw_only=True, slots=True)
class Rank:
    """Between which places a row stands: they differ where a difference is no more than two runs of one method have."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Master:
    """All numbers of one data set under one protocol on one backbone, the best on the `main` benchmark first.

    `apart` is how far runs of one experiment lie apart on that benchmark in the median, in its unit; None if unknown.
    Without a protocol or a backbone, where each row keeps a set-up of its own, or with too few methods nothing is ranked.
    """

    protocol: str
    backbone: str
    comparable: bool
    main: Benchmark
    benchmarks: tuple[Benchmark, ...]
    lines: tuple[Line, ...]
    apart: Decimal | None

    @property
    def ranked(self) -> bool:
        """Whether its lines have ranks."""
        return any(line.rank for line in self.lines)

    @property
    def methods(self) -> tuple[str, ...]:
        """Its methods, each once in all its settings, as `method_of` tells them apart."""
        return tuple(dict.fromkeys(method_of(number) for line in self.lines for number in line.numbers))

    @property
    def leading(self) -> tuple[Line, ...]:
        """The lines that have the best value on the main benchmark; none where nothing is ranked."""
        ranked = [line for line in self.lines if line.rank]
        return tuple(line for line in ranked if line.value(self.main) == ranked[0].value(self.main))

    @property
    def next(self) -> Line | None:
        """The best line of a method that does not lead."""
        first = {method_of(line.numbers[0]) for line in self.leading}
        return next((x for x in self.lines if x.rank and method_of(x.numbers[0]) not in first), None)

    def lead(self) -> Decimal | None:
        """Return by how much the first is better than the next, in the unit of the main benchmark."""
        if not self.leading or self.next is None:
            return None
        one, other = self.leading[0].value(self.main), self.next.value(self.main)
        return abs(one - other) if one is not None and other is not None else None


def masters_by_dataset(survey: Survey) -> Mapping[str, tuple[Master, ...]]:
    """Return the tables of every data set: what is ranked first, then what may be compared, each by its methods."""
    return survey.derived(_masters)


def _masters(survey: Survey) -> Mapping[str, tuple[Master, ...]]:
    numbers: dict[str, list[Result]] = defaultdict(list)
    for number in survey.results:
        numbers[number.benchmark].append(number)
    return {
        dataset.id: _of(survey, dataset, [n for name in dataset.shown for n in numbers[name]])
        for dataset in survey.datasets
    }


def _of(survey: Survey, dataset: Dataset, numbers: Iterable[Result]) -> tuple[Master, ...]:
    origins = survey.origins_by_id
    groups: dict[Place, list[Result]] = defaultdict(list)
    for number in sorted(numbers, key=lambda n: n.row.line):
        groups[place_of(number, origins)].append(number)
    found = [_master(survey, dataset, *place, own) for place, own in groups.items()]

    def place(master: Master) -> tuple[bool | int, ...]:
        strange = master.main.benchmark not in dataset.members
        ranked = -_ranked_methods(master)
        return not master.protocol, not master.ranked, not master.comparable, ranked, strange, -len(master.methods)

    return tuple(sorted(found, key=place))


def _ranked_methods(master: Master) -> int:
    return len({method_of(line.numbers[0]) for line in master.lines if line.rank})


def _master(survey: Survey, dataset: Dataset, protocol: str, backbone: str, numbers: Sequence[Result]) -> Master:
    present = {number.benchmark for number in numbers}
    benchmarks = tuple(b for b in survey.benchmarks if b.benchmark in present)
    main = _main(survey, dataset, benchmarks, numbers)
    comparable = bool(protocol) and survey.protocol(protocol).comparable
    lines = _lines(survey, numbers)
    apart = _apart(survey, protocol, main)
    return Master(
        protocol=protocol,
        backbone=backbone,
        comparable=comparable,
        main=main,
        benchmarks=benchmarks,
        lines=_in_order(survey, lines, main, apart) if comparable else lines,
        apart=apart,
    )


def _main(survey: Survey, dataset: Dataset, benchmarks: tuple[Benchmark, ...], numbers: Sequence[Result]) -> Benchmark:
    """Return the benchmark that ranks: an average before its parts, but none that few of the methods report.

    Those that belong to the data set come before those of others that its page shows too.
    """
    origins = survey.origins_by_id
    methods: dict[str, set[str]] = {benchmark.benchmark: set() for benchmark in benchmarks}
    for number in numbers:
        if origins[number.origin].read_in != "notes":
            methods[number.benchmark].add(method_of(number))
    own = tuple(b for b in benchmarks if b.benchmark in dataset.members) or benchmarks
    most = max(len(methods[benchmark.benchmark]) for benchmark in own)
    usual = tuple(b for b in own if 2 * len(methods[b.benchmark]) >= most)
    return main_of(usual, Counter(number.benchmark for number in numbers))


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


def _lines(survey: Survey, numbers: Sequence[Result]) -> tuple[Line, ...]:
    """Return one line for each setting, in the order of print; a table that repeats what one says joins it."""
    origins = survey.origins_by_id
    settings: dict[tuple[str, ...], list[Result]] = defaultdict(list)
    for n in numbers:
        settings[n.origin, n.method, n.method_key, n.backbone, n.trained_percent, n.trained_millions].append(n)
    lines: dict[tuple[object, ...], list[_Open]] = defaultdict(list)
    for (origin, *setting), own in settings.items():
        notes = origins[origin].read_in == "notes"
        alike = lines[(*setting, notes)]
        line = next((line for line in alike if line.takes(own)), None)
        if line is None:
            line = _Open(number=own[0], notes=notes)
            alike.append(line)
        line.take(own)
    opened = [line for alike in lines.values() for line in alike]
    return tuple(
        Line(
            method=line.number.method,
            method_key=line.number.method_key,
            backbone=line.number.backbone,
            trained_percent=line.number.trained_percent,
            trained_millions=line.number.trained_millions,
            cells={name: tuple(sorted(cell, key=lambda n: n.claim != "own")) for name, cell in line.cells.items()},
        )
        for line in sorted(opened, key=lambda line: line.number.row.line)
    )


def _in_order(survey: Survey, lines: Sequence[Line], main: Benchmark, apart: Decimal | None) -> tuple[Line, ...]:
    """Rank lines by a benchmark, the best first; those without a number on it, or known from notes alone, stand last."""
    sign = 1 if main.direction == "higher" else -1
    origins = survey.origins_by_id
    worth = {
        place: sign * value
        for place, line in enumerate(lines)
        if (value := line.value(main)) is not None and origins[line.cells[main.benchmark][0].origin].read_in != "notes"
    }
    best: dict[str, Decimal] = {}
    for place, value in worth.items():
        method = method_of(lines[place].numbers[0])
        best[method] = max(value, best.get(method, value))
    if len(best) < FEWEST:
        return tuple(lines)
    scatter = apart or Decimal(0)

    def rank(place: int) -> Rank:
        mine, method = worth[place], method_of(lines[place].numbers[0])
        others = [value for other, value in best.items() if other != method]
        surely = sum(value - mine > scatter for value in others)
        perhaps = sum(value > mine if not scatter else mine - value <= scatter for value in others)
        return Rank(first=1 + surely, last=1 + perhaps)

    order = sorted(worth, key=lambda place: (-worth[place], place))
    ranked = [_ranked(lines[place], rank(place)) for place in order]
    return (*ranked, *(line for place, line in enumerate(lines) if place not in worth))


def _ranked(line: Line, rank: Rank) -> Line:
    return Line(
        method=line.method,
        method_key=line.method_key,
        backbone=line.backbone,
        trained_percent=line.trained_percent,
        trained_millions=line.trained_millions,
        cells=line.cells,
        rank=rank,
    )


def _apart(survey: Survey, protocol: str, benchmark: Benchmark) -> Decimal | None:
    """Return the median distance of re-runs of the protocol's experiment on a benchmark, if there are enough of them."""
    scale = points(benchmark)
    ranges = survey.derived(_reruns).get((protocol, benchmark.benchmark), [])
    if scale is None or len(ranges) < FEWEST_RERUNS:
        return None
    return Decimal(f"{median(ranges) / scale:.4g}")


def _reruns(survey: Survey) -> Mapping[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for experiment in experiments(survey):
        for rerun in experiment.reruns:
            for protocol in experiment.protocols:
                found[protocol, rerun.benchmark.benchmark].append(rerun.points)
    return found
