"""Read data/left_out.csv: numbers of the evidence that the book does not hold, each with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/left_out.csv"
SHEETS = ("seed", "field")
COLUMNS = (
    Column(name="sheet", required=True, words=SHEETS),
    Column(name="source_row", required=True, pattern="[0-9]+", form="a whole number"),
    Column(name="origin"),
    Column(name="method"),
    Column(name="backbone"),
    Column(name="benchmark"),
    Column(name="value", required=True),
    Column(name="reason", required=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """One row of left_out.csv; `source_row` is the line of a sheet of the evidence."""

    sheet: str
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
    numbers, problems = read_records(root, PATH, COLUMNS, LeftOut)
    return numbers, (*problems, *_twice(numbers))


def _twice(numbers: tuple[LeftOut, ...]) -> Iterator[Problem]:
    first: dict[tuple[str, str], int] = {}
    for number in numbers:
        place = (number.sheet, number.source_row)
        if number.source_row and place in first:
            yield number.row.problem(
                f"source_row '{number.source_row}' of sheet '{number.sheet}' stands in line {first[place]} already.",
                "Keep one of the two rows.",
            )
        first.setdefault(place, number.row.line)
