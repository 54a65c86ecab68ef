"""What is wrong with the survey's sources, said to the person who can mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Problem:
    """One mistake in one place, with the way out of it.

    `path` is relative to the survey's root; `line` is the physical line, counted from 1.
    `loses` says that something could not be read here, so that whatever leads to it must not be called wrong.
    """

    path: str
    line: int
    message: str
    remedy: str
    loses: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}\n    {self.remedy}"


class SurveyError(Exception):
    """Carry every problem that keeps a survey from being loaded."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(report(self.problems))


def report(problems: Iterable[Problem], outcome: str = "Nothing was built.") -> str:
    """Return the problems sorted by place, their number, and what therefore was not done.

    >>> print(report([Problem(path="a.csv", line=2, message="no.", remedy="Yes.")]))
    a.csv:2: no.
        Yes.
    1 problem found. Nothing was built.
    """
    ordered = sorted(set(problems))
    noun = "problem" if len(ordered) == 1 else "problems"
    return "\n".join([*map(str, ordered), f"{len(ordered)} {noun} found. {outcome}"])


def nearest(word: str, vocabulary: Iterable[str]) -> str:
    """Return the word of the vocabulary that was probably meant; empty if none is near.

    >>> nearest("Journal", ["journal", "title"]), nearest("loar", ["lotr", "lora"])
    ('journal', 'lora')
    """
    words = {candidate.casefold(): candidate for candidate in sorted(vocabulary)}
    near = get_close_matches(word.casefold(), words, n=20, cutoff=0.6)
    swapped = [other for other in near if sorted(other) == sorted(word.casefold())]
    return words[(swapped or near)[0]] if near else ""


def suggest(word: str, vocabulary: Iterable[str], otherwise: str, *, called: Mapping[str, str] | None = None) -> str:
    """Return a remedy: what a word is `called` here, or the nearest word of the vocabulary, or else the given one.

    >>> suggest("groundng", ["grounding", "qa"], "Use another word.")
    "Did you mean 'grounding'?"
    >>> suggest("RefCOCO+", ["refcoco"], "Add its row.", called={"RefCOCO+": "refcoco-plus"})
    "Write 'refcoco-plus', which it is called here."
    """
    if called and word in called:
        return f"Write '{called[word]}', which it is called here."
    near = nearest(word, vocabulary)
    return f"Did you mean '{near}'?" if near else otherwise
