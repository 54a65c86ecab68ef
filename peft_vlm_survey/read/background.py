"""Read data/background.csv: works that the text cites without classifying them, and where their records were read."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column


@dataclass(frozen=True, kw_only=True, slots=True)
class Background:
    """One row of background.csv."""

    key: str = column(required=True, unique=True, leads="references")
    role: str = column(required=True, words=("method", "model", "benchmark", "survey"))
    name: str = column(required=True)
    source: str = column(required=True)
    checked: str = column(required=True, pattern=DATE, form=DATE_FORM)
    row: Row
