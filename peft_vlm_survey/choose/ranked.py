"""The rule of order: who has numbers on a task, how near to the question, and how strong among those it met."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.choose.backbones import Choice
from peft_vlm_survey.choose.contests import Contest, contests
from peft_vlm_survey.choose.nearness import DISTANCES, Nearness, nearness
from peft_vlm_survey.choose.rating import Rating, ratings
from peft_vlm_survey.model import Survey


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """A method in its place: how far its nearest number lies, its rating there, and the contest that tells most of it."""

    method: str
    distance: int
    rating: Rating
    contest: Contest


def ranked(survey: Survey, task: str, backbone: Choice | None) -> tuple[Ranked, ...]:
    """Return every method with a number on a task or near it, in order."""
    return in_order(contests(survey), task, backbone, nearness(survey))


def in_order(pool: Iterable[Contest], task: str, backbone: Choice | None, near: Nearness) -> tuple[Ranked, ...]:
    """Return the methods of the contests in order: the nearer first, at one distance the stronger.

    A method is rated by the meetings at its own distance and nearer. One that met no other there stands behind those that
    met others one step farther off.
    """
    placed = [(contest, away) for contest in pool if (away := near.distance(contest, task, backbone))]
    rows: list[Ranked] = []
    alone: list[Ranked] = []
    for away in DISTANCES:
        so_far = {contest: at for contest, at in placed if at <= away}
        before = {row.method for row in rows}
        new = [_row(method, rating, so_far) for method, rating in ratings(so_far).items() if method not in before]
        met = sorted(
            (row for row in new if row.rating.met), key=lambda row: (-row.rating.strength, _share(row), row.method)
        )
        rows += [*met, *(row for row in alone if row.method not in {other.method for other in met})]
        told = {row.method for row in rows}
        alone = sorted(
            (row for row in new if row.method not in told),
            key=lambda row: (-sum(row.method in contest.best for contest in so_far), _share(row), row.method),
        )
    return (*rows, *alone)


def _row(method: str, rating: Rating, distance: Mapping[Contest, int]) -> Ranked:
    having = [contest for contest in distance if method in contest.best and (len(contest.best) > 1 or not rating.met)]
    nearest = min(distance[contest] for contest in having)
    here = [contest for contest in having if distance[contest] == nearest]
    return Ranked(method=method, distance=nearest, rating=rating, contest=telling(here, method))


def _share(row: Ranked) -> float:
    """Return the trained share that is printed beside the number that tells most of a method; what prints none stands last."""
    return float(row.contest.best[row.method].trained_percent or "inf")


def telling(here: Sequence[Contest], method: str) -> Contest:
    """Return the contest with the most methods among those that have the method; one part of an average tells less than any other."""
    having = (contest for contest in here if method in contest.best)
    return max(having, key=lambda contest: (not contest.partial, len(contest.best)))
