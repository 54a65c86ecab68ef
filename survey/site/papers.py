r"""A page for every catalogued paper, papers/<key>.html, and the role {paper}`key` that leads to it.

The pages have no sources: Sphinx collects them from a template when the site is written. On paper there are none.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from docutils import nodes
from docutils.nodes import Node, system_message
from docutils.utils import new_document
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import ReferenceRole

from survey.data import ROOT, the_survey
from survey.exports import paper_bib, paper_ris
from survey.problems import suggest
from survey.read.origins import TIERS
from survey.read.papers import Paper
from survey.read.whole import Survey
from survey.show.facts import STATUSES, Part, chapters_by_paper, facts
from survey.show.leaderboard import MARKS
from survey.show.related import Related, related_by_paper
from survey.show.reported import PrintedTable, tables_by_paper
from survey.site import bibtex_js
from survey.site.paper_tags import head, pages

FOLDER = "papers"
TEMPLATE = "paper.html"
REPORT = "cite.html#report"  # where the book says how to report an error, if its repository has no address


@cache
def catalogued() -> frozenset[str]:
    """Return the keys of the papers that have a page."""
    return frozenset(paper.key for paper in the_survey().papers)


def page_of(key: str) -> str:
    """Return the name of a paper's page, without extension."""
    return f"{FOLDER}/{key}"


class Pages:
    """What the pages of a survey's papers show, each joined once for all of them."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey

    @cached_property
    def _tables(self) -> Mapping[str, tuple[PrintedTable, ...]]:
        return tables_by_paper(self.survey)

    @cached_property
    def _related(self) -> Mapping[str, tuple[Related, ...]]:
        return related_by_paper(self.survey)

    @cached_property
    def _chapters(self) -> Mapping[str, tuple[str, ...]]:
        return chapters_by_paper(self.survey)

    def content(self, key: str) -> dict[str, Any]:
        """Return everything that the page of a paper shows and that does not depend on the site around it."""
        survey = self.survey
        paper, reference = survey.paper(key), survey.references[key]
        known = facts(survey, paper)
        return {
            "key": key,
            "heading": reference.title_without_formulas,
            "name": paper.name,
            "authors": reference.authors,
            "venue": reference.venue,
            "details": _details(survey, key),
            "links": _links(survey, key),
            "code": _code(paper),
            "summary": paper.summary,
            "section": f"{paper.category}.html#sec-{key}" if paper.depth == "core" else "",
            "facts": known.known,
            "not_established": known.not_established,
            "bibtex": paper_bib(survey, key),
            "ris": paper_ris(survey, key),
            "own_tables": [self._table(t) for t in self._tables.get(key, ()) if t.origin.key == key],
            "other_tables": [self._table(t) for t in self._tables.get(key, ()) if t.origin.key != key],
            "chapters": self._chapters.get(key, ()),
            "related": [
                {
                    "key": other.key,
                    "name": survey.paper(other.key).name,
                    "heading": survey.references[other.key].title_without_formulas,
                    "where": _short(survey, other.key),
                    "reason": other.reason,
                }
                for other in self._related[key]
            ],
            "source": paper.source,
            "checked": paper.checked,
            "added": paper.added,
            "status": STATUSES[paper.status],
            "report": _report(survey, key),
        }

    def _table(self, table: PrintedTable) -> dict[str, Any]:
        origin = table.origin
        return {
            "origin": origin,
            "name": self.survey.name(origin.key) if origin.key else "",
            "locator": origin.locator[0].upper() + origin.locator[1:],
            "protocol": table.protocol,
            "mark": MARKS[origin.read_in],
            "read": TIERS[origin.read_in],
            "numbers": table.numbers,
        }


def _details(survey: Survey, key: str) -> str:
    reference = survey.references[key]
    first, last = pages(reference)
    said = [
        f"volume {reference.plain('volume')}" if reference.plain("volume") else "",
        f"number {reference.plain('number')}" if reference.plain("number") else "",
        f"pages {first}–{last}" if last else f"page {first}" if first else "",
        str(reference.year),
    ]
    return ", ".join(filter(None, said))


def _links(survey: Survey, key: str) -> list[Part]:
    reference = survey.references[key]
    url, doi, eprint = (reference.plain(field) for field in ("url", "doi", "eprint"))
    links = [Part("Publisher’s page", reference.fields["url"])] if url else []
    links += [Part(f"DOI {doi}", f"https://doi.org/{doi}")] if doi else []
    return links + ([Part(f"arXiv {eprint}", f"https://arxiv.org/abs/{eprint}")] if eprint else [])


def _code(paper: Paper) -> dict[str, str]:
    return {"address": paper.code, "text": paper.code.partition("://")[2], "licence": paper.code_licence}


def _short(survey: Survey, key: str) -> str:
    reference = survey.references[key]
    return ", ".join(filter(None, [reference.short_authors, f"{survey.venue(key)} {reference.year}".strip()]))


def _report(survey: Survey, key: str) -> str:
    repository = survey.edition.repository
    if not repository:
        return REPORT
    asked = {"template": "correct-a-fact.yml", "title": f"Correct a fact: {key}", "where": key}
    return f"{repository}/issues/new?{urlencode(asked)}"


class paper_link(nodes.Inline, nodes.TextElement):
    """A link to a paper's page, by the paper's key."""


class PaperRole(ReferenceRole):
    """Link to a paper's page, by default under its short name; an unknown key is an error where it stands."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link."""
        if self.target not in catalogued():
            remedy = suggest(self.target, catalogued(), "data/papers.csv names them.")
            message = self.inliner.reporter.error(f"no paper '{self.target}'. {remedy}", line=self.lineno)
            return [], [message]
        text = self.title if self.has_explicit_title else the_survey().name(self.target)
        return [paper_link(self.rawtext, text, key=self.target)], []


