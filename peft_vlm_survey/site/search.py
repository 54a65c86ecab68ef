"""The search of the site, in the place of Sphinx's own: its page, and the text of every section of the chapters."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx_design.dropdown import dropdown_main

from peft_vlm_survey.site import files
from peft_vlm_survey.site.chapter_numbers import ordered
from peft_vlm_survey.site.data_script import PAGE, compact
from peft_vlm_survey.site.descriptions_js import CHINESE
from peft_vlm_survey.site.search_js import NAMES, NUMBERS, TEXTS

CHAPTERS = "search-chapters.js"
_RECORDS = "search"  # a folder beside the doctrees: what was read of each chapter when its page was written
_LONG = 30  # rows of a table
# Their entries are found by themselves: papers, works and terms.
_ELSEWHERE = ("catalogue", "glossary", PAGE)
_UNSEEN = (
    nodes.raw,
    nodes.comment,
    nodes.image,
    nodes.math_block,
    nodes.target,
    nodes.substitution_definition,
    dropdown_main,
)
# What has moved to another page is told to those who come by its old address; the code is no text of the chapter.
_ASIDE = frozenset({"moved", "code-link"})
# Between two of these stands no blank of their own.
_BLOCKS = (nodes.paragraph, nodes.entry, nodes.title, nodes.caption, nodes.term, nodes.list_item, nodes.literal_block)


def sections(doctree: nodes.document) -> Iterator[tuple[str, str, str]]:
    """Yield of every section its anchor, its title, and what it says without the sections within it.

    What is folded away, as a chapter's own list of references, is left out, and so are long tables: what these list is
    found by itself.
    """
    for section in doctree.findall(nodes.section):
        title, *rest = section.children
        children = [child for child in rest if not isinstance(child, nodes.section)]
        text = re.sub(r"\s+", " ", "".join(part for child in children for part in _words(child))).strip()
        if text or isinstance(section.parent, nodes.document):
            yield section["ids"][0], title.astext(), text


def _words(node: nodes.Node) -> Iterator[str]:
    """Yield the text of a node in pieces, as a reader sees it."""
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, nodes.math):
        yield "…"
    elif not isinstance(node, _UNSEEN) and not _is_entry(node) and not _ASIDE & set(_classes(node)):
        for child in node.children:
            if not (isinstance(child, nodes.tbody) and len(child) > _LONG):
                yield from _words(child)
        if isinstance(node, _BLOCKS):
            yield " "


def _classes(node: nodes.Node) -> list[str]:
    """Return the classes of a node."""
    return list(node["classes"]) if isinstance(node, nodes.Element) else []


def _is_entry(node: nodes.Node) -> bool:
    """Return whether a node is a BibTeX entry, which says once more what the page of its paper says."""
    return isinstance(node, nodes.literal_block) and node.get("language") == "bibtex"


def _record(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Keep what a chapter says: in a rebuild only chapters that changed are written."""
    if app.builder.format == "html" and docname not in _ELSEWHERE:
        files.write(_path(app, docname), compact(list(sections(doctree))))


def _path(app: Sphinx, docname: str) -> Path:
    return Path(app.doctreedir, _RECORDS, f"{docname}.json")


def chapters_script(app: Sphinx) -> str:
    """Return the script that sets `survey.data.chapters`: of every chapter its address, its title and its sections."""
    env = app.env
    names = [env.config.root_doc, *ordered(env)]
    lines = [
        compact(
            [
                app.builder.get_target_uri(name).removesuffix(".html"),
                env.titles[name].astext(),
                json.loads(_path(app, name).read_text(encoding="utf-8")),
            ]
        )
        for name in dict.fromkeys(names)
        if _path(app, name).is_file()
    ]
    return "survey.data.chapters = [\n" + ",\n".join(lines) + "\n];\n"


def _without_sphinxs_own(app: Sphinx) -> None:
    """Let Sphinx make no index: a third of what a rebuild with nothing changed consisted of."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False
        app.config["html_additional_pages"] = {"search": "search.html"}


def _addresses(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give templates the addresses of the scripts of the search."""
    context["search_names"] = f"_static/{NAMES.address(app.env)}"
    if pagename == "search":
        text = chapters_script(app)
        folder = app.builder.get_target_uri(pagename).rpartition("/")[0]  # that of another language, if any
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        files.write(Path(app.outdir, folder or "_static", CHAPTERS), text)
        context["search_scripts"] = {
            "texts": TEXTS.address(app.env),
            "chapters": f"{f'../{folder}/' if folder else ''}{CHAPTERS}?v={digest}",
            "numbers": NUMBERS.address(app.env),
            "chinese": CHINESE.address(app.env),
        }


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what a chapter said that is no more."""
    _path(app, docname).unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Take Sphinx's place."""
    app.connect("builder-inited", _without_sphinxs_own)
    app.connect("doctree-resolved", _record, priority=900)
    app.connect("env-purge-doc", _forget)
    app.connect("html-page-context", _addresses)
    for script in (NAMES, TEXTS, NUMBERS):
        script.setup(app)
