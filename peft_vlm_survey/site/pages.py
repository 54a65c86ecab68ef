"""Pages that have no sources: Sphinx collects them from templates when the site is written. On paper there are none.

Papers and benchmarks have such pages; here is what they share.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node, system_message
from docutils.utils import new_document
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import ReferenceRole

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.problems import suggest
from peft_vlm_survey.show.facts import Part


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page to collect: `name` is its place without extension, `content` all that it shows of the data.

    `around` tells what the frame needs; it is asked only when the page is written. The search finds the page under
    its title, its further headings and its words.
    """

    name: str
    title: str
    content: Mapping[str, Any]
    around: Callable[[], Mapping[str, Any]]
    headings: tuple[str, ...]
    words: tuple[str, ...]


class page_link(nodes.Inline, nodes.TextElement):
    """A link to such a page, by its name; `kind` is the class of the link."""


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
    address = app.builder.get_relative_uri(docname, page)
    return nodes.reference("", "", *text, refuri=address, internal=True, classes=[kind])


def collected(
    app: Sphinx, folder: str, template: str, pages: Iterable[Page]
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages of a folder that are to be written, and put every page into the search.

    A page that stands there and would show the same is left alone; one that is no longer given is deleted.
    """
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    record = Path(app.doctreedir, f"{folder}.json")
    before = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    frame = _frame(app)
    now = {}
    for page in pages:
        now[page.name] = digest(frame, page.content)
        _index(app, app.builder, page)
        if before.get(page.name) != now[page.name] or not Path(app.builder.get_outfilename(page.name)).is_file():
            yield page.name, {**page.content, **page.around()}, template
    for name in before.keys() - now.keys():
        Path(app.builder.get_outfilename(name)).unlink(missing_ok=True)
    record.write_text(json.dumps(now), encoding="utf-8")


def digest(frame: str, content: Mapping[str, Any]) -> str:
    """Return what changes if and only if a page's content or the frame around it does."""
    return hashlib.sha256(f"{frame}\n{content!r}".encode()).hexdigest()


def _frame(app: Sphinx) -> str:
    """Return what changes if the frame around the pages does: templates, styles, settings, chapters and edition."""
    state = hashlib.sha256(repr((the_survey().edition, app.config.html_context)).encode())
    sources = [*ROOT.glob("_templates/*"), *ROOT.glob("_static/*"), *ROOT.glob("peft_vlm_survey/s*/*.py")]
    for path in sorted([*sources, ROOT / "_config.yml", ROOT / "_toc.yml"]):
        state.update(path.read_bytes())
    titles = [(name, app.env.titles[name].astext()) for name in sorted(app.env.found_docs)]
    state.update(repr((titles, app.env.toc_secnumbers)).encode())
    return state.hexdigest()


def contents(heading: str, sections: Iterable[Part]) -> str:
    """Return the contents of a page as the theme expects them of Sphinx."""
    items = "".join(
        f'<li><a class="reference internal" href="#{part.address}">{escape(part.text)}</a></li>' for part in sections
    )
    return f'<ul><li><a class="reference internal" href="#">{escape(heading)}</a><ul>{items}</ul></li></ul>'


def _index(app: Sphinx, builder: StandaloneHTMLBuilder, page: Page) -> None:
    title = page.title.replace("<", "&lt;")  # the search writes titles as HTML
    if builder.indexer is not None:
        document = new_document(page.name)
        for heading in dict.fromkeys(filter(None, (title, *page.headings))):
            document += nodes.section("", nodes.title("", heading))
        document += nodes.paragraph("", " ".join(page.words))
        builder.indexer.feed(page.name, f"{page.name}.html", title, document)
    # Without these the search forgets the page, and objects.inv cannot name it.
    app.env.all_docs.setdefault(page.name, 0)
    app.env.titles[page.name] = nodes.title("", title)


def setup(app: Sphinx) -> None:
    """Register the links."""
    app.add_node(page_link)
    app.add_post_transform(PageLinks)
