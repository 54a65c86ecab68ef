"""Letters as a search compares them; `folded` of _static/folding.js does the same, and a test compares the two."""

import re
import unicodedata

# Letters that no accent is taken from: Unicode does not decompose them.
LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_LETTERS = str.maketrans(LETTERS)


def folded(text: str) -> str:
    """Return text in small letters without accents, every dash a hyphen.

    >>> folded("Bałazy, Þórðr – Vision‑Language")
    'balazy, thordr - vision-language'
    """
    if text.isascii():
        return text.lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.category(c).startswith("M"))
    return re.sub("[‐-―−]", "-", bare).lower().translate(_LETTERS)


def beginning(text: str, name: str) -> int:
    """Return how many letters of a text say the name with which it begins; 0 if it begins otherwise, or in mid-word.

    >>> beginning("Resadapter: Domain", "ResAdapter"), beginning("Scalable", "ScalaBL")
    (10, 0)
    """
    wanted = folded(name)
    for end in range(1, len(text) + 1) if wanted else ():
        said = folded(text[:end])
        if said == wanted and not re.match(r"\w", text[end:]):
            return end
        if not wanted.startswith(said):
            break
    return 0
