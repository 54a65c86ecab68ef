"""Read data/papers.csv: what the survey says of each paper."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.sheets import ADDRESS, DATE, DATE_FORM, Row, column
from peft_vlm_survey.read.tasks import GROUP_OF, TASKS

CATEGORIES = {
    "grounding": "Grounding",
    "qa": "Question answering and captioning",
    "recognition": "Recognition with CLIP",
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
# An empty cell: the paper is about tuning. data/README.md has the criterion.
SCOPES = {"built": "Built with PEFT"}
# How the address of the code is known, or that it was looked for.
CODE_FOUND = {
    "source": "named where the record was read",
    "abstract": "named in the abstract",
    "name": "found by its name, and names the paper",
    "none": "looked for, none found",
}
CODE_EXTENTS = {
    "training": "training code",
    "inference only": "inference only",
    "data only": "data only",
    "empty": "no code yet",
    "moved": "moved elsewhere",
}
DEPTHS = ("core", "catalogue")
STATUSES = ("verified", "listed", "partial")


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One row of papers.csv; an empty string or tuple means *not established*."""

    key: str = column(required=True, unique=True, leads="references")
    name: str
    aliases: tuple[str, ...]
    kind: str = column(required=True, words=tuple(KINDS))
    scope: str = column(words=tuple(SCOPES))
    category: str = column(required=True, words=tuple(CATEGORIES))
    task: tuple[str, ...] = column(words=TASKS)
    family: str = column(words=FAMILIES, leads="families")
    further_families: tuple[str, ...] = column(words=FAMILIES)
    depth: str = column(required=True, words=DEPTHS)
    backbones: tuple[str, ...] = column(leads="backbones")
    benchmarks: tuple[str, ...]
    code: str = column(pattern=ADDRESS, form="an http(s) address")
    code_found: str = column(words=tuple(CODE_FOUND))
    code_extent: str = column(words=tuple(CODE_EXTENTS))
    code_licence: str
    note_zh: str
    source: str = column(required=True)
    checked: str = column(pattern=DATE, form=DATE_FORM)
    added: str = column(required=True, pattern=DATE, form=DATE_FORM)
    status: str = column(required=True, words=STATUSES)
    row: Row

    @property
    def families(self) -> tuple[str, ...]:
        """The main family and the further ones; none where none is established."""
        return (self.family, *self.further_families) if self.family else ()

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of its tasks, that of the main task first."""
        return tuple(dict.fromkeys(GROUP_OF[task] for task in self.task))


def _core_without(papers: Iterable[Paper]) -> Iterator[Problem]:
    for paper in papers:
        for name in ("name", "family"):
            if paper.depth == "core" and not paper.row[name] and paper.row.sound("depth"):
                yield paper.row.problem(
                    f"{name} is empty.",
                    "A core paper, which a chapter discusses, has one; data/README.md says what it is.",
                )


def _built_without_evidence(papers: Iterable[Paper]) -> Iterator[Problem]:
    """Hold the second condition of data/README.md: who builds on it."""
    papers = tuple(papers)
    known = {paper.key for paper in papers}
    for paper in papers:
        _, _, users = paper.source.partition(" | built: ")
        keys = users.split("; ")
        if paper.scope and not users.startswith("library ") and (len(keys) < 3 or not known.issuperset(keys)):
            yield paper.row.problem(
                "scope is 'built', and source does not end with who builds on it.",
                "Put ' | built: ' there and the keys of three papers of this file, or 'library' and its name.",
            )


def _family_twice(papers: Iterable[Paper]) -> Iterator[Problem]:
    for paper in papers:
        if paper.family and paper.family in paper.further_families:
            yield paper.row.problem(
                f"further_families repeats '{paper.family}', the family.", "Name only others there."
            )
        if paper.further_families and not paper.family and paper.row.sound("family"):
            yield paper.row.problem("further_families without a family.", "Put the main one into family.")


def _code_without_address(papers: Iterable[Paper]) -> Iterator[Problem]:
    for paper in papers:
        if paper.code and paper.code_found in ("", "none") and paper.row.sound("code_found"):
            remedy = "Say in code_found how the address is known; data/README.md has the words."
            yield paper.row.problem("code has an address of which nothing says how it is known.", remedy)
        if not paper.code and (paper.code_found not in ("", "none") or paper.code_extent or paper.code_licence):
            remedy = "Give the address in code, or empty code_extent and code_licence and say none in code_found."
            yield paper.row.problem("something is said of code that has no address.", remedy)


def _alias_that_is_the_name(papers: Iterable[Paper]) -> Iterator[Problem]:
    for paper in papers:
        for alias in paper.aliases:
            if alias.casefold() == paper.name.casefold():
                yield paper.row.problem(f"alias '{alias}' repeats the name.", "Name only others there.")


def _data_set_spelt_in_two_ways(papers: Iterable[Paper]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for paper in papers:
        for name in paper.benchmarks:
            known = first.setdefault(re.sub(r"[\s_-]", "", name).casefold(), name)
            if name != known:
                yield paper.row.problem(
                    f"data set '{name}' is '{known}' in another row.", "Spell it in one way; readers count by name."
                )


RULES = (
    _core_without,
    _built_without_evidence,
    _family_twice,
    _code_without_address,
    _alias_that_is_the_name,
    _data_set_spelt_in_two_ways,
)
