"""Rules of drawings that need other files: the method that is drawn, the vocabulary, and the typed facts."""

from collections.abc import Callable, Iterator

from peft_vlm_survey.check.vocabulary import outside_vocabulary
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.drawings import DrawnPart

_DRAWINGS, _PARTS, _VOCABULARY = "data/drawings.csv", "data/drawing_parts.csv", "data/vocabulary.csv"
_DESCRIPTIONS = "data/descriptions.csv"
# The columns of a part, by the fact of a description whose words they take.
_FACTS: dict[str, Callable[[DrawnPart], str]] = {"trained": lambda part: part.trained, "part": lambda part: part.of}


def _without_the_other(survey: Survey) -> Iterator[Problem]:
    drawn, with_parts = {drawing.key for drawing in survey.drawings}, {part.key for part in survey.drawing_parts}
    for drawing in survey.drawings:
        if drawing.row.sound("key") and drawing.key not in with_parts:
            yield drawing.row.problem(f"the drawing of '{drawing.key}' has no parts.", f"Add its parts to {_PARTS}.")
    for part in survey.drawing_parts:
        if part.row.sound("key") and part.key not in drawn:
            remedy = suggest(part.key, drawn, f"Add its row to {_DRAWINGS}, or correct the key.")
            yield part.row.problem(f"'{part.key}' has no row in {_DRAWINGS}.", remedy)


def _outside_vocabulary(survey: Survey) -> Iterator[Problem]:
    parts = ((part, place) for part in survey.drawing_parts for place in (("trained", "trained"), ("of", "part")))
    return outside_vocabulary(survey, ((part.row, column, fact, _FACTS[fact](part)) for part, (column, fact) in parts))


def _departs_from_the_facts(survey: Survey) -> Iterator[Problem]:
    """Yield drawings that name something else as trained than the typed facts do, and do not say why."""
    known = {(term.field, term.value) for term in survey.vocabulary}
    for drawing in survey.drawings:
        description = survey.description(drawing.key)
        if description is None or drawing.differs or not survey.drawn_parts(drawing.key):
            continue
        for fact, value_of in _FACTS.items():
            trained = {value_of(part) for part in survey.drawn_parts(drawing.key) if part.is_trained}
            if trained != set(description.fact(fact)) and all((fact, value) in known for value in trained):
                named = ", ".join(sorted(trained)) or "nothing"
                yield drawing.row.problem(
                    f"'{fact}' of the parts is {named}, and {', '.join(description.fact(fact)) or 'nothing'} in line "
                    f"{description.row.line} of {_DESCRIPTIONS}.",
                    "Correct one of the two, or say in differs why they depart from each other.",
                )


RULES: tuple[tuple[Callable[[Survey], Iterator[Problem]], tuple[str, ...]], ...] = (
    (_without_the_other, (_DRAWINGS, _PARTS)),
    (_outside_vocabulary, (_PARTS, _VOCABULARY)),
    (_departs_from_the_facts, (_DRAWINGS, _PARTS, _DESCRIPTIONS)),
)
