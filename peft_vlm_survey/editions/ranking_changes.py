"""Rankings that turned: comparable groups with another leader, and methods with another place, than in the edition before.

Both editions are ranked by today's rules, so that only what was read can turn a ranking.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.compare.boards import Board
from peft_vlm_survey.compare.groups import Place, method_of
from peft_vlm_survey.editions.package import Package
from peft_vlm_survey.editions.ranked import boards_of, main_benchmarks, ranked_survey
from peft_vlm_survey.model import Survey

Name = tuple[str, str]  # what tells a method from another, and what the tables call it


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The place and the best value of a method on a board; 0 and empty where it is not on it."""

    place: int = 0
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """One group as its main benchmark ranks it, in both editions: by method the place before and now."""

    protocol: str
    backbone: str
    benchmark: str
    names: Mapping[str, Name]
    before: Mapping[str, Standing]
    now: Mapping[str, Standing]

    @property
    def leaders(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The methods on the first place, before and now; several where they share one value."""
        return _first(self.before), _first(self.now)

    @property
    def turned(self) -> bool:
        """Whether another method leads."""
        before, now = self.leaders
        return set(before) != set(now)

    @property
    def moved(self) -> tuple[str, ...]:
        """The methods in both editions whose place is another one."""
        return tuple(
            name for name in self.now if name in self.before and self.before[name].place != self.now[name].place
        )

    @property
    def passed(self) -> tuple[tuple[str, str], ...]:
        """The pairs of methods of both editions of which the second was behind the first, and is before it now."""
        both = [name for name in self.now if name in self.before]
        return tuple(
            (first, second)
            for first in both
            for second in both
            if self.before[first].place < self.before[second].place and self.now[first].place > self.now[second].place
        )


def _first(places: Mapping[str, Standing]) -> tuple[str, ...]:
    return tuple(name for name, standing in places.items() if standing.place == 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class RankingChanges:
    """The rankings of groups that both editions rank, those that only one ranks counted, and all that stand otherwise."""

    ranked: int
    come: int
    gone: int
    changed: tuple[Ranking, ...]

    @property
    def turned(self) -> tuple[Ranking, ...]:
        """The rankings with another leader, those of most methods first."""
        return tuple(
            sorted((ranking for ranking in self.changed if ranking.turned), key=lambda ranking: -len(ranking.now))
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """How an edition ranks: every ranked board by protocol, backbone and benchmark, and what ranks each comparable group."""

    boards: Mapping[tuple[str, str, str], "Places"]
    mains: Mapping[Place, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """The methods of one board: their names, and the place of each."""

    names: Mapping[str, Name]
    standings: Mapping[str, Standing]


def ranked_of(package: Package) -> Ranked:
    """Return how the tables of a package are ranked by today's rules."""
    return ranked(ranked_survey(package))


def ranked(survey: Survey) -> Ranked:
    """Return how a survey ranks."""
    return Ranked(
        boards={place: _places(board) for place, board in boards_of(survey).items()}, mains=main_benchmarks(survey)
    )


def ranking_changes(old: Package, new: Package) -> RankingChanges:
    """Compare the rankings of two packages that name tables, methods, backbones and benchmarks alike."""
    return compared(ranked_of(old), ranked_of(new))


def compared(before: Ranked, now: Ranked) -> RankingChanges:
    """Compare how two such packages rank."""
    both = before.boards.keys() & now.boards.keys()
    kept = [
        (*place, benchmark)
        for place, main in now.mains.items()
        if (benchmark := next((b for b in (main, before.mains.get(place, "")) if (*place, b) in both), ""))
    ]
    rankings = [_ranking(place, before.boards[place], now.boards[place]) for place in kept]
    ranked_before, ranked_now = ({place[:2] for place in side.boards} for side in (before, now))
    return RankingChanges(
        ranked=len(rankings),
        come=len(ranked_now - ranked_before),
        gone=len(ranked_before - ranked_now),
        changed=tuple(ranking for ranking in rankings if ranking.turned or ranking.moved),
    )


def _ranking(place: tuple[str, str, str], before: Places, now: Places) -> Ranking:
    protocol, backbone, benchmark = place
    return Ranking(
        protocol=protocol,
        backbone=backbone,
        benchmark=benchmark,
        names={**before.names, **now.names},
        before=before.standings,
        now=now.standings,
    )


def _places(board: Board) -> Places:
    standings: dict[str, Standing] = {}
    for standing in board.standings:  # the best first
        if standing.rank:
            standings.setdefault(method_of(standing.number), Standing(place=standing.rank, value=standing.number.value))
    return Places(names={method_of(n): (n.method_key, n.method) for n in board.numbers}, standings=standings)
