"""The rule held against every group: does an answer hold the group's best, and does it foretell a group it has not seen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.choose.backbones import Choice
from peft_vlm_survey.choose.contests import Contest, contests
from peft_vlm_survey.choose.nearness import nearness
from peft_vlm_survey.choose.ranked import in_order
from peft_vlm_survey.choose.rating import upset
from peft_vlm_survey.model import Survey

FEWEST = 8  # ranked methods of a tested group
TOP, HELD = 5, 3  # answers that are looked at, and how many of the group's best they must hold
FEWEST_HELD_OUT = 4  # methods of a group whose order is foretold, of which three others must know


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """A group, and the first answers to its own task and backbone.

    `held` of its best are among them, `own` if only the group's own methods count. `upper` says whether the first answer
    that the group has stands in its upper half, `first` whether the group has the first answer at all.
    """

    contest: Contest
    answers: tuple[str, ...]
    held: int
    own: int
    upper: bool
    first: bool

    @property
    def passed(self) -> bool:
        """Whether enough of its best are held, and the first answer does not come from its lower half."""
        return self.held >= HELD and (self.upper or not self.first)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOut:
    """A group that was left out, and how its order was foretold from the others.

    `right` of `pairs` that are no draw stand in the foretold order. `upper` says whether the first that was foretold stands in the upper half.
    """

    contest: Contest
    right: float
    pairs: int
    upper: bool


def own_groups(survey: Survey) -> tuple[Tested, ...]:
    """Return the test of every group with at least eight ranked methods."""
    return survey.derived(_own_groups)


def _own_groups(survey: Survey) -> tuple[Tested, ...]:
    near = nearness(survey)
    return tuple(
        _tested(
            contest,
            [row.method for row in in_order(contests(survey), contest.task, _backbone_of(survey, contest), near)],
        )
        for contest in contests(survey)
        if len(contest.best) >= FEWEST
    )


def _backbone_of(survey: Survey, contest: Contest) -> Choice:
    """Return the backbone of a group as a reader names it."""
    row = contest.group.backbone
    return Choice(id=row, name=row, kind=nearness(survey).kinds[row], configuration="", rows=frozenset([row]))


def _tested(contest: Contest, answers: Sequence[str]) -> Tested:
    order = contest.order
    best = set(order[:TOP])
    answered = [method for method in answers if method in contest.best]
    return Tested(
        contest=contest,
        answers=tuple(answers[:TOP]),
        held=len(best & set(answers[:TOP])),
        own=len(best & set(answered[:TOP])),
        upper=2 * order.index(answered[0]) < len(order),
        first=answers[0] in contest.best,
    )


def held_out(survey: Survey, *, reprinted: bool = True, newest: bool = False) -> tuple[HeldOut, ...]:
    """Return how the order of every group with at least four methods is foretold once it is left out.

    Without `reprinted` every other group that prints one of its values on its benchmark again is left out too. With
    `newest` the rule is set aside, and of what others know the newer method is taken to be the better one.
    """
    return tuple(_held_out(survey, reprinted=reprinted, newest=newest))


def _held_out(survey: Survey, *, reprinted: bool, newest: bool) -> Iterator[HeldOut]:
    near = nearness(survey)
    for contest in contests(survey):
        if len(contest.best) < FEWEST_HELD_OUT:
            continue
        rest = [
            other
            for other in contests(survey)
            if other.group is not contest.group and (reprinted or not _shares_a_value(contest, other))
        ]
        order = [row.method for row in in_order(rest, contest.task, _backbone_of(survey, contest), near)]
        known = [method for method in order if method in contest.best]
        if newest:
            known.sort(
                key=lambda method: (-survey.references[method].year if method in survey.references else 0, method)
            )
        right, pairs = upset(known, contest)
        if len(known) >= HELD and pairs:
            measured = [method for method in contest.order if method in known]
            yield HeldOut(
                contest=contest,
                right=right,
                pairs=pairs,
                upper=2 * measured.index(known[0]) < len(measured),
            )


def _shares_a_value(contest: Contest, other: Contest) -> bool:
    same = contest.main.benchmark == other.main.benchmark
    return same and any(
        method in other.best and other.best[method].value == number.value for method, number in contest.best.items()
    )


def foretold(groups: Sequence[HeldOut]) -> Mapping[str, float]:
    """Return the sums of held-out groups: groups, pairs, the share of pairs that is right, and that of first answers."""
    pairs = sum(group.pairs for group in groups)
    return {
        "groups": len(groups),
        "pairs": pairs,
        "right": sum(group.right for group in groups) / pairs if pairs else 0.0,
        "mean": sum(group.right / group.pairs for group in groups) / len(groups) if groups else 0.0,
        "upper": sum(group.upper for group in groups),
    }
