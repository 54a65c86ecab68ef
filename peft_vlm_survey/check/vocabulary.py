"""The rule of data/vocabulary.csv: what a table says of a typed fact is a value that the vocabulary lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.sheets import Row


def outside_vocabulary(survey: Survey, values: Iterable[tuple[Row, str, str, str]]) -> Iterator[Problem]:
    """Yield every value, given with its row, its column and its fact, that the vocabulary does not list for the fact."""
    known: dict[str, list[str]] = defaultdict(list)
    for term in survey.vocabulary:
        known[term.field].append(term.value)
    for row, column, fact, value in values:
        if value and value not in known[fact]:
            remedy = suggest(value, known[fact], f"data/vocabulary.csv lists the values of '{fact}'.")
            yield row.problem(f"{column} '{value}' is not in the vocabulary.", remedy)
