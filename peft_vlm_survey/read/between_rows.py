"""What is wrong between rows: one that stands twice."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Protocol, TypeVar

from peft_vlm_survey.read.sheets import Row


class _OfRow(Protocol):
    @property
    def row(self) -> Row: ...


Record = TypeVar("Record", bound=_OfRow)


def standing_twice(records: Iterable[Record], what: Callable[[Record], Hashable]) -> Iterator[tuple[Record, int]]:
    """Yield every record that is an earlier one again, by `what` of it, and the line of the first."""
    lines: dict[Hashable, int] = {}
    for record in records:
        first = lines.setdefault(what(record), record.row.line)
        if first != record.row.line:
            yield record, first
