"""Read data/second_readings.csv: draws of papers that somebody read again who had not found them, and what was wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.between_rows import standing_twice
from peft_vlm_survey.read.sheets import Row, column

_COUNT = {"pattern": "[0-9]+", "form": "a whole number"}

# What a reading judges, in the order of the table; `wrong` counts papers.
JUDGED = {
    "scope": "does not belong",
    "category": "stands under another category than its abstract asks for",
    "task": "has a wrong task",
    "summary": "has a wrong English summary",
    "facts": "has a wrong typed fact",
    "authors": "has other authors than its venue prints",
}
# What is counted beside it, which is not wrong: a reader who is right may differ, or a word may be vague.
BESIDE = {
    "scope_doubtful": "belong doubtfully",
    "category_doubtful": "have a doubtful category",
    "summary_imprecise": "have an English summary that says a thing vaguely or leaves one out",
    "facts_imprecise": "have a vague typed fact",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondReading:
    """One row of second_readings.csv: how many papers were drawn, and how many of them were wrong in each respect."""

    edition: str = column(required=True, pattern=r"[0-9]+\.[0-9]+\.[0-9]+", form="an edition like 1.5.0")
    drawn_from: str = column(required=True)
    drawn: str = column(required=True, **_COUNT)
    read: str = column(**_COUNT)
    scope: str = column(**_COUNT)
    category: str = column(**_COUNT)
    task: str = column(**_COUNT)
    summary: str = column(**_COUNT)
    facts: str = column(**_COUNT)
    authors: str = column(**_COUNT)
    scope_doubtful: str = column(**_COUNT)
    category_doubtful: str = column(**_COUNT)
    summary_imprecise: str = column(**_COUNT)
    facts_imprecise: str = column(**_COUNT)
    then: str = column()
    row: Row

    def wrong(self, what: str) -> int | None:
        """Return how many were wrong in one respect of `JUDGED` or `BESIDE`, or None if that was not counted."""
        return int(self.row.cells[what]) if self.row.cells[what] else None


def _more_than_drawn(readings: Iterable[SecondReading]) -> Iterator[Problem]:
    for reading in readings:
        if not reading.row.sound("drawn"):
            continue
        for part in ("read", *JUDGED, *BESIDE):
            if reading.row.sound(part) and int(reading.row.cells[part] or 0) > int(reading.drawn):
                message = f"{part} {reading.row.cells[part]} is more than drawn {reading.drawn}."
                yield reading.row.problem(message, "Count papers, each once.")


def _twice(readings: Iterable[SecondReading]) -> Iterator[Problem]:
    for reading, first in standing_twice(readings, lambda reading: (reading.edition, reading.drawn_from)):
        yield reading.row.problem(
            f"edition {reading.edition} has a draw from '{reading.drawn_from}' at line {first} already.",
            "Remove one of the two rows, or say how the draws differ.",
        )


RULES = (_more_than_drawn, _twice)
