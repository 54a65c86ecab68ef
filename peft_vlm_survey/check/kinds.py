"""Rules of kind, family and category that the typed facts of a paper decide."""

import re
from collections.abc import Callable, Iterator

from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.papers import Paper

_PAPERS, _DESCRIPTIONS, _BIBLIOGRAPHY = "data/papers.csv", "data/descriptions.csv", "references.bib"
_NOTHING = "nothing"
# How a method acts on modules that others trained, which then have the family.
_ON_MODULES = frozenset(
    {
        "merges modules",
        "selects modules",
        "transfers modules to another model",
        "low-rank change",
        "other structured weight change",
        "quantises",
    }
)
# Tasks that models of vision and of vision and language solve alike; the part that is adapted decides.
_EITHER = re.compile(r"re-?identif|\breid\b|deep-?fake|face forger|ai-generated image|synthetic image|spoof", re.I)
_ENCODERS = frozenset({"dual-encoder VLM", "vision transformer"})
_IMAGE_SIDE = frozenset({"image encoder", "vision backbone"})
_TEXT_SIDE = frozenset({"text encoder", "text-encoder output", "both encoders"})


def _described(survey: Survey) -> Iterator[tuple[Paper, Description]]:
    for paper in survey.papers:
        description = survey.description(paper.key)
        if description is not None and description.row.sound("trained"):
            yield paper, description


def _kind_against_the_facts(survey: Survey) -> Iterator[Problem]:
    for paper, description in _described(survey):
        remedy = f"Correct kind, or 'trained' in line {description.row.line} of {_DESCRIPTIONS}."
        if paper.kind == "method" and description.trained == (_NOTHING,):
            yield paper.row.problem("kind is 'method', yet nothing is trained.", remedy)
        if paper.kind == "training-free" and description.trained and _NOTHING not in description.trained:
            yield paper.row.problem("kind is 'training-free', yet 'trained' does not name 'nothing'.", remedy)


def _family_of_nothing(survey: Survey) -> Iterator[Problem]:
    for paper, description in _described(survey):
        if paper.family and description.trained == (_NOTHING,) and _ON_MODULES.isdisjoint(description.action):
            yield paper.row.problem(
                f"family is '{paper.family}', yet nothing is trained, and no module of others is worked on.",
                "Leave family empty; the page of the paper says why it has none.",
            )


def _category_by_accident(survey: Survey) -> Iterator[Problem]:
    for paper, description in _described(survey):
        reference, parts = survey.references.get(paper.key), frozenset(description.part)
        if reference is None or not _EITHER.search(reference.title) or not _ENCODERS.issuperset(description.model):
            continue
        if parts and parts <= _IMAGE_SIDE and paper.category != "vision":
            remedy = "Write 'vision', or correct 'part'; data/README.md has the rule."
            yield paper.row.problem(f"category is '{paper.category}', yet the image side alone is adapted.", remedy)
        if parts & _TEXT_SIDE and paper.category not in ("qa", "recognition"):
            remedy = "Write 'qa' for re-identification, 'recognition' for forgeries, or correct 'part'."
            yield paper.row.problem(f"category is '{paper.category}', yet the text side is adapted.", remedy)


RULES: tuple[tuple[Callable[[Survey], Iterator[Problem]], tuple[str, ...]], ...] = (
    (_kind_against_the_facts, (_PAPERS, _DESCRIPTIONS)),
    (_family_of_nothing, (_PAPERS, _DESCRIPTIONS)),
    (_category_by_accident, (_PAPERS, _DESCRIPTIONS, _BIBLIOGRAPHY)),
)
