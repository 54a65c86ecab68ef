"""Whose experiment a number is: as its table says, else as far as table and method tell."""

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.results import NOT_STATED, Result

OTHER = "other"


def whose(survey: Survey, number: Result) -> str:
    """Return `own`, `rerun` or `copied` as recorded; else `other` in a paper's table, and nothing in a table of no paper.

    A number is *own* if the paper whose table it is proposed the method; `make check` asks that its claim says so.
    Every other number of a paper's table belongs to another method. Where the table does not say whether its authors
    ran that method again or took the number over, it is one of the two, and nothing decides.
    In a list or a repository of no paper, even that is not known: it may be the page of the method's own authors.
    """
    if number.claim not in ("", NOT_STATED):
        return number.claim
    return OTHER if survey.origins_by_id[number.origin].key else ""
