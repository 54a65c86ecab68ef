"""Read data/datasets.csv: what a reader looks for under one name, and which benchmarks it holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.sheets import ID, Row, column
from peft_vlm_survey.read.tasks import TASKS


@dataclass(frozen=True, kw_only=True, slots=True)
class Dataset:
    """A data set in all its splits, metrics and protocols, or several that are reported together.

    `members` are the benchmarks that belong to it and to no other; `also` are those of others that its page shows too.
    `training_examples` is how many labelled examples all its tables train on, where `size` or `splits` says it.
    """

    id: str = column(required=True, unique=True, **ID)
    name: str = column(required=True, unique=True)
    aliases: tuple[str, ...]
    category: str = column(required=True, words=tuple(CATEGORIES))
    task: str = column(required=True, words=TASKS)
    size: str
    splits: str
    training_examples: str = column(pattern="[0-9]+", form="a whole number")
    licence: str
    made_by: tuple[str, ...] = column(leads="references")
    members: tuple[str, ...] = column(required=True, leads="benchmarks")
    also: tuple[str, ...] = column(leads="benchmarks")
    misread: str
    source: str
    row: Row

    @property
    def shown(self) -> frozenset[str]:
        """The benchmarks whose numbers stand on its page."""
        return frozenset((*self.members, *self.also))


def _shown_twice(datasets: tuple[Dataset, ...]) -> Iterator[Problem]:
    for dataset in datasets:
        for benchmark in dataset.also if dataset.row.sound("also") else ():
            if benchmark in dataset.members:
                yield dataset.row.problem(
                    f"benchmark '{benchmark}' stands in members and in also.", "Keep it in members alone."
                )


def _without_source(datasets: tuple[Dataset, ...]) -> Iterator[Problem]:
    for dataset in datasets:
        named = [name for name in ("splits", "licence") if dataset.row[name]]
        if named and not dataset.source:
            yield dataset.row.problem(
                f"{named[0]} is said without a source.", "Say in source where it was read, or leave it empty."
            )


RULES = (_shown_twice, _without_source)
