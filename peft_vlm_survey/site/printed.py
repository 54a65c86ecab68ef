"""The three documents on paper: the book, its supplement, and the catalogue, each with the works that it cites.

On paper the foundations come first, and the tools, which live on the site, take a section each of one chapter.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.addnodes import start_of_file
from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.builders.latex.theming import Theme
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.texescape import escape
from sphinxcontrib.bibtex.nodes import raw_latex

from peft_vlm_survey import figures
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site.chapter_numbers import SUPPLEMENT, TOOLS, UNNUMBERED, ordered
from peft_vlm_survey.site.cross_references import ELSEWHERE
from peft_vlm_survey.site.front import COVER, front_pages, title_of

REFERENCES, CATALOGUE = "references", "catalogue"
BOOK, LISTS = "index", "cite"


class Document(NamedTuple):
    """One file: the chapter for which Sphinx takes it, which must be in no document, the file's name, and its own."""

    root: str
    file: str
    name: str


DOCUMENTS = (
    Document(BOOK, "peft-vlm-survey", "book"),
    Document(SUPPLEMENT, "peft-vlm-survey-supplement", "supplement"),
    Document(LISTS, "peft-vlm-survey-catalogue", "catalogue"),
)


def held(env: BuildEnvironment, root: str) -> list[str]:
    """Return the chapters of a document in their order on paper."""
    supplement = ordered(env, SUPPLEMENT)
    if root == SUPPLEMENT:
        return [*supplement, "glossary", REFERENCES]
    if root == LISTS:
        return [CATALOGUE, REFERENCES]
    chapters = [name for name in ordered(env) if name not in (*UNNUMBERED, *supplement)]
    tools = [name for name in TOOLS if name in env.found_docs]
    return [*chapters, *tools, REFERENCES]


