"""Hold every printed cost against its closed form: it agrees, a named reason explains it, or it is open.

A reason is believed only if it reproduces the printed number; what does not is a problem of the data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Literal

from peft_vlm_survey.costs.answer import cost, shapes_of
from peft_vlm_survey.costs.count import Counts, added_parameters
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.reported_costs import REASONS, UNITS, ReportedCost
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.settings import CostSetting

Place = tuple[str, str, str]
Word = Literal["agrees", "explained", "open"]
# Words of an explanation that are no parameters of the setting.
_OWN = ("classes", "denominator", "unit", "besides")
_STORED = ("storage", "trained-share")


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """One printed cost beside its closed form, both in `unit`.

    `derived` has one digit more than `printed`, `explained` is what the reason makes of it; of a tuned size both ends.
    `printed_scalars` and `derived_scalars` are parameters whatever the unit, less the other parts that a reason names;
    they are None where bytes or whole backbones are printed.
    `key` is the paper whose table it is, empty if it is no paper's.
    `printed_method` is the method as the table calls it, or as the model does where the number stands in no table.
    """

    printed: str
    unit: str
    derived: str
    explained: str
    verdict: Word
    reason: tuple[str, ...]
    says: str
    method: str
    printed_method: str
    backbone: str
    backbone_name: str
    parameters: tuple[str, ...]
    classes: str
    note: str
    setting: str
    origin: str
    key: str
    printed_scalars: float | None
    derived_scalars: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Case:
    """What a printed number is compared with: the row, its setting, its text."""

    reported: ReportedCost
    setting: CostSetting
    printed: str
    counting: "_Counting"

    def counts(self, replaced: Mapping[str, str]) -> Counts:
        """Return the costs of the setting, some words replaced. Raises CostError."""
        return self.counting.counts(self.setting, replaced)


class _Counting:
    """The backbones of a survey, of two with one id, which is reported, the first; what costs on them is counted once."""

    def __init__(self, survey: Survey) -> None:
        self.shapes: Mapping[str, Shape] = shapes_of(reversed(survey.configurations))
        self._known: dict[tuple[str, ...], Counts] = {}

    def counts(self, setting: CostSetting, replaced: Mapping[str, str]) -> Counts:
        """Return the costs of a setting, some words replaced. Raises CostError."""
        words = _pairs(setting.parameters) | {name: value for name, value in replaced.items() if name not in _OWN}
        pairs = [f"{name}={value}" for name, value in words.items()]
        classes = replaced.get("classes", setting.classes)
        place = (setting.method_id, setting.configuration, classes, *pairs)
        if place not in self._known:
            self._known[place] = cost(
                setting.method_id, setting.configuration, pairs, known=self.shapes, classes=classes or None
            )
        return self._known[place]


def _pairs(words: tuple[str, ...]) -> dict[str, str]:
    """Return names and values. Raises CostError for a word that is not of the form name=value."""
    for word in words:
        if not all(word.partition("=")):
            raise CostError(f"'{word}' is not of the form name=value.", "Write, for example, rank=8.")
    return dict(word.split("=", 1) for word in words)


def verdicts(survey: Survey) -> tuple[Verdict, ...]:
    """Return a verdict for every row of reported_costs.csv, in its order; made once."""
    return survey.derived(_verdicts)


def _verdicts(survey: Survey) -> tuple[Verdict, ...]:
    return tuple(map(partial(_verdict, survey), _cases(survey)))


def _impossible_setting(survey: Survey) -> Iterator[Problem]:
    counting = survey.derived(_Counting)
    for setting in survey.settings:
        try:
            counting.counts(setting, {})
        except CostError as error:
            if setting.configuration in counting.shapes:  # if not, that is reported
                yield setting.row.problem(error.message, error.remedy)


def _unused_setting(survey: Survey) -> Iterator[Problem]:
    used = {reported.setting for reported in survey.reported_costs}
    for setting in survey.settings:
        if setting.setting not in used and setting.row.sound("setting"):
            yield setting.row.problem(f"no printed cost uses setting '{setting.setting}'.", "Delete the row.")


def _beside_no_score(survey: Survey) -> Iterator[Problem]:
    scores = survey.derived(_scores)
    for reported in survey.reported_costs:
        sound = all(map(reported.row.sound, ("origin", "method", "backbone", "unit")))
        if reported.method and not reported.printed and sound and not _printed(scores, reported):
            yield reported.row.problem(
                f"{reported.origin} prints no one number in {reported.unit} for {reported.method}.",
                "Name method and backbone as results.csv or measurements.csv does.",
            )


def _wrong_reasons(survey: Survey) -> Iterator[Problem]:
    impossible = {problem.line for problem in _impossible_setting(survey)}
    for case in _cases(survey):
        possible = case.setting.row.line not in impossible and case.setting.configuration in case.counting.shapes
        if possible and case.reported.whole:
            yield from _wrong_reason(case)


def _wrong_reason(case: _Case) -> Iterator[Problem]:
    reported = case.reported
    try:
        plain = _fits(case.printed, _amount(case, {}))
        holds = _explains(case)
    except CostError as error:
        yield reported.row.problem(f"explanation: {error.message}", error.remedy)
        return
    if plain and reported.reason not in ((), ("fitted",)):
        yield reported.row.problem(
            f"'{'; '.join(reported.reason)}', but the setting gives {case.printed} {reported.unit} without it.",
            "Leave reason and explanation empty.",
        )
    elif reported.reason and not holds:
        yield reported.row.problem(
            f"'{'; '.join(reported.reason)}' does not give the printed {case.printed} {reported.unit}.",
            "Leave the reason empty, which leaves the number open, or give the explanation that does.",
        )
    elif reported.explanation and not reported.reason:
        yield reported.row.problem("an explanation without a reason.", f"Name one of: {', '.join(REASONS)}.")


def _cases(survey: Survey) -> Iterator[_Case]:
    """Yield every row whose setting and printed number are known."""
    counting = survey.derived(_Counting)
    settings = {setting.setting: setting for setting in survey.settings}
    scores = survey.derived(_scores)
    for reported in survey.reported_costs:
        printed = _printed(scores, reported)
        if printed and reported.setting in settings:
            yield _Case(reported=reported, setting=settings[reported.setting], printed=printed, counting=counting)


def _scores(survey: Survey) -> Mapping[Place, list[Result]]:
    by_place: dict[Place, list[Result]] = {}
    for number in (*survey.results, *survey.measurements):
        by_place.setdefault((number.origin, number.method, number.backbone), []).append(number)
    return by_place


def _printed(scores: Mapping[Place, list[Result]], reported: ReportedCost) -> str:
    """Return the printed text, from beside the score if it stands there; empty if it is not there or not one."""
    if not reported.method:
        return reported.printed
    texts = set()
    for number in scores.get((reported.origin, reported.method, reported.backbone), ()):
        if number.benchmark in _STORED and number.unit == reported.unit:
            texts.add(number.value)
        texts |= {text for text in (_beside(number, reported.unit),) if text}
    return texts.pop() if len(texts) == 1 else ""


def _beside(number: Result, unit: str) -> str:
    return str(getattr(number, {"%": "trained_percent", "M": "trained_millions"}.get(unit, ""), ""))


def _amount(case: _Case, replaced: Mapping[str, str]) -> Fraction:
    """Return what the closed form gives in the printed unit, exact."""
    reported = case.reported
    counts = case.counts(replaced)
    total = counts.setting.shape.total or 0
    amount = Fraction(getattr(counts, reported.quantity))
    if "double-counted" in reported.reason and replaced:
        amount += Fraction(counts.head)
    unit = replaced.get("unit", reported.unit)
    if unit == "%":
        whole = replaced.get("denominator", reported.denominator)
        named = {"backbone": Fraction(total), "with-added": total + Fraction(added_parameters(counts))}
        return 100 * amount / (named[whole] if whole in named else Fraction(whole))
    if unit == "backbones":
        return amount / total + (0 if counts.setting.method.whole else 1)
    return amount / UNITS[unit] + Fraction(replaced.get("besides", "0"))


def _fits(printed: str, amount: Fraction, *, slack: Fraction = Fraction(0)) -> bool:
    """Return whether an amount rounds to the printed text.

    >>> _fits("1.01", Fraction("1.0084")), _fits("1.010", Fraction("1.0084"))
    (True, False)
    """
    return abs(amount - Fraction(printed)) <= _unit_of_last_place(printed) / 2 + slack


def _unit_of_last_place(printed: str) -> Fraction:
    return Fraction(1, 10 ** len(printed.partition(".")[2]))


def _ends(case: _Case) -> tuple[Fraction, ...]:
    """Return what the explanation makes of the number: one amount, or least and greatest of a tuned size."""
    replaced = _pairs(case.reported.explanation)
    if "tuned-per-task" not in case.reported.reason:
        return (_amount(case, replaced or {"unit": case.reported.unit}),)
    sides = [{name: value.split("..")[end] for name, value in replaced.items() if ".." in value} for end in (0, -1)]
    return tuple(sorted(_amount(case, {**replaced, **side}) for side in sides))


def _explains(case: _Case) -> bool:
    """Return whether the reasons of a row, together, give the printed number."""
    reasons, replaced = case.reported.reason, _pairs(case.reported.explanation)
    if not reasons or any(not replaced.keys() & needs for reason in reasons if (needs := _NEEDS.get(reason))):
        return False
    ends = _ends(case)
    if len(ends) == 2:
        return ends[0] <= Fraction(case.printed) + _unit_of_last_place(case.printed) / 2 and ends[1] >= (
            Fraction(case.printed) - _unit_of_last_place(case.printed) / 2
        )
    if "truncated" in reasons:
        return 0 <= ends[0] - Fraction(case.printed) < _unit_of_last_place(case.printed)
    slack = _unit_of_last_place(replaced["besides"]) / 2 if "besides" in replaced else Fraction(0)
    return _fits(case.printed, ends[0], slack=slack)


# What an explanation must replace for its reason to mean what it says.
_NEEDS: Mapping[str, frozenset[str]] = {
    "head-counted": frozenset({"classes"}),
    "other-mean": frozenset({"classes"}),
    "other-denominator": frozenset({"denominator"}),
    "other-variant": frozenset({"variant"}),
    "unit": frozenset({"unit"}),
    "other-parts-counted": frozenset({"besides"}),
    "tuned-per-task": frozenset({"tokens", "bottleneck", "rank", "reduction"}),
}


def _verdict(survey: Survey, case: _Case) -> Verdict:
    reported, setting = case.reported, case.setting
    counts = case.counts({})
    amount = _amount(case, {})
    word: Word = "explained" if reported.reason else "agrees" if _fits(case.printed, amount) else "open"
    alone = Fraction(case.printed) - Fraction(_pairs(reported.explanation).get("besides", "0"))
    parameters = reported.unit in ("parameters", "K", "M", "%")
    scale = Fraction(getattr(counts, reported.quantity)) / amount if parameters and amount else None
    digits = len(case.printed.partition(".")[2]) + (reported.unit not in ("parameters", "bytes"))
    origin = survey.origins_by_id.get(reported.origin)
    return Verdict(
        printed=case.printed,
        unit=reported.unit,
        derived=_text(amount, digits),
        explained=" to ".join(_text(end, digits) for end in _ends(case)) if reported.reason else "",
        verdict=word,
        reason=reported.reason,
        says="; ".join(REASONS[reason] for reason in reported.reason),
        method=setting.method_id,
        printed_method=reported.method or counts.setting.method.name,
        backbone=setting.configuration,
        backbone_name=counts.setting.shape.name,
        parameters=setting.parameters,
        classes=setting.classes,
        note=reported.note,
        setting=setting.setting,
        origin=reported.origin,
        key=origin.key if origin else "",
        printed_scalars=float(alone * scale) if scale else None,
        derived_scalars=float(getattr(counts, reported.quantity)) if scale else None,
    )


def _text(amount: Fraction, digits: int) -> str:
    return f"{Decimal(amount.numerator) / Decimal(amount.denominator):.{digits}f}"


_NUMBERS = ("data/results.csv", "data/measurements.csv")
_REPORTED, _SETTINGS, _SHAPES = "data/reported_costs.csv", "data/settings.csv", "data/configurations.csv"
# In this order; each with the files that must have been read whole for its word to count.
# None can be asked while configurations, settings, results or measurements have problems of their own.
RULES = (
    (_impossible_setting, (_SHAPES,)),
    (_unused_setting, (_REPORTED,)),
    (_beside_no_score, _NUMBERS),
    (_wrong_reasons, (_SETTINGS, _SHAPES, *_NUMBERS)),
)
