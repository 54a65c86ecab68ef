"""The findings of the synthesis: each with its grade, and whether its numbers still support it."""

from collections.abc import Iterator, Mapping
from statistics import StatisticsError

from peft_vlm_survey.compare.measures import MEASURES, Measured
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest

_REMEDY = "Write the claim and its section in book/known.md anew, or remove both; then set low, high and checked."
MANY = 10  # papers whose tables bear a finding, from which it rests on many independent groups of authors


def grade(measured: Measured) -> str:
    """Return how broad the evidence is, by the number of papers whose tables it comes from."""
    if measured.papers >= MANY:
        return "many papers"
    return "a few papers" if measured.papers > 1 else "one paper"


def measured(survey: Survey) -> Mapping[str, Measured]:
    """Return the measure of each finding, by its id. Raises KeyError for a measure that does not exist."""
    return survey.derived(_measured)


def _measured(survey: Survey) -> Mapping[str, Measured]:
    return {finding.finding: MEASURES[finding.measure](survey) for finding in survey.findings}


def find_problems(survey: Survey) -> Iterator[Problem]:
    """Yield every finding that its numbers no longer support, or that has no measure."""
    for finding in survey.findings:
        if finding.measure not in MEASURES:
            yield finding.row.problem(
                f"no measure '{finding.measure}'.",
                suggest(finding.measure, MEASURES, f"The measures are: {', '.join(sorted(MEASURES))}."),
            )
            continue
        try:
            value = MEASURES[finding.measure](survey).value
        except (StatisticsError, ZeroDivisionError):  # the median or the share of nothing
            yield finding.row.problem(f"no number bears finding '{finding.finding}'.", _REMEDY)
            continue
        if not float(finding.low) <= value <= float(finding.high):
            yield finding.row.problem(
                f"the numbers no longer support finding '{finding.finding}': its measure is {value:.3g},"
                f" not between {finding.low} and {finding.high}.",
                _REMEDY,
            )
