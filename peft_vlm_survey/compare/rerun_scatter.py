"""How far two runs of one thing lie apart on a benchmark: below this, a difference of two methods says nothing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from peft_vlm_survey.compare.experiments import experiments, points
from peft_vlm_survey.compare.master import FEWEST_RERUNS
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ranges:
    """The ranges of re-run experiments, in points: by protocol, by protocol and benchmark, and all."""

    of_protocol: Mapping[str, list[float]]
    of_benchmark: Mapping[tuple[str, str], list[float]]
    every: list[float]


def rerun_scatter(survey: Survey, protocol: str, benchmark: Benchmark) -> Decimal:
    """Return the median range of re-runs, in the benchmark's unit; 0 where its scores have no upper bound.

    Those of the protocol on the benchmark count, or else those of the protocol, or else all that the book knows,
    whichever are at least five.
    """
    scale = points(benchmark)
    if scale is None:
        return Decimal(0)
    known = survey.derived(_ranges)
    nearer = (known.of_benchmark.get((protocol, benchmark.benchmark), []), known.of_protocol.get(protocol, []))
    enough = next((ranges for ranges in nearer if len(ranges) >= FEWEST_RERUNS), known.every)
    return Decimal(f"{median(enough) / scale:.4g}") if enough else Decimal(0)


def usual_scatter(survey: Survey) -> tuple[int, float]:
    """Return how many re-run experiments the book knows, and the median of their ranges in points."""
    every = survey.derived(_ranges).every
    return len(every), median(every) if every else 0.0


def _ranges(survey: Survey) -> _Ranges:
    of_protocol: dict[str, list[float]] = defaultdict(list)
    of_benchmark: dict[tuple[str, str], list[float]] = defaultdict(list)
    every: list[float] = []
    for experiment in experiments(survey):
        for rerun in experiment.reruns:
            every.append(rerun.points)
            for protocol in experiment.protocols:
                of_protocol[protocol].append(rerun.points)
                of_benchmark[protocol, rerun.benchmark.benchmark].append(rerun.points)
    return _Ranges(of_protocol=of_protocol, of_benchmark=of_benchmark, every=every)
