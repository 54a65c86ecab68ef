"""Numbers as a person reads them: one row per setting, one column per benchmark, grouped by table or by protocol."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from peft_vlm_survey.show.reported import CLAIMS, Number, PrintedTable

# Heights in pixels, about as a telephone sets them, on which lines break soonest. What stands open leaves room on two
# screens for the sentences above it and for the heads of the folds below.
ROOM = 1150
_AROUND, _ROW, _LINE = 170, 10, 18  # a caption, a note and what stands between tables; a row without its lines; a line
_WIDE, _NARROW = 22, 11  # letters in a line of the first column, and of the head of another


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

    `remark` holds for every row. `of` counts the rows of the whole of which these are a part, of which `rest` is the second.
    """

    protocol: str
    tables: tuple[PrintedTable, ...]
    columns: tuple[Column, ...]
    settings: tuple[Setting, ...]
    remark: str
    of: int
    rest: bool = False


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
        of=len(rows),
    )


def by_protocol(tables: Iterable[PrintedTable], *, joined: bool = False) -> tuple[Pivot, ...]:
    """Return one table per protocol, in the order in which the protocols are met; tables without one stand alone."""
    gathered: dict[str, list[PrintedTable]] = {}
    for table in tables:
        gathered.setdefault(table.protocol or f"\n{table.origin.origin}", []).append(table)
    return tuple(pivot(of_protocol, joined=joined) for of_protocol in gathered.values())


def folded(pivots: Sequence[Pivot]) -> tuple[tuple[Pivot, ...], tuple[Pivot, ...]]:
    """Return what stands open on a page and what stands behind a fold: of the first, if it is too long, only a part."""
    room = ROOM
    for place, table in enumerate(pivots):
        room -= height(table)
        if room < 0:
            parts = () if place else _parts(table)
            return (*pivots[:place], *parts[:1]), (*parts[1:], *pivots[place + len(parts[:1]) :])
    return tuple(pivots), ()


def height(table: Pivot) -> int:
    """Return about how high a table stands on a page, in pixels."""
    return _above(table) + sum(map(_of_row, table.settings))


def _above(table: Pivot) -> int:
    head = max(_lines(column.name, _NARROW) + _lines(column.measures, _NARROW) for column in table.columns)
    return _AROUND + _LINE * head


def _of_row(setting: Setting) -> int:
    numbers = max(len(cell) for cell in setting.cells)
    return _ROW + _LINE * max(numbers, _lines(setting.method, _WIDE) + _lines(setting.remark, _WIDE))


def _lines(text: str, width: int) -> int:
    return len(wrap(text, width))


def _parts(table: Pivot) -> tuple[Pivot, ...]:
    """Cut a table in two: the paper's own method and, while there is room, what is printed first; then the rest."""
    room = ROOM - _above(table)
    kept: set[int] = set()
    for place in sorted(range(len(table.settings)), key=lambda row: table.settings[row].claim != CLAIMS["own"]):
        room -= _of_row(table.settings[place])
        if room < 0 and kept:
            break
        kept.add(place)
    others = set(range(len(table.settings))) - kept
    return tuple(_part(table, rows, rest=rest) for rows, rest in ((kept, False), (others, True)) if rows)


def _part(table: Pivot, rows: Collection[int], *, rest: bool) -> Pivot:
    return replace(table, settings=tuple(table.settings[row] for row in sorted(rows)), rest=rest)
