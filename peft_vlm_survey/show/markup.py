"""Turn text into MyST that prints as that text."""

import os
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

KEPT = "SURVEY_ANSWERS_ARE_KEPT"  # set while the book is built: its kernels take answers that were worked out before
NOT_ESTABLISHED = "–"
NOT_REPORTED = "n. r."
_FORMULA = re.compile(r"(\$[^$]+\$)")
# Escaping every ASCII punctuation mark is what CommonMark defines; nothing else can begin markup.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_FIGURE_SPACE, _PUNCTUATION_SPACE = "\u2007", "\u2008"


def escape(text: str) -> str:
    r"""Return MyST that prints as the given text, on one line.

    >>> print(escape("a|b <script> {cite}`x` $y"))
    a\|b \<script\> \{cite\}\`x\` \$y
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def escape_title(title: str) -> str:
    r"""Escape a title, but keep its `$…$` pairs, which are math.

    >>> print(escape_title("$k$-shot <b>"))
    $k$\-shot \<b\>
    """
    return "".join(part if _FORMULA.fullmatch(part) else escape_keeping_ends(part) for part in _FORMULA.split(title))


def escape_keeping_ends(text: str) -> str:
    """Escape a piece of a line, whose first and last space separate it from its neighbours."""
    return _PUNCTUATION.sub(r"\\\1", text)


def cite(key: str) -> str:
    """Return a citation that names its authors and links to the list of references."""
    return f"{{cite:t}}`{key}`"


def link(text: str, address: str) -> str:
    """Return a link; the text is escaped, the address must be http(s) without spaces."""
    return f"[{escape(text)}](<{address}>)"


class Shown:
    """What a cell shows as MyST while the book is built, and in a reader's notebook, which knows no MyST, as Markdown."""

    __slots__ = ()
    more_on_paper = False  # whether a PDF shows more of it than the site

    @property
    def on_the_site(self) -> str:
        """What of it the site shows."""
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the text where nothing but text is shown; in the book, which shows Markdown, its name is enough."""
        printer.text(f"<{type(self).__name__}>" if KEPT in os.environ else str(self))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        if KEPT in os.environ:
            return {}
        # In the book's own kernels none of this is loaded.
        from peft_vlm_survey.data import the_survey
        from peft_vlm_survey.export.plain_markdown import plain

        return {"text/markdown": plain(str(self), the_survey())}


class Markup(Shown, str):
    """MyST that a notebook cell shows as text."""

    __slots__ = ()


def align_decimals(cells: Sequence[str]) -> list[str]:
    """Pad numbers on the right so that, set flush right in tabular figures, their decimal points align.

    Spaces as wide as a digit (U+2007) and as a full stop (U+2008) do it; cells that are no numbers stay.

    >>> align_decimals(["12.5", "100", "–"])
    ['12.5', '100\u2008\u2007', '–']
    """
    decimals = [len(cell.partition(".")[2]) if is_number(cell) else None for cell in cells]
    most = max((d for d in decimals if d is not None), default=0)
    return [
        cell if d is None else cell + (_PUNCTUATION_SPACE if d == 0 and most else "") + _FIGURE_SPACE * (most - d)
        for cell, d in zip(cells, decimals, strict=True)
    ]


def is_number(text: str) -> bool:
    """Return whether the text is a plain decimal number; a true minus sign is understood."""
    try:
        return Decimal(text.replace("−", "-")).is_finite()
    except InvalidOperation:
        return False
