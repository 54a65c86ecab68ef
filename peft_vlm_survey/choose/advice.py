"""The advice on a task and a kind of backbone, and whether the figures that it rests on still stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.choose import words
from peft_vlm_survey.choose.contests import Contest, contests
from peft_vlm_survey.choose.evidence import name_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.advice import GRADES, ONE_PAPER, ONE_TABLE, SEVERAL, Advice

_REMEDY = "Read the group anew, write the advice that it supports today with its figures, and set checked."


@dataclass(frozen=True, kw_only=True, slots=True)
class _Figure:
    """The best number of a method in a group, as it was when the advice was written."""

    protocol: str
    backbone: str
    method: str
    value: str


def advice_on(survey: Survey, task: str, kind: str) -> Advice | None:
    """Return the advice on a task for a kind of backbone; without a kind, the first on the task."""
    of_task = [advice for advice in survey.advice if advice.task == task]
    return next(
        (advice for advice in of_task if not kind or kind in advice.kinds),
        next((advice for advice in of_task if not advice.kinds), None),
    )


def advice_text(survey: Survey, task: str, kind: str) -> str:
    """Return the advice with its grade and date; where there is none for the kind, that for another one, which it says."""
    advice = advice_on(survey, task, kind)
    other = advice or advice_on(survey, task, "")
    if other is None:
        return words.NO_ADVICE.format(task=task)
    text = words.ADVICE.format(advice=other.advice, grade=other.grade, checked=other.checked)
    return text if advice else words.ADVICE_ON_OTHERS.format(kinds=", ".join(other.kinds), advice=text)


def find_problems(survey: Survey) -> Iterator[Problem]:
    """Yield every figure that an advice no longer rests on, every group whose best it does not name, and wrong grades."""
    for advice in survey.advice:
        figures = [_Figure(**dict(zip(_Figure.__slots__, text.split(" | "), strict=True))) for text in advice.evidence]
        found = [_contest(survey, advice.task, figure) for figure in figures]
        yield from _moved(survey, advice, figures, found)
        if all(found):
            yield from _wrong_grade(survey, advice, figures, [contest for contest in found if contest])


def _contest(survey: Survey, task: str, figure: _Figure) -> Contest | None:
    """Return the contest of a figure: of the advice's task where the group has several."""
    held = [
        contest
        for contest in contests(survey)
        if (contest.group.protocol, contest.group.backbone) == (figure.protocol, figure.backbone)
        and figure.method in contest.best
    ]
    return min(held, key=lambda contest: contest.task != task, default=None)


def _moved(survey: Survey, advice: Advice, figures: list[_Figure], found: list[Contest | None]) -> Iterator[Problem]:
    for figure, contest in zip(figures, found, strict=True):
        if contest is None:
            yield advice.row.problem(
                f"no comparable number of '{figure.method}' under '{figure.protocol}' on '{figure.backbone}'.", _REMEDY
            )
            continue
        value = Decimal(contest.best[figure.method].value)
        if value.quantize(Decimal(figure.value)) != Decimal(figure.value):
            yield advice.row.problem(
                f"the number of {figure.method} under '{figure.protocol}' on {figure.backbone} is {value}, not {figure.value}.",
                _REMEDY,
            )
    for contest in dict.fromkeys(filter(None, found)):
        first = contest.order[0]
        if first not in {figure.method for figure, of in zip(figures, found, strict=True) if of is contest}:
            yield advice.row.problem(
                f"the best under '{contest.group.protocol}' on {contest.group.backbone} is {name_of(survey, first)}"
                f" ({contest.best[first].value}), which the advice does not name.",
                _REMEDY,
            )


def _wrong_grade(survey: Survey, advice: Advice, figures: list[_Figure], found: list[Contest]) -> Iterator[Problem]:
    origins = {contest.best[figure.method].origin for figure, contest in zip(figures, found, strict=True)}
    papers = {survey.origin(origin).key for origin in origins}
    grade = SEVERAL if len(papers) > 1 else ONE_PAPER if len(origins) > 1 else ONE_TABLE
    if GRADES.index(advice.grade) < GRADES.index(grade):
        yield advice.row.problem(f"grade '{advice.grade}', but the numbers come from {grade}.", f"Write '{grade}'.")
