"""What a paper's page reports: the numbers of its own tables and of others, and as tables that a person reads."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from peft_vlm_survey.compare.claims import OTHER, whose
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.origins import Origin
from peft_vlm_survey.read.results import QUANTITIES, Result
from peft_vlm_survey.show.markup import NOT_ESTABLISHED
from peft_vlm_survey.show.numbers import printed, printed_short, trained_shown

CLAIMS = {"own": "own", "rerun": "re-run", "copied": "copied", OTHER: "re-run or copied", "": NOT_ESTABLISHED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """One reported number in words; `home` is the paper on whose page it has its address, `method_key` whose method it is.

    Both are keys of catalogued papers, or empty; so is `benchmark_id`, which leads to the benchmark, of a measurement.
    `full` is the value with all its digits where `value` shows fewer, or empty.
    """

    anchor: str
    home: str
    method: str
    method_key: str
    backbone: str
    benchmark: str
    benchmark_id: str
    measures: str
    value: str
    full: str
    trained: str
    claim: str
    remark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedTable:
    """The numbers that one page shows of one printed table, in its order."""

    origin: Origin
    protocol: str
    numbers: tuple[Number, ...]


def tables_of(survey: Survey, key: str, numbers: Sequence[Result]) -> tuple[PrintedTable, ...]:
    """Return the printed tables of a paper, its own first, then those of others, given the numbers of its page."""
    all_worded = in_words(survey, numbers)
    return _tables(survey, key, [(number.origin, worded) for number, worded in zip(numbers, all_worded, strict=True)])


def _tables(survey: Survey, key: str, pairs: Iterable[tuple[str, Number]]) -> tuple[PrintedTable, ...]:
    """Return what is told of numbers, each given with the table in which it stands, table by table."""
    origins, protocols = survey.origins_by_id, survey.protocols_by_id
    tables: dict[str, list[Number]] = {}
    for origin, number in pairs:
        tables.setdefault(origin, []).append(number)
    return tuple(
        PrintedTable(
            origin=origins[origin],
            protocol=protocols[origins[origin].protocol].name if origins[origin].protocol in protocols else "",
            numbers=tuple(numbers),
        )
        for origin, numbers in sorted(tables.items(), key=lambda table: origins[table[0]].key != key)
    )


def in_words(survey: Survey, numbers: Iterable[Result]) -> Iterator[Number]:
    """Yield numbers as a page shows them, in the same order."""
    papers = survey.papers_by_key
    benchmarks = survey.benchmarks_by_id
    for number in numbers:
        if number.unit:
            name, measures, unit = QUANTITIES[number.benchmark], "", number.unit
        else:
            benchmark = benchmarks[number.benchmark]
            name, unit = benchmark.name, benchmark.unit
            measures = benchmark.metric + ("; lower is better" if not benchmark.more_is_better else "")
        yield Number(
            anchor=number.anchor,
            home=home(survey, number),
            method=number.method,
            method_key=number.method_key if number.method_key in papers else "",
            backbone=number.backbone or NOT_ESTABLISHED,
            benchmark=name,
            benchmark_id="" if number.unit else number.benchmark,
            measures=measures,
            value=f"{printed_short(number)} {unit}".rstrip(),
            full=printed(number) if printed(number) != printed_short(number) else "",
            trained=trained_shown(number) or NOT_ESTABLISHED,
            claim=CLAIMS[whose(survey, number)],
            remark=number.remark,
        )


def home(survey: Survey, number: Result) -> str:
    """Return the paper on whose page a number has its address: that of its table, else that of its method, else none."""
    owner = survey.origins_by_id[number.origin].key
    return next((key for key in (owner, number.method_key) if key in survey.papers_by_key), "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A benchmark or a measured quantity, as the head of a column; `id` leads to the benchmark's page."""

    id: str
    name: str
    measures: str
    unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A row: a method on a backbone, with one cell per column; an empty cell reports nothing. `table` is the first that has it."""

    method: str
    method_key: str
    backbone: str
    trained: str
    claim: str
    remark: str
    table: PrintedTable
    cells: tuple[tuple[Number, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pivot:
    """Settings that share their columns; `tables` are the printed tables that they stand in.

    `remark` holds for every row.
    """

    protocol: str
    tables: tuple[PrintedTable, ...]
    columns: tuple[Column, ...]
    settings: tuple[Setting, ...]
    remark: str


def pivot(tables: Sequence[PrintedTable], *, joined: bool = False) -> Pivot:
    """Return the numbers of printed tables of one protocol as one table, columns and rows in the order of print.

    A setting has a row in each printed table or, `joined`, one row, unless two tables print it on one benchmark.
    """
    columns: dict[tuple[str, str], Column] = {}
    rows: dict[tuple[str, ...], tuple[PrintedTable, Number, dict[tuple[str, str], list[Number]]]] = {}
    for table in tables:
        before = {same: set(cells) for same, (_, _, cells) in rows.items()}
        for number in table.numbers:
            unit = number.value.partition(" ")[2]
            place = number.benchmark_id or number.benchmark, unit
            columns.setdefault(
                place,
                Column(id=number.benchmark_id, name=number.benchmark, measures=number.measures, unit=unit),
            )
            same: tuple[str, ...] = (
                number.method,
                number.method_key,
                number.backbone,
                number.trained,
                number.claim,
                number.remark,
            )
            if not joined or place in before.get(same, ()):
                same = (table.origin.origin, *same)
            rows.setdefault(same, (table, number, {}))[2].setdefault(place, []).append(number)
    remarks = {first.remark for _, first, _ in rows.values()}
    shared = next(iter(remarks)) if len(remarks) == 1 and len(rows) > 1 else ""
    return Pivot(
        protocol=tables[0].protocol,
        tables=tuple(tables),
        columns=tuple(columns.values()),
        settings=tuple(
            Setting(
                method=first.method,
                method_key=first.method_key,
                backbone=first.backbone,
                trained=first.trained,
                claim=first.claim,
                remark="" if shared else first.remark,
                table=table,
                cells=tuple(tuple(cells.get(place, ())) for place in columns),
            )
            for table, first, cells in rows.values()
        ),
        remark=shared,
    )


def by_protocol(tables: Iterable[PrintedTable], *, joined: bool = False) -> tuple[Pivot, ...]:
    """Return one table per protocol, in the order in which the protocols are met; tables without one stand alone."""
    gathered: dict[str, list[PrintedTable]] = {}
    for table in tables:
        gathered.setdefault(table.protocol or f"\n{table.origin.origin}", []).append(table)
    return tuple(pivot(of_protocol, joined=joined) for of_protocol in gathered.values())
