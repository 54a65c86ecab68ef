"""What is taken along from tables and figures: the rows behind each as CSV, and each figure as SVG, PNG and PDF."""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from peft_vlm_survey.cache import Entry, forms
from peft_vlm_survey.downloads import rows_csv
from peft_vlm_survey.site import files
from peft_vlm_survey.site.answers import cached_answers

FOLDER = "downloads/data"
FIGURES = "downloads/figures"
FORMS = ("svg", "png", "pdf")  # in the order of their links; a draft has the first alone


def labels() -> frozenset[str]:
    """Return the labels of the tables and figures that have rows behind them."""
    return frozenset(answer.label for answer in _labelled().values() if answer.has_data)


def figures() -> frozenset[str]:
    """Return the labels of the figures."""
    return frozenset(answer.label for answer in _labelled().values() if answer.forms)


def _labelled() -> dict[str, Entry]:
    return {answer.label: answer for answer in cached_answers().entries.values() if answer.label}


class RowsLinks(SphinxPostTransform):
    """Put links to its files under every table and figure of the site; those of a figure are folded."""

    default_priority = 30
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Append the links to the note below, or put them there where there is no note."""
        with_rows, drawn = labels(), figures()
        holders: list[nodes.Element] = [*self.document.findall(nodes.table), *self.document.findall(nodes.figure)]
        for holder in holders:
            label = next((name for name in holder["ids"] if name in with_rows | drawn), None)
            if label is None:
                continue
            below = _folded(label, with_rows) if label in drawn else _rows(label)
            place = holder.parent.index(holder) + 1
            after = holder.parent.children[place] if place < len(holder.parent.children) else None
            note = isinstance(after, nodes.container) and "table-note" in after["classes"]
            holder.parent.insert(place + 1 if note else place, below)


def _rows(label: str) -> nodes.Node:
    link = nodes.reference("", "CSV", refuri=f"{FOLDER}/{label}.csv", internal=True)
    return nodes.container("", nodes.paragraph("", "", link), classes=["rows-link"])


def _folded(label: str, with_rows: frozenset[str]) -> nodes.Node:
    """Return the links to a figure's files, behind a fold: whoever reads on is not held up by them."""
    addresses = {form.upper(): f"{FIGURES}/{label}.{form}" for form in FORMS if form in forms()}
    if label in with_rows:
        addresses["CSV"] = f"{FOLDER}/{label}.csv"
    links = " ".join(f'<a href="{address}" download>{text}</a>' for text, address in addresses.items())
    html = f'<details class="rows-link figure-files"><summary>Figure</summary><p>{links}</p></details>'
    return nodes.raw("", html, format="html")


def setup(app: Sphinx) -> None:
    """Register the links and write the files."""
    app.add_post_transform(RowsLinks)
    app.connect("build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    """Write the files of every answer that changed or whose files are not there."""
    if error is not None or app.builder.format != "html":
        return
    record = Path(app.doctreedir, "rows.json")
    before = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    now = {}
    for label, answer in _labelled().items():
        paths = _paths(Path(app.outdir), answer)
        if not paths:
            continue
        now[label] = answer.file
        if before.get(label) != answer.file or not all(path.is_file() for path in paths.values()):
            given = cached_answers().load(answer)
            for form, path in paths.items():
                if form == "csv":
                    files.write(path, rows_csv(given.data))
                else:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(given.form(form))
    record.write_text(json.dumps(now), encoding="utf-8")


def _paths(site: Path, answer: Entry) -> dict[str, Path]:
    """Return the files that are given away with an answer, by their form."""
    drawn = [form for form in FORMS if answer.forms and form in forms()]
    rows = {"csv": site / FOLDER / f"{answer.label}.csv"} if answer.has_data else {}
    return rows | {form: site / FIGURES / f"{answer.label}.{form}" for form in drawn}
