"""Comparable groups: numbers of one protocol on one backbone, which alone may stand side by side."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.results import Result

REFERENCE = "Full fine-tuning"
_SETTING = re.compile(r" *\([^()]*\)")


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

    They are not `comparable` where each row keeps a set-up of its own; then they are only listed.
    """

    protocol: str
    backbone: str
    comparable: bool
    benchmarks: tuple[Benchmark, ...]
    main: Benchmark
    entries: tuple[Entry, ...]

    @property
    def numbers(self) -> tuple[Result, ...]:
        """Every number of the group."""
        return tuple(number for entry in self.entries for number in entry.numbers)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods of the group, each once in all its configurations, as `method_of` tells them apart."""
        return tuple(dict.fromkeys(map(method_of, self.entries)))

    def gain(self, entry: Entry) -> float | None:
        """Return by how much an entry is better than full fine-tuning of the same table, in points of the main benchmark.

        None if the table prints no number for one of the two, or the rows share no set-up.
        """
        if not self.comparable:
            return None
        mine = entry.on(self.main.benchmark)
        reference = next((e for e in self.entries if e.method == REFERENCE and e.origin == entry.origin), None)
        theirs = reference.on(self.main.benchmark) if reference else None
        if mine is None or theirs is None:
            return None
        difference = float(mine.value) - float(theirs.value)
        return difference if self.main.direction == "higher" else -difference


def group(survey: Survey, protocol: str, backbone: str) -> Group:
    """Return one group. Raises KeyError if it holds no number."""
    origins = {origin.origin: origin for origin in survey.origins if origin.protocol == protocol}
    numbers = [n for n in survey.derived(_by_backbone).get(backbone, ()) if n.origin in origins]
    if not numbers:
        raise KeyError(f"no number under protocol '{protocol}' on backbone '{backbone}'")
    settings: dict[tuple[str, ...], list[Result]] = {}
    for n in numbers:
        settings.setdefault((n.origin, n.method, n.method_key, n.trained_percent, n.trained_millions), []).append(n)
    entries = tuple(
        Entry(
            origin=origin,
            method=method,
            method_key=key,
            trained_percent=percent,
            trained_millions=millions,
            read_in=origins[origin].read_in,
            numbers=tuple(own),
        )
        for (origin, method, key, percent, millions), own in settings.items()
    )
    present = {n.benchmark for n in numbers}
    benchmarks = tuple(b for b in survey.benchmarks if b.benchmark in present)
    return Group(
        protocol=protocol,
        backbone=backbone,
        comparable=survey.protocol(protocol).comparable,
        benchmarks=benchmarks,
        main=main_of(benchmarks, numbers),
        entries=entries,
    )


def _by_backbone(survey: Survey) -> Mapping[str, list[Result]]:
    by_backbone: dict[str, list[Result]] = {}
    for number in survey.results:
        by_backbone.setdefault(number.backbone, []).append(number)
    return by_backbone


def groups(survey: Survey, category: str | None = None) -> tuple[Group, ...]:
    """Return every comparable group of at least two methods, those of a category if one is named."""
    return tuple(found for found in survey.derived(_groups) if category in (None, found.main.category))


def _groups(survey: Survey) -> tuple[Group, ...]:
    comparable = {protocol.protocol for protocol in survey.protocols if protocol.comparable}
    origins = survey.origins_by_id
    pairs = dict.fromkeys(
        (origins[n.origin].protocol, n.backbone)
        for n in survey.results
        if origins[n.origin].protocol in comparable and n.backbone
    )
    found = [group(survey, protocol, backbone) for protocol, backbone in pairs]
    return tuple(g for g in found if len(g.methods) > 1)


def main_of(benchmarks: tuple[Benchmark, ...], numbers: list[Result]) -> Benchmark:
    """Return the benchmark by which a group is ranked: it averages most of the others, or else the one that most methods report."""
    counts = {b.benchmark: sum(n.benchmark == b.benchmark for n in numbers) for b in benchmarks}
    names = {b.benchmark: b for b in benchmarks}

    def parts(benchmark: Benchmark) -> int:
        inner = [parts(names[p]) if p in names else 0 for p in benchmark.parts]
        return len(benchmark.parts) + sum(inner)

    return max(benchmarks, key=lambda b: (parts(b), counts[b.benchmark], -benchmarks.index(b)))
