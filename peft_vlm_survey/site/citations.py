"""Citations by author and year, in the text and in the list alike, and formulas in titles."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from docutils import nodes
from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.template import field as bib_field
from pybtex.style.template import href, sentence
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.bibtex.plugin import register_plugin as register_citation_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.formulas import FORMULA
from peft_vlm_survey.site import papers
from peft_vlm_survey.site.pages import link_to

_PAPER = "paper:"  # how an address within the list of references begins that leads to a paper's page
_CITED = re.compile(r"references\.html#ref-([a-z0-9]+)$")


class Style(PlainStyle):
    """The plain style, but titles keep the capitals that their papers print, and addresses are short links."""

    def format_title(self, entry: Entry, which_field: str, as_sentence: bool = True) -> object:
        """Return the template of a title; that of a catalogued paper leads to its page."""
        title = bib_field(which_field)
        if entry.key in papers.catalogued():
            title = href(f"{_PAPER}{entry.key}")[title]
        return sentence[title] if as_sentence else title

    def format_url(self, entry: object) -> object:
        """Return the template of the publisher's page: a short link, since addresses run to three lines."""
        return href(bib_field("url", raw=True))["publisher's page"]


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep="; ")


@dataclass
class RoundAuthorYear(AuthorYearReferenceStyle):
    """Author and year in round brackets: Hu et al. (2022), or (Hu et al., 2022)."""

    bracket_textual: BracketStyle = field(default_factory=_round)
    bracket_parenthetical: BracketStyle = field(default_factory=_round)
    bracket_author: BracketStyle = field(default_factory=_round)
    bracket_label: BracketStyle = field(default_factory=_round)
    bracket_year: BracketStyle = field(default_factory=_round)


class TitleMath(SphinxPostTransform):
    """Set the `$…$` of a title in the list of references as math."""

    default_priority = 6  # just after sphinxcontrib-bibtex has put the lists in place

    def run(self, **kwargs: Any) -> None:
        """Replace the formulas in every citation and every item of a list of references."""
        for holder in (*self.document.findall(nodes.citation), *self.document.findall(nodes.list_item)):
            for text in list(holder.findall(nodes.Text)):
                if FORMULA.search(text) and not isinstance(text.parent, nodes.math | nodes.literal):
                    parts = re.split(f"({FORMULA.pattern})", text)
                    text.parent.replace(
                        text, [nodes.math(p, p[1:-1]) if FORMULA.fullmatch(p) else nodes.Text(p) for p in parts if p]
                    )


class CitationLinks(SphinxPostTransform):
    """Lead citations of catalogued papers to their pages, and so the titles in the lists of references.

    On paper, which has no such pages, the titles are plain and the citations lead to the list.
    """

    default_priority = 25  # when all citations are resolved

    def run(self, **kwargs: Any) -> None:
        """Mark every citation for the cards, and change the addresses."""
        for link in list(self.document.findall(nodes.reference)):
            address = link.get("refuri", "")
            if address.startswith(_PAPER):
                key = address.removeprefix(_PAPER)
                link.replace_self(link_to(self.app, self.env.docname, papers.page_of(key), "paper", *link.children))
            elif cited := _CITED.search(address):
                link["classes"].append("cite")
                if cited.group(1) in papers.catalogued():
                    page = papers.page_of(cited.group(1))
                    link["refuri"] = self.app.builder.get_relative_uri(self.env.docname, page)


def years(survey: Survey, cited: Collection[str]) -> dict[str, str]:
    """Return the year of every reference as cited, with a letter where two that are cited share author and year.

    Letters follow the order of the titles, as the list of references does.
    """
    sharing = defaultdict(list)
    for key in cited:
        reference = survey.references[key]
        sharing[reference.short_authors, reference.year].append(reference)
    printed = {key: str(reference.year) for key, reference in survey.references.items()}
    for (_, year), references in sharing.items():
        for number, reference in enumerate(sorted(references, key=lambda r: (r.authors, r.title.casefold()))):
            printed[reference.key] = f"{year}{_letter(number)}" if len(references) > 1 else str(year)
    return printed


def _letter(number: int) -> str:
    """Return a, b, … z, aa, ab, … for 0, 1, …."""
    more, last = divmod(number, 26)
    return (_letter(more - 1) if more else "") + chr(ord("a") + last)


def _visit_citation(self: HTML5Translator, node: nodes.citation) -> None:
    # docutils' own list has items of another role, which screen readers then do not count.
    if not isinstance(_neighbour(node, -1), nodes.citation):
        self.body.append('<div class="citation-list" role="list">\n')
    self.body.append(self.starttag(node, "div", CLASS="citation", role="listitem"))


def _depart_citation(self: HTML5Translator, node: nodes.citation) -> None:
    self.body.append("</div>\n")
    if not isinstance(_neighbour(node, 1), nodes.citation):
        self.body.append("</div>\n")


def _neighbour(node: nodes.Element, step: int) -> nodes.Node | None:
    siblings = node.parent.children
    place = siblings.index(node) + step
    return siblings[place] if 0 <= place < len(siblings) else None


def setup(app: Sphinx) -> None:
    """Register the styles, the transform, and how HTML writes the list."""
    app.add_node(nodes.citation, override=True, html=(_visit_citation, _depart_citation))
    register_plugin("pybtex.style.formatting", "survey", Style, force=True)
    register_citation_plugin("sphinxcontrib.bibtex.style.referencing", "survey", RoundAuthorYear, force=True)
    app.connect("env-updated", _letter_years, priority=400)  # before sphinxcontrib-bibtex makes its labels
    app.add_post_transform(TitleMath)
    app.add_post_transform(CitationLinks)


def printed_years(env: BuildEnvironment) -> dict[str, str]:
    """Return the year of every reference as this build's chapters cite it."""
    references = env.get_domain("cite").citation_refs  # type: ignore[attr-defined]
    cited = {target.key for reference in references for target in reference.targets}
    return _printed(frozenset(cited & the_survey().references.keys()))


@cache
def _printed(cited: frozenset[str]) -> dict[str, str]:
    return years(the_survey(), cited)


def _letter_years(app: Sphinx, env: BuildEnvironment) -> list[str]:
    entries = env.get_domain("cite").bibdata.data.entries  # type: ignore[attr-defined]
    for key, year in printed_years(env).items():
        entries[key].fields["year"] = year
    return []
