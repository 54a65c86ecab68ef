"""The rim: the only part of the package that knows Sphinx."""

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from survey.data import ROOT, the_survey
from survey.exports import downloads
from survey.problems import SurveyError
from survey.site import bibtex_js, citations, files, metadata, paper, rows, scripts


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    app.connect("config-inited", _check_data)
    app.connect("env-get-outdated", _stale_chapters)
    app.connect("build-finished", _write_downloads)
    bibtex_js.setup(app)
    citations.setup(app)
    files.setup(app)
    metadata.setup(app)
    paper.setup(app)
    rows.setup(app)
    scripts.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _check_data(app: Sphinx, config: Config) -> None:
    try:
        survey = the_survey()
    except SurveyError as error:
        raise ExtensionError(f"the survey's sources have problems:\n{error}") from None
    if survey.edition.url:
        config["html_baseurl"] = f"{survey.edition.url}/"


def _stale_chapters(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Re-run every chapter when the data or the package changed, which Sphinx would not see by itself."""
    state = hashlib.sha256()
    for path in sorted(
        [*ROOT.glob("data/*.csv"), *ROOT.glob("survey/**/*.py"), ROOT / "references.bib", ROOT / "CITATION.cff"]
    ):
        state.update(path.read_bytes())
    before = getattr(env, "survey_state", None)
    env.survey_state = state.hexdigest()  # type: ignore[attr-defined]
    return sorted(env.found_docs) if before != state.hexdigest() else []


def _write_downloads(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        for name, text in downloads(the_survey()).items():
            path = Path(app.outdir, "downloads", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
