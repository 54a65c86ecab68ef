"""Check the claim of each number (own, rerun, copied) against the paper of its table and the paper of its method."""

from collections.abc import Iterator

from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.results import NOT_STATED


def own_of_another(survey: Survey) -> Iterator[Problem]:
    """Report every number that is called its paper's own and belongs to the method of another paper, or of none."""
    keys = {origin.origin: origin.key for origin in survey.origins}
    for number in (*survey.results, *survey.measurements):
        whose = keys.get(number.origin, "")
        if number.claim == "own" and whose and number.method_key != whose:
            yield number.row.problem(
                f"claim 'own', but {number.method} is not the method of {whose}, whose table it is.",
                "Write 'rerun' or 'copied', or 'not stated'.",
            )


def own_without_claim(survey: Survey) -> Iterator[Problem]:
    """Report every number of a paper's method in the paper's own table that does not say whose it is."""
    keys = {origin.origin: origin.key for origin in survey.origins}
    for number in (*survey.results, *survey.measurements):
        unsaid = number.claim in ("", NOT_STATED) and number.row.sound("claim")
        if unsaid and number.method_key == keys.get(number.origin) != "":
            yield number.row.problem(
                f"claim is {number.claim or 'empty'}, but {number.method} is the method of {number.method_key}, whose table it is.",
                "Write 'own'.",
            )
