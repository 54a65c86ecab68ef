"""What stands behind every table and figure: its rows as one CSV a label, and the line of code that makes it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from peft_vlm_survey.exports import rows_csv
from peft_vlm_survey.questions import Question
from peft_vlm_survey.site import files
from peft_vlm_survey.site.answers import asked_in, kept_answers

FOLDER = "downloads/data"


def labels() -> frozenset[str]:
    """Return the labels of the tables and figures that have rows behind them."""
    return frozenset(answer.label for answer in kept_answers().entries.values() if answer.label and answer.has_data)


@cache
def _questions(chapter: str) -> dict[str, Question]:
    """Return the questions of a chapter that answer with a table or a figure, by its label."""
    return {question.label: question for question in asked_in(f"book/{chapter}.md") if question.label}


class Behind(SphinxPostTransform):
    """Put under every table and figure of the site a link to its rows and, folded, the code that makes it."""

    default_priority = 30
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Append them to the note below, or put them there where there is no note."""
        holders: list[nodes.Element] = [*self.document.findall(nodes.table), *self.document.findall(nodes.figure)]
        asked = _questions(self.env.docname)
        for holder in holders:
            said: list[nodes.Node] = []
            if label := next((name for name in holder["ids"] if name in labels()), None):
                link = nodes.reference("", "Rows behind it (CSV)", refuri=f"{FOLDER}/{label}.csv", internal=True)
                said.append(nodes.paragraph("", "", link))
            if question := next((asked[name] for name in holder["ids"] if name in asked), None):
                said += self._code(question)
            if not said:
                continue
            below = nodes.container("", *said, classes=["rows-link"])
            place = holder.parent.index(holder) + 1
            after = holder.parent.children[place] if place < len(holder.parent.children) else None
            note = isinstance(after, nodes.container) and "table-note" in after["classes"]
            holder.parent.insert(place + 1 if note else place, below)

    def _code(self, question: Question) -> list[nodes.Node]:
        """Return the code of a question in a fold, with the way to the notebook in which it runs."""
        text = f"from peft_vlm_survey import {question.door}\n\n{question.code}"
        notebook = f"{files.NOTEBOOKS}/{self.env.docname}.ipynb"
        link = nodes.reference("", "this chapter as a notebook", refuri=notebook, internal=True)
        return [
            nodes.raw("", '<details class="shown-code"><summary>Code</summary>', format="html"),
            nodes.literal_block(text, text, language="python"),
            nodes.paragraph("", "It runs in ", link, nodes.Text(".")),
            nodes.raw("", "</details>", format="html"),
        ]


def setup(app: Sphinx) -> None:
    """Register what stands below and write the files."""
    app.add_post_transform(Behind)
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
