"""Read data/readings.csv: how far each work that a chapter cites was read, and where."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column

HOW_FAR = ("notes", "abstract", "readme", "code", "tables", "full text")  # from least to most


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One row of readings.csv."""

    key: str = column(required=True, unique=True, leads="references")
    read: tuple[str, ...] = column(required=True, words=HOW_FAR)
    where: str = column(required=True)
    row: Row
