"""Read data/vocabulary.csv: the words in which descriptions say what a paper does, each in English and Chinese."""

from collections.abc import Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.between_rows import standing_twice
from peft_vlm_survey.read.sheets import Row, column

# The typed facts of a paper in the order in which they are shown, each with its name and the question that it answers.
FACTS = {
    "model": ("Kind of model", "What kind of model is adapted?"),
    "trained": ("Trained", "What is trained?"),
    "part": ("Part of the model", "In which part of the model?"),
    "place": ("Place in a block", "At which place of a block?"),
    "action": ("How it acts", "How does it act?"),
    "regime": ("Regime", "In which training regime?"),
    "signal": ("Learning signal", "What does it learn from?"),
    "aims": ("Aims", "What is it for?"),
    "gradient": ("Gradient through the backbone", "Does back-propagation pass through the frozen model?"),
    "mergeable": ("Mergeable into the backbone", "Can it be folded into the weights?"),
    "inference": ("Extra cost at inference", "What is extra at inference?"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One value that a typed fact may have, with its Chinese label; `meaning` says more where the value does not."""

    field: str = column(required=True, words=tuple(FACTS))
    value: str = column(required=True)
    zh: str = column(required=True)
    meaning: str
    row: Row


def _twice(terms: tuple[Term, ...]) -> Iterator[Problem]:
    for term, first in standing_twice(terms, lambda term: (term.field, term.value)):
        yield term.row.problem(f"{term.field} '{term.value}' stands in line {first} already.", "Keep one of them.")


RULES = (_twice,)
