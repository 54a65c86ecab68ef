"""Every table of data/: its file, the class of its rows, what holds within it, and the order of its rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read import (
    asked_tasks,
    benchmarks,
    cards,
    code_counts,
    configurations,
    corrections,
    datasets,
    descriptions,
    drawings,
    findings,
    glossary,
    kept_back,
    left_out,
    memory_traces,
    papers,
    pool_draws,
    recipes,
    reported_costs,
    results,
    searches,
    second_readings,
    surveys,
    vocabulary,
)
from peft_vlm_survey.read.advice import Advice
from peft_vlm_survey.read.asked_tasks import AskedTask
from peft_vlm_survey.read.backbones import Backbone
from peft_vlm_survey.read.background import Background
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.cards import Card
from peft_vlm_survey.read.code_counts import CodeCount
from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.contradictions import Contradiction
from peft_vlm_survey.read.corrections import Correction
from peft_vlm_survey.read.datasets import Dataset
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.drawings import Drawing, DrawnPart
from peft_vlm_survey.read.editions import PublishedEdition
from peft_vlm_survey.read.errata import Erratum
from peft_vlm_survey.read.excluded import Excluded
from peft_vlm_survey.read.families import Family
from peft_vlm_survey.read.findings import Finding
from peft_vlm_survey.read.glossary import GlossaryTerm
from peft_vlm_survey.read.implementations import Implementation
from peft_vlm_survey.read.kept_back import KeptBack
from peft_vlm_survey.read.left_out import LeftOut
from peft_vlm_survey.read.memory_cases import MemoryCase
from peft_vlm_survey.read.memory_traces import MemoryTrace
from peft_vlm_survey.read.methods import Method
from peft_vlm_survey.read.mismatches import Mismatch
from peft_vlm_survey.read.origins import Origin
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.pool_draws import PoolDraw
from peft_vlm_survey.read.protocols import Protocol
from peft_vlm_survey.read.readings import Reading
from peft_vlm_survey.read.recipes import Recipe
from peft_vlm_survey.read.reported_costs import ReportedCost
from peft_vlm_survey.read.searches import Search
from peft_vlm_survey.read.second_readings import SecondReading
from peft_vlm_survey.read.sections import TaskSection
from peft_vlm_survey.read.settings import CostSetting
from peft_vlm_survey.read.sheets import Column, columns_of, read_records
from peft_vlm_survey.read.software import Software
from peft_vlm_survey.read.surveys import RelatedSurvey
from peft_vlm_survey.read.venues import Venue
from peft_vlm_survey.read.vocabulary import Term


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One file of data/.

    `make` makes a row of its cells by the name of their column, `rules` yield what is wrong with all rows together.
    A file that is not sorted keeps the order of its rows, which says something (see data/README.md).
    """

    name: str
    columns: Sequence[Column]
    make: Callable[..., Any]
    rules: Sequence[Callable[[Any], Iterator[Problem]]] = ()
    rules_need_every_row: bool = False
    sorted_by: tuple[str, ...] = ()
    may_be_empty: bool = False

    @property
    def path(self) -> str:
        """The place of the file below the root."""
        return f"data/{self.name}.csv"

    def read(self, root: Path) -> tuple[tuple[Any, ...], tuple[Problem, ...]]:
        """Return the rows in the order of the file, and every problem within it."""
        rows, problems = self.rows(root)
        return rows, (*problems, *self.faults(rows, problems))

    def rows(self, root: Path) -> tuple[tuple[Any, ...], tuple[Problem, ...]]:
        """Return the rows in the order of the file, and what is wrong with the file and with single cells."""
        return read_records(root, self.path, self.columns, self.make, may_be_empty=self.may_be_empty)

    def faults(self, rows: tuple[Any, ...], known: Iterable[Problem]) -> Iterator[Problem]:
        """Yield what is wrong with all rows together, given what is known to be wrong with single ones."""
        if not (self.rules_need_every_row and any(problem.loses for problem in known)):
            for rule in self.rules:
                yield from rule(rows)


def _table(name: str, row: type, **more: Any) -> Table:
    return Table(**{"name": name, "columns": columns_of(row), "make": row, **more})


# By the name that the file and the survey's records have, in the order of the downloads.
TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        _table("papers", Paper, rules=papers.RULES, sorted_by=("key",)),
        _table("descriptions", Description, rules=descriptions.RULES, sorted_by=("key",)),
        _table("vocabulary", Term, rules=vocabulary.RULES),
        _table("background", Background, sorted_by=("key",)),
        _table("readings", Reading, sorted_by=("key",)),
        _table("excluded", Excluded, sorted_by=("year", "venue", "title")),
        _table("venues", Venue),
        _table("families", Family),
        _table("errata", Erratum),
        _table("corrections", Correction, rules=corrections.RULES, may_be_empty=True),
        _table("benchmarks", Benchmark, rules=benchmarks.RULES, rules_need_every_row=True),
        _table("datasets", Dataset, rules=datasets.RULES, rules_need_every_row=True),
        _table("methods", Method),
        _table("backbones", Backbone),
        _table("configurations", Configuration, rules=configurations.RULES),
        _table("implementations", Implementation),
        _table("settings", CostSetting),
        _table("reported_costs", ReportedCost, rules=reported_costs.RULES),
        _table("code_counts", CodeCount, rules=code_counts.RULES),
        _table("software", Software),
        _table("recipes", Recipe, rules=recipes.RULES),
        _table("memory_cases", MemoryCase),
        _table("memory_traces", MemoryTrace, rules=memory_traces.RULES, rules_need_every_row=True),
        _table("cards", Card, rules=cards.RULES),
        _table("protocols", Protocol),
        _table("origins", Origin),
        Table(name="results", columns=results.SCORE_COLUMNS, make=results.score, rules=results.RULES),
        Table(name="measurements", columns=results.MEASUREMENT_COLUMNS, make=results.measurement, rules=results.RULES),
        _table("mismatches", Mismatch),
        _table("contradictions", Contradiction),
        _table("left_out", LeftOut, rules=left_out.RULES),
        _table("findings", Finding, rules=findings.RULES),
        _table("asked_tasks", AskedTask, rules=asked_tasks.RULES),
        _table("advice", Advice),
        _table("editions", PublishedEdition),
        _table("searches", Search, rules=searches.RULES),
        _table("kept_back", KeptBack, rules=kept_back.RULES),
        _table("pool_draws", PoolDraw, rules=pool_draws.RULES, rules_need_every_row=True),
        _table("second_readings", SecondReading, rules=second_readings.RULES),
        _table("surveys", RelatedSurvey, rules=surveys.RULES),
        _table("glossary", GlossaryTerm, rules=glossary.RULES, rules_need_every_row=True, sorted_by=("term",)),
        _table("sections", TaskSection),
        _table("drawings", Drawing, sorted_by=("key",)),
        _table("drawing_parts", DrawnPart, rules=drawings.RULES, rules_need_every_row=True),
    )
}
