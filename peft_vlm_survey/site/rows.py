"""The rows behind every table and figure: one CSV a label, and a link to it on the page."""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from peft_vlm_survey.exports import rows_csv
from peft_vlm_survey.site import files
from peft_vlm_survey.site.answers import kept_answers

FOLDER = "downloads/data"


def labels() -> frozenset[str]:
    """Return the labels of the tables and figures that have rows behind them."""
    return frozenset(answer.label for answer in kept_answers().entries.values() if answer.label and answer.has_data)


class RowsLinks(SphinxPostTransform):
    """Put a link to its rows under every table and figure of the site."""

    default_priority = 30
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Append the link to the note below, or put it there where there is no note."""
        holders: list[nodes.Element] = [*self.document.findall(nodes.table), *self.document.findall(nodes.figure)]
        for holder in holders:
            label = next((name for name in holder["ids"] if name in labels()), None)
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
    if error is not None or app.builder.format != "html":
        return
    folder, record = Path(app.outdir, FOLDER), Path(app.doctreedir, "rows.json")
    before = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    answers = kept_answers()
    now = {answer.label: answer for answer in answers.entries.values() if answer.label and answer.has_data}
    for label, answer in now.items():
        path = folder / f"{label}.csv"
        if before.get(label) != answer.file or not path.is_file():
            files.write(path, rows_csv(answers.load(answer).data))
    record.write_text(json.dumps({label: answer.file for label, answer in now.items()}), encoding="utf-8")
