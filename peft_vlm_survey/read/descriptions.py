"""Read data/descriptions.csv: what every paper does, as a sentence in two languages and as typed facts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import attrgetter

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Row, column
from peft_vlm_survey.read.vocabulary import FACTS

# How a typed fact is known; the last two are conclusions of the survey and not words of a source.
BASES = {
    "paper": "read in the paper",
    "abstract": "said in the abstract",
    "README": "said in the official README",
    "code": "read in the official code",
    "title": "said in the title",
    "inferred": "read by a reader of the field from what the text says",
    "by construction": "follows from the mechanism",
}
TEXTS = {
    "paper": "the paper",
    "abstract": "the abstract",
    "README": "the official README",
}
MOST_WORDS, MOST_CHARACTERS = 40, 80
_PRAISE = re.compile(
    r"\b(novel(?:ty)?|superior|state[- ]of[- ]the[- ]art|powerful|remarkabl[ey]|significant(?:ly)?|outperforms?|"
    r"impressive|elegant|innovative|promising|cutting-edge|excellent|outstanding|unprecedented|groundbreaking|"
    r"seamless(?:ly)?|surpass(?:es)?)\b",
    re.IGNORECASE,
)
_PRAISE_IN_SMALL = re.compile(_PRAISE.pattern)


# A sentence about a method that holds none of these says of nothing that it is trained or changed.
_MECHANISM = re.compile(
    r"lora|low[- ]rank|rank|adapt|prompt|token|prefix|weight|bias|norm|layer|parameter|matri|factor|modul|mask|vector|"
    r"embed|tun|train|head|prob|project|cache|prototype|scal|gat|rout|expert|gradient|fr[eo]ez|froze|merg|updat|learn|"
    r"fit|optimi[sz]|network|classif|map|distil|inject|encoder|decoder|mixer|select|search|compar|stud|shows?|measur",
    re.IGNORECASE,
)
# Most sentences hold one of these, which are found sooner.
_PLAINLY = ("train", "Train", "prompt", "adapt", "Adapt", "LoRA", "token", "learn")


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """One row of descriptions.csv: what a paper does, and how each typed fact of it is known.

    `text` is what was read, `source` where; an empty tuple means that the text does not say.
    """

    key: str = column(required=True, unique=True, leads="papers")
    text: str = column(required=True, words=tuple(TEXTS))
    source: str = column(required=True)
    summary: str = column(required=True)
    summary_zh: str = column(required=True)
    model: tuple[str, ...]
    trained: tuple[str, ...]
    part: tuple[str, ...]
    place: tuple[str, ...]
    action: tuple[str, ...]
    regime: tuple[str, ...]
    signal: tuple[str, ...]
    aims: tuple[str, ...]
    gradient: tuple[str, ...]
    mergeable: tuple[str, ...]
    inference: tuple[str, ...]
    basis: tuple[str, ...]
    row: Row

    def fact(self, name: str) -> tuple[str, ...]:
        """Return the values of a typed fact by its name."""
        values: tuple[str, ...] = getattr(self, name)
        return values

    @property
    def bases(self) -> Mapping[str, str]:
        """How each typed fact is known, by its name."""
        return {
            name.strip(): basis
            for basis, _, names in (member.partition(": ") for member in self.basis)
            for name in names.split(",")
        }


@cache  # two rules ask for the words of every summary
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, for comparisons.

    >>> words("Trains low-rank factors.")
    ('trains', 'low-rank', 'factors')
    """
    return tuple(re.findall(r"[\w’'-]+", text.lower()))


def _too_long(descriptions: Iterable[Description]) -> Iterator[Problem]:
    for description in descriptions:
        count = len(description.summary.split())
        if count > MOST_WORDS:
            yield description.row.problem(f"summary has {count} words.", f"Say it in at most {MOST_WORDS}.")
        if len(description.summary_zh) > MOST_CHARACTERS:
            message = f"summary_zh has {len(description.summary_zh)} characters."
            yield description.row.problem(message, f"Say it in at most {MOST_CHARACTERS}.")


def _praise(descriptions: Iterable[Description]) -> Iterator[Problem]:
    rows = tuple(descriptions)
    # A word is looked at once, however often it stands; of words that praise only together one has this in it.
    used = set(chain.from_iterable(words(description.summary) for description in rows))
    doubtful = {word for word in used if "art" in word or not word.isascii() or _PRAISE_IN_SMALL.search(word)}
    for description in rows:
        if doubtful.isdisjoint(words(description.summary)):
            continue
        if praise := _PRAISE.search(description.summary):
            remedy = "Say what the method does; readers judge it by its numbers."
            yield description.row.problem(f"summary praises: '{praise.group()}'.", remedy)


