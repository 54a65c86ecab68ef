"""Ranks: the one rule by which rows of a comparable group are ranked, each method once."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

Row = TypeVar("Row")

FEWEST, FEWEST_IN_WORDS = 3, "three"  # methods, not configurations; fewer are listed, not ranked


@dataclass(frozen=True, kw_only=True, slots=True)
class Rank:
    """Between which places a row stands: they differ where a difference is no more than two runs of one method have."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def ranks(rows: Mapping[Row, tuple[str, Decimal]], scatter: Decimal = Decimal(0)) -> Mapping[Row, Rank]:
    """Return the rank of each row, given its method and its value, more being better; nothing where the methods are too few.

    A rank is one more than the number of other methods that have a better row. It thus never exceeds the number of methods,
    and rows or copies of one method push neither it nor another down. A difference of at most `scatter` decides nothing.
    """
    best: dict[str, Decimal] = {}
    for method, value in rows.values():
        best[method] = max(value, best.get(method, value))
    if len(best) < FEWEST:
        return {}

    def rank(method: str, mine: Decimal) -> Rank:
        others = [value for other, value in best.items() if other != method]
        surely = sum(value - mine > scatter for value in others)
        perhaps = sum(value > mine if not scatter else mine - value <= scatter for value in others)
        return Rank(first=1 + surely, last=1 + perhaps)

    return {row: rank(*known) for row, known in rows.items()}
