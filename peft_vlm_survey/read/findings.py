"""Read data/findings.csv: what the survey holds to be known, and the measure of its own data that bears it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

_NUMBER, _FORM = r"-?[0-9]+(\.[0-9]+)?", "a number such as 0.5"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One row of findings.csv; the claim holds while its measure lies between `low` and `high`."""

    finding: str = column(required=True, unique=True, pattern="[a-z-]+", form="small letters and hyphens")
    claim: str = column(required=True)
    measure: str = column(required=True)
    low: str = column(required=True, pattern=_NUMBER, form=_FORM)
    high: str = column(required=True, pattern=_NUMBER, form=_FORM)
    checked: str = column(required=True, pattern=DATE, form=DATE_FORM)
    row: Row


def _low_above_high(findings: Iterable[Finding]) -> Iterator[Problem]:
    for finding in findings:
        if finding.row.sound("low") and finding.row.sound("high") and float(finding.low) > float(finding.high):
            yield finding.row.problem(f"low {finding.low} is above high {finding.high}.", "Exchange the two.")


RULES = (_low_above_high,)
