"""The whole survey as one frozen thing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from peft_vlm_survey.read.advice import Advice
from peft_vlm_survey.read.asked_tasks import AskedTask
from peft_vlm_survey.read.backbones import Backbone
from peft_vlm_survey.read.background import Background
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.cards import Card
from peft_vlm_survey.read.chapters import Citation
from peft_vlm_survey.read.code_counts import CodeCount
from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.contradictions import Contradiction
from peft_vlm_survey.read.corrections import Correction
from peft_vlm_survey.read.datasets import Dataset
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.drawings import Drawing, DrawnPart
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.read.editions import PublishedEdition
from peft_vlm_survey.read.errata import Erratum
from peft_vlm_survey.read.excluded import Excluded
from peft_vlm_survey.read.families import Family
from peft_vlm_survey.read.findings import Finding
from peft_vlm_survey.read.glossary import GlossaryTerm
from peft_vlm_survey.read.implementations import Implementation
from peft_vlm_survey.read.joined import number_rows, paper_row
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
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.read.reported_costs import ReportedCost
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.searches import Search
from peft_vlm_survey.read.second_readings import SecondReading
from peft_vlm_survey.read.sections import TaskSection
from peft_vlm_survey.read.settings import CostSetting
from peft_vlm_survey.read.software import Software
from peft_vlm_survey.read.surveys import RelatedSurvey
from peft_vlm_survey.read.venues import Venue, short_name
from peft_vlm_survey.read.vocabulary import Term

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)  # no slots: what is asked for often is kept
class Survey:
    """Everything the sources say, checked whole."""

    root: Path
    edition: Edition
    references: Mapping[str, Reference]
    papers: tuple[Paper, ...]
    descriptions: tuple[Description, ...]
    vocabulary: tuple[Term, ...]
    background: tuple[Background, ...]
    readings: tuple[Reading, ...]
    excluded: tuple[Excluded, ...]
    venues: tuple[Venue, ...]
    families: tuple[Family, ...]
    errata: tuple[Erratum, ...]
    corrections: tuple[Correction, ...]
    origins: tuple[Origin, ...]
    benchmarks: tuple[Benchmark, ...]
    datasets: tuple[Dataset, ...]
    results: tuple[Result, ...]
    measurements: tuple[Result, ...]
    methods: tuple[Method, ...]
    backbones: tuple[Backbone, ...]
    configurations: tuple[Configuration, ...]
    implementations: tuple[Implementation, ...]
    settings: tuple[CostSetting, ...]
    reported_costs: tuple[ReportedCost, ...]
    code_counts: tuple[CodeCount, ...]
    software: tuple[Software, ...]
    recipes: tuple[Recipe, ...]
    memory_cases: tuple[MemoryCase, ...]
    memory_traces: tuple[MemoryTrace, ...]
    cards: tuple[Card, ...]
    protocols: tuple[Protocol, ...]
    mismatches: tuple[Mismatch, ...]
    contradictions: tuple[Contradiction, ...]
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    asked_tasks: tuple[AskedTask, ...]
    advice: tuple[Advice, ...]
    editions: tuple[PublishedEdition, ...]
    searches: tuple[Search, ...]
    kept_back: tuple[KeptBack, ...]
    pool_draws: tuple[PoolDraw, ...]
    second_readings: tuple[SecondReading, ...]
    surveys: tuple[RelatedSurvey, ...]
    glossary: tuple[GlossaryTerm, ...]
    sections: tuple[TaskSection, ...]
    drawings: tuple[Drawing, ...]
    drawing_parts: tuple[DrawnPart, ...]
    citations: tuple[Citation, ...]

    @property
    def numbers(self) -> tuple[Result | ReportedCost, ...]:
        """Every printed number once: scores, measurements, and the costs that stand beside none of them."""
        return (*self.results, *self.measurements, *(cost for cost in self.reported_costs if cost.printed))

    # Whole tables by the name of their rows; where a name stands twice, which is a problem, the last row counts.

    @cached_property
    def papers_by_key(self) -> Mapping[str, Paper]:
        return {paper.key: paper for paper in self.papers}

    @cached_property
    def descriptions_by_key(self) -> Mapping[str, Description]:
        return {description.key: description for description in self.descriptions}

    @cached_property
    def drawings_by_key(self) -> Mapping[str, Drawing]:
        return {drawing.key: drawing for drawing in self.drawings}

    @cached_property
    def origins_by_id(self) -> Mapping[str, Origin]:
        return {origin.origin: origin for origin in self.origins}

    @cached_property
    def protocols_by_id(self) -> Mapping[str, Protocol]:
        return {protocol.protocol: protocol for protocol in self.protocols}

    @cached_property
    def benchmarks_by_id(self) -> Mapping[str, Benchmark]:
        return {benchmark.benchmark: benchmark for benchmark in self.benchmarks}

    @cached_property
    def datasets_by_id(self) -> Mapping[str, Dataset]:
        return {dataset.id: dataset for dataset in self.datasets}

    @cached_property
    def dataset_of(self) -> Mapping[str, Dataset]:
        """The data set that each benchmark belongs to."""
        return {benchmark: dataset for dataset in self.datasets for benchmark in dataset.members}

    @cached_property
    def methods_by_id(self) -> Mapping[str, Method]:
        return {method.method: method for method in self.methods}

    @cached_property
    def roles_of_methods(self) -> Mapping[str, str]:
        """What in the tables is no way to adapt a model: by its name, `untuned` or `system`."""
        return {method.method: method.role for method in self.methods if method.role}

    @cached_property
    def backbones_by_id(self) -> Mapping[str, Backbone]:
        return {backbone.backbone: backbone for backbone in self.backbones}

    @cached_property
    def glossary_by_term(self) -> Mapping[str, GlossaryTerm]:
        return {term.term: term for term in self.glossary}

    @cached_property
    def asked_tasks_by_name(self) -> Mapping[str, AskedTask]:
        return {task.task: task for task in self.asked_tasks}

    @cached_property
    def sections_by_task(self) -> Mapping[str, TaskSection]:
        return {section.task: section for section in self.sections}

    @cached_property
    def configurations_by_id(self) -> Mapping[str, Configuration]:
        return {shape.id: shape for shape in self.configurations}

    def wider_task(self, task: str) -> str:
        """Return the task of the vocabulary within which an asked one lies: itself, if it is one."""
        asked = self.asked_tasks_by_name.get(task)
        return (asked.within if asked else "") or task

    def paper(self, key: str) -> Paper:
        """Return a paper by its citation key. Raises KeyError if there is none."""
        return self.papers_by_key[key]

    def description(self, key: str) -> Description | None:
        """Return what a paper does; None where no text was at hand that says it."""
        return self.descriptions_by_key.get(key)

    def drawing(self, key: str) -> Drawing:
        """Return what is said of the drawing of a method. Raises KeyError if there is none."""
        return _row_of(self.drawings_by_key, "drawing", key)

    def drawn_parts(self, key: str) -> tuple[DrawnPart, ...]:
        """Return the parts of the drawing of a method, in the order of their file; none if there is no drawing."""
        return self._parts_of.get(key, ())

    @cached_property
    def _parts_of(self) -> Mapping[str, tuple[DrawnPart, ...]]:
        by_key: dict[str, list[DrawnPart]] = {}
        for part in self.drawing_parts:
            by_key.setdefault(part.key, []).append(part)
        return {key: tuple(parts) for key, parts in by_key.items()}

    def name(self, key: str) -> str:
        """Return the short name of a work, or its authors and year where it has none. Raises KeyError if unknown."""
        if name := self._names.get(key):
            return name
        reference = self.references[key]
        return f"{reference.short_authors}, {reference.year}"

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {work.key: work.name for work in self.background} | {paper.key: paper.name for paper in self.papers}

    def venue(self, key: str) -> str:
        """Return the short name of the venue of a work, such as `CVPR`. Raises KeyError if the work is unknown."""
        return self._short_name(self.references[key].venue)

    @cached_property
    def _short_name(self) -> Callable[[str], str]:
        return cache(partial(short_name, self.venues))

    def origin(self, origin: str) -> Origin:
        """Return a printed table by its id. Raises KeyError if there is none."""
        return _row_of(self.origins_by_id, "origin", origin)

    def protocol(self, protocol: str) -> Protocol:
        """Return a protocol by its id. Raises KeyError if there is none."""
        return _row_of(self.protocols_by_id, "protocol", protocol)

    def benchmark(self, benchmark: str) -> Benchmark:
        """Return a benchmark by its id. Raises KeyError if there is none."""
        return _row_of(self.benchmarks_by_id, "benchmark", benchmark)

    def dataset(self, name: str) -> Dataset:
        """Return a data set by its id. Raises KeyError if there is none."""
        return _row_of(self.datasets_by_id, "data set", name)

    def derived(self, work: Callable[["Survey"], T]) -> T:
        """Return what a function makes of the survey, made once: what many questions share."""
        if work not in self._derived:
            self._derived[work] = work(self)
        made: T = self._derived[work]
        return made

    @cached_property
    def _derived(self) -> dict[Callable[["Survey"], Any], Any]:
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Keep what was read, and nothing that was worked out from it."""
        return {name: value for name, value in self.__dict__.items() if name in self.__dataclass_fields__}

    def core(self, category: str) -> tuple[Paper, ...]:
        """Return the papers that a category's chapter discusses, the oldest first."""
        papers = (paper for paper in self.papers if paper.category == category and paper.depth == "core")
        return tuple(sorted(papers, key=lambda paper: (self.references[paper.key].year, paper.key)))

    def in_order(self, numbers: Iterable[Result]) -> list[Result]:
        """Return numbers in the order of their file."""
        return sorted(numbers, key=lambda number: number.row.line)

    def paper_rows(self, papers: Iterable[Paper]) -> list[dict[str, str]]:
        """Return one row per paper: what it says of itself, and what the survey says of it."""
        return [paper_row(paper, self.references[paper.key], self.description(paper.key)) for paper in papers]

    def number_rows(self, numbers: Iterable[Result]) -> list[dict[str, str]]:
        """Return one row per number, joined with the table that it stands in."""
        return number_rows(self.origins_by_id, numbers)


def _row_of(rows: Mapping[str, T], column: str, value: str) -> T:
    try:
        return rows[value]
    except KeyError:
        raise KeyError(f"no {column} '{value}'") from None
