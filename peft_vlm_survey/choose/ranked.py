"""The rule of order: who has numbers on a task, how near to the question, and how strong among those it met."""

from collections.abc import Iterable, Sequence
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
    """Return the methods of the contests in order: the nearer first, then those that met anyone, then the stronger.

    A method is rated by the meetings at its own distance and nearer.
    """
    placed = [(contest, away) for contest in pool if (away := near.distance(contest, task, backbone))]
    rows: list[Ranked] = []
    known: set[str] = set()
    for away in DISTANCES:
        here = [contest for contest, at in placed if at == away]
        new = dict.fromkeys(method for contest in here for method in contest.best if method not in known)
        if new:
            found_ratings = ratings(contest for contest, at in placed if at <= away)
            rows += sorted(
                (
                    Ranked(method=method, distance=away, rating=found_ratings[method], contest=telling(here, method))
                    for method in new
                ),
                key=lambda row: (not row.rating.met, -row.rating.strength, _alone(here, row), _share(row), row.method),
            )
        known |= set(new)
    return tuple(rows)


def _alone(here: Sequence[Contest], row: Ranked) -> int:
    """Return minus the number of groups with a number of a method that met nobody: what was measured more often is told first."""
    return 0 if row.rating.met else -sum(row.method in contest.best for contest in here)


def _share(row: Ranked) -> float:
    """Return the trained share that is printed beside the number that tells most of a method; what prints none stands last."""
    return float(row.contest.best[row.method].trained_percent or "inf")


def telling(here: Sequence[Contest], method: str) -> Contest:
    """Return the contest with the most methods among those that have the method; one part of an average tells less than any other."""
    having = (contest for contest in here if method in contest.best)
    return max(having, key=lambda contest: (not contest.partial, len(contest.best)))
