"""Values made small for scripts, which `_static/unpacking.js` reads: columns that say once what stands in many cells, and whole values deflated.

Measured on the catalogue of 5,088 papers, compressed: titles 115 and 101 kB, summaries 330 and 275 kB, keys 33 and 3 kB,
names 18 and 9 kB. A list of all authors, to which cells would point, weighs as much as the names it replaces.
"""

import base64
import json
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import Paper

# Letters of two bytes in UTF-8. Those that texts have stand for themselves, and each other one for a word.
_LETTERS = range(0x100, 0x800)
_WORD = re.compile(r" ?[^\W_]+")  # with the space before it
_OFTEN = 5  # a word that is rarer saves nothing


def deflated(value: object) -> str:
    """Return a value as JSON, deflated and in letters; the page inflates it by what every browser has."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(text.encode()) + packer.flush()).decode()


def texts(originals: Sequence[str]) -> dict[str, object]:
    """Return texts in which a letter stands for each common word: `words`, in the order of the letters, and `texts`.

    The letters are those from U+0100 to U+07FF that are not `taken` by the texts themselves.
    """
    taken = sorted({letter for text in originals for letter in text if ord(letter) in _LETTERS})
    free = [chr(code) for code in _LETTERS if chr(code) not in taken]
    counts = Counter(word for text in originals for word in _WORD.findall(text))
    saving = {
        word: count * (len(word.encode()) - 2)
        for word, count in counts.items()
        if count >= _OFTEN and len(word.encode()) > 2
    }
    words = sorted(sorted(saving, key=lambda word: (-saving[word], word))[: len(free)])
    letter = dict(zip(words, free, strict=False))
    packed = [_WORD.sub(lambda match: letter.get(match.group(), match.group()), text) for text in originals]
    return {"taken": "".join(taken), "words": words, "texts": packed}


def picked(column: Sequence[Hashable]) -> dict[str, object]:
    """Return a column with few different cells as these, the most common first, and the place of each row's."""
    values = [value for value, _ in Counter(column).most_common()]
    place = {value: place for place, value in enumerate(values)}
    return {"values": values, "places": [place[value] for value in column]}


def letters(column: Iterable[Sequence[int]]) -> str:
    """Return a column of short lists of small numbers as words of one letter a number, counted from the digit 0."""
    return " ".join("".join(chr(ord("0") + number) for number in cell) for cell in column)


def names(survey: Survey, papers: Iterable[Paper]) -> list[str | int]:
    """Return the name of each paper, or 1 where it is what stands before the first colon of the title."""
    titles = survey.references
    return [
        1 if paper.name and titles[paper.key].title_without_formulas.split(":")[0] == paper.name else paper.name
        for paper in papers
    ]


def keys(survey: Survey, papers: Iterable[Paper]) -> list[str | int]:
    """Return the key of each paper, or what it is made of beside the first author's last name and the year.

    That is the paper's name where the number is 0, and else the word of the title with that number.
    """
    return [_key(survey, paper) for paper in papers]


def _key(survey: Survey, paper: Paper) -> str | int:
    reference = survey.references[paper.key]
    begins = f"{_squeezed(reference.authors[0].split(' ')[-1])}{reference.year}" if reference.authors else ""
    words = [paper.name, *reference.title_without_formulas.split(" ")]
    made = [f"{begins}{_squeezed(word)}" for word in words]
    return made.index(paper.key) if paper.key in made else paper.key


def _squeezed(text: str) -> str:
    ascii_alone = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]", "", ascii_alone).lower()
