"""Ratings, as chess players have them: from who beat whom in any of several contests, each pair counted once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from peft_vlm_survey.choose.contests import LEVEL, Contest

DRAWN = 1.0  # meetings with an average method that are added to those that a method has, half of each won
_STEPS, _CLOSE = 100, 1e-9  # most steps, and the change of a strength at which it stands


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """How strong a method is, and whom it beat, drew with and lost to over all meetings, the strongest first."""

    strength: float
    beaten: tuple[str, ...]
    level: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def met(self) -> int:
        """The number of methods that it met."""
        return len(self.beaten) + len(self.level) + len(self.lost)


def ratings(contests: Iterable[Contest]) -> Mapping[str, Rating]:
    """Return the rating of every method of the contests."""
    return _ratings(tuple(contests))


@lru_cache(maxsize=4096)
def _ratings(contests: tuple[Contest, ...]) -> Mapping[str, Rating]:
    meetings: dict[tuple[str, str], list[float]] = defaultdict(list)
    methods: dict[str, None] = {}
    for contest in contests:
        methods |= dict.fromkeys(contest.best)
        for one, other in combinations(sorted(contest.best), 2):
            meetings[one, other].append(contest.meeting(one, other))
    won: dict[str, dict[str, float]] = {method: {} for method in methods}
    for (one, other), results in meetings.items():
        won[one][other] = sum(results) / len(results)
        won[other][one] = 1 - won[one][other]
    strength = strengths(won)

    def strongest(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(names, key=lambda name: (-strength[name], name)))

    return {
        method: Rating(
            strength=strength[method],
            beaten=strongest(other for other, share in shares.items() if share > LEVEL),
            level=strongest(other for other, share in shares.items() if share == LEVEL),
            lost=strongest(other for other, share in shares.items() if share < LEVEL),
        )
        for method, shares in won.items()
    }


def strengths(won: Mapping[str, Mapping[str, float]]) -> Mapping[str, float]:
    """Return the strengths under which everyone's wins are what they are expected to be (Bradley and Terry).

    `won` says of each pair which share of its meetings the first won. A method without meetings is average, that is 0.

    >>> found = strengths({"a": {"b": 1.0}, "b": {"a": 0.0, "c": 1.0}, "c": {"b": 0.0}, "d": {}})
    >>> [round(found[name], 2) for name in "abcd"]
    [1.1, 0.0, -1.1, 0.0]
    """
    places = {method: place for place, method in enumerate(won)}
    met = np.zeros((len(won), len(won)))
    wins = np.full(len(won), DRAWN / 2)
    for method, shares in won.items():
        wins[places[method]] += sum(shares.values())
        met[places[method], [places[other] for other in shares]] = 1
    strength = np.zeros(len(won))
    for _ in range(_STEPS):  # Newton's method: what is wanted is the one maximum of a concave function
        expected = 1 / (1 + np.exp(strength[None, :] - strength[:, None]))
        average = 1 / (1 + np.exp(-strength))
        slope = wins - (met * expected).sum(axis=1) - DRAWN * average
        spread = met * expected * (1 - expected)
        curve = np.diag(spread.sum(axis=1) + DRAWN * average * (1 - average)) - spread
        step = np.linalg.solve(curve, slope)
        strength += np.clip(step, -2, 2)
        if np.abs(step).max(initial=0) < _CLOSE:
            break
    return {method: round(float(strength[place]), 4) + 0.0 for method, place in places.items()}


def upset(order: Sequence[str], contest: Contest) -> tuple[float, int]:
    """Return how many pairs of a contest an order has right, and of how many that are no draw."""
    right, pairs = 0.0, 0
    for one, other in combinations([method for method in order if method in contest.best], 2):
        result = contest.meeting(one, other)
        if result != LEVEL:
            pairs += 1
            right += result
    return right, pairs