def _no_sentence(descriptions: Iterable[Description]) -> Iterator[Problem]:
    for description in descriptions:
        for name, end in (("summary", "."), ("summary_zh", "。")):
            text = description.row[name]
            if text and not text.endswith(end):
                yield description.row.problem(f"{name} is no sentence.", f"End it with '{end}'.")


def _no_mechanism(descriptions: Iterable[Description]) -> Iterator[Problem]:
    """Yield summaries in which nothing is trained, changed or studied, although the facts say that something is."""
    for description in descriptions:
        summary = description.summary
        if any(part in summary for part in _PLAINLY):
            continue
        if description.trained and summary and not _MECHANISM.search(summary):
            remedy = f"Say what is trained and in which part; the facts say: {', '.join(description.trained)}."
            yield description.row.problem("summary does not say what is trained.", remedy)


def _wrong_basis(descriptions: Iterable[Description]) -> Iterator[Problem]:
    for description in descriptions:
        filled = tuple(name for name, values in zip(FACTS, _facts(description), strict=True) if values)
        if not _has_a_basis(description.basis, filled):
            yield from _wrong_basis_of(description)


_facts = attrgetter(*FACTS)


@cache  # many rows say it alike
def _has_a_basis(basis: tuple[str, ...], filled: tuple[str, ...]) -> bool:
    """Return whether every fact that is filled has one basis, and nothing else has any."""
    named: list[str] = []
    for member in basis:
        known, colon, names = member.partition(": ")
        if known not in BASES or not colon:
            return False
        named += [name.strip() for name in names.split(",")]
    return sorted(named) == sorted(filled)


def _wrong_basis_of(description: Description) -> Iterator[Problem]:
    named: list[str] = []
    for member in description.basis:
        basis, colon, names = member.partition(": ")
        if basis not in BASES or not colon:
            listed = ", ".join(BASES)
            remedy = f"Write the basis, a colon and the facts, as in 'abstract: model, trained'. Bases are: {listed}."
            yield description.row.problem(f"basis '{member}' is not known.", remedy)
            return
        named += [name.strip() for name in names.split(",")]
    filled = [name for name in FACTS if description.fact(name)]
    for name in sorted(set(named) ^ set(filled)):
        problem = "has a basis and no value" if name in named else "has a value and no basis"
        yield description.row.problem(f"{name} {problem}.", "Give each fact that is filled one basis, and no other.")
    for name in sorted({name for name in named if named.count(name) > 1}):
        yield description.row.problem(f"{name} has two bases.", "Keep one.")


def _alike(descriptions: Iterable[Description]) -> Iterator[Problem]:
    """Yield summaries that (nearly) repeat another one: the sentence of a paper is its own."""
    rows = tuple(descriptions)
    sets = [frozenset(words(description.summary)) for description in rows]
    sizes = [len(vocabulary) for vocabulary in sets]
    use = Counter(chain.from_iterable(sets))
    rank = {word: place for place, word in enumerate(sorted(sorted(use), key=use.__getitem__))}
    at: dict[int, list[int]] = {}
    for place, (vocabulary, description) in enumerate(zip(sets, rows, strict=True)):
        if len(vocabulary) < 5:
            continue
        # If two sentences share more than four fifths of their words, two of these are among the rarest words of both.
        rarest = sorted(map(rank.__getitem__, vocabulary))[: len(vocabulary) - 4 * len(vocabulary) // 5 + 1]
        once: set[int] = set()
        likely: set[int] = set()
        for word in rarest:
            if others := at.get(word):
                likely.update(once.intersection(others))
                once.update(others)
        near = [other for other in likely if 9 * len(vocabulary & sets[other]) > 4 * (len(vocabulary) + sizes[other])]
        if near:
            other = rows[min(near)]
            message = f"summary is nearly that of '{other.key}' in line {other.row.line}."
            yield description.row.problem(message, "Say what tells the two papers apart.")
        for word in rarest:
            at.setdefault(word, []).append(place)


RULES = (_too_long, _praise, _no_sentence, _no_mechanism, _wrong_basis, _alike)
