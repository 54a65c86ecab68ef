"""Groups: numbers of one protocol on one backbone, which alone may stand side by side."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.compare.gain import gain_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.origins import Origin
from peft_vlm_survey.read.results import Result

_SETTING = re.compile(r" *\([^()]*\)")

Place = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One method with one trained share in one printed table of a group."""

    origin: str
    method: str
    method_key: str
    trained_percent: str
    trained_millions: str
    read_in: str
    numbers: tuple[Result, ...]

    def on(self, benchmark: str) -> Result | None:
        """Return the entry's number on a benchmark, if the table prints one."""
        return next((number for number in self.numbers if number.benchmark == benchmark), None)


def method_of(configuration: Result | Entry) -> str:
    """Return what tells one method from another, whatever its setting: its paper's key, or its name without brackets."""
    return configuration.method_key or _SETTING.sub("", configuration.method)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """All numbers of one protocol on one backbone; `main` is the benchmark by which its methods are ranked.

    They are not `comparable` where each row keeps a set-up of its own, or where protocol or backbone is not established;
    then they are only listed. `scores` has the numbers by benchmark, those of each in the order of the results.
    """

    protocol: str
    backbone: str
    comparable: bool
    benchmarks: tuple[Benchmark, ...]
    main: Benchmark
    entries: tuple[Entry, ...]
    scores: Mapping[str, tuple[Result, ...]]

    @property
    def numbers(self) -> tuple[Result, ...]:
        """Every number of the group."""
        return tuple(number for entry in self.entries for number in entry.numbers)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods of the group, each once in all its configurations, as `method_of` tells them apart."""
        return tuple(dict.fromkeys(map(method_of, self.entries)))

    @property
    def best(self) -> Mapping[str, Result]:
        """The best number of each method on the main benchmark, in the order of the entries; notes do not count."""
        best: dict[str, Result] = {}
        for entry in self.entries:
            number = entry.on(self.main.benchmark)
            if number and entry.read_in != "notes":
                held = best.setdefault(method_of(entry), number)
                best[method_of(entry)] = max(held, number, key=self.worth)
        return best

    @property
    def ranked(self) -> tuple[Result, ...]:
        """The same, the best first."""
        return tuple(sorted(self.best.values(), key=self.worth, reverse=True))

    def worth(self, number: Result) -> Decimal:
        """Return a number on the main benchmark so that more is better."""
        return self.main.worth(number.value)

    def gain(self, entry: Entry) -> Decimal | None:
        """Return the gain of an entry on the main benchmark; None also if the table prints no number for it there."""
        number = entry.on(self.main.benchmark)
        return self.gain_of(number, self.main) if number else None

    def gain_of(self, number: Result, benchmark: Benchmark) -> Decimal | None:
        """Return the gain of a number of the group on a benchmark; None in a group that is not comparable."""
        return gain_of(number, self.scores[benchmark.benchmark], benchmark) if self.comparable else None


def group(survey: Survey, protocol: str, backbone: str) -> Group:
    """Return one group. Raises KeyError if it holds no number."""
    known = every_group(survey)
    if not protocol or (protocol, backbone) not in known:
        raise KeyError(f"no number under protocol '{protocol}' on backbone '{backbone}'")
    return known[protocol, backbone]


def groups(survey: Survey, category: str | None = None) -> tuple[Group, ...]:
    """Return every comparable group of at least two methods, those of a category if one is named."""
    return tuple(
        group
        for group in every_group(survey).values()
        if group.comparable and category in (None, group.main.category) and len(group.methods) > 1
    )


def every_group(survey: Survey) -> Mapping[Place, Group]:
    """Return every group by protocol and backbone, in the order of the results; both are empty where one is not established."""
    return survey.derived(_every_group)


def place_of(number: Result, origins: Mapping[str, Origin]) -> Place:
    """Return the protocol and the backbone of a number; both are empty where one of them is not established."""
    protocol = origins[number.origin].protocol
    return (protocol, number.backbone) if protocol and number.backbone else ("", "")


def numbers_by_benchmark(survey: Survey) -> Mapping[str, Sequence[Result]]:
    """Return the numbers of each benchmark that has any, by its id, all in the order of the results."""
    return survey.derived(_numbers_by_benchmark)


def _numbers_by_benchmark(survey: Survey) -> Mapping[str, Sequence[Result]]:
    numbers: dict[str, list[Result]] = {}
    for number in survey.results:
        numbers.setdefault(number.benchmark, []).append(number)
    return numbers


def _every_group(survey: Survey) -> Mapping[Place, Group]:
    origins = survey.origins_by_id
    numbers: dict[Place, list[Result]] = {}
    for number in survey.results:
        numbers.setdefault(place_of(number, origins), []).append(number)
    return {place: _group(survey, *place, of_place) for place, of_place in numbers.items()}


def _group(survey: Survey, protocol: str, backbone: str, numbers: Sequence[Result]) -> Group:
    origins = survey.origins_by_id
    settings: dict[tuple[str, ...], list[Result]] = {}
    scores: dict[str, list[Result]] = {}
    for n in numbers:
        settings.setdefault((n.origin, n.method, n.method_key, n.trained_percent, n.trained_millions), []).append(n)
        scores.setdefault(n.benchmark, []).append(n)
    entries = tuple(
        Entry(
            origin=origin,
            method=method,
            method_key=key,
            trained_percent=percent,
            trained_millions=millions,
            read_in=origins[origin].read_in,
            numbers=tuple(of_setting),
        )
        for (origin, method, key, percent, millions), of_setting in settings.items()
    )
    benchmarks = tuple(b for b in survey.benchmarks if b.benchmark in scores)
    return Group(
        protocol=protocol,
        backbone=backbone,
        comparable=bool(protocol) and survey.protocols_by_id[protocol].comparable,
        benchmarks=benchmarks,
        main=main_of(benchmarks, {name: len(of_benchmark) for name, of_benchmark in scores.items()}),
        entries=entries,
        scores={name: tuple(of_benchmark) for name, of_benchmark in scores.items()},
    )


def main_of(benchmarks: tuple[Benchmark, ...], counts: Mapping[str, int]) -> Benchmark:
    """Return the benchmark by which a group is ranked: it averages most of the others, or else the one that most methods report."""
    names = {b.benchmark: b for b in benchmarks}

    def parts(benchmark: Benchmark) -> int:
        inner = [parts(names[p]) if p in names else 0 for p in benchmark.parts]
        return len(benchmark.parts) + sum(inner)

    return max(benchmarks, key=lambda b: (parts(b), counts[b.benchmark], -benchmarks.index(b)))
