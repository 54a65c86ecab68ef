"""Reported numbers that came in, were withdrawn, or read otherwise than in the last edition."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.editions.package import Cells, Package
from peft_vlm_survey.read.results import NOT_STATED

_PLACE = ("origin", "method", "backbone", "benchmark", "trained_percent")
# Where a number is not found under all of these, fewer will do if they still name one number on either side.
_FEWER = (
    ("origin", "method", "backbone", "benchmark", "value"),
    ("origin", "method", "backbone", "benchmark"),
    ("origin", "backbone", "benchmark", "value", "trained_percent"),
)
_SAYS = ("value", "unit", "spread", "method", "method_key", "backbone", "trained_percent", "trained_millions", "claim")


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberCell:
    """One thing that the book says of a number, before and now; `number` is its row now."""

    number: Cells
    column: str
    before: str
    now: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberChanges:
    """The rows of the numbers that came in and were withdrawn, and every cell that says something else.

    A measurement stands among them with its quantity as benchmark.
    """

    come: tuple[Cells, ...]
    gone: tuple[Cells, ...]
    cells: tuple[NumberCell, ...]

    @property
    def values(self) -> tuple[NumberCell, ...]:
        """The cells that are the reported value itself."""
        return tuple(cell for cell in self.cells if cell.column == "value")


def number_changes(old: Package, new: Package) -> NumberChanges:
    """Compare the numbers of two packages that name tables, methods, backbones and benchmarks alike."""
    before, now = _numbers(old), _numbers(new)
    pairs: list[tuple[Cells, Cells]] = []
    for place in (_PLACE, *_FEWER):
        paired = _paired(before, now, place)
        pairs += paired
        taken = {id(row) for pair in paired for row in pair}
        before, now = ([row for row in rows if id(row) not in taken] for rows in (before, now))
    cells = [
        NumberCell(number=after, column=column, before=was[column], now=after[column])
        for was, after in pairs
        for column in _SAYS
        if column in was and column in after and _said(was[column]) != _said(after[column])
    ]
    return NumberChanges(come=tuple(now), gone=tuple(before), cells=tuple(cells))


def _said(cell: str) -> str:
    """Return a cell as readers see it: a claim that is not stated reads like one that is not established."""
    return "" if cell == NOT_STATED else cell


def _numbers(package: Package) -> list[Cells]:
    measured = ({**row, "benchmark": row["quantity"]} for row in package.rows("measurements"))
    return [*package.rows("results"), *measured]


def _paired(before: Sequence[Cells], now: Sequence[Cells], place: Sequence[str]) -> list[tuple[Cells, Cells]]:
    old, new = _alone(before, place), _alone(now, place)
    return [(old[name], row) for name, row in new.items() if name in old]


def _alone(rows: Iterable[Cells], place: Sequence[str]) -> Mapping[tuple[str, ...], Cells]:
    """Return the rows by what names each alone."""
    named = [(tuple(row[name] for name in place), row) for row in rows]
    often = Counter(name for name, _ in named)
    return {name: row for name, row in named if often[name] == 1}
