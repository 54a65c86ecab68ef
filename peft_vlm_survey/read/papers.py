"""Read data/papers.csv: what the survey says of each paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.sheets import ADDRESS, DATE, DATE_FORM, Row, column
from peft_vlm_survey.read.tasks import GROUP_OF, TASKS

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
ANSWERS = ("yes", "no", "partly")
DEPTHS = ("core", "catalogue")
STATUSES = ("verified", "partial")


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One row of papers.csv; an empty string or tuple means *not established*."""

    key: str = column(required=True, unique=True)
    name: str
    aliases: tuple[str, ...]
    kind: str = column(required=True, words=tuple(KINDS))
    category: str = column(required=True, words=tuple(CATEGORIES))
    task: tuple[str, ...] = column(words=TASKS)
    family: str = column(words=FAMILIES)
    further_families: tuple[str, ...] = column(words=FAMILIES)
    depth: str = column(required=True, words=DEPTHS)
    backbones: tuple[str, ...]
    benchmarks: tuple[str, ...]
    mergeable: str = column(words=ANSWERS)
    backbone_gradient: str = column(words=ANSWERS)
    code: str = column(pattern=ADDRESS, form="an http(s) address")
    code_licence: str
    summary: str
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


def _family_twice(papers: Iterable[Paper]) -> Iterator[Problem]:
    for paper in papers:
        if paper.family and paper.family in paper.further_families:
            yield paper.row.problem(
                f"further_families repeats '{paper.family}', the family.", "Name only others there."
            )
        if paper.further_families and not paper.family and paper.row.sound("family"):
            yield paper.row.problem("further_families without a family.", "Put the main one into family.")


RULES = (
    _core_without,
    _family_twice,
)
