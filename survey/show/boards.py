"""The leaderboards of one benchmark: one for each comparable group, ranked only where its methods suffice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from survey.read.benchmarks import Benchmark
from survey.read.origins import Origin
from survey.read.results import Result
from survey.read.whole import Survey
from survey.show.groups import REFERENCE

FEWEST, FEWEST_IN_WORDS = 3, "three"  # methods; fewer are listed, not ranked


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One number of a board: its rank, 0 where it has none, and its gain over full fine-tuning, None where unknown."""

    number: Result
    origin: Origin
    rank: int
    gain: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """All numbers of one benchmark under one protocol on one backbone, the best first where they are ranked.

    Without a protocol, or without a backbone, they are no group and only listed, in the order of their tables.
    """

    benchmark: Benchmark
    protocol: str
    backbone: str
    ranked: bool
    standings: tuple[Standing, ...]

    @property
    def numbers(self) -> tuple[Result, ...]:
        """The numbers in the order of the board."""
        return tuple(standing.number for standing in self.standings)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods of the board, each once."""
        return tuple(dict.fromkeys(number.method for number in self.numbers))


def boards_by_benchmark(survey: Survey) -> Mapping[str, tuple[Board, ...]]:
    """Return the boards of every benchmark that has numbers: ranked ones first, then by the number of methods."""
    origins = {origin.origin: origin for origin in survey.origins}
    grouped: dict[str, dict[tuple[str, str], list[Result]]] = {b.benchmark: {} for b in survey.benchmarks}
    for number in survey.results:
        protocol = origins[number.origin].protocol if number.backbone else ""
        place = (protocol, number.backbone if protocol else "")
        grouped[number.benchmark].setdefault(place, []).append(number)
    return {
        benchmark.benchmark: tuple(
            sorted(
                (
                    _board(benchmark, *place, numbers, origins)
                    for place, numbers in grouped[benchmark.benchmark].items()
                ),
                key=lambda board: (not board.protocol, not board.ranked, -len(board.methods)),
            )
        )
        for benchmark in survey.benchmarks
        if grouped[benchmark.benchmark]
    }


def _board(
    benchmark: Benchmark, protocol: str, backbone: str, numbers: Sequence[Result], origins: Mapping[str, Origin]
) -> Board:
    sign = 1 if benchmark.direction == "higher" else -1
    known = [number for number in numbers if origins[number.origin].read_in != "notes"]
    ranked = bool(protocol) and len({number.method for number in known}) >= FEWEST
    worth = {number.anchor: sign * Decimal(number.value) for number in known}
    ranks = {
        anchor: 1 + sum(other > value for other in worth.values()) if ranked else 0 for anchor, value in worth.items()
    }
    references = [number for number in numbers if number.method == REFERENCE] if protocol else []

    def gain(number: Result) -> Decimal | None:
        reference = None if number.method == REFERENCE else _reference(number, references)
        return None if reference is None else sign * (Decimal(number.value) - reference)

    standings = [
        Standing(number=number, origin=origins[number.origin], rank=ranks.get(number.anchor, 0), gain=gain(number))
        for number in numbers
    ]
    if ranked:
        standings.sort(key=lambda standing: (not standing.rank, standing.rank))
    return Board(benchmark=benchmark, protocol=protocol, backbone=backbone, ranked=ranked, standings=tuple(standings))


def _reference(number: Result, references: Sequence[Result]) -> Decimal | None:
    """Return full fine-tuning of the same table, or else of the group if its tables agree on one value."""
    same = [reference for reference in references if reference.origin == number.origin]
    values = {Decimal(reference.value) for reference in same or references}
    return values.pop() if len(values) == 1 else None
