"""Read data/corrections.csv: what an edition or the site printed before, and what is right."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Column, Row, read_records

PATH = "data/corrections.csv"
COLUMNS = (
    Column(name="date", required=True, pattern=DATE, form=DATE_FORM),
    Column(name="key", leads=True),
    Column(name="what", required=True),
    Column(name="before", required=True),
    Column(name="after", required=True),
    Column(name="source", required=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """One row of corrections.csv; an empty `key` means that it concerns no single work."""

    date: str
    key: str
    what: str
    before: str
    after: str
    source: str
    row: Row


def read_corrections(root: Path) -> tuple[tuple[Correction, ...], tuple[Problem, ...]]:
    """Read the corrections in the order of the file; there may be none."""
    corrections, problems = read_records(root, PATH, COLUMNS, Correction, may_be_empty=True)
    return corrections, (*problems, *(problem for one in corrections for problem in _nothing_corrected(one)))


def _nothing_corrected(correction: Correction) -> Iterator[Problem]:
    if correction.before and correction.before == correction.after:
        yield correction.row.problem(
            "before and after are the same.", "Write what the book printed before, and what is right."
        )
