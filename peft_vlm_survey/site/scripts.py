"""Load on a page only what that page uses, and nothing from elsewhere."""

import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.site import (
    bibtex_js,
    calculator_js,
    catalogue_js,
    choose_js,
    compare_js,
    descriptions_js,
    recipes_js,
)
from peft_vlm_survey.site.data_script import DataScript

EXPLORER = "catalogue"  # the page that the explorer stands in; it uses what serves the tables
CALCULATOR = "fit"  # the page of the calculator
ONCE_CALCULATOR = "costs"  # where it stood before
CHOOSER = "choose"  # the page that the chooser stands in
COMPARER = "compare"  # the page that sets methods side by side


class Assets(NamedTuple):
    """What a page brings: styles, scripts, and what the last of these is told the addresses of, by the name of the attribute."""

    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    data: Mapping[str, DataScript] = {}


# Of pages with tables or links to papers, whichever they are. The tables come before MathJax, which takes the place of the TeX
# that exports need.
_TABLES = Assets(styles=("tables.css",), scripts=("tables.js",), data={"bibtex": bibtex_js.SCRIPT})
_CITATIONS = Assets(
    styles=("cards.css",),
    scripts=("unpacking.js", "cards.js"),
    data={"catalogue": catalogue_js.SCRIPT, "authors": catalogue_js.AUTHORS, "works": catalogue_js.WORKS},
)
_OF_PAGES: Mapping[str, Assets] = {
    EXPLORER: Assets(
        styles=("explorer.css",),
        scripts=("unpacking.js", "explorer.js"),
        data={
            "catalogue": catalogue_js.SCRIPT,
            "authors": catalogue_js.AUTHORS,
            "former": descriptions_js.FORMER,
            "latter": descriptions_js.LATTER,
            "chinese": descriptions_js.CHINESE,
            "addresses": catalogue_js.ADDRESSES,
        },
    ),
    CALCULATOR: Assets(
        styles=("calculator.css",),
        scripts=(
            *("address.js", "names.js", "others.js", "costing.js", "passes.js", "step.js"),
            *("gpus.js", "fitting.js", "fit.js", "calculator.js"),
        ),
        data={"costs": calculator_js.SCRIPT, "recipes": recipes_js.SCRIPT},
    ),
    ONCE_CALCULATOR: Assets(scripts=("moved.js",)),
    CHOOSER: Assets(
        styles=("choose.css",),
        scripts=(
            *("address.js", "names.js", "others.js", "gpus.js", "unpacking.js"),
            *("choose-answer.js", "choose.js"),
        ),
        data={"lists": choose_js.SCRIPT, "recipes": recipes_js.SCRIPT},
    ),
    COMPARER: Assets(
        styles=("papers.css", "compare.css"),
        scripts=("address.js", "unpacking.js", "compare.js"),
        data={"index": compare_js.SCRIPT},
    ),
}
# What stays of the scripts and styles that Jupyter Book always loads: those of the theme, and our own.
_SCRIPTS = (
    *("documentation_options.js", "scripts/sphinx-book-theme.js"),
    *sorted(path.name for path in (ROOT / "_static").glob("*.js")),
)
_STYLES = (
    *("pygments.css", "styles/sphinx-book-theme.css", "mystnb", "sphinx-design.min.css"),
    *sorted(path.name for path in (ROOT / "_static").glob("*.css")),
)
_MATHJAX = "mathjax/tex-chtml.js"
_UNUSED = (
    "scripts/fontawesome.js",
    "scripts/fontawesome.js.LICENSE.txt",
    "vendor",
    "scripts/bootstrap.js",
    "scripts/bootstrap.js.LICENSE.txt",
    "doctools.js",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
    "togglebutton.js",
    "togglebutton.css",
    "copybutton.js",
    "copybutton.css",
    "copybutton_funcs.js",
    "clipboard.min.js",
    "check-solid.svg",
    "copy-button.svg",
    "sphinx-thebe.js",
    "sphinx-thebe.css",
    "design-tabs.js",
    "images",
    "locales",
    "play-solid.svg",
    "file.png",
    "minus.png",
    "plus.png",
    "nbversions.json",
    "searchtools.js",  # the book has a search of its own
    "language_data.js",
    "sphinx_highlight.js",
)


