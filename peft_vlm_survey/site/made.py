"""Files that the site makes of the data: each is made again only if the sources or the code changed."""

from collections.abc import Callable
from functools import cache
from typing import Any

from peft_vlm_survey.cache import Answers, answers
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.model import Survey


@cache
def _kept() -> Answers:
    kept = answers(ROOT, "files")
    kept.hold_against(the_survey())
    return kept


@cache
def made(name: str, work: Callable[[Survey], Any]) -> tuple[Any, str]:
    """Return what a function makes of the survey, and what changes if and only if that does."""
    answer = _kept().renew(name, "", the_survey(), work)
    return _kept().load(answer), answer.file


def save() -> None:
    """Keep the list of what was made."""
    _kept().save()
