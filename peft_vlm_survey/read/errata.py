"""Read data/errata.csv: every error of the list from which the book began."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column

SEVERITIES = {
    "wrong": "Wrong facts",
    "misleading": "Misleading or imprecise",
    "incomplete": "Incomplete",
    "spelling": "Spelling and form",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Erratum:
    """One row of errata.csv; an empty `key` means that it concerns the list as a whole."""

    erratum: str = column(required=True, unique=True, pattern="[A-D][0-9]+", form="a letter and a number like A1")
    key: str = column(leads="references")
    severity: str = column(required=True, words=tuple(SEVERITIES))
    said: str = column(required=True)
    correct: str = column(required=True)
    evidence: str = column(required=True)
    row: Row
