"""Pages that have no sources: Sphinx collects them from templates when the site is written. On paper there are none.

Papers, benchmarks and data sets have such pages; here is what they share.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import ReferenceRole

from peft_vlm_survey.cache import code, sources
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import suggest
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.site import files
from peft_vlm_survey.site.frame import Frames
from peft_vlm_survey.site.written import Written


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page to collect: `name` is its place without extension, `content` gives all that it shows of the data.

    `around` tells what the frame needs to know of the content; it is asked only when the page is written.
    """

    name: str
    content: Callable[[Survey], Mapping[str, Any]]
    around: Callable[[Mapping[str, Any]], Mapping[str, Any]]


class page_link(nodes.Inline, nodes.TextElement):
    """A link to such a page, by its name, with or without a place on it; `kind` is the class of the link."""


class PageRole(ReferenceRole, ABC):
    """Link to such a page, by default under its short name; an unknown key is an error where it stands."""

    kind: str

    @abstractmethod
    def known(self) -> Collection[str]:
        """Return what there is a page of."""

    @abstractmethod
    def page(self) -> str:
        """Return the name of the page of the target."""

    @abstractmethod
    def short_name(self) -> str:
        """Return what the target is called."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link."""
        if self.target not in self.known():
            remedy = suggest(self.target, self.known(), f"data/{self.kind}s.csv names them.")
            message = self.inliner.reporter.error(f"no {self.kind} '{self.target}'. {remedy}", line=self.lineno)
            return [], [message]
        text = self.title if self.has_explicit_title else self.short_name()
        return [page_link(self.rawtext, text, page=self.page(), kind=self.kind)], []


class PageLinks(SphinxPostTransform):
    """Turn such links into links of the site, and on paper into the names alone."""

    default_priority = 20

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes."""
        for node in list(self.document.findall(page_link)):
            node.replace_self(link_to(self.app, self.env.docname, node["page"], node["kind"], *node.children))


def link_to(app: Sphinx, docname: str, page: str, kind: str, *text: Node) -> Node:
    """Return a link from a chapter to such a page; on paper, where there is none, the text alone."""
    if app.builder.format != "html":
        return nodes.inline("", "", *text)
    name, mark, anchor = page.partition("#")
    address = f"{app.builder.get_relative_uri(docname, name)}{mark}{anchor}"
    return nodes.reference("", "", *text, refuri=address, internal=True, classes=[kind])


def collected(app: Sphinx, folder: str, template: str, pages: Callable[[Survey], Iterable[Page]]) -> bool:
    """Write the pages of a folder that show something else than before, and return whether that was looked into.

    A page that stands there and would show the same is left alone; one that is no longer given is deleted.
    The template fills the article alone: the frame around it is rendered once (see `frame.Frame`).
    """
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return False
    around = _around(app)
    known = Written(Path(app.doctreedir, f"{folder}.pages.json"), state=_state(around))
    builder = app.builder
    there = {name for name in known.names if files.stands(builder.get_outfilename(name))}
    if known.current and len(there) == len(known.names):
        return False  # nothing changed of which a page is made: what they would show need not be worked out
    frames = Frames(app.builder, folder, template)
    for page in pages(the_survey()):
        content = page.content(the_survey())
        if known.differs(page.name, around, content) or page.name not in there:
            files.write(_file(builder, page.name), frames.filled(page.name, content, page.around(content)))
    for name in known.gone:
        _file(builder, name).unlink(missing_ok=True)
    known.save()
    return True


def collected_by_category(
    app: Sphinx,
    folder: str,
    template: str,
    content: Callable[[Survey, str], Mapping[str, Any]],
    around: Callable[[Sphinx, Mapping[str, Any]], Mapping[str, Any]],
) -> tuple[()]:
    """Write a page for every category, <folder>/<category>, of what is made of the survey and the category; Sphinx is left none to write."""

    def page(category: str) -> Page:
        return Page(
            name=f"{folder}/{category}",
            content=lambda survey: content(survey, category),
            around=lambda shown: around(app, shown),
        )

    collected(app, folder, template, lambda survey: map(page, CATEGORIES))
    return ()


def other_categories(category: str) -> list[Part]:
    """Return the other categories, each leading from such a page to its own."""
    return [Part(name, f"{other}.html") for other, name in CATEGORIES.items() if other != category]


def _file(builder: StandaloneHTMLBuilder, name: str) -> Path:
    return Path(builder.get_outfilename(name))


def _state(around: str) -> str:
    """Return what changes if anything does of which pages are made: the frame, the code, the data, or who cites whom where."""
    cited = [(citation.path, citation.key) for citation in the_survey().citations]
    return hashlib.sha256(f"{around}{code()}{sources(ROOT)}{cited}".encode()).hexdigest()


def _around(app: Sphinx) -> str:
    """Return what changes if the frame around the pages does: templates, styles, settings, chapters and edition."""
    state = hashlib.sha256(repr((the_survey().edition, app.config.html_context)).encode())
    sources = [*ROOT.glob("_templates/*"), *ROOT.glob("_static/**/*.*"), *ROOT.glob("peft_vlm_survey/s*/*.py")]
    for path in sorted([*sources, ROOT / "_config.yml", ROOT / "_toc.yml"]):
        state.update(path.read_bytes())
    titles = [(name, app.env.titles[name].astext()) for name in sorted(app.env.found_docs)]
    state.update(repr((titles, app.env.toc_secnumbers)).encode())
    return state.hexdigest()


def setup(app: Sphinx) -> None:
    """Register the links."""
    app.add_node(page_link)
    app.add_post_transform(PageLinks)