def setup(app: Sphinx) -> None:
    """Choose MathJax, filter every page's scripts, and bring MathJax into the site."""
    app.connect("config-inited", _local_mathjax, priority=900)
    app.connect("html-page-context", _choose, priority=900)
    app.connect("build-finished", _copy)


def _local_mathjax(app: Sphinx, config: Any) -> None:
    config["mathjax_path"] = _MATHJAX


def _choose(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    app.add_js_file("folding.js", priority=300, loading_method="defer")
    app.add_js_file("searchbox.js", loading_method="defer")
    app.add_js_file("report.js", loading_method="defer")
    if "search_scripts" in context:
        attributes: dict[str, Any] = {f"data-{name}": address for name, address in context["search_scripts"].items()}
        app.add_css_file("search.css")
        app.add_js_file("query.js", loading_method="defer")
        app.add_js_file("search.js", loading_method="defer", **attributes)
    if "has_tables" in context:  # a page that was collected from the data
        app.add_css_file("papers.css")
    if (
        pagename == EXPLORER
        or context.get("has_tables")
        or (doctree is not None and any("survey" in table["classes"] for table in doctree.findall(nodes.table)))
    ):
        _bring(app, _TABLES, priority=400)
    if "has_list" in context:
        app.add_css_file("lists.css")
    if context.get("has_groups"):
        app.add_js_file("datasets.js", loading_method="defer")
    if pagename in _OF_PAGES:
        _bring(app, _OF_PAGES[pagename])
    if context.get("has_citations") or (
        doctree is not None and any("cite" in link["classes"] for link in doctree.findall(nodes.reference))
    ):
        _bring(app, _CITATIONS)
    math = doctree is not None and any(True for kind in (nodes.math, nodes.math_block) for _ in doctree.findall(kind))
    kept = []
    for script in context.get("script_files", []):
        name = str(getattr(script, "filename", script) or "")
        if name:
            wants = _is_one_of(name, _SCRIPTS) or (math and _MATHJAX in name)
        else:  # an inline script; of these only MathJax's settings are of use
            wants = math and "MathJax" in str(getattr(script, "attributes", {}).get("body", ""))
        if wants:
            kept.append(script)
    if math and not any(_MATHJAX in str(getattr(script, "filename", script) or "") for script in kept):
        app.add_js_file(_MATHJAX, loading_method="defer")
        kept += [script for script in app.builder.script_files if _MATHJAX in str(script.filename)]  # type: ignore[attr-defined]
    context["script_files"] = kept
    context["css_files"] = [
        style for style in context.get("css_files", []) if _is_one_of(str(getattr(style, "filename", style)), _STYLES)
    ]


def _bring(app: Sphinx, assets: Assets, **order: int) -> None:
    for style in assets.styles:
        app.add_css_file(style)
    *others, last = assets.scripts
    for script in others:
        app.add_js_file(script, loading_method="defer", **order)
    addresses: dict[str, Any] = {f"data-{name}": script.address(app.env) for name, script in assets.data.items()}
    app.add_js_file(last, loading_method="defer", **order, **addresses)


def _is_one_of(name: str, wanted: tuple[str, ...]) -> bool:
    return any(part in name for part in wanted)


def _copy(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    for name in _UNUSED:
        path = static / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in static.rglob("*.map"):
        path.unlink()
    spec = find_spec("sphinx-mathjax-offline")  # a wheel that is used for its files alone
    if spec is None or spec.origin is None:
        raise FileNotFoundError("MathJax is not installed; run make setup")
    source = Path(spec.origin).parent / "static" / "mathjax"
    target = static / "mathjax"
    target.mkdir(exist_ok=True)
    shutil.copyfile(source / "tex-chtml.js", target / "tex-chtml.js")
    shutil.copytree(source / "output" / "chtml" / "fonts", target / "output" / "chtml" / "fonts", dirs_exist_ok=True)
