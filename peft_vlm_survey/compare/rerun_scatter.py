"""How far two runs of one experiment lie apart: what a difference must exceed before it says anything."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from statistics import median

from peft_vlm_survey.compare.experiments import experiments, points
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark

FEWEST_RERUNS = 5  # before their median says how far two runs of one experiment lie apart


def apart_on(survey: Survey, protocol: str, benchmark: Benchmark) -> Decimal | None:
    """Return the median distance of re-runs of the protocol's experiment on a benchmark, in its unit; None with too few."""
    return _median(survey.derived(_by_benchmark).get((protocol, benchmark.benchmark), []), benchmark, FEWEST_RERUNS)


def apart_under(survey: Survey, protocol: str, benchmark: Benchmark) -> Decimal | None:
    """Return the same over all benchmarks of the experiment: what to fall back on where one has too few re-runs."""
    return _median(survey.derived(_by_protocol).get(protocol, []), benchmark, FEWEST_RERUNS)


def rerun_scatter(survey: Survey, protocol: str, benchmark: Benchmark) -> Decimal:
    """Return the same, or else that of all re-runs that the book knows; 0 where scores have no upper bound."""
    near = apart_on(survey, protocol, benchmark) or apart_under(survey, protocol, benchmark)
    return near or _median(survey.derived(_all), benchmark, 1) or Decimal(0)


def _median(ranges: list[float], benchmark: Benchmark, fewest: int) -> Decimal | None:
    scale = points(benchmark)
    if scale is None or len(ranges) < fewest:
        return None
    return Decimal(f"{median(ranges) / scale:.4g}")


def _by_benchmark(survey: Survey) -> Mapping[tuple[str, str], list[float]]:
    scatter: dict[tuple[str, str], list[float]] = defaultdict(list)
    for experiment in experiments(survey):
        for rerun in experiment.reruns:
            for protocol in experiment.protocols:
                scatter[protocol, rerun.benchmark.benchmark].append(rerun.points)
    return scatter


def _by_protocol(survey: Survey) -> Mapping[str, list[float]]:
    scatter: dict[str, list[float]] = defaultdict(list)
    for (protocol, _), ranges in survey.derived(_by_benchmark).items():
        scatter[protocol] += ranges
    return scatter


def _all(survey: Survey) -> list[float]:
    return [rerun.points for experiment in experiments(survey) for rerun in experiment.reruns]
