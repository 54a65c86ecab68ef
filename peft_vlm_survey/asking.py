"""How a question reaches the module that answers it, and how a kernel is given the answer that is kept."""

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from peft_vlm_survey.show.markup import KEPT

if TYPE_CHECKING:
    from peft_vlm_survey.cache import Answers
    from peft_vlm_survey.model import Survey

__all__ = ["KEPT", "ask", "call_of", "doors"]


def call_of(name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> str:
    """Return a call as text, the same for the same question.

    >>> call_of("counts", (1,), {"label": "x", "caption": "y"})
    "counts(1, caption='y', label='x')"
    """
    given = [*map(repr, arguments), *(f"{word}={value!r}" for word, value in sorted(keywords.items()))]
    return f"{name}({', '.join(given)})"


def ask(name: str, home: str, arguments: Sequence[Any], keywords: Mapping[str, Any], survey: "Survey") -> Any:
    """Return the answer of a module of `show`. Raises KeyError, TypeError or ValueError where there is none."""
    from peft_vlm_survey.show.table import Table

    question = getattr(import_module(f"peft_vlm_survey.show.{home}"), name)
    taken = inspect.signature(question).parameters
    titles = {word: keywords[word] for word in ("caption", "label") if word in keywords and word not in taken}
    given = {word: value for word, value in keywords.items() if word not in titles}
    answer = question(*arguments, **given, **({"survey": survey} if "survey" in taken else {}))
    if not isinstance(answer, Table):
        return answer
    if len(titles) < 2:
        raise TypeError("a table needs a caption and a label")
    return answer.titled(**titles)


@cache
def _kept() -> "Answers | None":
    """Return the answers that are kept, if they are those of the data as they are; a kernel looks once."""
    from peft_vlm_survey.cache import answers
    from peft_vlm_survey.place import ROOT

    kept = answers(ROOT)
    return kept if kept.current else None


def door(name: str, home: str) -> Callable[..., Any]:
    """Return a question as a chapter's cell asks it: of this repository's own survey, or of the one that it is given."""

    def asked(*arguments: Any, survey: "Survey | None" = None, **keywords: Any) -> Any:
        if survey is None and os.environ.get(KEPT) and (kept := _kept()):
            entry = kept.entries.get(call_of(name, arguments, keywords))
            if entry and (answer := kept.load(entry)) is not None:
                return answer
        if survey is None:
            from peft_vlm_survey.data import the_survey

            survey = the_survey()
        return ask(name, home, arguments, keywords, survey)

    asked.__name__ = name
    return asked


def doors(homes: Mapping[str, str]) -> Callable[[str], Callable[..., Any]]:
    """Return what a module of questions answers when one is looked up in it; the module of `show` is imported when it is asked."""

    def question(name: str) -> Callable[..., Any]:
        if name not in homes:
            raise AttributeError(f"no question '{name}'")
        return door(name, homes[name])

    return question
