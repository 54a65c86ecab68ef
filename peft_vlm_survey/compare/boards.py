"""The leaderboards of one benchmark: one for each group, ranked only where its methods suffice."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.compare.groups import Group, Place, every_group, method_of, place_of
from peft_vlm_survey.compare.ranks import ranks
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.origins import Origin
from peft_vlm_survey.read.results import Result


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One number of a board: its rank, 0 where it has none, and its gain over full fine-tuning, None where unknown.

    Of two methods with one value the one that has a better configuration elsewhere on the board may stand before the other.
    """

    number: Result
    origin: Origin
    rank: int
    gain: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """A group as one benchmark shows it, the best number first where they are ranked.

    The numbers of a group that is not `comparable` are only listed, in the order of their tables.
    """

    group: Group
    benchmark: Benchmark
    ranked: bool
    standings: tuple[Standing, ...]

    @property
    def protocol(self) -> str:
        """The protocol of the group, empty if it is not established."""
        return self.group.protocol

    @property
    def backbone(self) -> str:
        """The backbone of the group, empty if it or the protocol is not established."""
        return self.group.backbone

    @property
    def comparable(self) -> bool:
        """Whether the numbers of the group share one set-up."""
        return self.group.comparable

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
    return {name: boards_of(survey, name) for name, places in survey.derived(_places).items() if places}


def boards_of(survey: Survey, benchmark: str) -> tuple[Board, ...]:
    """Return the boards of one benchmark, by its id, in the same order; none if it has no numbers."""
    return survey.derived(_Boards(benchmark))


@dataclass(frozen=True, slots=True)
class _Boards:
    """The boards of a benchmark, ranked by its own numbers alone."""

    benchmark: str

    def __call__(self, survey: Survey) -> tuple[Board, ...]:
        """Return them."""
        known, benchmark = every_group(survey), survey.benchmark(self.benchmark)
        return tuple(
            sorted(
                (
                    _board(known[place], benchmark, survey.origins_by_id)
                    for place in survey.derived(_places)[self.benchmark]
                ),
                key=lambda board: (not board.protocol, not board.ranked, not board.comparable, -len(board.methods)),
            )
        )


def _places(survey: Survey) -> Mapping[str, tuple[Place, ...]]:
    """Return where each benchmark has numbers, by its id."""
    origins = survey.origins_by_id
    places: dict[str, dict[Place, None]] = {benchmark.benchmark: {} for benchmark in survey.benchmarks}
    for number in survey.results:
        places[number.benchmark][place_of(number, origins)] = None
    return {benchmark: tuple(where) for benchmark, where in places.items()}


def _board(group: Group, benchmark: Benchmark, origins: Mapping[str, Origin]) -> Board:
    numbers = group.scores[benchmark.benchmark]
    known = [number for number in numbers if origins[number.origin].read_in != "notes"]
    worth = {number.anchor: (method_of(number), benchmark.worth(number.value)) for number in known}
    found = ranks(worth) if group.comparable else {}
    standings = [
        Standing(
            number=number,
            origin=origins[number.origin],
            rank=found[number.anchor].first if number.anchor in found else 0,
            gain=group.gain_of(number, benchmark),
        )
        for number in numbers
    ]
    if found:
        standings.sort(key=lambda s: (not s.rank, -worth[s.number.anchor][1] if s.rank else 0, s.rank))
    return Board(group=group, benchmark=benchmark, ranked=bool(found), standings=tuple(standings))


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
