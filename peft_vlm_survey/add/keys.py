"""Make a citation key: the first author's family name, the year, and a word."""

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from itertools import count

from peft_vlm_survey.add.titles import telling_words
from peft_vlm_survey.read.folding import LETTERS
from peft_vlm_survey.read.reference import Reference

_LETTERS = str.maketrans({**LETTERS, "+": "plus"})


def make_key(fields: Mapping[str, str], name: str, taken: Container[str]) -> str:
    """Return a key that is not taken; empty if the entry has no author, year or title in Latin letters.

    A key that is taken grows by the next words of the title, and then by a letter.
    """
    people = Reference(key="", type="", fields=fields, line=1).family_names
    family = re.sub("[^a-z]", "", ascii_letters(re.sub(r"^[Tt]he ", "", people[0]))) if people else ""
    year = fields.get("year", "")
    words = [word] if (word := re.sub("[^a-z0-9]", "", ascii_letters(name))) else []
    words += [word for word in telling_words(fields.get("title", "")) if word not in words]
    if not family or not words or not re.fullmatch("[0-9]{4}", year):
        return ""
    return next(key for key in _longer_and_longer(f"{family}{year}", words) if key not in taken)


def _longer_and_longer(stem: str, words: list[str]) -> Iterator[str]:
    for number in range(1, min(len(words), 3) + 1):
        yield stem + "".join(words[:number])
    for number in count(1):
        yield f"{stem}{words[0]}{_letter(number)}"


def _letter(number: int) -> str:
    """Return b, c … z, then bb and so on.

    >>> [_letter(number) for number in (1, 25, 26)]
    ['b', 'z', 'bb']
    """
    rest, last = divmod(number - 1, 25)
    return (_letter(rest) if rest else "") + "bcdefghijklmnopqrstuvwxyz"[last]


def ascii_letters(text: str) -> str:
    """Return text in small ASCII letters, accents gone; a letter that has no such form is left out.

    >>> ascii_letters("Søren Łukasz Müller")
    'soren lukasz muller'
    """
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return decomposed.encode("ascii", "ignore").decode().lower()
