"""Read data/editions.csv: the editions that were published, and what each added."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

_WHOLE, _FORM = "[0-9]+", "a whole number"


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedEdition:
    """One row of editions.csv; `papers` and `results` are counts of rows, empty where they were not kept."""

    version: str = column(required=True, unique=True, pattern=r"\d+\.\d+\.\d+", form="a version such as 1.5.0")
    date: str = column(required=True, pattern=DATE, form=DATE_FORM)
    papers: str = column(pattern=_WHOLE, form=_FORM)
    results: str = column(pattern=_WHOLE, form=_FORM)
    added: str = column(required=True)
    row: Row
