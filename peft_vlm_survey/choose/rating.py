"""How strong a method is, as chess players are rated: from who beat whom in any of several contests, each pair counted once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from peft_vlm_survey.choose.contests import LEVEL, Contest

ROUNDS = 100  # after which strengths change no more in the digits that count


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

    `won` has for each pair the share of its meetings that the first won. Each method has one draw with an average one added,
    so that a few meetings change little, and one without meetings is average, that is 1.

    >>> found = strengths({"a": {"b": 1.0}, "b": {"a": 0.0, "c": 1.0}, "c": {"b": 0.0}, "d": {}})
    >>> [round(found[name], 2) for name in "abcd"]
    [3.0, 1.0, 0.33, 1.0]
    """
    wins = {method: sum(shares.values()) + 0.5 for method, shares in won.items()}
    strength = dict.fromkeys(won, 1.0)
    for _ in range(ROUNDS):
        strength = {
            method: wins[method] / (sum([1 / (own + strength[other]) for other in won[method]]) + 1 / (own + 1))
            for method, own in strength.items()
        }
    return {method: round(found, 4) for method, found in strength.items()}


def upset(order: Sequence[str], contest: Contest) -> tuple[float, int]:
    """Return how many pairs of a contest an order has right, and of how many that are no draw."""
    right, pairs = 0.0, 0
    for one, other in combinations([method for method in order if method in contest.best], 2):
        result = contest.meeting(one, other)
        if result != LEVEL:
            pairs += 1
            right += result
    return right, pairs
