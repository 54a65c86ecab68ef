"""Rules of families: that of a paper follows from its typed facts, and the facts that make a family are in the vocabulary."""

from collections.abc import Callable, Iterator

from peft_vlm_survey.check.vocabulary import outside_vocabulary
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.families import fitting, left_open, why_none
from peft_vlm_survey.read.papers import Paper

_PAPERS, _DESCRIPTIONS, _FAMILIES = "data/papers.csv", "data/descriptions.csv", "data/families.csv"
_VOCABULARY = "data/vocabulary.csv"
_METHODS = ("method", "training-free")


def _outside_vocabulary(survey: Survey) -> Iterator[Problem]:
    for family in survey.families:
        for fact, values in (("trained", family.trained), ("action", family.action)):
            yield from outside_vocabulary(survey, ((family.row, fact, fact, value) for value in values))


def _against_the_facts(survey: Survey) -> Iterator[Problem]:
    """Yield families that no typed fact supports, and methods without one although their facts point to one."""
    for paper in survey.papers:
        description = survey.description(paper.key)
        if description is None or not all(map(paper.row.sound, ("family", "further_families"))):
            continue
        trained, action = description.trained, description.action
        fit = fitting(survey.families, trained, action)
        line = f"line {description.row.line} of {_DESCRIPTIONS}"
        # That a core paper has one is a rule of papers.
        if not paper.family and paper.depth != "core" and paper.kind in _METHODS and not why_none(trained, action, fit):
            remedy = f"Write it there, or correct 'trained' and 'action' in {line}."
            yield paper.row.problem(f"family is empty, and the typed facts say '{fit[0]}'.", remedy)
        if fit and not left_open(trained, action):
            yield from _unsupported(paper, fit, line)


def _unsupported(paper: Paper, fit: tuple[str, ...], line: str) -> Iterator[Problem]:
    for family in paper.families:
        if family not in fit:
            remedy = f"Name one of them, or correct 'trained' and 'action' in {line}; {_FAMILIES} has the rule."
            yield paper.row.problem(f"family '{family}' does not follow from the facts: {', '.join(fit)}.", remedy)


RULES: tuple[tuple[Callable[[Survey], Iterator[Problem]], tuple[str, ...]], ...] = (
    (_outside_vocabulary, (_FAMILIES, _VOCABULARY)),
    (_against_the_facts, (_PAPERS, _DESCRIPTIONS, _FAMILIES)),
)
