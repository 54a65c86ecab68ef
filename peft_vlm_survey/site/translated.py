"""The book in Chinese: a second builder, which writes the translated chapters of the English build below zh/ once more.

It starts from what the English build has read and written: only chapters with a catalogue are read again, with the
outputs that their cells had, and no cell is run. Everything else is shared: a page in Chinese leads to the styles,
scripts, figures, papers and data sets of the one site, and to English chapters where there is no other.
"""

import hashlib
import re
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
from docutils import nodes
from myst_nb import sphinx_ as notebooks
from myst_nb.core.execute import NotebookClientBase
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import CONFIG_OK, BuildEnvironment
from sphinx.transforms import SphinxTransform, i18n
from sphinx.util.nodes import extract_messages

from peft_vlm_survey.cache import whole
from peft_vlm_survey.data import ROOT
from peft_vlm_survey.messages.catalogues import chapters, translations
from peft_vlm_survey.site import files
from peft_vlm_survey.site.interface_js import chinese, interface_script, summaries_script

FOLDER = "zh"
_SCRIPT = f"{FOLDER}/interface.js"
_SUMMARIES, _OF_METHODS = f"{FOLDER}/summaries.js", ("choose", "compare")
_SENTENCE = re.compile(r"(?:\b[a-z]+\b\W+){2}[a-z]+\b")  # three small words in a row are no name
# No words of the page, or a paragraph in English, of which not half is to be in Chinese.
_UNREAD = re.compile(
    r"(<(?:script|style|pre|code)\b.*?</(?:script|style|pre|code)>|<!--.*?-->|<p\b[^>]*\buntranslated\b.*?</p>)",
    re.DOTALL,
)
_WORDS = re.compile(
    r'(?<=>)[^<>]*[A-Za-z]{2}[^<>]*(?=<)|(?<= (?:title|label)=")[^"]*[A-Za-z]{2}[^"]*|(?<= aria-label=")[^"]+|(?<= placeholder=")[^"]+'
)
# Roles and drawings that know no other pages than those at the root.
_FROM_THE_ROOT = re.compile(r'(?<= href=")(?=(?:downloads|notebooks|papers|datasets|benchmarks)/|peft-vlm-survey)')
_SHARED = ("papers/", "datasets/", "benchmarks/")  # one page for both languages
_found: dict[str, str] = {}  # the translations of the chapter that is being read, for Sphinx's transform


