"""Recompute what papers print as the average of other numbers, or as a share of a total."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from survey.problems import Problem
from survey.read.benchmarks import Benchmark
from survey.read.results import Result
from survey.read.whole import Survey

Place = tuple[str, str, str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Average:
    """A printed average, what its printed parts give, and how far rounding alone may take the two apart."""

    result: Result
    recomputed: Decimal
    tolerance: Decimal

    @property
    def holds(self) -> bool:
        """Tell whether the printed digits allow the average."""
        return abs(Decimal(self.result.value) - self.recomputed) <= self.tolerance


def averages(survey: Survey) -> Iterator[Average]:
    """Yield every printed average whose parts the same table prints for the same setting.

    A part that is not printed itself is recomputed from its own parts, so that a mean of group means follows from tasks.
    """
    benchmarks = {benchmark.benchmark: benchmark for benchmark in survey.benchmarks}
    printed: dict[Place, dict[str, Decimal]] = {}
    for result in survey.results:
        if (value := _decimal(result.value)) is not None:
            printed.setdefault(_place(result), {})[result.benchmark] = value
    for result in survey.results:
        benchmark = benchmarks.get(result.benchmark)
        if benchmark is None or not benchmark.parts or _decimal(result.value) is None:
            continue
        found = _recompute(benchmark, benchmarks, printed[_place(result)])
        if found is not None:
            value, rounding = found
            own = _half_unit(Decimal(result.value))
            yield Average(result=result, recomputed=value, tolerance=own + rounding)


def _recompute(
    benchmark: Benchmark, benchmarks: Mapping[str, Benchmark], printed: Mapping[str, Decimal]
) -> tuple[Decimal, Decimal] | None:
    """Return the average of the parts and the most that their own rounding can have moved it; None if one lacks."""
    parts: list[tuple[Decimal, Decimal]] = []
    for name in benchmark.parts:
        if name in printed:
            parts.append((printed[name], _half_unit(printed[name])))
        elif name in benchmarks and benchmarks[name].parts:
            deeper = _recompute(benchmarks[name], benchmarks, printed)
            if deeper is None:
                return None
            parts.append(deeper)
        else:
            return None
    values, roundings = [value for value, _ in parts], [rounding for _, rounding in parts]
    if benchmark.averages == "harmonic mean":
        if any(value <= 0 for value in values):
            return None
        mean = len(values) / sum((1 / value for value in values), Decimal(0))
        # The harmonic mean moves by at most (mean / value)^2 / n for each unit that a part moves.
        moved = sum(((mean / v) ** 2 * r for v, r in parts), Decimal(0)) / len(parts)
        return mean, moved
    return sum(values, Decimal(0)) / len(values), sum(roundings, Decimal(0)) / len(roundings)


def unrecorded_mismatch(survey: Survey) -> Iterator[Problem]:
    """Yield averages that do not hold and are not recorded, and records of mismatches that are none."""
    recorded = {(m.origin, m.method, m.backbone, m.benchmark): m for m in survey.mismatches}
    wrong = {
        (a.result.origin, a.result.method, a.result.backbone, a.result.benchmark): a
        for a in averages(survey)
        if not a.holds
    }
    for key, average in wrong.items():
        digits = -_exponent(Decimal(average.result.value)) + 1
        recomputed = f"{average.recomputed:.{digits}f}"
        if key not in recorded:
            yield average.result.row.problem(
                f"{average.result.benchmark} {average.result.value} does not follow from its parts, which give {recomputed}.",
                "Look it up again; if the source prints it so, record it in data/mismatches.csv with an explanation.",
            )
        elif recorded[key].printed != average.result.value or Decimal(recorded[key].recomputed) != Decimal(recomputed):
            yield recorded[key].row.problem(
                f"printed {recorded[key].printed}, recomputed {recorded[key].recomputed}: it is {average.result.value} and {recomputed}.",
                "Correct the row.",
            )
    for key, mismatch in recorded.items():
        if key not in wrong:
            yield mismatch.row.problem(
                "this is no mismatch: the average holds, or its parts are not here.", "Delete the row."
            )


def wrong_share(survey: Survey) -> Iterator[Problem]:
    """Yield trained shares that do not follow from the trained count and the total of the same table and backbone."""
    numbers = (*survey.results, *survey.measurements)
    totals = {
        (n.origin, n.backbone): Decimal(n.trained_millions)
        for n in numbers
        if n.trained_percent == "100" and _decimal(n.trained_millions) is not None
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
        tolerance = _half_unit(percent) + 100 * (_half_unit(millions) + share / 100 * _half_unit(total)) / total
        if abs(share - percent) > tolerance:
            yield number.row.problem(
                f"trained_percent {percent} does not follow from {millions} M of {total} M, which is {share:.3f} %.",
                "Look both up again in the origin.",
            )


def _place(result: Result) -> Place:
    return result.origin, result.method, result.backbone, result.trained_percent


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None  # no number: reported as such


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _half_unit(value: Decimal) -> Decimal:
    """Return half a unit of the last printed digit."""
    return Decimal(5).scaleb(_exponent(value) - 1)
