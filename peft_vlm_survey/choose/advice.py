"""The advice on a task and a kind of backbone, and whether the figures that it rests on still stand."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.choose import words
from peft_vlm_survey.choose.contests import Contest, contests
from peft_vlm_survey.choose.evidence import name_of
from peft_vlm_survey.choose.nearness import in_words
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.advice import GRADES, NOT_COMPARED, ONE_PAPER, ONE_TABLE, SEVERAL, Advice, split

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


def nearest_advice(survey: Survey, task: str, kind: str) -> Advice | None:
    """Return the advice on a task for a kind of backbone, or else on one that is answered alike, or else for another kind."""
    asked = survey.asked_tasks_by_name.get(task)
    alike = {*in_words(task, kind), *(asked.like if asked else ())}
    near = (advice for advice in survey.advice if advice.task in alike and kind in advice.kinds)
    wider = nearest_advice(survey, asked.within, kind) if asked and asked.within else None
    return advice_on(survey, task, kind) or next(near, None) or advice_on(survey, task, "") or wider


def advice_text(survey: Survey, task: str, kind: str) -> str:
    """Return the nearest advice with its grade and date, and for which task or kind it is if not for those that were asked."""
    advice = nearest_advice(survey, task, kind)
    if advice is None:
        return words.NO_ADVICE.format(task=task)
    text = words.ADVICE.format(advice=advice.advice, grade=advice.grade, checked=advice.checked)
    if advice.task != task:
        return words.ADVICE_ON_NEAR.format(task=advice.task, advice=text)
    if kind and advice.kinds and kind not in advice.kinds:
        return words.ADVICE_ON_OTHERS.format(kinds=", ".join(advice.kinds), advice=text)
    return text


def unnumbered(survey: Survey, task: str, kind: str, numbered: Collection[str]) -> tuple[str, ...]:
    """Return what the nearest advice names and no number tells of, each by its name and key."""
    advice = nearest_advice(survey, task, kind)
    methods = advice.methods if advice and advice.grade == NOT_COMPARED else ()
    return tuple(f"{name_of(survey, method)} [{method}]" for method in methods if method not in numbered)


def contests_behind(survey: Survey, advice: Advice) -> Mapping[str, Sequence[Contest]]:
    """Return the contests that an advice rests on, by the method of their figures."""
    behind: dict[str, list[Contest]] = defaultdict(list)
    for figure in _figures(advice):
        if contest := _contest(survey, advice.task, figure):
            behind[figure.method].append(contest)
    return behind


def find_problems(survey: Survey) -> Iterator[Problem]:
    """Yield every figure that an advice no longer rests on, every group whose best it does not name, and wrong grades."""
    for advice in survey.advice:
        figures = _figures(advice)
        found = [_contest(survey, advice.task, figure) for figure in figures]
        yield from _unknown(survey, advice)
        yield from _moved(survey, advice, figures, found)
        if all(found):
            yield from _wrong_grade(survey, advice, figures, [contest for contest in found if contest])


def _figures(advice: Advice) -> list[_Figure]:
    return [_Figure(**dict(zip(_Figure.__slots__, split(text), strict=True))) for text in advice.evidence]


def _contest(survey: Survey, task: str, figure: _Figure) -> Contest | None:
    """Return the contest of a figure: of the advice's task where the group has several."""
    held = [
        contest
        for contest in contests(survey)
        if (contest.group.protocol, contest.group.backbone) == (figure.protocol, figure.backbone)
        and figure.method in contest.best
    ]
    return min(held, key=lambda contest: contest.task != task, default=None)


def _unknown(survey: Survey, advice: Advice) -> Iterator[Problem]:
    measured = {method for contest in contests(survey) for method in contest.best}
    for method in advice.methods:
        if advice.grade == NOT_COMPARED and method not in survey.papers_by_key:
            yield advice.row.problem(
                f"'{method}', which it advises, is no paper of the catalogue.", "Write the key of one."
            )
        elif advice.grade != NOT_COMPARED and method not in measured:
            yield advice.row.problem(
                f"no comparable number of '{method}', which it advises.",
                "Advise what was measured, by the key of its paper.",
            )


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
    grade = SEVERAL if len(papers) > 1 else ONE_PAPER if len(origins) > 1 else ONE_TABLE if origins else NOT_COMPARED
    if advice.grade != grade == NOT_COMPARED:
        yield advice.row.problem(f"grade '{advice.grade}', but no evidence.", f"Write the numbers, or '{grade}'.")
    elif GRADES.index(advice.grade) < GRADES.index(grade) or advice.grade == NOT_COMPARED != grade:
        yield advice.row.problem(f"grade '{advice.grade}', but the numbers come from {grade}.", f"Write '{grade}'.")
