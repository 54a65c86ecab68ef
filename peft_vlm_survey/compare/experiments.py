"""One experiment run several times: which protocols repeat which, how far their values lie apart, what they turn round."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.contradictions import Contradiction
from peft_vlm_survey.read.results import Result


@dataclass(frozen=True, kw_only=True, slots=True)
class Rerun:
    """One method on one backbone and benchmark, run by several; `points` is the range of its values, on 0 to 100."""

    said: Contradiction
    benchmark: Benchmark
    lowest: Result
    highest: Result
    points: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Experiment:
    """Protocols of which each runs again what another of them ran, and every number that they do not share."""

    protocols: tuple[str, ...]
    reruns: tuple[Rerun, ...]

    @property
    def ranges(self) -> tuple[float, ...]:
        """How far the values lie apart, the widest range first."""
        return tuple(sorted((rerun.points for rerun in self.reruns), reverse=True))


def experiments(survey: Survey) -> tuple[Experiment, ...]:
    """Return what the recorded re-runs repeat, most re-runs first; only scores between 0 and 1 or 100 count."""
    protocols = {origin.origin: origin.protocol for origin in survey.origins}
    first: dict[str, str] = {}

    def root(protocol: str) -> str:
        while first.setdefault(protocol, protocol) != protocol:
            protocol = first[protocol]
        return protocol

    again = [
        contradiction
        for contradiction in survey.contradictions
        if contradiction.kind == "re-run" and len({protocols[origin] for origin in contradiction.printed}) > 1
    ]
    numbers: dict[tuple[str, str, str], list[Result]] = defaultdict(list)
    for number in survey.results:
        numbers[number.method, number.backbone, number.benchmark].append(number)
    reruns = [rerun for c in again if (rerun := _rerun(survey, c, numbers[c.method, c.backbone, c.benchmark]))]
    for rerun in reruns:
        leading, *others = dict.fromkeys(protocols[origin] for origin in rerun.said.printed)
        for other in others:
            first[root(other)] = root(leading)
    same: dict[str, list[Rerun]] = defaultdict(list)
    for rerun in reruns:
        same[root(protocols[rerun.lowest.origin])].append(rerun)
    grouped = [
        Experiment(
            protocols=tuple(dict.fromkeys(protocols[origin] for rerun in members for origin in rerun.said.printed)),
            reruns=tuple(members),
        )
        for members in same.values()
    ]
    return tuple(sorted(grouped, key=lambda e: (-len(e.reruns), e.protocols)))


def _rerun(survey: Survey, contradiction: Contradiction, numbers: Iterable[Result]) -> Rerun | None:
    benchmark = survey.benchmark(contradiction.benchmark)
    scale = points(benchmark)
    if scale is None:
        return None
    printed = [number for number in numbers if contradiction.printed.get(number.origin) == number.value]
    lowest, *_, highest = sorted(printed, key=lambda number: float(number.value))
    apart = scale * (float(highest.value) - float(lowest.value))
    return Rerun(said=contradiction, benchmark=benchmark, lowest=lowest, highest=highest, points=apart)


def points(benchmark: Benchmark) -> float | None:
    """Return by what a score is multiplied to lie between 0 and 100; None if it is bounded otherwise."""
    return {"100": 1.0, "1": 100.0}.get(benchmark.range_high)


def usual_values(survey: Survey, protocol: str, backbone: str | None = None) -> dict[tuple[str, str], dict[str, float]]:
    """Return by backbone and benchmark the value of each method, which is what most tables of the protocol print.

    Notes do not count, nor a table that prints several settings of the method.
    """
    tables = {o.origin for o in survey.origins if o.protocol == protocol and o.read_in != "notes"}
    numbers = [n for n in survey.results if n.origin in tables and n.backbone and backbone in (None, n.backbone)]
    settings = Counter((n.origin, n.method, n.backbone, n.benchmark) for n in numbers)
    values: dict[tuple[str, str], dict[str, Counter[float]]] = defaultdict(lambda: defaultdict(Counter))
    for n in numbers:
        if settings[n.origin, n.method, n.backbone, n.benchmark] == 1:
            values[n.backbone, n.benchmark][n.method][float(n.value)] += 1
    return {
        place: {method: counts.most_common(1)[0][0] for method, counts in by_method.items()}
        for place, by_method in values.items()
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """Two methods on one benchmark, of which one protocol has the first ahead by `there` points and the other behind by `here`."""

    ahead: str
    behind: str
    benchmark: Benchmark
    there: float
    here: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Turns:
    """What two protocols say of the order of methods: how many methods and pairs they share, and what is turned round."""

    protocols: tuple[str, str]
    methods: int
    pairs: int
    turned: tuple[Turn, ...]


def turns(survey: Survey, protocol: str, other: str) -> Turns:
    """Compare the order of every two methods under two protocols, on every benchmark and backbone that both have.

    Methods that are even under one of them are not compared.
    """
    first, second = usual_values(survey, protocol), usual_values(survey, other)
    turned, pairs, methods = [], 0, set()
    for place in first.keys() & second.keys():
        benchmark = survey.benchmark(place[1])
        scale = points(benchmark)
        both = sorted(first[place].keys() & second[place].keys())
        if scale is None:
            continue
        for a, b in combinations(both, 2):
            there, here = first[place][a] - first[place][b], second[place][a] - second[place][b]
            if not there or not here:
                continue
            pairs += 1
            methods |= {a, b}
            if there * here < 0:
                better = (there > 0) == benchmark.more_is_better
                ahead, behind = (a, b) if better else (b, a)
                turned.append(
                    Turn(
                        ahead=ahead,
                        behind=behind,
                        benchmark=benchmark,
                        there=scale * abs(there),
                        here=scale * abs(here),
                    )
                )
    turned.sort(key=lambda turn: (-min(turn.there, turn.here), turn.benchmark.benchmark, turn.ahead, turn.behind))
    return Turns(protocols=(protocol, other), methods=len(methods), pairs=pairs, turned=tuple(turned))


def single_runs(survey: Survey) -> Mapping[str, tuple[float, ...]]:
    """Return by protocol how far single runs of one paper lie apart, each method, backbone and benchmark once."""
    origins = survey.origins_by_id
    runs: dict[tuple[str, ...], list[Result]] = defaultdict(list)
    for n in survey.results:
        origin = origins[n.origin]
        if n.seeds == "1" and origin.protocol and n.backbone and points(survey.benchmark(n.benchmark)) is not None:
            runs[origin.protocol, origin.key, n.method, n.backbone, n.benchmark].append(n)
    apart: dict[str, list[float]] = defaultdict(list)
    for (protocol, *_), numbers in runs.items():
        if len({n.origin for n in numbers}) == len(numbers) > 1:
            values = [float(n.value) for n in numbers]
            scale = points(survey.benchmark(numbers[0].benchmark)) or 1.0
            apart[protocol].append(scale * (max(values) - min(values)))
    return {protocol: tuple(sorted(ranges, reverse=True)) for protocol, ranges in apart.items()}


def spreads(survey: Survey, least: int) -> Mapping[str, tuple[float, ...]]:
    """Return by protocol what is printed behind ± of scores, the widest first, where it is at least so often."""
    origins = survey.origins_by_id
    printed: dict[str, list[float]] = defaultdict(list)
    for n in survey.results:
        scale = points(survey.benchmark(n.benchmark))
        if n.spread and scale is not None and origins[n.origin].protocol:
            printed[origins[n.origin].protocol].append(scale * float(n.spread))
    return {
        protocol: tuple(sorted(values, reverse=True)) for protocol, values in printed.items() if len(values) >= least
    }


def nine_of_ten(values: Iterable[float]) -> float:
    """Return the least value that at least nine of ten values do not exceed.

    >>> nine_of_ten([1, 2, 3, 4, 5, 6, 7, 8, 9, 50])
    9
    """
    ordered = sorted(values)
    return ordered[math.ceil(0.9 * len(ordered)) - 1]
