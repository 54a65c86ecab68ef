"""Where the tables of two papers print one method on one backbone and benchmark with different values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from peft_vlm_survey.compare.reprinted import differing_reprints
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """One thing that tables of several papers print differently: by the key of each paper its tables with their values.

    `right` is the value that is known to be right, if one is.
    """

    method: str
    backbone: str
    benchmark: Benchmark
    printed: Mapping[str, Mapping[str, str]]
    right: str


def disagreements(survey: Survey) -> tuple[Disagreement, ...]:
    """Return every such disagreement: what is recorded as one, then papers' own numbers that others print differently."""
    return survey.derived(_disagreements)


def _disagreements(survey: Survey) -> tuple[Disagreement, ...]:
    recorded = list(_recorded(survey))
    seen = {
        (thing.method, thing.backbone, thing.benchmark.benchmark, key) for thing in recorded for key in thing.printed
    }
    reprinted = [
        thing
        for thing in _reprinted(survey)
        if not all((thing.method, thing.backbone, thing.benchmark.benchmark, key) in seen for key in thing.printed)
    ]
    return (*recorded, *reprinted)


def _recorded(survey: Survey) -> Iterator[Disagreement]:
    origins = survey.origins_by_id
    for contradiction in survey.contradictions:
        printed: dict[str, dict[str, str]] = {}
        for origin, value in contradiction.printed.items():
            if key := origins[origin].key:
                printed.setdefault(key, {})[origin] = value
        if len(printed) > 1:
            yield Disagreement(
                method=contradiction.method,
                backbone=contradiction.backbone,
                benchmark=survey.benchmark(contradiction.benchmark),
                printed=printed,
                right=contradiction.right,
            )


def _reprinted(survey: Survey) -> Iterator[Disagreement]:
    for pair in differing_reprints(survey):
        if other := survey.origin(pair.other.origin).key:
            yield Disagreement(
                method=pair.own.method,
                backbone=pair.own.backbone,
                benchmark=survey.benchmark(pair.own.benchmark),
                printed={
                    pair.own.method_key: {pair.own.origin: pair.own.value},
                    other: {pair.other.origin: pair.other.value},
                },
                right="",
            )
