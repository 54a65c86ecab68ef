"""Read data/errata.csv: every error of the list from which the book began."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/errata.csv"
SEVERITIES = {
    "wrong": "Wrong facts",
    "misleading": "Misleading or imprecise",
    "incomplete": "Incomplete",
    "spelling": "Spelling and form",
}
COLUMNS = (
    Column(name="erratum", required=True, unique=True, pattern="[A-D][0-9]+", form="a letter and a number like A1"),
    Column(name="key", leads=True),
    Column(name="severity", required=True, words=tuple(SEVERITIES)),
    Column(name="said", required=True),
    Column(name="correct", required=True),
    Column(name="evidence", required=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Erratum:
    """One row of errata.csv; an empty `key` means that it concerns the list as a whole."""

    erratum: str
    key: str
    severity: str
    said: str
    correct: str
    evidence: str
    row: Row


def read_errata(root: Path) -> tuple[tuple[Erratum, ...], tuple[Problem, ...]]:
    """Read the errata in the order of the file."""
    return read_records(root, PATH, COLUMNS, Erratum)
