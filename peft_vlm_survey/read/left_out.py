"""Read data/left_out.csv: numbers of the evidence that are not in the data, each with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.between_rows import standing_twice
from peft_vlm_survey.read.sheets import Row, column

SHEETS = ("seed", "field", "repositories")


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """One row of left_out.csv; `source_row` is the line of a sheet of the evidence, or counts on."""

    sheet: str = column(required=True, words=SHEETS)
    source_row: str = column(required=True, pattern="[0-9]+", form="a whole number")
    origin: str
    method: str
    backbone: str
    benchmark: str
    value: str = column(required=True)
    reason: str = column(required=True)
    row: Row


def _twice(numbers: tuple[LeftOut, ...]) -> Iterator[Problem]:
    of_rows = [number for number in numbers if number.source_row]
    for number, first in standing_twice(of_rows, lambda number: (number.sheet, number.source_row)):
        yield number.row.problem(
            f"source_row '{number.source_row}' of sheet '{number.sheet}' stands in line {first} already.",
            "Keep one of the two rows.",
        )


RULES = (_twice,)
