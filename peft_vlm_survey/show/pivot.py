"""Numbers as a person reads them: one row per setting, one column per benchmark, grouped by table or by protocol."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peft_vlm_survey.show.reported import Number, PrintedTable


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
