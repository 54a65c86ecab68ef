r"""A page for every catalogued paper, papers/<key>.html, and the role {paper}`key` that leads to it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sphinx.application import Sphinx

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.show.paper_page import PaperPages
from peft_vlm_survey.site.chapter_numbers import ordered
from peft_vlm_survey.site.data_script import anchors
from peft_vlm_survey.site.pages import Page, PageRole, collected
from peft_vlm_survey.site.paper_tags import head

FOLDER = "papers"
TEMPLATE = "paper.html"
Address = Callable[[str], str]


@cache
def catalogued() -> frozenset[str]:
    """Return the keys of the papers that have a page."""
    return frozenset(paper.key for paper in the_survey().papers)


def page_of(key: str) -> str:
    """Return the name of a paper's page, without extension."""
    return f"{FOLDER}/{key}"


class PaperRole(PageRole):
    """Link to a paper's page, by default under its short name; an unknown key is an error where it stands."""

    kind = "paper"

    def known(self) -> Collection[str]:
        """Return the keys of the papers that have a page."""
        return catalogued()

    def page(self) -> str:
        """Return the name of the paper's page."""
        return page_of(self.target)

    def short_name(self) -> str:
        """Return the paper's short name."""
        return the_survey().name(self.target)


def collect(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    """Write the pages; Sphinx is left none to write."""
    survey, address = the_survey(), addresses(app, "")
    shown = PaperPages(survey)
    collected(app, FOLDER, TEMPLATE, lambda survey: (_page(app, shown, paper, address) for paper in survey.papers))
    return ()


def _page(app: Sphinx, shown: PaperPages, paper: Paper, address: Address) -> Page:
    def content(survey: Survey) -> dict[str, Any]:
        found = shown.content(paper.key)
        return {**found, "chapters": _titles(app, found["chapters"])}

    return Page(
        name=page_of(paper.key),
        content=content,
        around=lambda content: _around(app, shown.survey, paper, content, address),
    )


def _titles(app: Sphinx, chapters: tuple[str, ...]) -> list[Part]:
    """Return the chapters in the order of the table of contents."""
    listed = [app.config.root_doc, *ordered(app.env)]
    titles = app.env.titles
    return [Part(titles[name].astext(), f"{name}.html") for name in listed if name in chapters and name in titles]


def _around(app: Sphinx, survey: Survey, paper: Paper, content: Mapping[str, Any], address: Address) -> dict[str, Any]:
    """Return what the frame needs to know of a page."""
    return {
        "title": survey.references[paper.key].title_without_formulas,
        "metatags": head(survey, paper.key, page_of(paper.key), numbers=_numbers(content)),
        "address": address,
        "has_catalogue": "catalogue" in app.env.found_docs,
        "has_tables": _numbers(content),
        "has_citations": bool(content["others"]["tables"]),
        "sections": _sections(content),
    }


def addresses(app: Sphinx, papers: str) -> Address:
    """Return a function of a key that tells where a work stands, as seen from such pages; empty if it stands nowhere.

    `papers` leads from there to the folder of the papers.
    """

    @cache
    def listed() -> Mapping[str, str]:
        return dict(anchors(app.env))

    def address(key: str) -> str:
        if key in catalogued():
            return f"{papers}{key}.html"
        return f"../references.html#{listed()[key]}" if key in listed() else ""

    return address


def _numbers(content: Mapping[str, Any]) -> bool:
    return bool(content["own"]["tables"] or content["others"]["tables"])


def _sections(content: Mapping[str, Any]) -> list[Part]:
    return [
        Part("Facts", "facts"),
        *([Part("Reported numbers", "numbers")] if _numbers(content) else []),
        *([Part("Training recipe", "recipe")] if content["recipes"] else []),
        Part("Where the book discusses it", "discussed"),
        *([Part("Related papers", "related")] if content["related"] else []),
        Part("The record", "record"),
    ]


def setup(app: Sphinx) -> None:
    """Register the role and the pages."""
    app.add_role("paper", PaperRole())
    app.connect("html-collect-pages", collect)
