"""Pages that have no sources: Sphinx collects them from templates when the site is written. On paper there are none.

Papers, benchmarks and data sets have such pages; here is what they share.
"""

import hashlib
import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import ReferenceRole

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.kept import Look, Looks, Watched, code, sources
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import suggest
from peft_vlm_survey.site import files
from peft_vlm_survey.site.frame import Frames


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page to collect: `name` is its place without extension, `content` gives all that it shows of the data.

    `besides` says what the content is made of that was worked out for all pages at once. What is looked at in the survey
    that `content` is handed is noted, so that it is asked only where some of this changed. `around` tells what the frame
    needs to know of the content; it is asked only when the page is written.
    """

    name: str
    content: Callable[[Survey], Mapping[str, Any]]
    around: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    besides: str = ""


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


def collected(app: Sphinx, folder: str, template: str, pages: Iterable[Page]) -> bool:
    """Write the pages of a folder that show something else than before, and return whether that was looked into.

    A page that stands there and would show the same is left alone; one that is no longer given is deleted.
    The template fills the article alone: the frame around it is rendered once (see `frame.Frame`).
    """
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return False
    record = Path(app.doctreedir, f"{folder}.pages.pickle")
    around = _around(app)
    before: _Record = pickle.loads(record.read_bytes()) if record.is_file() else _Record()  # noqa: S301 (written below)
    now = _Record(state=_state(around), frame=f"{around}{code()}")
    there = {name for name in before.pages if _file(app.builder, name).is_file()}
    if before.state == now.state and len(there) == len(before.pages):
        return False  # nothing changed of which a page is made: what they would show need not be worked out
    frames = Frames(app.builder, folder, template)
    looks = the_survey().derived(Looks)
    valid = {look for look, said in before.looks.items() if looks[look] == said} if before.frame == now.frame else set()
    for page in pages:
        known = before.pages.get(page.name) if page.name in there else None
        if known and known.besides == page.besides and known.looks and valid.issuperset(known.looks):
            now.note(page.name, known, before.looks)
            continue
        watched = Watched(the_survey(), looks)
        with watched.noting():
            content = page.content(cast(Survey, watched))
        shown = digest(around, content)
        now.note(
            page.name,
            _Made(shown=shown, besides=page.besides, looks=tuple(watched.looks)),
            {look: looks[look] for look in watched.looks},
        )
        if not (known and known.shown == shown):
            files.write(_file(app.builder, page.name), frames.filled(page.name, content, page.around(content)))
    for name in before.pages.keys() - now.pages.keys():
        _file(app.builder, name).unlink(missing_ok=True)
    record.write_bytes(pickle.dumps(now, protocol=5))
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Made:
    """A page as it was last worked out: a digest of what it shows, and what it was made of."""

    shown: str
    besides: str
    looks: tuple[Look, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    """The pages of a folder as they were last worked out, and what was said wherever one of them looked."""

    state: str = ""
    frame: str = ""
    pages: dict[str, _Made] = field(default_factory=dict)
    looks: dict[Look, str] = field(default_factory=dict)

    def note(self, name: str, made: _Made, looks: Mapping[Look, str]) -> None:
        """Take a page in, and from what was looked at for others what was looked at for it."""
        self.pages[name] = made
        self.looks.update((look, looks[look]) for look in made.looks)


def _file(builder: StandaloneHTMLBuilder, name: str) -> Path:
    return Path(builder.get_outfilename(name))


def _state(around: str) -> str:
    """Return what changes if anything does of which pages are made: the frame, the code, the data, or who cites whom where."""
    cited = [(citation.path, citation.key) for citation in the_survey().citations]
    return hashlib.sha256(f"{around}{code()}{sources(ROOT)}{cited}".encode()).hexdigest()


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


def setup(app: Sphinx) -> None:
    """Register the links."""
    app.add_node(page_link)
    app.add_post_transform(PageLinks)