class Printed(LaTeXBuilder):
    """Sphinx's builder for LaTeX, which would put every chapter into every document."""

    def init_document_data(self) -> None:
        """Name the documents, which Jupyter Book can do for one alone."""
        edition = the_survey().edition
        authors = ", ".join(edition.authors)
        self.config["latex_documents"] = [
            (document.root, f"{document.file}.tex", title_of(edition, document.name), authors, "manual", False)
            for document in DOCUMENTS
        ]
        super().init_document_data()

    def assemble_doctree(self, indexfile: str, toctree_only: bool, appendices: list[str]) -> nodes.document:
        """Return one document as a tree: its chapters, and nothing else."""
        # The entries are nodes of the domain, to which every document would add its own text.
        for bibliography in self.env.get_domain("cite").bibliographies.values():  # type: ignore[attr-defined]
            for entry in bibliography.citation_nodes.values():
                entry.children = []
        with _chapters_alone(self.env, indexfile):
            return super().assemble_doctree(indexfile, toctree_only, appendices)

    def update_doc_context(self, title: str, author: str, theme: Theme) -> None:
        """Let each document have front pages of its own."""
        super().update_doc_context(title, author, theme)
        survey = the_survey()
        (name,) = (document.name for document in DOCUMENTS if title_of(survey.edition, document.name) == title)
        self.context["maketitle"] = front_pages(survey, name)

    def copy_assets(self) -> None:
        """Copy what TeX needs, and draw the picture of the title page."""
        super().copy_assets()
        Path(self.outdir, COVER).write_bytes(figures.modules().pdf)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return where a chapter is; one of another document gets a mark that `cross_references` replaces."""
        here = (
            docname in self.docnames and docname != LISTS
        )  # after which a document is named, but which it does not hold
        return super().get_target_uri(docname, typ) if here else f"{ELSEWHERE}{docname}"


@contextmanager
def _chapters_alone(env: BuildEnvironment, root: str) -> Iterator[None]:
    """Let the chapter that heads a document be nothing but a list of its chapters, and a tool be shown shortly."""
    asked = False

    def get_doctree(name: str) -> nodes.document:
        nonlocal asked
        if name == root and not asked:
            asked = True
            return _list_of(held(env, root))
        doctree = type(env).get_doctree(env, name)
        return _in_short(doctree, name) if name in TOOLS and root == BOOK else doctree

    env.get_doctree = get_doctree  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        del env.get_doctree


def _list_of(names: list[str]) -> nodes.document:
    document = new_document("printed")
    section = nodes.section("", nodes.title("", "Printed"))
    section += addnodes.toctree(includefiles=names, entries=[(None, name) for name in names])
    document += section
    return document


def _in_short(doctree: nodes.document, name: str) -> nodes.document:
    """Keep of a tool its title, its first paragraph, and where it is."""
    (chapter,) = (node for node in doctree.children if isinstance(node, nodes.section))
    title = next(node for node in chapter.children if isinstance(node, nodes.title))
    first = next(node for node in chapter.children if isinstance(node, nodes.paragraph))
    place = nodes.paragraph("", "On the site: ")
    address = the_survey().edition.url
    if address:
        uri = f"{address.rstrip('/')}/{name}.html"
        place += nodes.reference("", uri, refuri=uri)
    else:
        place += nodes.literal("", f"{name}.html")
    place += nodes.Text(".")
    chapter.children = []
    chapter += [title, first, place]
    return doctree


class OnPaper(SphinxPostTransform):
    """Name the parts in the contents, set the tools as sections of one chapter, and list no work that is not cited."""

    default_priority = 910
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Treat one document, in which all its chapters are by now."""
        chapters = {chapter["docname"]: chapter for chapter in self.document.findall(start_of_file)}
        supplement = ordered(self.env, SUPPLEMENT)
        if supplement and supplement[0] in chapters:
            _before(chapters[supplement[0]], r"\surveysupplement")
        for name, caption in openings(self.env).items():
            if name in chapters:
                _before(
                    chapters[name], rf"\addtocontents{{toc}}{{\protect\surveypart{{{escape(caption, 'xelatex')}}}}}"
                )
        unnumbered = [chapter for name, chapter in chapters.items() if name in UNNUMBERED]
        if unnumbered:
            _before(unnumbered[0], r"\surveyunnumbered")
        if {*chapters} == {CATALOGUE, REFERENCES}:
            _before(chapters[CATALOGUE], r"\surveywidepage")
            _before(chapters[REFERENCES], r"\surveyusualpage")
            return
        _gather([chapters[name] for name in TOOLS if name in chapters])
        self._leave_out_uncited()

    def _leave_out_uncited(self) -> None:
        tex = "".join(node.rawsource for node in self.document.findall(raw_latex))  # a citation is raw TeX by now
        cited = {*re.findall(rf"\\hyperlink\{{cite\.{REFERENCES}:([^}}]+)\}}", tex)}
        for citation in list(self.document.findall(nodes.citation)):
            if not cited & {*citation["ids"]}:
                citation.parent.remove(citation)


def openings(env: BuildEnvironment) -> dict[str, str]:
    """Return the captions of the parts by the first of their chapters that has a number."""
    captions = {}
    for part in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
        names = [name for name in part["includefiles"] if name not in UNNUMBERED]
        if part["caption"] and names:
            captions[names[0]] = part["caption"]
    return captions


def _gather(tools: list[nodes.Element]) -> None:
    """Make the tools sections of one chapter."""
    if not tools:
        return
    chapter = nodes.section("", nodes.title("", "The Tools on the Site"), ids=["tools-on-the-site"])
    tools[0].parent.insert(tools[0].parent.index(tools[0]), chapter)
    for tool in tools:
        tool.parent.remove(tool)
        chapter += tool


def _before(chapter: nodes.Element, tex: str) -> None:
    parent = chapter.parent
    parent.insert(parent.index(chapter), nodes.raw("", tex, format="latex"))


def setup(app: Sphinx) -> None:
    """Take the place of the builder for LaTeX, and name the documents."""
    app.add_builder(Printed, override=True)
    app.add_post_transform(OnPaper)
