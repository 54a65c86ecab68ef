"""What is told of a method's number: its place in its group, its gain, and on whose word it stands."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.choose import words
from peft_vlm_survey.choose.contests import Contest, contests
from peft_vlm_survey.choose.numbers import ordinal, parameters, readable
from peft_vlm_survey.choose.prices import Price, as_printed, priced_as
from peft_vlm_survey.choose.traits import data_of
from peft_vlm_survey.compare.experiments import points
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.shown_digits import difference_shown
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.origins import TIERS
from peft_vlm_survey.read.results import Result

_NEVER_MET = 3  # fewer meetings tell little of a rating
_FULL = "full fine-tuning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The number that tells most of a method, in words; `printed` is what stands beside it as trained."""

    why: str
    word: str
    open: tuple[str, ...]
    origin: str
    key: str
    anchor: str
    home: str
    data: str
    priced: str
    printed: Price


def evidence(survey: Survey, contest: Contest, method: str) -> Evidence:
    """Return what a contest tells of a method."""
    number = contest.best[method]
    origin = survey.origin(number.origin)
    worth = contest.worth(number)
    place = 1 + sum(contest.worth(other) > worth for other in contest.best.values())
    of = len(contest.best)
    home = next((key for key in (origin.key, number.method_key) if key in survey.papers_by_key), "")
    printed = as_printed(number, contest.group.entries)
    text = words.WHY if of > 1 else words.WHY_ALONE
    return Evidence(
        why=text.format(
            place=ordinal(place),
            of=of,
            benchmark=contest.main.name,
            protocol=survey.protocol(contest.group.protocol).name,
            backbone=contest.group.backbone,
            value=f"{_shown(number.value)} {contest.main.unit}".strip(),
            variant=words.VARIANT.format(name=number.method) if number.method != name_of(survey, method) else "",
            gain=_gain(survey, contest, method, number),
        ),
        word=_word(survey, contest, method, number, printed),
        open=tuple(_open(number, origin.read_in)),
        origin=number.origin,
        key=origin.key,
        anchor=number.anchor,
        home=home,
        data=data_of(contest.main),
        priced=next((id for n in _all_of(contest, method, number) if (id := priced_as(survey, n))), ""),
        printed=printed,
    )


def _all_of(contest: Contest, method: str, first: Result) -> list[Result]:
    """Return the numbers of a method in the contest, the one that counts first."""
    numbers = contest.group.scores[contest.main.benchmark]
    return [first, *(number for number in numbers if method_of(number) == method)]


def _gain(survey: Survey, contest: Contest, method: str, number: Result) -> str:
    """Return how far a number is ahead of full fine-tuning, or else of the untuned model, or else of the commonest baseline."""
    gain = contest.group.gain_of(number, contest.main)
    reference = _FULL
    if gain is None and method == REFERENCE:
        return ""
    if gain is None and contest.untuned is not None:
        gain, reference = contest.worth(number) - contest.worth(contest.untuned), contest.untuned.method
        reference = re.sub("^Untuned", "the untuned", reference)
    if gain is None and (other := _commonest(survey, contest)) != method:
        gain = contest.worth(number) - contest.worth(contest.best[other])
        reference = contest.best[other].method  # a variant of it may be what was run
    if gain is None:
        return ""
    value = Decimal(difference_shown(gain, number.value))
    unit = words.POINTS if points(contest.main) == 1 else ""
    text = words.BEHIND if value < 0 else words.GAIN
    return text.format(gain=f"{abs(value):f}", unit=unit, reference=reference)


def _commonest(survey: Survey, contest: Contest) -> str:
    """Return the method of a contest that stands in most contests on its task: what the others are set beside."""
    often = survey.derived(_often)
    return max(contest.order, key=lambda other: (often[contest.task, other], other))


def _often(survey: Survey) -> Mapping[tuple[str, str], int]:
    return Counter((contest.task, method) for contest in contests(survey) for method in contest.best)


def _word(survey: Survey, contest: Contest, method: str, number: Result, printed: Price) -> str:
    origin = survey.origin(number.origin)
    table = f"{_cited(survey, origin.key)}, {origin.locator}" if origin.key else origin.locator
    text = words.CLAIMS[number.claim].format(table=table)
    if printed.trained is not None:
        text += words.TRAINED_BESIDE.format(printed=parameters(printed.trained))
    elif printed.percent is not None:
        text += words.TRAINED_BESIDE.format(printed=f"{readable(printed.percent)} %")
    further = {n.origin for n in _all_of(contest, method, number)} - {number.origin}
    if further:
        text += words.FURTHER.format(count=len(further)).replace("1 further tables", "one further table")
    return text[:1].upper() + text[1:] + "."


def _open(number: Result, tier: str) -> list[str]:
    open_points = [] if number.seeds or number.spread else [words.OPEN["runs"]]
    if tier != "primary":
        open_points.append(words.OPEN["read"].format(tier=TIERS[tier]))
    return open_points


def _cited(survey: Survey, key: str) -> str:
    reference = survey.references[key]
    return f"{reference.short_authors} ({reference.year})"


def _shown(value: str) -> str:
    """Return a value with the digits that a reader can use: those that are printed, at most four decimals."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".") if len(value.partition(".")[2]) > 4 else value


def name_of(survey: Survey, method: str) -> str:
    """Return the name of a method as `method_of` tells them apart: its paper's short name, or what tables print."""
    return survey.name(method) if method in survey.references else _FULL.capitalize() if method == REFERENCE else method


def idea_of(survey: Survey, method: str) -> str:
    """Return what a method does, by the first clause of its paper's summary; empty if it has none."""
    description = survey.description(method) if method in survey.papers_by_key else None
    return re.split(r"; |\. ", description.summary)[0].rstrip(".") if description else ""


def key_of(survey: Survey, method: str) -> str:
    """Return the key of a method's paper; empty if it has none."""
    return method if method in survey.references else ""


def few_meetings(met: int) -> bool:
    """Return whether so few meetings leave a rating open."""
    return met < _NEVER_MET
