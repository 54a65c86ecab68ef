"""Read data/papers.csv: what the survey says of each paper."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.sheets import ADDRESS, DATE, DATE_FORM, Column, Row, read_records
from peft_vlm_survey.read.tasks import GROUP_OF, TASKS

PATH = "data/papers.csv"
CATEGORIES = {
    "grounding": "Grounding",
    "qa": "Question answering and captioning",
    "vision": "Vision-only",
    "language": "Language-only",
}
KINDS = {
    "method": "Method",
    "training-free": "Training-free relative",
    "study": "Study or benchmark",
    "survey": "Survey",
    "library": "Library",
}
# How the address of the code is known, or that it was looked for.
CODE_FOUND = {
    "source": "named where the record was read",
    "abstract": "named in the abstract",
    "name": "found by its name, and names the paper",
    "none": "looked for, none found",
}
CODE_EXTENTS = {
    "training": "trains",
    "inference only": "inference only",
    "data only": "data only",
    "empty": "no code yet",
    "moved": "moved elsewhere",
}
DEPTHS = ("core", "catalogue")
STATUSES = ("verified", "partial")
COLUMNS = (
    Column(name="key", required=True, unique=True),
    Column(name="name"),
    Column(name="aliases", many=True),
    Column(name="kind", required=True, words=tuple(KINDS)),
    Column(name="category", required=True, words=tuple(CATEGORIES)),
    Column(name="task", words=TASKS, many=True),
    Column(name="family", words=FAMILIES),
    Column(name="further_families", words=FAMILIES, many=True),
    Column(name="depth", required=True, words=DEPTHS),
    Column(name="backbones", many=True),
    Column(name="benchmarks", many=True),
    Column(name="code", pattern=ADDRESS, form="an http(s) address"),
    Column(name="code_found", words=tuple(CODE_FOUND)),
    Column(name="code_extent", words=tuple(CODE_EXTENTS)),
    Column(name="code_licence"),
    Column(name="note_zh"),
    Column(name="source", required=True),
    Column(name="checked", pattern=DATE, form=DATE_FORM),
    Column(name="added", required=True, pattern=DATE, form=DATE_FORM),
    Column(name="status", required=True, words=STATUSES),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One row of papers.csv; an empty string or tuple means *not established*."""

    key: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    category: str
    task: tuple[str, ...]
    family: str
    further_families: tuple[str, ...]
    depth: str
    backbones: tuple[str, ...]
    benchmarks: tuple[str, ...]
    code: str
    code_found: str
    code_extent: str
    code_licence: str
    note_zh: str
    source: str
    checked: str
    added: str
    status: str
    row: Row

    @property
    def families(self) -> tuple[str, ...]:
        """The main family and the further ones; none where none is established."""
        return (self.family, *self.further_families) if self.family else ()

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of its tasks, that of the main task first."""
        return tuple(dict.fromkeys(GROUP_OF[task] for task in self.task))


def read_papers(root: Path) -> tuple[tuple[Paper, ...], tuple[Problem, ...]]:
    """Read the papers in the order of the file."""
    papers, problems = read_records(root, PATH, COLUMNS, Paper)
    return papers, (*problems, *(problem for paper in papers for rule in _RULES for problem in rule(paper)))


def _core_without(paper: Paper) -> Iterator[Problem]:
    for column in ("name", "family"):
        if paper.depth == "core" and not paper.row[column] and paper.row.sound("depth"):
            yield paper.row.problem(
                f"{column} is empty.",
                "A core paper, which a chapter discusses, has one; data/README.md says what it is.",
            )


def _family_twice(paper: Paper) -> Iterator[Problem]:
    if paper.family and paper.family in paper.further_families:
        yield paper.row.problem(f"further_families repeats '{paper.family}', the family.", "Name only others there.")
    if paper.further_families and not paper.family and paper.row.sound("family"):
        yield paper.row.problem("further_families without a family.", "Put the main one into family.")


def _code_without_address(paper: Paper) -> Iterator[Problem]:
    if paper.code and paper.code_found in ("", "none") and paper.row.sound("code_found"):
        remedy = "Say in code_found how the address is known; data/README.md has the words."
        yield paper.row.problem("code has an address of which nothing says how it is known.", remedy)
    if not paper.code and (paper.code_found not in ("", "none") or paper.code_extent or paper.code_licence):
        remedy = "Give the address in code, or empty code_extent and code_licence and say none in code_found."
        yield paper.row.problem("something is said of code that has no address.", remedy)


_RULES: tuple[Callable[[Paper], Iterator[Problem]], ...] = (_core_without, _family_twice, _code_without_address)