class Translated(StandaloneHTMLBuilder):
    """Write the translated chapters and the search, and nothing else, below the folder of the language."""

    name = "translated"

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        self.name = "html"  # what depends on the builder is as in the English pages
        app.outdir = Path(app.outdir).with_name("html")  # type: ignore[assignment]
        super().__init__(app, env)
        self.chapters = chapters(ROOT)
        notebooks.create_client = self._with_outputs  # type: ignore[assignment]
        i18n.init_locale = _catalogue  # type: ignore[attr-defined, assignment]

    def _with_outputs(
        self, notebook: Any, source: str, config: Any, logger: Any, form: Any = None
    ) -> NotebookClientBase:
        """Give a chapter's cells the outputs that they had in the English build, in the place of running them."""
        path = Path(source)
        run = nbformat.read(Path(self.outdir).parent / "jupyter_execute" / f"{path.stem}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
        for cell, before in zip(notebook.cells, run.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs = before.outputs
        return NotebookClientBase(notebook, path, config, logger)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return where a page is below the site: in the folder of the language if it is translated."""
        address = super().get_target_uri(docname, typ)
        return f"{FOLDER}/{address}" if docname in (*self.chapters, "search") else address

    def get_outfilename(self, pagename: str) -> str:
        """Return the file of a page."""
        return str(Path(self.outdir, self.get_target_uri(pagename)))

    def get_outdated_docs(self) -> Iterable[str]:  # type: ignore[override]
        """Return what to write."""
        return self.chapters

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a chapter if it is translated."""
        if docname in self.chapters:
            super().write_doc(docname, doctree)

    def gen_pages_from_extensions(self) -> None:
        """Write no page of a paper or data set: there is one for both languages."""

    def copy_image_files(self) -> None:
        """Copy none: the English pages have brought them."""

    def copy_assets(self) -> None:
        """Copy none, for the same reason."""

    def write_buildinfo(self) -> None:
        """Write none: the site has one."""

    def handle_finish(self) -> None:
        """Write no inventory: it names the English pages."""

    def handle_page(
        self,
        pagename: str,
        addctx: dict[str, Any],
        templatename: str = "page.html",
        outfilename: str | None = None,
        event_arg: Any = None,
    ) -> None:
        """Write a page, and then translate what the frame and the scripts' places say in it."""
        super().handle_page(pagename, addctx, templatename, outfilename, event_arg)
        path = Path(outfilename or self.get_outfilename(pagename))
        path.write_text(page_in_chinese(path.read_text(encoding="utf-8")), encoding="utf-8")


class Lookup(SphinxTransform):
    """Look up what a chapter says, in its own catalogue and in that of the answers, before Sphinx puts it in place."""

    default_priority = 15

    def apply(self, **kwargs: Any) -> None:
        """Fill the catalogue that Sphinx is given for this chapter."""
        _found.clear()
        if isinstance(self.app.builder, Translated) and self.env.docname in self.app.builder.chapters:
            own = translations(ROOT, self.env.docname)
            for cell in self.document.findall(
                nodes.paragraph
            ):  # of a Markdown table no place is known, and Sphinx asks for it
                if cell.source is None and cell.rawsource:
                    cell.source, cell.line = self.document["source"], cell.line or 1
            for _, text in extract_messages(self.document):
                if found := own.get(text) or chinese().of(text):
                    _found[text] = found
            for pending in self.document.findall(nodes.pending):  # Sphinx does not look for the description there
                for tag in pending.details.get("nodes", ()):
                    if isinstance(tag, nodes.meta):
                        tag["content"] = own.get(tag["content"], tag["content"])


class Marks(SphinxTransform):
    """Mark what stands in English on a page in Chinese, for eyes and for screen readers."""

    default_priority = 24  # behind the translation, before Sphinx counts

    def apply(self, **kwargs: Any) -> None:
        """Give the sentences that were not translated a class and a language."""
        if isinstance(self.app.builder, Translated):
            for node in self.document.findall(nodes.TextElement):
                if node.get("translated") is False and _SENTENCE.search(node.astext()):
                    node["classes"] += ["untranslated", "language-en"]


def page_in_chinese(page: str) -> str:
    """Return a page with every text that stands whole between two tags or in a label as its translation, where there is one."""

    def words(match: re.Match[str]) -> str:
        text = unescape(match.group())
        if not (found := chinese().of(text)):
            return match.group()
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{escape(found)}{after}"

    pieces = _UNREAD.split(page)
    page = "".join(piece if place % 2 else _WORDS.sub(words, piece) for place, piece in enumerate(pieces))
    page = page.replace('<li id="listed-', '<li lang="en" id="listed-')  # a work's record stays as it is
    return _FROM_THE_ROOT.sub("../", page)


def _catalogue(folders: Any, language: Any, name: str = "", *rest: Any) -> tuple[Any, bool]:
    return SimpleNamespace(_catalog=_found, _fallback=None), bool(_found)


def _begin(app: Sphinx) -> None:
    if not isinstance(app.builder, Translated):
        return
    app.env.config_status = CONFIG_OK  # that the language is another is no reason to read every chapter again
    # The files of the site are written, and stay.
    app.events.listeners["build-finished"] = []
    app.connect("build-finished", _write_scripts)
    app.config["html_title"] = chinese().of(app.config.html_title) or app.config.html_title


def _chapters_to_read(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], gone: set[str]
) -> list[str]:
    return list(app.builder.chapters) if isinstance(app.builder, Translated) else []


def _write_scripts(app: Sphinx, error: Exception | None) -> None:
    if error is None:
        files.write(Path(app.outdir, _SCRIPT), interface_script())
        files.write(Path(app.outdir, _SUMMARIES), summaries_script())


def _offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell a page where it stands in the other language, and bring what translates its scripts, or its frame."""
    stands = pagename in (*chapters(ROOT), "search")
    if stands and isinstance(app.builder, Translated):
        context["title"] = context.get("title") or chinese().of("Search")
        context["other_language"] = {"lang": "en", "name": "English", "address": f"../{pagename}.html"}
        _bring_script(app, **({"data-summaries": _SUMMARIES} if pagename in _OF_METHODS else {}))
    elif stands and whole():  # a draft is in English alone
        context["other_language"] = {"lang": "zh-CN", "name": "中文", "address": f"{FOLDER}/{pagename}.html"}
    elif whole() and pagename.startswith(_SHARED):
        _bring_script(app)


def _bring_script(app: Sphinx, **further: str) -> None:
    scripts = {"data-messages": _SCRIPT, **further}
    digest = hashlib.sha256(interface_script().encode()).hexdigest()[:8]
    addresses = {name: f"../{path}?v={digest}" for name, path in scripts.items()}  # from where the script is
    app.add_js_file("translating.js", priority=310, loading_method="defer", **addresses)


def setup(app: Sphinx) -> None:
    """Register the builder and what it needs."""
    app.add_builder(Translated)
    app.add_transform(Lookup)
    app.add_transform(Marks)
    app.connect("builder-inited", _begin, priority=900)
    app.connect("env-get-outdated", _chapters_to_read)
    app.connect("html-page-context", _offer, priority=90)  # before its title is described
