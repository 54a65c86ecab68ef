"""Leave of the theme's style sheets what some page can use: a tenth of what a first visit loads otherwise.

A rule stays unless its selector names a class that stands in no page and in no script of the site.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

from peft_vlm_survey.data import ROOT

SHEETS = (
    *("styles/pydata-sphinx-theme.css", "styles/sphinx-book-theme.css", "sphinx-design.min.css"),
    *("basic.css", "mystnb.*.css", "pygments.css"),
)
_SCRIPTS = ("scripts/*.js", *sorted(path.name for path in (ROOT / "_static").glob("*.js")))
_CLASSES = re.compile(rb' class="([^"]*)"')
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_TOKEN = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/\*.*?\*/|[{};]|[^"'/{};]+|/""", re.DOTALL)
_NESTED = ("@media", "@supports", "@layer", "@container")


def setup(app: Sphinx) -> None:
    """Reduce the theme's style sheets once all pages are written."""
    app.connect("build-finished", _reduce, priority=900)


def _reduce(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html" and app.builder.name != "translated":
        static = Path(app.outdir, "_static")
        names = _names(Path(app.outdir), static)
        for sheet in (path for name in SHEETS for path in static.glob(name)):
            sheet.write_text(used(sheet.read_text(encoding="utf-8"), names), encoding="utf-8")


def _names(site: Path, static: Path) -> frozenset[str]:
    """Return every class of the pages, and every word of the scripts that may set one."""
    values: set[bytes] = set()
    for page in site.rglob("*.html"):
        values.update(_CLASSES.findall(page.read_bytes()))
    names = {name for value in values for name in value.decode().split()}
    scripts = (path for name in _SCRIPTS for path in static.glob(name))
    return frozenset(names).union(*(_WORD.findall(path.read_text(encoding="utf-8")) for path in scripts))


def used(sheet: str, names: frozenset[str]) -> str:
    """Return a style sheet without the rules whose selectors hold a class that is not of `names`.

    >>> used("a{x:1}.b,.c>d{x:2}@media print{.e{x:3}.b:not(.f){x:4}}/*! (c) */", frozenset({"b"}))
    'a{x:1}.b{x:2}@media print{.b:not(.f){x:4}}/*! (c) */'
    """
    kept = []
    for head, body in _rules(sheet):
        if body is None:
            kept.append(head)
        elif head.lstrip().startswith(_NESTED):
            inner = used(body, names)
            kept.append(f"{head}{{{inner}}}" if inner.strip() else "")
        elif head.lstrip().startswith("@"):
            kept.append(f"{head}{{{body}}}")
        elif selectors := [one for one in _parts(head) if _met(one, names)]:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def _rules(sheet: str) -> Iterator[tuple[str, str | None]]:
    """Yield what stands before each block and what is in it; of a statement without a block, and of a licence, None for it."""
    head: list[str] = []
    body: list[str] = []
    depth = 0
    for piece in _TOKEN.findall(sheet):
        if piece.startswith("/*"):
            if piece.startswith("/*!") and not depth:
                yield piece, None
            continue
        depth -= piece == "}"
        if piece == "}" and not depth:
            yield "".join(head), "".join(body)
            head, body = [], []
        elif piece == ";" and not depth:
            yield "".join(head) + ";", None
            head = []
        elif depth or piece != "{":
            (body if depth else head).append(piece)
        depth += piece == "{"


def _parts(head: str) -> list[str]:
    """Return the selectors of a list; commas in brackets do not part them."""
    parts, depth = [""], 0
    for letter in head:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _met(selector: str, names: frozenset[str]) -> bool:
    """Return whether every class of a selector is known; what stands in brackets only excludes or chooses."""
    while (bare := re.sub(r"\([^()]*\)|\[[^\]]*\]", "", selector)) != selector:
        selector = bare
    return all(name in names for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", selector))
