"""Numbers as a person reads them: one row per setting, one column per benchmark, grouped by table or by protocol."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peft_vlm_survey.show.reported import Number, PrintedTable

FOLDED_AFTER = 30  # rows: what a reader sees before the rest is folded, about two screens


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A benchmark or a measured quantity, as the head of a column; `id` leads to the benchmark's page."""

    id: str
    name: str
    measures: str
    unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A row: a method on a backbone in one printed table, with one cell per column; an empty cell reports nothing."""

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
    """Settings that share their columns; `tables` are the printed tables that they stand in."""

    protocol: str
    tables: tuple[PrintedTable, ...]
    columns: tuple[Column, ...]
    settings: tuple[Setting, ...]


def pivot(tables: Sequence[PrintedTable]) -> Pivot:
    """Return the numbers of printed tables of one protocol as one table, columns and rows in the order of print."""
    columns: dict[tuple[str, str], Column] = {}
    rows: dict[tuple[str, ...], tuple[PrintedTable, Number, dict[tuple[str, str], list[Number]]]] = {}
    for table in tables:
        for number in table.numbers:
            unit = number.value.partition(" ")[2]
            place = number.benchmark_id or number.benchmark, unit
            columns.setdefault(
                place,
                Column(id=number.benchmark_id, name=number.benchmark, measures=number.measures, unit=unit),
            )
            same = (
                table.origin.origin,
                number.method,
                number.method_key,
                number.backbone,
                number.trained,
                number.claim,
                number.remark,
            )
            rows.setdefault(same, (table, number, {}))[2].setdefault(place, []).append(number)
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
                remark=first.remark,
                table=table,
                cells=tuple(tuple(cells.get(place, ())) for place in columns),
            )
            for table, first, cells in rows.values()
        ),
    )


def by_protocol(tables: Iterable[PrintedTable]) -> tuple[Pivot, ...]:
    """Return one table per protocol, in the order in which the protocols are met; tables without one stand alone."""
    gathered: dict[str, list[PrintedTable]] = {}
    for table in tables:
        gathered.setdefault(table.protocol or f"\n{table.origin.origin}", []).append(table)
    return tuple(map(pivot, gathered.values()))


def folded(pivots: Sequence[Pivot]) -> tuple[tuple[Pivot, ...], tuple[Pivot, ...]]:
    """Return the tables that stand open on a page, and those behind a fold: the first always stands open."""
    rows, place = 0, 0
    for place, found in enumerate(pivots):
        rows += len(found.settings)
        if rows > FOLDED_AFTER and place:
            break
    else:
        place = len(pivots)
    return tuple(pivots[:place]), tuple(pivots[place:])
