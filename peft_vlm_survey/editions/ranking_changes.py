"""Rankings that turned: comparable groups with another leader, and methods with another place, than in the last edition.

Both editions are ranked by today's rules, so that only what was read can turn a ranking.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from peft_vlm_survey.compare.boards import Board, boards_by_benchmark
from peft_vlm_survey.compare.groups import Place, every_group, method_of
from peft_vlm_survey.editions.package import Package
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.read.registry import TABLES
from peft_vlm_survey.read.sheets import LIST_SEPARATOR, Row

_COMPARED = ("results", "origins", "benchmarks", "protocols")
Name = tuple[str, str]  # what tells a method from another, and what the tables call it


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The place and the best value of a method on a board."""

    place: int
    value: str


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


def ranking_changes(old: Survey, new: Survey) -> RankingChanges:
    """Compare how two surveys rank."""
    before, now = _boards(old), _boards(new)
    main_before, main_now = _main_benchmarks(old), _main_benchmarks(new)
    both = before.keys() & now.keys()
    rankings = []
    for place, main in main_now.items():
        # The benchmark that ranks the group now; where only one edition has it, the one that ranked it before.
        benchmark = next((name for name in (main, main_before.get(place, "")) if (*place, name) in both), None)
        if benchmark is not None:
            rankings.append(_ranking(before[(*place, benchmark)], now[(*place, benchmark)], benchmark))
    ranked_before, ranked_now = ({place[:2] for place in boards} for boards in (before, now))
    return RankingChanges(
        ranked=len(rankings),
        come=len(ranked_now - ranked_before),
        gone=len(ranked_before - ranked_now),
        changed=tuple(ranking for ranking in rankings if ranking.turned or ranking.moved),
    )


def _boards(survey: Survey) -> Mapping[tuple[str, str, str], Board]:
    """Return every ranked board by protocol, backbone and benchmark."""
    return {
        (board.protocol, board.backbone, benchmark): board
        for benchmark, boards in boards_by_benchmark(survey).items()
        for board in boards
        if board.ranked
    }


def _main_benchmarks(survey: Survey) -> Mapping[Place, str]:
    """Return the benchmark by which each comparable group is ranked."""
    return {place: group.main.benchmark for place, group in every_group(survey).items() if group.comparable}


def _ranking(before: Board, now: Board, benchmark: str) -> Ranking:
    return Ranking(
        protocol=now.protocol,
        backbone=now.backbone,
        benchmark=benchmark,
        names={method_of(n): (n.method_key, n.method) for n in (*before.numbers, *now.numbers)},
        before=_standings(before),
        now=_standings(now),
    )


def _standings(board: Board) -> Mapping[str, Standing]:
    standings: dict[str, Standing] = {}
    for standing in board.standings:  # the best first
        if standing.rank:
            standings.setdefault(method_of(standing.number), Standing(place=standing.rank, value=standing.number.value))
    return standings


def ranked_survey(package: Package) -> Survey:
    """Return a survey that holds what a package says of rankings, and nothing else."""
    empty: dict[str, Any] = {field.name: () for field in fields(Survey)}
    edition = Edition(
        title="",
        authors=(),
        version=package.version,
        date=package.date,
        **dict.fromkeys(("abstract", "url", "doi", "repository"), ""),  # type: ignore[arg-type]
    )
    tables = {name: tuple(_rows(package, name)) for name in _COMPARED}
    return Survey(**empty | tables | {"root": Path(), "edition": edition, "references": {}})


def _rows(package: Package, name: str) -> list[Any]:
    table = TABLES[name]
    made = []
    for line, cells in enumerate(package.rows(name), start=2):
        texts: dict[str, Any] = {column.name: cells.get(column.name, "") for column in table.columns}
        row = Row(path=f"{package.version}/{name}.csv", line=line, cells=texts)
        listed = {
            column.name: tuple(filter(None, texts[column.name].split(LIST_SEPARATOR)))
            for column in table.columns
            if column.many
        }
        made.append(table.make(**{**texts, **listed}, row=row))
    return made
