"""The leaderboards of one benchmark: one for each comparable group, ranked only where its methods suffice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.origins import Origin
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.show.groups import REFERENCE, method_of

FEWEST, FEWEST_IN_WORDS = 3, "three"  # methods, not configurations; fewer are listed, not ranked


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One number of a board: its rank, 0 where it has none, and its gain over full fine-tuning, None where unknown.

    A rank is one more than the number of other methods that have a better number on the board. It thus never exceeds
    the number of methods, and configurations or copies of one method push neither it nor another down. Of two methods
    with one value the one that has a better configuration elsewhere on the board may stand before the other.
    """

    number: Result
    origin: Origin
    rank: int
    gain: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """All numbers of one benchmark under one protocol on one backbone, the best first where they are ranked.

    Without a protocol, without a backbone, or where each row keeps a set-up of its own, they are not `comparable`, and
    only listed, in the order of their tables.
    """

    benchmark: Benchmark
    protocol: str
    backbone: str
    comparable: bool
    ranked: bool
    standings: tuple[Standing, ...]

    @property
    def numbers(self) -> tuple[Result, ...]:
        """The numbers in the order of the board."""
        return tuple(standing.number for standing in self.standings)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods of the board, each once in all its configurations, as `method_of` tells them apart."""
        return tuple(dict.fromkeys(map(method_of, self.numbers)))

    @property
    def rows(self) -> tuple[tuple[Standing, ...], ...]:
        """The standings in the order of the board; those that several tables print alike share a row.

        In it the number of the method's own paper comes first. What is known from notes stands apart from the rest.
        """
        alike: dict[tuple[object, ...], list[Standing]] = {}
        for standing in self.standings:
            alike.setdefault(_printed(standing), []).append(standing)
        return tuple(tuple(sorted(row, key=lambda s: s.number.claim != "own")) for row in alike.values())


def boards_by_benchmark(survey: Survey) -> Mapping[str, tuple[Board, ...]]:
    """Return the boards of every benchmark that has numbers.

    Ranked ones stand first, then what may be compared, then the rest, each by the number of methods.
    """
    return survey.derived(_boards)


def _boards(survey: Survey) -> Mapping[str, tuple[Board, ...]]:
    origins = survey.origins_by_id
    comparable = {protocol.protocol for protocol in survey.protocols if protocol.comparable}
    grouped: dict[str, dict[tuple[str, str], list[Result]]] = {b.benchmark: {} for b in survey.benchmarks}
    for number in survey.results:
        protocol = origins[number.origin].protocol if number.backbone else ""
        place = (protocol, number.backbone if protocol else "")
        grouped[number.benchmark].setdefault(place, []).append(number)
    return {
        benchmark.benchmark: tuple(
            sorted(
                (
                    _board(benchmark, protocol, backbone, protocol in comparable, numbers, origins)
                    for (protocol, backbone), numbers in grouped[benchmark.benchmark].items()
                ),
                key=lambda board: (not board.protocol, not board.ranked, not board.comparable, -len(board.methods)),
            )
        )
        for benchmark in survey.benchmarks
        if grouped[benchmark.benchmark]
    }


def _board(
    benchmark: Benchmark,
    protocol: str,
    backbone: str,
    comparable: bool,
    numbers: Sequence[Result],
    origins: Mapping[str, Origin],
) -> Board:
    sign = 1 if benchmark.direction == "higher" else -1
    known = [number for number in numbers if origins[number.origin].read_in != "notes"]
    ranked = comparable and len(set(map(method_of, known))) >= FEWEST
    worth = {number.anchor: sign * Decimal(number.value) for number in known}
    best: dict[str, Decimal] = {}
    for number in known:
        value = worth[number.anchor]
        best[method_of(number)] = max(value, best.get(method_of(number), value))
    references = [number for number in numbers if number.method == REFERENCE] if comparable else []

    def rank(number: Result) -> int:
        if not ranked or number.anchor not in worth:
            return 0
        return 1 + sum(other > worth[number.anchor] for method, other in best.items() if method != method_of(number))

    def gain(number: Result) -> Decimal | None:
        reference = None if number.method == REFERENCE else _reference(number, references)
        return None if reference is None else sign * (Decimal(number.value) - reference)

    standings = [
        Standing(number=number, origin=origins[number.origin], rank=rank(number), gain=gain(number))
        for number in numbers
    ]
    if ranked:
        standings.sort(key=lambda s: (not s.rank, -worth[s.number.anchor] if s.rank else 0, s.rank))
    return Board(
        benchmark=benchmark,
        protocol=protocol,
        backbone=backbone,
        comparable=comparable,
        ranked=ranked,
        standings=tuple(standings),
    )


def _reference(number: Result, references: Sequence[Result]) -> Decimal | None:
    """Return full fine-tuning of the same table, or else of the group if its tables agree on one value."""
    same = [reference for reference in references if reference.origin == number.origin]
    values = {Decimal(reference.value) for reference in same or references}
    return values.pop() if len(values) == 1 else None


def _printed(standing: Standing) -> tuple[object, ...]:
    """Return what a row shows of a number, but for its table and whose run it is."""
    number = standing.number
    return (
        standing.rank,
        standing.gain,
        number.method,
        number.method_key,
        number.value,
        number.spread,
        number.trained_percent,
        number.trained_millions,
        number.remark,
        standing.origin.read_in == "notes",
    )
