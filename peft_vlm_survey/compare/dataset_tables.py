"""The numbers of one data set as its page shows them: one row a method and setting, one table a comparable group."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from peft_vlm_survey.compare.groups import Place, main_of, method_of, numbers_by_benchmark, place_of
from peft_vlm_survey.compare.lines import Line, lines_of
from peft_vlm_survey.compare.ranks import ranks
from peft_vlm_survey.compare.rerun_scatter import apart_on
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.datasets import Dataset
from peft_vlm_survey.read.results import Result


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetTable:
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
        best, other = self.leading[0].value(self.main), self.next.value(self.main)
        return abs(best - other) if best is not None and other is not None else None


def apart_from_above(dataset_table: DatasetTable) -> tuple[bool, ...]:
    """Return of each line whether it is the first of a band: further behind the first of the one above than re-runs lie apart.

    The lines of one band are ties. Nothing is set apart where that distance is not known.
    """
    bands: list[bool] = []
    first: Decimal | None = None
    for line in dataset_table.lines:
        value = line.value(dataset_table.main) if line.rank else None
        begins = None not in (value, first, dataset_table.apart) and abs(value - first) > dataset_table.apart  # type: ignore[operator]
        first = value if first is None or begins else first
        bands.append(begins)
    return tuple(bands)


def tables_by_dataset(survey: Survey) -> Mapping[str, tuple[DatasetTable, ...]]:
    """Return the tables of every data set: what is ranked first, then what may be compared, each by its methods.

    What is ranked by one part of a mean that the data set has stands after what is ranked by the mean.
    """
    return {dataset.id: dataset_tables_of(survey, dataset.id) for dataset in survey.datasets}


def dataset_tables_of(survey: Survey, dataset: str) -> tuple[DatasetTable, ...]:
    """Return the tables of one data set, by its id."""
    return survey.derived(_DatasetTables(dataset))


@dataclass(frozen=True, slots=True)
class _DatasetTables:
    """The tables of a data set, joined from its numbers alone."""

    dataset: str

    def __call__(self, survey: Survey) -> tuple[DatasetTable, ...]:
        """Return them."""
        dataset, numbers = survey.dataset(self.dataset), numbers_by_benchmark(survey)
        return _of(survey, dataset, [n for name in dataset.shown for n in numbers.get(name, ())])


def _of(survey: Survey, dataset: Dataset, numbers: Iterable[Result]) -> tuple[DatasetTable, ...]:
    origins = survey.origins_by_id
    groups: dict[Place, list[Result]] = defaultdict(list)
    for number in survey.in_order(numbers):
        groups[place_of(number, origins)].append(number)
    dataset_tables = [_dataset_table(survey, dataset, *place, of_place) for place, of_place in groups.items()]
    means = {name for name in dataset.members if survey.benchmark(name).parts}
    parts = {part for name in means for part in survey.benchmark(name).parts}

    def place(dataset_table: DatasetTable) -> tuple[bool | int, ...]:
        strange = dataset_table.main.benchmark not in dataset.members
        partial = dataset_table.main.benchmark in parts and dataset_table.main.benchmark not in means
        ranked = -ranked_methods(dataset_table)
        return (
            not dataset_table.ranked,
            not dataset_table.comparable,
            partial,
            ranked,
            strange,
            -len(dataset_table.methods),
        )

    return tuple(sorted(dataset_tables, key=place))


def ranked_methods(dataset_table: DatasetTable) -> int:
    """Return how many methods of a table have a rank."""
    return len({method_of(line.numbers[0]) for line in dataset_table.lines if line.rank})


def _dataset_table(
    survey: Survey, dataset: Dataset, protocol: str, backbone: str, numbers: Sequence[Result]
) -> DatasetTable:
    present = {number.benchmark for number in numbers}
    benchmarks = tuple(b for b in survey.benchmarks if b.benchmark in present)
    main = _main(survey, dataset, benchmarks, numbers)
    comparable = bool(protocol) and survey.protocol(protocol).comparable
    lines = lines_of(survey, numbers)
    apart = apart_on(survey, protocol, main)
    return DatasetTable(
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
    candidates = tuple(b for b in benchmarks if b.benchmark in dataset.members) or benchmarks
    most = max(len(methods[benchmark.benchmark]) for benchmark in candidates)
    usual = tuple(b for b in candidates if 2 * len(methods[b.benchmark]) >= most)
    return main_of(usual, Counter(number.benchmark for number in numbers))


def _in_order(survey: Survey, lines: Sequence[Line], main: Benchmark, apart: Decimal | None) -> tuple[Line, ...]:
    """Rank lines by a benchmark, the best first; those without a number on it, or known from notes alone, stand last."""
    origins = survey.origins_by_id
    values = {
        place: (method_of(line.numbers[0]), main.worth(value))
        for place, line in enumerate(lines)
        if (value := line.value(main)) is not None and origins[line.cells[main.benchmark][0].origin].read_in != "notes"
    }
    found = ranks(values, apart or Decimal(0))
    order = sorted(found, key=lambda place: (-values[place][1], found[place].first, place))
    ranked = [replace(lines[place], rank=found[place]) for place in order]
    return (*ranked, *(line for place, line in enumerate(lines) if place not in found))
