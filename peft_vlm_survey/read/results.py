"""Read data/results.csv and data/measurements.csv: reported numbers, each with the table it was printed in."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.between_rows import standing_twice
from peft_vlm_survey.read.sheets import Column, Row, column, columns_of

# Some tables print a power of ten, as in 3.4E5, which says how many digits were known.
_NUMBER = r"-?[0-9]+(\.[0-9]+)?(E[0-9]+)?"
_POSITIVE = r"[0-9]+(\.[0-9]+)?"
QUANTITIES = {
    "memory": "Training memory",
    "memory-reserved": "Mean reserved training memory",
    "memory-estimated": "Training memory, estimated",
    "inference-memory": "Inference memory",
    "storage": "Stored size per task",
    "latency": "Inference time",
    "training-time": "Training time",
    "trained-share": "Share of the backbone trained",
    "memory-saved": "Training memory saved",
    "flops": "Floating-point operations",
    "throughput": "Images per second at inference",
    "total-parameters": "Parameters of the whole model",
}
UNITS = (
    *("GB", "s", "bytes", "MB", "kB", "KiB", "ms", "ms per image", "GFLOPs", "V100 GPU days"),
    *("relative to full fine-tuning", "% of pre-training", "%", "frames per second", "h", "s per iteration", "GiB"),
    *("millions",),
)
# The claim of a number whose source was read for it and does not say whose run it is.
NOT_STATED = "not stated"
# No two rows agree in all of these.
IDENTITY = ("origin", "method", "backbone", "benchmark", "trained_percent")


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One reported number, exactly as printed: the digits of `value` are information.

    `trained_percent` is in percent of what the paper counts, `trained_millions` in 10^6 parameters.
    `benchmark` is a benchmark's id or, for a measurement, a quantity, whose `unit` is then set.
    """

    origin: str = column(required=True, leads="origins")
    method: str = column(required=True, leads="methods")
    method_key: str = column(leads="references")
    backbone: str = column(leads="backbones")
    benchmark: str = column(required=True, leads="benchmarks")
    unit: str = column(required=True, words=UNITS)
    value: str = column(required=True, pattern=_NUMBER, form="a number")
    spread: str = column(pattern=_POSITIVE, form="a number")
    seeds: str = column(pattern="[0-9]+", form="a whole number")
    trained_percent: str = column(pattern=_POSITIVE, form="a number")
    trained_millions: str = column(pattern=_POSITIVE, form="a number")
    claim: str = column(words=("own", "rerun", "copied", NOT_STATED))
    remark: str
    row: Row

    @property
    def anchor(self) -> str:
        """The id of the number in the site; it depends on what makes its row unique, and on no other row."""
        return _anchor("measurement" if self.unit else "result", _identity(self))


_identity: Callable[[Result], tuple[str, ...]] = attrgetter(*IDENTITY)


@cache
def _anchor(kind: str, same: tuple[str, ...]) -> str:
    return "r-" + hashlib.sha256("\n".join((kind, *same)).encode()).hexdigest()[:10]


# A score has a benchmark and no unit of its own; a measurement has a quantity in its place.
SCORE_COLUMNS = tuple(found for found in columns_of(Result) if found.name != "unit")
MEASUREMENT_COLUMNS = tuple(
    Column(name="quantity", required=True, words=tuple(QUANTITIES)) if found.name == "benchmark" else found
    for found in columns_of(Result)
)


def score(**cells: Any) -> Result:
    """Return a row of results.csv."""
    return Result(unit="", **cells)


def measurement(*, quantity: str, **cells: Any) -> Result:
    """Return a row of measurements.csv."""
    return Result(benchmark=quantity, **cells)


def _impossible_share(results: tuple[Result, ...]) -> Iterator[Problem]:
    for result in results:
        try:
            share = float(result.trained_percent or 0)
        except ValueError:
            continue  # reported as no number
        if share > 100:
            yield result.row.problem(
                f"trained_percent {result.trained_percent} is above 100.", "Look it up again in the origin."
            )


def _repeated(results: tuple[Result, ...]) -> Iterator[Problem]:
    for result, first in standing_twice(results, attrgetter(*IDENTITY)):
        yield result.row.problem(
            f"{result.method} on {result.benchmark} stands in line {first} already.",
            "Keep one row for one printed number.",
        )


RULES = (
    _impossible_share,
    _repeated,
)
