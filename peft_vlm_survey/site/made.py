"""Files that the site makes of the data: each is made again only if something changed that was looked at for it."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from peft_vlm_survey.cache import Answers, Looks, answers
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.model import Survey

T = TypeVar("T")


@cache
def _kept() -> tuple[Answers, Looks]:
    return answers(ROOT, "files"), the_survey().derived(Looks)


@cache
def made(name: str, work: Callable[[Survey], Any]) -> tuple[Any, str]:
    """Return what a function makes of the survey, and what changes if and only if that does."""
    kept, looks = _kept()
    answer = kept.renew(name, "", the_survey(), looks, work)
    return kept.load(answer), answer.file


@cache
def state(name: str, work: Callable[[Survey], Any]) -> str:
    """Return what changes if and only if that which a function makes of the survey does."""
    kept, looks = _kept()
    return kept.renew(name, "", the_survey(), looks, work).file


def cached_derived(work: Callable[[Survey], T]) -> T:
    """Return what takes long to derive from the survey, from the disk if nothing changed at which it looked."""
    derived: T = _kept()[1].kept(work)[0]
    return derived


def save() -> None:
    """Keep the list of what was made."""
    for kept in _kept():
        kept.save()
