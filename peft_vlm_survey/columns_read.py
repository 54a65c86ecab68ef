"""Which columns of the large tables are read, so that an answer depends on these alone and not on whole files.

A row is a frozen thing with slots. While somebody watches, each slot of its class notes the first time that it is read,
and steps aside, so that reading it again costs nothing more. What changes most often is noted row by row, until so many
rows have been read that it is as good as the column. Only one thread may read meanwhile.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.excluded import Excluded
from peft_vlm_survey.read.origins import Origin
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.results import Result

# The class of the rows of each table that is watched by the column; the first field of a class names its rows.
ROWS: Mapping[str, type] = {
    "papers": Paper,
    "descriptions": Description,
    "excluded": Excluded,
    "origins": Origin,
    "results": Result,
    "measurements": Result,
}

Column = tuple[type, str]

# What is noted row by row, since it is corrected more often than the rest, and the rows that hold it.
BY_ROW: frozenset[Column] = frozenset(
    {
        *((Result, name) for name in ("value", "row")),
        *((Paper, name) for name in ("family", "further_families", "code", "code_found", "code_extent")),
        *((Paper, name) for name in ("code_licence", "row")),
    }
)
MANY = 3000  # who reads so many rows has read the column


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: whole columns, and of others the rows, each by its identity as long as it lives."""

    columns: set[Column] = field(default_factory=set)
    rows: dict[Column, set[int]] = field(default_factory=dict)


class _Slot:
    """A slot of a class that notes that it is read; `plain` is the one that the class was made with."""

    def __init__(self, owner: type, name: str) -> None:
        self.column: Column = (owner, name)
        self.plain = owner.__dict__[name]

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self.plain
        watcher = _watchers[-1]
        if watcher is not None:
            watcher.columns.add(self.column)
            _step_aside(self)
        return self.plain.__get__(row)

    def __set__(self, row: Any, value: Any) -> None:
        self.plain.__set__(row, value)


class _SlotByRow(_Slot):
    """One that notes which rows it is read of."""

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self.plain
        watcher = _watchers[-1]
        if watcher is not None:
            rows = watcher.rows.setdefault(self.column, set())
            rows.add(id(row))
            if len(rows) > MANY:
                del watcher.rows[self.column]
                watcher.columns.add(self.column)
                _step_aside(self)
        return self.plain.__get__(row)


_SLOTS: Mapping[Column, _Slot] = {
    (owner, name): (_SlotByRow if (owner, name) in BY_ROW else _Slot)(owner, name)
    for owner in dict.fromkeys(ROWS.values())
    for name in owner.__slots__  # type: ignore[attr-defined]
}
_listening: set[Column] = set()
# Who notes columns, the innermost last; None looks away.
_watchers: list[Read | None] = []


def read_plainly(column: Column, row: Any) -> Any:
    """Return what a row has in a column, which nobody notes."""
    return _SLOTS[column].plain.__get__(row)


@contextmanager
def columns_read() -> Iterator[Read]:
    """Give that to which everything is added that is read meanwhile, but by an inner watcher."""
    noted = Read()
    with _watching(noted):
        yield noted


class _LooksAway:
    """What `nothing_noted` gives; it holds nothing, so that one serves all, however deep."""

    def __enter__(self) -> None:
        _watchers.append(None)

    def __exit__(self, *raised: object) -> None:
        _watchers.pop()


_looks_away = _LooksAway()


def nothing_noted() -> AbstractContextManager[None]:
    """Let rows be read without a note: slots that wait for a reader pass by who looks away."""
    return _looks_away


@contextmanager
def _watching(watcher: Read) -> Iterator[None]:
    _watchers.append(watcher)
    _listen()
    try:
        yield
    finally:
        _watchers.pop()
        _listen()


def _listen() -> None:
    """Let those slots note what is read that the innermost watcher still waits for."""
    watcher = next((candidate for candidate in reversed(_watchers) if candidate is not None), None)
    wanted = set() if watcher is None else _SLOTS.keys() - watcher.columns
    for column in wanted - _listening:
        setattr(*column, _SLOTS[column])
    for column in _listening - wanted:
        setattr(*column, _SLOTS[column].plain)
    _listening.clear()
    _listening.update(wanted)


def _step_aside(slot: _Slot) -> None:
    setattr(*slot.column, slot.plain)
    _listening.discard(slot.column)
