"""Turn what others export into text as references.bib writes it."""

import html
import re
import unicodedata

from pybtex.exceptions import PybtexError

from peft_vlm_survey.read.formulas import FORMULA
from peft_vlm_survey.read.reference import plain

_SPECIAL = re.compile(r"[%&#_^]")
_TAG = re.compile(r"</?(?:i|b|em|sub|sup|tt|span|inf|scp)\b[^<>]*>", re.IGNORECASE)
_STYLE = re.compile(
    r"\\(?:emph|text|textit|textbf|texttt|textsc|textrm|textsf|mbox|underline)\s*\{([^{}]*)\}|\\(?:em|it|bf|tt|sc)\s+"
)
# TeX's accents as Unicode's, which stand behind their letter.
_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
_ACCENTED = re.compile(
    r"""\\(?:([`'^"~=.])\s*(?:\{\s*)?|([urHvdckb])(?:\s*\{\s*|\s+|(?=\\)))(\\[ij](?![A-Za-z])|[^\W\d_][\u0300-\u036f]*)(\s*\})?"""
)


def unicode_text(bibtex: str) -> str:
    r"""Return a value as Unicode text: accents composed, entities and tags of the web resolved, formulas kept.

    >>> unicode_text("Andr{\\'e} &amp; <i>Nguy{\\~{\\^e}}n</i>")
    'André & Nguyễn'
    """
    resolved = html.unescape(re.sub(r"\\?&(amp;)+", "&", bibtex))
    text = _outside_formulas(_TAG.sub("", resolved))
    try:
        return plain(re.sub(r"(?<!\\)&", r"\\&", text))
    except (PybtexError, ValueError):
        return bibtex  # what is left of TeX in it is told by a rule


def _outside_formulas(bibtex: str) -> str:
    """Resolve accents, also those that stand upon others, and commands that only change the type."""
    done, start = [], 0
    for formula in [*FORMULA.finditer(bibtex), None]:
        text = bibtex[start : formula.start() if formula else len(bibtex)]
        before = ""
        while before != text:
            before, text = text, _STYLE.sub(r"\1", _ACCENTED.sub(_composed, text))
        done += [text, formula.group() if formula else ""]
        start = formula.end() if formula else len(bibtex)
    return "".join(done)


def _composed(accented: re.Match[str]) -> str:
    sign, letter, base, closing = accented.groups()
    opening = "{" in accented.group()[: accented.start(3) - accented.start()]
    composed = unicodedata.normalize("NFC", base.removeprefix("\\") + _ACCENTS[sign or letter])
    # A brace that was not opened here closes something else.
    return composed if opening == bool(closing) else f"{{{composed}" if opening else composed + (closing or "")


def escaped(text: str) -> str:
    r"""Return text with the characters escaped that TeX would read as commands, formulas aside.

    >>> escaped("50% of $k_1$ & more")
    '50\\% of $k_1$ \\& more'
    """
    done, start = [], 0
    for formula in FORMULA.finditer(text):
        done += [_SPECIAL.sub(r"\\\g<0>", text[start : formula.start()]), formula.group()]
        start = formula.end()
    return "".join([*done, _SPECIAL.sub(r"\\\g<0>", text[start:])])
