"""What is wrong between rows: one that stands twice, and a name that has no row in the table it leads to."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol, TypeVar

from peft_vlm_survey.problems import Problem, suggest
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


def unknown(
    column: str,
    uses: Iterable[tuple[Row, str]],
    known: Collection[str],
    *,
    called: Mapping[str, str] | None = None,
    loses: bool = False,
) -> Iterator[Problem]:
    """Yield every name in a column that has no row in the table named after it.

    `called` says which names are other names of a row; `loses` that the row that was meant now looks unused.
    """
    for row, name in uses:
        if name and row.sound(column) and name not in known:
            remedy = suggest(name, known, "Add its row.", called=called)
            problem = row.problem(f"{column} '{name}' has no row in data/{column}s.csv.", remedy)
            yield replace(problem, loses=True) if loses else problem
