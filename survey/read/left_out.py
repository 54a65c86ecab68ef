"""Read data/left_out.csv: numbers of the evidence that the book does not hold, each with the reason."""

from dataclasses import dataclass
from pathlib import Path

from survey.problems import Problem
from survey.read.sheets import Column, Row, read_records

PATH = "data/left_out.csv"
COLUMNS = (
    Column(name="source_row", required=True, unique=True, pattern="[0-9]+", form="a whole number"),
    Column(name="origin"),
    Column(name="method"),
    Column(name="backbone"),
    Column(name="benchmark"),
    Column(name="value", required=True),
    Column(name="reason", required=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """One row of left_out.csv; `source_row` is the line of the evidence's table."""

    source_row: str
    origin: str
    method: str
    backbone: str
    benchmark: str
    value: str
    reason: str
    row: Row


def read_left_out(root: Path) -> tuple[tuple[LeftOut, ...], tuple[Problem, ...]]:
    """Read the numbers left out in the order of the file."""
    return read_records(root, PATH, COLUMNS, LeftOut)
