"""Read data/mismatches.csv: printed averages that do not follow from their printed parts."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/mismatches.csv"
_NUMBER = r"-?[0-9]+(\.[0-9]+)?"
COLUMNS = (
    Column(name="origin", required=True, leads=True),
    Column(name="method", required=True),
    Column(name="backbone"),
    Column(name="benchmark", required=True, leads=True),
    Column(name="printed", required=True, pattern=_NUMBER, form="a number"),
    Column(name="recomputed", required=True, pattern=_NUMBER, form="a number"),
    Column(name="explanation", required=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mismatch:
    """One row of mismatches.csv."""

    origin: str
    method: str
    backbone: str
    benchmark: str
    printed: str
    recomputed: str
    explanation: str
    row: Row


def read_mismatches(root: Path) -> tuple[tuple[Mismatch, ...], tuple[Problem, ...]]:
    """Read the mismatches in the order of the file."""
    return read_records(root, PATH, COLUMNS, Mismatch)
