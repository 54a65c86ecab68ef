"""One reference: what a paper says of itself, in BibTeX and as plain text."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.formulas import FORMULA, spell_out

if TYPE_CHECKING:
    from pybtex.database import Person

PATH = "references.bib"
# Where none of these stands, TeX prints what is written but for the braces, and the slow decoder may rest.
_TEX = re.compile(r"[\\%~$`]|--|''|,,")
_NO_LETTER = re.compile(r"[\W_]+")
_NO_ASCII_LETTER = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())  # what it finds of ASCII
_AND = re.compile(" [Aa][Nn][Dd] ")
_GROUP = re.compile(r"\{[^{}]*\}")
_ESCAPED = re.compile(r"\\([&%])")
_FLAT = re.compile(r"[^{}]*(?:\{[^{}]*\}[^{}]*)*")  # no group within another, and no brace alone


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One entry: its key, type, fields as written in BibTeX, and the physical line on which it starts."""

    key: str
    type: str
    fields: Mapping[str, str]
    line: int

    def problem(self, message: str, remedy: str) -> Problem:
        """Return a problem that points at this entry."""
        return Problem(path=PATH, line=self.line, message=message, remedy=remedy)

    def plain(self, field: str) -> str:
        """Return a field as Unicode text, without braces and TeX accents; empty if it is not there."""
        return plain(self.fields.get(field, ""))

    @property
    def title(self) -> str:
        """The title as Unicode text; a formula keeps its two `$`."""
        return self.plain("title")

    @property
    def title_without_formulas(self) -> str:
        """The title for where no formula can be set: `E²VPT` for `E$^2$VPT`."""
        return without_formulas(self.title)

    @cached_property
    def people(self) -> "tuple[Person, ...]":
        """The authors in order."""
        from pybtex.database import Person  # which no rule asks for, and which is loaded slowly

        return tuple(Person(name) for name in split_names(self.fields.get("author", "")))

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """The authors in order, as `Given Family`."""
        return tuple(
            plain(" ".join([*p.first_names, *p.middle_names, *p.prelast_names, *p.last_names, *p.lineage_names]))
            for p in self.people
        )

    @cached_property
    def family_names(self) -> tuple[str, ...]:
        """The authors' family names in order."""
        return tuple(plain(" ".join([*p.prelast_names, *p.last_names])) for p in self.people)

    @property
    def year(self) -> int:
        return int(self.fields["year"])

    @property
    def venue(self) -> str:
        """Where it appeared: proceedings, journal, institution, or arXiv."""
        for field in ("booktitle", "journal", "institution", "school", "publisher"):
            if field in self.fields:
                return self.plain(field)
        return "arXiv" if "eprint" in self.fields else ""

    @property
    def first_and_last_page(self) -> tuple[str, str]:
        """The first and the last page; the last is empty where one page or an article number is printed."""
        first, _, last = self.plain("pages").replace("--", "–").partition("–")
        return first.strip(), last.strip()

    @property
    def short_authors(self) -> str:
        """The authors as a citation names them: `Hu et al.`, `Li and Liang`."""
        names = self.family_names
        if len(names) > 2:
            return f"{names[0]} et al."
        return " and ".join(names)

    @property
    def address(self) -> str:
        """The best address of the paper itself: publisher's page, DOI, or arXiv; empty if none is established."""
        if "url" in self.fields:
            return self.fields["url"]
        if "doi" in self.fields:
            return f"https://doi.org/{self.fields['doi']}"
        return f"https://arxiv.org/abs/{self.fields['eprint']}" if "eprint" in self.fields else ""


@cache  # rules, tables and exports ask for the same titles and names again and again
def plain(bibtex: str) -> str:
    r"""Return BibTeX text as Unicode: accents composed, braces gone, formulas untouched.

    >>> plain("{CLIP} for Andr{\\'e}: a {$k$}-shot study")
    'CLIP for André: a $k$-shot study'
    """
    if _TEX.search(bibtex) or not _FLAT.fullmatch(bibtex):
        return _decoded(bibtex)
    text = bibtex.replace("{", "").replace("}", "")
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def _decoded(bibtex: str) -> str:
    formulas = FORMULA.findall(bibtex)
    # A private-use character stands in for each formula, since the decoder would rewrite it.
    stand_ins = [chr(0xE000 + number) for number in range(len(formulas))]
    for formula, stand_in in zip(formulas, stand_ins, strict=True):
        bibtex = bibtex.replace(formula, stand_in, 1)
    if _TEX.search(_ESCAPED.sub("", bibtex)) or not _FLAT.fullmatch(bibtex):
        text = _by_pybtex(bibtex)
    else:
        text = _ESCAPED.sub(r"\1", bibtex).replace("{", "").replace("}", "")
    text = unicodedata.normalize("NFC", text)
    for formula, stand_in in zip(formulas, stand_ins, strict=True):
        text = text.replace(stand_in, formula)
    return " ".join(text.split())


def _by_pybtex(bibtex: str) -> str:
    # Few bibliographies need it, and it loads slowly.
    from pybtex.richtext import Text
    from pybtex.scanner import PybtexSyntaxError

    try:
        return str(Text.from_latex(bibtex))
    except (PybtexSyntaxError, UnicodeDecodeError):
        return bibtex  # unbalanced braces or a backslash alone, which are reported as such


@cache
def without_formulas(title: str) -> str:
    """Return a title with every formula spelled out."""
    return FORMULA.sub(lambda formula: spell_out(formula.group()[1:-1]), title)


@cache
def letters(title: str) -> str:
    r"""Return what two prints of one title share: its letters and digits, without case and accents.

    >>> letters("{CLIP} for Andr{\\'e}: a study") == letters("Clip for Andre -- A Study")
    True
    """
    # Without a backslash TeX makes signs of signs, but no letter.
    text = plain(title) if "\\" in title else title
    if text.isascii():
        return text.translate(_NO_ASCII_LETTER).lower()
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NO_LETTER.sub("", text).casefold()


@cache  # several rules ask for them
def split_names(authors: str) -> tuple[str, ...]:
    """Split a BibTeX author field at every `and` that stands in no braces."""
    if "{" not in authors:  # which is where pybtex, that looks for them, takes its time
        return tuple(name for part in _AND.split(authors) if (name := part.strip()))
    if _FLAT.fullmatch(authors):
        hidden = _GROUP.sub(lambda group: group.group().replace(" ", "\0"), authors)
        return tuple(name.replace("\0", " ") for part in _AND.split(hidden) if (name := part.strip()))
    from pybtex.bibtex.utils import split_name_list

    return tuple(name for name in split_name_list(authors) if name)
