"""Read data/mismatches.csv: printed averages that do not follow from their printed parts."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column

_NUMBER = r"-?[0-9]+(\.[0-9]+)?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mismatch:
    """One row of mismatches.csv."""

    origin: str = column(required=True, leads="origins")
    method: str = column(required=True, leads="methods")
    backbone: str = column(leads="backbones")
    benchmark: str = column(required=True, leads="benchmarks")
    printed: str = column(required=True, pattern=_NUMBER, form="a number")
    recomputed: str = column(required=True, pattern=_NUMBER, form="a number")
    explanation: str = column(required=True)
    row: Row
