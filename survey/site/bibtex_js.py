"""The BibTeX entries as a script, for tables that readers export: a page opened from disk may not fetch a file."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from survey.data import the_survey
from survey.exports import paper_bib
from survey.read.whole import Survey
from survey.site import files

NAME = "bibtex.js"
PAGE = "references"  # chapters have short lists of their own, to which no citation leads


def address(env: BuildEnvironment) -> str:
    """Return the script's address beside `tables.js`; it changes with the text, so that no cache serves an old one."""
    return f"{NAME}?v={_digest(anchors(env))}"


def anchors(env: BuildEnvironment) -> tuple[tuple[str, str], ...]:
    """Return the keys of the list of references, each with the anchor that citations lead to, sorted by key."""
    citations = env.get_domain("cite").citations  # type: ignore[attr-defined]
    return tuple(sorted((c.key, c.citation_id) for c in citations if c.bibliography_key.docname == PAGE))


def bibtex_script(survey: Survey, anchors: Mapping[str, str]) -> str:
    """Return the script that sets `surveyBibtex`: every entry by its key, and the keys by their anchors."""
    said = {"anchors": anchors, "entries": {key: paper_bib(survey, key) for key in sorted(survey.references)}}
    return f"window.surveyBibtex = {json.dumps(said, ensure_ascii=False, indent=0)};\n"


@cache
def _script(anchors: tuple[tuple[str, str], ...]) -> str:
    return bibtex_script(the_survey(), {anchor: key for key, anchor in anchors})


@cache
def _digest(anchors: tuple[tuple[str, str], ...]) -> str:
    return hashlib.sha256(_script(anchors).encode()).hexdigest()[:8]


def setup(app: Sphinx) -> None:
    """Write the script when the site is there."""
    app.connect("build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        files.write(Path(app.outdir, "_static", NAME), _script(anchors(app.env)))
