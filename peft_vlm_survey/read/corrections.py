"""Read data/corrections.csv: what an edition or the site printed before, and what is right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """One row of corrections.csv; an empty `key` means that it concerns no single work."""

    date: str = column(required=True, pattern=DATE, form=DATE_FORM)
    key: str = column(leads="references")
    what: str = column(required=True)
    before: str = column(required=True)
    after: str = column(required=True)
    source: str = column(required=True)
    row: Row


def _nothing_corrected(corrections: Iterable[Correction]) -> Iterator[Problem]:
    for correction in corrections:
        if correction.before and correction.before == correction.after:
            yield correction.row.problem(
                "before and after are the same.", "Write what the book printed before, and what is right."
            )


RULES = (_nothing_corrected,)
