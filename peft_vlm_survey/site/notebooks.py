"""Notebooks to download: every chapter as one, with the numbers that the site gives tables and figures, and the worked ones."""

import hashlib
import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from peft_vlm_survey.cache import code, sources
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.export.notebooks import chapter_notebook, worked_notebook
from peft_vlm_survey.questions import with_values
from peft_vlm_survey.site import files

_KINDS = {"table": "Table", "figure": "Figure"}


def numbers(env: BuildEnvironment) -> dict[str, str]:
    """Return what the site calls its tables, figures and sections, by their labels."""
    standard = env.domaindata["std"]
    called = {label: title for label, (_, _, title) in standard["labels"].items()}
    for label, (document, place) in standard["anonlabels"].items():
        for kind, name in _KINDS.items():
            if number := env.toc_fignumbers.get(document, {}).get(kind, {}).get(place):
                called[label] = f"{name} {'.'.join(map(str, number))}"
    return called


def _write(app: Sphinx, error: Exception | None) -> None:
    """Write the notebooks of what changed: a chapter's text, a number in the site, the data or the code."""
    if error is not None or app.builder.format != "html":
        return
    folder, record = Path(app.outdir, files.NOTEBOOKS), Path(app.doctreedir, "notebooks.json")
    before = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    called = numbers(app.env)
    around = f"{code()}{sources(ROOT)}{sorted(called.items())}"
    now = {}
    chapters = _chapters(app)
    worked = [name for name, path in files.notebooks().items() if path.parent.name == files.NOTEBOOKS]
    for name in (*chapters, *sorted(worked)):
        text = files.notebooks()[name].read_text(encoding="utf-8")
        now[name] = hashlib.sha256(f"{around}{text}".encode()).hexdigest()
        target = folder / f"{name}.ipynb"
        if before.get(name) != now[name] or not target.is_file():
            made = (
                worked_notebook(text)
                if name in worked
                else chapter_notebook(the_survey(), with_values(text, the_survey()), called)
            )
            files.write(target, made)
    for name in before.keys() - now.keys():
        (folder / f"{name}.ipynb").unlink(missing_ok=True)
    record.write_text(json.dumps(now), encoding="utf-8")


def _chapters(app: Sphinx) -> list[str]:
    return sorted(set(app.env.found_docs) & files.notebooks().keys())


def _offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the page's template the address of its notebook, if it has one."""
    context["survey_notebook"] = f"{files.NOTEBOOKS}/{pagename}.ipynb" if pagename in _chapters(app) else ""


def setup(app: Sphinx) -> None:
    """Write the notebooks, and offer its own on every chapter."""
    app.connect("html-page-context", _offer, priority=120)
    app.connect("build-finished", _write)
