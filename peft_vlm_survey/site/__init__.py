"""The rim: the only part of the package that knows Sphinx."""

import gc
import os
from typing import Any

from jinja2 import FileSystemBytecodeCache
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from peft_vlm_survey.asking import KEPT
from peft_vlm_survey.cache import folder, whole
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.problems import SurveyError
from peft_vlm_survey.site import (
    bibliography,
    bibtex_js,
    calculator_js,
    catalogue_js,
    changes,
    chapter_numbers,
    choose_js,
    citations,
    compare_js,
    cross_references,
    descriptions_js,
    drawings,
    feeds,
    files,
    filtered,
    folds,
    for_programs,
    front,
    kernels,
    latex,
    licences,
    lists,
    made,
    metadata,
    moved,
    named_figures,
    nodes_found,
    notebooks,
    numbering,
    numbers,
    pages,
    papers,
    printed,
    recipes_js,
    report,
    result_pages,
    rows,
    scripts,
    search,
    search_field,
    shown_code,
    side_by_side,
    splits,
    state_links,
    terms,
    translated,
    used_styles,
    values,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    # A build makes millions of objects that stay, and looking through all of them for garbage took a third of its time.
    gc.set_threshold(100_000, 50, 100)
    app.connect("config-inited", _check_data)
    app.connect("builder-inited", _keep_templates)
    app.connect("build-finished", _write_downloads)
    app.connect("build-finished", _keep, priority=900)
    os.environ[KEPT] = "1"  # the kernels of the chapters inherit it
    bibliography.setup(app)
    bibtex_js.SCRIPT.setup(app)
    calculator_js.SCRIPT.setup(app)
    catalogue_js.SCRIPT.setup(app)
    catalogue_js.AUTHORS.setup(app)
    catalogue_js.WORKS.setup(app)
    catalogue_js.ADDRESSES.setup(app)
    changes.setup(app)
    choose_js.SCRIPT.setup(app)
    recipes_js.SCRIPT.setup(app)
    citations.setup(app)
    compare_js.setup(app)
    descriptions_js.FORMER.setup(app)
    descriptions_js.LATTER.setup(app)
    descriptions_js.CHINESE.setup(app)
    drawings.setup(app)
    feeds.setup(app)
    files.setup(app)
    filtered.setup(app)
    folds.setup(app)
    for_programs.setup(app)
    front.setup(app)
    kernels.setup(app)
    metadata.setup(app)
    moved.setup(app)
    named_figures.setup(app)
    nodes_found.setup(app)
    notebooks.setup(app)
    numbering.setup(app)
    numbers.setup(app)
    pages.setup(app)
    latex.setup(app)
    licences.setup(app)
    lists.setup(app)
    papers.setup(app)
    chapter_numbers.setup(app)
    cross_references.setup(app)
    printed.setup(app)
    report.setup(app)
    result_pages.setup(app)
    rows.setup(app)
    scripts.setup(app)
    shown_code.setup(app)
    side_by_side.setup(app)
    splits.setup(app)
    state_links.setup(app)
    search.setup(app)
    search_field.setup(app)
    terms.setup(app)
    translated.setup(app)
    used_styles.setup(app)
    values.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _check_data(app: Sphinx, config: Config) -> None:
    try:
        survey = the_survey()
    except SurveyError as error:
        raise ExtensionError(f"the survey's sources have problems:\n{error}") from None
    if survey.edition.url:
        config["html_baseurl"] = f"{survey.edition.url}/"


def _keep_templates(app: Sphinx) -> None:
    """Keep the theme's templates as they were compiled."""
    if app.builder.format == "html":
        kept = folder(ROOT) / "templates"
        kept.mkdir(parents=True, exist_ok=True)
        app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(kept))


def _write_downloads(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        files.write_downloads(app)


def _keep(app: Sphinx, error: Exception | None) -> None:
    made.save()
    if whole():
        gc.freeze()  # the process ends: looking for garbage in all that it holds took an eighth of the build
