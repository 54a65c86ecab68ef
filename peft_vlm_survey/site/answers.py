"""The answers that are kept, as the build asks for them: one look at the disk per build."""

from functools import cache

from peft_vlm_survey.cache import Answers, answers
from peft_vlm_survey.data import ROOT
from peft_vlm_survey.questions import Question, read_questions


@cache
def cached_answers() -> Answers:
    """Return what the chapters' questions were last answered with."""
    return answers(ROOT)


@cache
def _questions() -> tuple[Question, ...]:
    return tuple(read_questions(ROOT))


def asked_in(path: str) -> tuple[Question, ...]:
    """Return the questions of a chapter, in order."""
    return tuple(question for question in _questions() if question.path == path)


def questions() -> tuple[Question, ...]:
    """Return the questions of every chapter, in order."""
    return _questions()


def forget() -> None:
    """Look at the disk again: answers were renewed."""
    cached_answers.cache_clear()
