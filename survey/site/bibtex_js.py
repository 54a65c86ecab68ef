"""The BibTeX entries as a script, for tables that readers export: a page opened from disk may not fetch a file."""

import hashlib
import json
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from survey.data import the_survey
from survey.exports import paper_bib

NAME = "bibtex.js"
PAGE = "references"  # chapters have short lists of their own, to which no citation leads


def address(env: BuildEnvironment) -> str:
    """Return the script's address beside `tables.js`; it changes with the text, since the anchors in it do."""
    return f"{NAME}?v={hashlib.sha256(_script(_anchors(env)).encode()).hexdigest()[:8]}"


def _anchors(env: BuildEnvironment) -> tuple[tuple[str, str], ...]:
    """Return the keys of the list of references, each with the anchor that citations lead to, sorted by key."""
    citations = env.get_domain("cite").citations  # type: ignore[attr-defined]
    return tuple(sorted((c.key, c.citation_id) for c in citations if c.bibliography_key.docname == PAGE))


@cache
def _script(anchors: tuple[tuple[str, str], ...]) -> str:
    survey = the_survey()
    entries = {anchor: paper_bib(survey, key) for key, anchor in anchors}
    return f"window.surveyBibtex = {json.dumps(entries, ensure_ascii=False, indent=0)};\n"


def setup(app: Sphinx) -> None:
    """Write the script when the site is there."""
    app.connect("build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        path = Path(app.outdir, "_static", NAME)
        path.write_text(_script(_anchors(app.env)), encoding="utf-8", newline="\n")
