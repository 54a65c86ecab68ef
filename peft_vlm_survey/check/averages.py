"""Recompute what papers print as the average of other numbers, or as a share of a total."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from math import lcm

from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.rounding import exponent_of

Place = tuple[str, str, str, str]
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(E[0-9]+)?")
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Average:
    """A printed average, what its printed parts give, and whether their digits allow it."""

    result: Result
    recomputed: Decimal
    holds: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    """A number and the least and most that it may be before it was rounded; exact, for an average may lie on the edge."""

    value: Fraction
    least: Fraction
    most: Fraction


def averages(survey: Survey) -> Iterator[Average]:
    """Yield every printed average whose parts the same table prints for the same setting.

    A part that is not printed itself is recomputed from its own parts, so that a mean of group means follows from tasks.
    """
    return _averages(survey, every=True)


def _averages(survey: Survey, *, every: bool) -> Iterator[Average]:
    """Yield these, or only those that do not hold; most are then ruled out in whole numbers, which is faster."""
    benchmarks = survey.benchmarks_by_id
    averaged = {name: benchmark for name, benchmark in benchmarks.items() if benchmark.parts}
    places = {_place(result) for result in survey.results if result.benchmark in averaged}
    numbers: dict[Place, dict[str, str]] = {place: {} for place in places}
    for result in survey.results:
        held = numbers.get(_place(result))
        if held is not None and _NUMBER.fullmatch(result.value):
            held[result.benchmark] = result.value
    for result in survey.results:
        benchmark = averaged.get(result.benchmark)
        if benchmark is None:
            continue
        printed = numbers[_place(result)]
        if not every and _holds_plainly(result.value, benchmark, printed):
            continue
        stated = _span_of(result.value)
        if stated is None:
            continue
        from_parts = _recompute(benchmark, benchmarks, partial(_span_among, printed))
        if from_parts is not None:
            holds = from_parts.least <= stated.most and stated.least <= from_parts.most
            recomputed = Decimal(from_parts.value.numerator) / Decimal(from_parts.value.denominator)
            yield Average(result=result, recomputed=recomputed, holds=holds)


def _span_among(printed: Mapping[str, str], name: str) -> _Span | None:
    return _span_of(printed[name]) if name in printed else None


def _holds_plainly(value: str, benchmark: Benchmark, printed: Mapping[str, str]) -> bool:
    """Return whether an arithmetic mean of printed parts surely holds, in units of the smallest printed digit."""
    if benchmark.averages == "harmonic mean":
        return False
    digits: list[tuple[int, int]] = []
    for text in (value, *(printed.get(name, "") for name in benchmark.parts)):
        if (pair := _digits(text)) is None:
            return False
        digits.append(pair)
    finest = max(places for _, places in digits)
    (average, average_unit), *parts = [(number * (unit := 10 ** (finest - places)), unit) for number, places in digits]
    apart = abs(average * len(parts) - sum(number for number, _ in parts))
    return bool(2 * apart <= average_unit * len(parts) + sum(unit for _, unit in parts))


@cache  # few numbers are printed only once
def _digits(printed: str) -> tuple[int, int] | None:
    """Return the digits of a printed number as a whole one, and how many stand behind the point; None for any other."""
    whole, _, behind = printed.partition(".")
    return (int(whole + behind), len(behind)) if _PLAIN.fullmatch(printed) else None


def _recompute(
    benchmark: Benchmark, benchmarks: Mapping[str, Benchmark], printed: Callable[[str], _Span | None]
) -> _Span | None:
    """Return the average of the parts and how far their own rounding can have moved it; None if one lacks."""
    parts: list[_Span] = []
    for name in benchmark.parts:
        part = printed(name)
        if part is None and name in benchmarks and benchmarks[name].parts:
            part = _recompute(benchmarks[name], benchmarks, printed)
        if part is None:
            return None
        parts.append(part)
    mean = _harmonic_mean if benchmark.averages == "harmonic mean" else _mean
    if mean is _harmonic_mean and any(part.least <= 0 for part in parts):
        return None
    # Both means rise with each of their parts.
    return _Span(
        value=mean([part.value for part in parts]),
        least=mean([part.least for part in parts]),
        most=mean([part.most for part in parts]),
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    common = lcm(*(value.denominator for value in values))
    return Fraction(sum(value.numerator * (common // value.denominator) for value in values), common * len(values))


def _harmonic_mean(values: Sequence[Fraction]) -> Fraction:
    return 1 / _mean([1 / value for value in values])


@cache  # few numbers are printed only once
def _span_of(printed: str) -> _Span | None:
    """Return a printed number as a span; None for what is no number."""
    value = _decimal(printed)
    return None if value is None else _span(value)


def _span(value: Decimal) -> _Span:
    half = Fraction(_half_unit(value))
    return _Span(value=Fraction(value), least=Fraction(value) - half, most=Fraction(value) + half)


def unrecorded_mismatch(survey: Survey) -> Iterator[Problem]:
    """Yield averages that do not hold and are not recorded, and records of mismatches that are none."""
    recorded = {(m.origin, m.method, m.backbone, m.benchmark): m for m in reversed(survey.mismatches)}
    wrong = [
        ((a.result.origin, a.result.method, a.result.backbone, a.result.benchmark), a)
        for a in _averages(survey, every=False)
        if not a.holds
    ]
    for key, average in wrong:
        digits = -exponent_of(Decimal(average.result.value)) + 1
        recomputed = f"{average.recomputed:.{digits}f}"
        if key not in recorded:
            yield average.result.row.problem(
                f"{average.result.benchmark} {average.result.value} does not follow from its parts, which give {recomputed}.",
                "Look it up again; if the source prints it so, record it in data/mismatches.csv with an explanation.",
            )
            continue
        record = recorded[key]
        decimals = (_decimal(record.printed), _decimal(record.recomputed))
        if None not in decimals and (record.printed, decimals[1]) != (average.result.value, Decimal(recomputed)):
            yield record.row.problem(
                f"printed {record.printed}, recomputed {record.recomputed}: it is {average.result.value} and {recomputed}.",
                "Correct the row.",
            )
    for mismatch in survey.mismatches:
        key = (mismatch.origin, mismatch.method, mismatch.backbone, mismatch.benchmark)
        if recorded[key] is not mismatch:
            yield mismatch.row.problem(
                f"{mismatch.method} on {mismatch.benchmark} stands in line {recorded[key].row.line} already.",
                "Keep one of the two rows.",
            )
        elif key not in dict(wrong):
            yield mismatch.row.problem(
                "this is no mismatch: the average holds, or its parts are not here.", "Delete the row."
            )


def wrong_share(survey: Survey) -> Iterator[Problem]:
    """Yield trained shares that do not follow from the trained count and the total of the same table and backbone."""
    numbers = (*survey.results, *survey.measurements)
    totals = {
        (n.origin, n.backbone): Decimal(n.trained_millions)
        for n in numbers
        if _decimal(n.trained_percent) == 100 and _decimal(n.trained_millions) is not None
    }
    seen = set()
    for number in numbers:
        total = totals.get((number.origin, number.backbone))
        percent, millions = _decimal(number.trained_percent), _decimal(number.trained_millions)
        key = (number.origin, number.backbone, number.method, number.trained_percent, number.trained_millions)
        if not total or percent is None or millions is None or key in seen:
            continue
        seen.add(key)
        share = 100 * millions / total
        part, whole, printed = _span(millions), _span(total), _span(percent)
        if 100 * part.least > printed.most * whole.most or 100 * part.most < printed.least * whole.least:
            yield number.row.problem(
                f"trained_percent {percent} does not follow from {millions} M of {total} M, which is {share:.3f} %.",
                "Look both up again in the origin.",
            )


def _place(result: Result) -> Place:
    return result.origin, result.method, result.backbone, result.trained_percent


def _decimal(text: str) -> Decimal | None:
    """Return a printed number; None for what is no number and is reported as such."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _half_unit(value: Decimal) -> Decimal:
    """Return half a unit of the last printed digit."""
    return Decimal(5).scaleb(exponent_of(value) - 1)
