"""Letters as a search compares them, and words that it does not look for.

`folded` of _static/folding.js does the same, and a test compares the two; the words reach the page as other data do.
"""

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


# Words that say nothing; they count only where nothing else is asked.
SMALL_WORDS = (
    *("a", "an", "and", "are", "as", "at", "best", "between", "by", "can", "difference", "differences", "do", "does"),
    *("for", "from", "how", "i", "in", "is", "it", "its", "many", "much", "my", "need", "needs", "of", "on", "or"),
    *("should", "than", "that", "the", "their", "to", "versus", "vs", "we", "what", "when", "which", "with"),
)
_MARKS = re.compile("""^["“”'(]+|[,;:.?!'")“”]+$""")
_VERSION = re.compile(r"(?<![\w.])([a-z]{2,})[\s-]+(\d(?:\.\d)?)(?![\w.])")


def telling_words(text: str) -> list[str]:
    """Return the words of a query that say something, folded and without marks at their ends; all if none does.

    >>> telling_words("What is the difference between CoOp vs. CoCoOp?"), telling_words("do it")
    (['coop', 'cocoop'], ['do', 'it'])
    """
    words = [word for word in (_MARKS.sub("", piece) for piece in folded(text).split()) if re.search(r"\w", word)]
    return [word for word in words if word not in SMALL_WORDS] or words


def with_versions(text: str) -> str:
    """Return folded text in which a name and the short number behind it are one word; `versions` in _static/query.js does the same.

    >>> with_versions("sam 2 and llama-3.2, in 4 bits, cvpr 2023")
    'sam2 and llama3.2, in 4 bits, cvpr 2023'
    """
    return _VERSION.sub(lambda found: found[0] if found[1] in SMALL_WORDS else found[1] + found[2], text)


def squeezed(text: str) -> str:
    """Return the telling words of a text as one, however they are joined.

    >>> squeezed("Low-Rank Adaptation of Large Models"), squeezed("SAM 2")
    ('lowrankadaptationlargemodels', 'sam2')
    """
    return re.sub(r"[\s-]+", "", "".join(telling_words(text)))


def beginning(text: str, name: str) -> int:
    """Return how many letters of a text say the name with which it begins; 0 if it begins otherwise, or in mid-word.

    >>> beginning("Resadapter: Domain", "ResAdapter"), beginning("Scalable", "ScalaBL")
    (10, 0)
    """
    wanted = folded(name)
    for end in range(1, len(text) + 1) if wanted else ():
        start = folded(text[:end])
        if start == wanted and not re.match(r"\w", text[end:]):
            return end
        if not wanted.startswith(start):
            break
    return 0
