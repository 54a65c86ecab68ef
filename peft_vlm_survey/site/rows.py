"""The rows behind every table and figure: one CSV a label, and a link to it on the page."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.exports import rows_csv
from peft_vlm_survey.questions import questions
from peft_vlm_survey.site import files

FOLDER = "downloads/data"

Rows = Sequence[Mapping[str, str]]


@cache
def rows_by_label() -> Mapping[str, Rows]:
    """Return the rows behind each labelled table and figure, by asking every chapter's questions again."""
    labelled = [question for question in questions(ROOT) if question.label]
    return {question.label: question.answer.data for question in labelled if getattr(question.answer, "data", ())}


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
        for label, rows in rows_by_label().items():
            files.write(folder / f"{label}.csv", rows_csv(rows))
