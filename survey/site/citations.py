"""Citations by author and year, in the text and in the list alike, and formulas in titles."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from docutils import nodes
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

from survey.data import the_survey
from survey.read.reference import FORMULA
from survey.read.whole import Survey


class Style(PlainStyle):
    """The plain style, but titles keep the capitals that their papers print, and addresses are short links."""

    def format_title(self, entry: object, which_field: str, as_sentence: bool = True) -> object:
        """Return the template of a title."""
        title = bib_field(which_field)
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


def years(survey: Survey) -> dict[str, str]:
    """Return the year of every reference as cited, with a letter where author and year are shared.

    Letters follow the order of the titles, as the list of references does.
    """
    sharing = defaultdict(list)
    for reference in survey.references.values():
        sharing[reference.short_authors, reference.year].append(reference)
    cited = {}
    for (_, year), references in sharing.items():
        for number, reference in enumerate(sorted(references, key=lambda r: (r.authors, r.title.casefold()))):
            cited[reference.key] = f"{year}{chr(ord('a') + number)}" if len(references) > 1 else str(year)
    return cited


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
    app.connect("env-before-read-docs", _letter_years)
    app.add_post_transform(TitleMath)


def _letter_years(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    entries = env.get_domain("cite").bibdata.data.entries  # type: ignore[attr-defined]
    for key, year in years(the_survey()).items():
        entries[key].fields["year"] = year
