"""Rules of descriptions that need other files: the paper that is described, its title, and the vocabulary."""

from collections.abc import Callable, Iterator

from peft_vlm_survey.check.vocabulary import outside_vocabulary
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.descriptions import words
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.read.vocabulary import FACTS

_PATH, _PAPERS, _VOCABULARY = "data/descriptions.csv", "data/papers.csv", "data/vocabulary.csv"
_IN_A_ROW = 8
# What acts outside of the blocks has no place in one; the value says so, and only beside one of these parts.
_OUTSIDE = "outside the blocks"
_PARTS_OUTSIDE = ("input pixels", "outputs", "outside the model")


def _of_no_paper(survey: Survey) -> Iterator[Problem]:
    keys = {paper.key for paper in survey.papers}
    for description in survey.descriptions:
        if description.key not in keys and description.row.sound("key"):
            yield description.row.problem(
                f"'{description.key}' is no paper of the catalogue.",
                suggest(description.key, keys, f"Add its row to {_PAPERS}, or correct the key."),
            )


def _outside_vocabulary(survey: Survey) -> Iterator[Problem]:
    told = ((description, fact) for description in survey.descriptions for fact in FACTS)
    return outside_vocabulary(survey, ((d.row, fact, fact, value) for d, fact in told for value in d.fact(fact)))


def _says_its_title(survey: Survey) -> Iterator[Problem]:
    for description in survey.descriptions:
        reference = survey.references.get(description.key)
        title = words(reference.title_without_formulas) if reference else ()
        summary = words(description.summary)
        if len(title) < _IN_A_ROW or sum(map({*title}.__contains__, summary)) < _IN_A_ROW:
            continue
        runs = {title[place : place + _IN_A_ROW] for place in range(len(title) - _IN_A_ROW + 1)}
        if any(summary[place : place + _IN_A_ROW] in runs for place in range(len(summary) - _IN_A_ROW + 1)):
            message = f"summary repeats {_IN_A_ROW} words of the title in a row."
            yield description.row.problem(
                message, "Say what is trained, where and what for; the title stands above it."
            )


def _merges_and_does_not(survey: Survey) -> Iterator[Problem]:
    """Yield facts that exclude each other: what does not train has no gradient, and what merges costs nothing."""
    for description in survey.descriptions:
        if description.mergeable == ("yes",) and "second network" in description.inference:
            remedy = "A second network at inference cannot be folded into the weights: correct one of the two."
            yield description.row.problem("mergeable 'yes', yet a second network at inference.", remedy)


def _outside_within(survey: Survey) -> Iterator[Problem]:
    for description in survey.descriptions:
        if _OUTSIDE in description.place and not set(description.part) & set(_PARTS_OUTSIDE):
            remedy = f"It goes with a part among {', '.join(_PARTS_OUTSIDE)}: correct place or part."
            yield description.row.problem(f"place '{_OUTSIDE}', yet no part lies there.", remedy)


RULES: tuple[tuple[Callable[[Survey], Iterator[Problem]], tuple[str, ...]], ...] = (
    (_of_no_paper, (_PATH, _PAPERS)),
    (_outside_vocabulary, (_PATH, _VOCABULARY)),
    (_says_its_title, (_PATH, BIBLIOGRAPHY)),
    (_merges_and_does_not, (_PATH,)),
    (_outside_within, (_PATH,)),
)
