"""The rows behind every table and figure: one CSV a label, and a link to it on the page."""

import ast
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from survey import figures, tables
from survey.data import ROOT

FOLDER = "downloads/data"
_CELL = re.compile(r"^```\{code-cell\} python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SETTINGS = re.compile(r"\A---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)

Rows = Sequence[Mapping[str, str]]


@cache
def rows_by_label() -> Mapping[str, Rows]:
    """Return the rows behind each labelled table and figure, by asking every chapter's questions again."""
    found: dict[str, Rows] = {}
    for chapter in sorted((ROOT / "book").glob("*.md")):
        for label, answer in _answers(chapter.read_text(encoding="utf-8")):
            if rows := getattr(answer, "data", ()):
                found[label] = rows
    return found


def rows_csv(rows: Rows) -> str:
    """Return rows as CSV: UTF-8, comma, LF."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _answers(chapter: str) -> Iterator[tuple[str, Any]]:
    for cell in _CELL.finditer(chapter):
        settings = _SETTINGS.match(cell.group(1))
        said = yaml.safe_load(settings.group(1)) if settings else {}
        code = _SETTINGS.sub("", cell.group(1))
        code = "\n".join(line for line in code.split("\n") if not line.startswith(":"))
        call = _call(code)
        if call is None:
            continue
        function, arguments, keywords = call
        label = keywords.get("label") or said.get("mystnb", {}).get("figure", {}).get("name")
        if label:
            yield str(label), function(*arguments, **keywords)


def _call(code: str) -> tuple[Any, list[Any], dict[str, Any]] | None:
    """Return the one question of a cell with its arguments; None for a cell that asks none."""
    body = ast.parse(code).body
    if len(body) != 1 or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Call):
        return None
    call = body[0].value
    if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name):
        return None
    module = {"tables": tables, "figures": figures}[call.func.value.id]
    keywords = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
    return getattr(module, call.func.attr), [ast.literal_eval(argument) for argument in call.args], keywords


class RowsLinks(SphinxPostTransform):
    """Put a link to its rows under every table and figure of the site."""

    default_priority = 30
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Append the link to the note below, or put it there where there is no note."""
        holders: list[nodes.Element] = [*self.document.findall(nodes.table), *self.document.findall(nodes.figure)]
        for holder in holders:
            label = next((name for name in holder["ids"] if name in rows_by_label()), None)
            if label is None:
                continue
            link = nodes.reference("", "Rows behind it (CSV)", refuri=f"{FOLDER}/{label}.csv", internal=True)
            below = nodes.container("", nodes.paragraph("", "", link), classes=["rows-link"])
            place = holder.parent.index(holder) + 1
            after = holder.parent.children[place] if place < len(holder.parent.children) else None
            note = isinstance(after, nodes.container) and "table-note" in after["classes"]
            holder.parent.insert(place + 1 if note else place, below)


def setup(app: Sphinx) -> None:
    """Register the links and write the files."""
    app.add_post_transform(RowsLinks)
    app.connect("build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        folder = Path(app.outdir, FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for label, rows in rows_by_label().items():
            (folder / f"{label}.csv").write_text(rows_csv(rows), encoding="utf-8", newline="\n")
