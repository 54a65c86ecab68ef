"""Pages that have no sources: Sphinx collects them from templates when the site is written. On paper there are none.

Papers, benchmarks and data sets have such pages; here is what they share.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.nodes import Node, system_message
from docutils.utils import new_document
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import ReferenceRole

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.problems import suggest
from peft_vlm_survey.site import files
from peft_vlm_survey.site.frame import Frames


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


def collected(app: Sphinx, folder: str, template: str, pages: Iterable[Page]) -> None:
    """Write the pages of a folder that show something else than before, and put them into the search.

    A page that stands there and would show the same is left alone; one that is no longer given is deleted.
    The template fills the article alone: the frame around it is rendered once (see `frame.Frame`).
    """
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    record = Path(app.doctreedir, f"{folder}.pages.json")
    before = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    around = _around(app)
    frames = Frames(app.builder, folder, template)
    now = {}
    for page in pages:
        now[page.name] = digest(around, page.content)
        path = Path(app.builder.get_outfilename(page.name))
        known = before.get(page.name) == now[page.name] and path.is_file()
        _index(app, app.builder, page, changed=not known)
        if not known:
            files.write(path, frames.filled(page.name, page.content, page.around()))
    for name in before.keys() - now.keys():
        Path(app.builder.get_outfilename(name)).unlink(missing_ok=True)
    record.write_text(json.dumps(now), encoding="utf-8")


def digest(frame: str, content: Mapping[str, Any]) -> str:
    """Return what changes if and only if a page's content or the frame around it does."""
    return hashlib.sha256(f"{frame}\n{content!r}".encode()).hexdigest()


def _around(app: Sphinx) -> str:
    """Return what changes if the frame around the pages does: templates, styles, settings, chapters and edition."""
    state = hashlib.sha256(repr((the_survey().edition, app.config.html_context)).encode())
    sources = [*ROOT.glob("_templates/*"), *ROOT.glob("_static/*"), *ROOT.glob("peft_vlm_survey/s*/*.py")]
    for path in sorted([*sources, ROOT / "_config.yml", ROOT / "_toc.yml"]):
        state.update(path.read_bytes())
    titles = [(name, app.env.titles[name].astext()) for name in sorted(app.env.found_docs)]
    state.update(repr((titles, app.env.toc_secnumbers)).encode())
    return state.hexdigest()


def _index(app: Sphinx, builder: StandaloneHTMLBuilder, page: Page, *, changed: bool) -> None:
    """Put a page into the search; one that did not change stands there already, unless the search is made anew."""
    title = page.title.replace("<", "&lt;")  # the search writes titles as HTML
    indexer = builder.indexer
    if indexer is not None and (changed or page.name not in indexer._titles):
        document = new_document(page.name, _settings())
        for heading in dict.fromkeys(filter(None, (title, *page.headings))):
            document += nodes.section("", nodes.title("", heading))
        document += nodes.paragraph("", " ".join(page.words))
        indexer.feed(page.name, f"{page.name}.html", title, document)
    # Without these the search forgets the page, and objects.inv cannot name it.
    app.env.all_docs.setdefault(page.name, 0)
    app.env.titles[page.name] = nodes.title("", title)


@cache
def _settings() -> Any:
    """Return docutils' settings; making them is most of what a new document costs."""
    return get_default_settings()


def _remember(app: Sphinx, env: BuildEnvironment) -> tuple[()]:
    """Tell Sphinx of the pages of the last build before it drops from the search what is no chapter."""
    for record in Path(app.doctreedir).glob("*.pages.json"):
        for name in json.loads(record.read_text(encoding="utf-8")):
            env.all_docs.setdefault(name, 0)
            env.metadata[name]["orphan"] = True  # no contents list names them, which Sphinx would tell of each
    return ()


def setup(app: Sphinx) -> None:
    """Register the links."""
    app.connect("env-updated", _remember)
    app.add_node(page_link)
    app.add_post_transform(PageLinks)