class PaperLinks(SphinxPostTransform):
    """Turn such links into links of the site, and on paper into the names alone."""

    default_priority = 20

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes."""
        for node in list(self.document.findall(paper_link)):
            node.replace_self(link_to(self.app, self.env.docname, node["key"], *node.children))


def link_to(app: Sphinx, docname: str, key: str, *text: Node) -> Node:
    """Return a link from a page to that of a paper; on paper, where there is none, the text alone."""
    if app.builder.format != "html":
        return nodes.inline("", "", *text)
    address = app.builder.get_relative_uri(docname, page_of(key))
    return nodes.reference("", "", *text, refuri=address, internal=True, classes=["paper"])


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages to write, and put every page into the search.

    A page that stands there and would show the same is left alone.
    """
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    shown = Pages(the_survey())
    record = Path(app.doctreedir, "papers.json")
    before = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    frame = _frame(app)
    now = {}
    for paper in shown.survey.papers:
        page, content = page_of(paper.key), shown.content(paper.key)
        context = {**content, "chapters": _titles(app, content["chapters"])}
        now[page] = digest(frame, context)
        _index(app, page, shown.survey, paper)
        if before.get(page) != now[page] or not Path(app.builder.get_outfilename(page)).is_file():
            yield page, {**context, **_around(app, shown.survey, paper, content)}, TEMPLATE
    for page in before.keys() - now.keys():
        Path(app.builder.get_outfilename(page)).unlink(missing_ok=True)
    record.write_text(json.dumps(now), encoding="utf-8")


def digest(frame: str, content: dict[str, Any]) -> str:
    """Return what changes if and only if a page's content or the frame around it does."""
    return hashlib.sha256(f"{frame}\n{content!r}".encode()).hexdigest()


def _frame(app: Sphinx) -> str:
    """Return what changes if the frame around the pages does: templates, styles, settings, chapters and edition."""
    state = hashlib.sha256(repr((the_survey().edition, app.config.html_context)).encode())
    sources = [*ROOT.glob("_templates/*"), *ROOT.glob("_static/*"), *ROOT.glob("survey/s*/*.py")]
    for path in sorted([*sources, ROOT / "_config.yml", ROOT / "_toc.yml"]):
        state.update(path.read_bytes())
    titles = [(name, app.env.titles[name].astext()) for name in sorted(app.env.found_docs)]
    state.update(repr((titles, app.env.toc_secnumbers)).encode())
    return state.hexdigest()


def _titles(app: Sphinx, chapters: tuple[str, ...]) -> list[Part]:
    return [Part(app.env.titles[name].astext(), f"{name}.html") for name in chapters if name in app.env.titles]


def _around(app: Sphinx, survey: Survey, paper: Paper, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the frame needs to know of a page."""
    page = page_of(paper.key)
    listed = dict(bibtex_js.anchors(app.env))

    def address(key: str) -> str:
        """Return where a work stands in the site, as seen from the pages; empty if it stands nowhere."""
        if key in catalogued():
            return f"{key}.html"
        return f"../references.html#{listed[key]}" if key in listed else ""

    return {
        "title": escape(survey.references[paper.key].title_without_formulas),
        "metatags": head(survey, paper.key, page),
        "address": address,
        "survey_paper": True,
        "has_catalogue": "catalogue" in app.env.found_docs,
        "toc": _contents(content),
    }


def _contents(content: Mapping[str, Any]) -> str:
    """Return the contents of a page as the theme expects them of Sphinx."""
    numbers = content["own_tables"] or content["other_tables"]
    sections = {
        "facts": "Facts",
        "to-cite": "Cite this paper",
        **({"numbers": "Reported numbers"} if numbers else {}),
        "discussed": "Where the book discusses it",
        **({"related": "Related papers"} if content["related"] else {}),
        "record": "The record",
    }
    items = "".join(
        f'<li><a class="reference internal" href="#{name}">{text}</a></li>' for name, text in sections.items()
    )
    return f'<ul><li><a class="reference internal" href="#">{escape(content["heading"])}</a><ul>{items}</ul></li></ul>'


def _index(app: Sphinx, page: str, survey: Survey, paper: Paper) -> None:
    """Put a page into the search, under its title, its names, its authors, its key and its tasks."""
    builder, reference = app.builder, survey.references[paper.key]
    assert isinstance(builder, StandaloneHTMLBuilder)  # noqa: S101 - for mypy; collect has seen to it
    title = reference.title_without_formulas.replace("<", "&lt;")  # the search writes titles as HTML
    if builder.indexer is not None:
        document = new_document(page)
        for heading in dict.fromkeys(filter(None, (title, paper.name, *paper.aliases))):
            document += nodes.section("", nodes.title("", heading))
        words = [*reference.authors, paper.key, *paper.task, *paper.families, survey.venue(paper.key), paper.summary]
        document += nodes.paragraph("", " ".join(words))
        builder.indexer.feed(page, f"{page}.html", title, document)
    # Without these the search forgets the page, and objects.inv cannot name it.
    app.env.all_docs.setdefault(page, 0)
    app.env.titles[page] = nodes.title("", title)


def setup(app: Sphinx) -> None:
    """Register the role, its transform and the pages."""
    app.add_node(paper_link)
    app.add_role("paper", PaperRole())
    app.add_post_transform(PaperLinks)
    app.connect("html-collect-pages", collect)
