"""A page for every category of the catalogue, catalogue/<category>.html, which lists its papers in plain lines.

On the site the explorer shows the papers; who reads without scripts, or gathers links, finds every paper on these pages.
On paper the lists stand in the chapter.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.catalogue import FOLDER, anchor_of, by_year, counted, listed, page_of
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.site.metadata import meta
from peft_vlm_survey.site.pages import collected_by_category, link_to, other_categories

TEMPLATE = "list.html"
LIST, _OF = "catalogue-list", "of-"  # classes of a list in the chapter


def content(survey: Survey, category: str) -> dict[str, Any]:
    """Return what the page of a category shows: its papers by year, and the other lists."""
    years = by_year(category, survey=survey)
    return {
        "category": category,
        "label": CATEGORIES[category],
        "count": counted(sum(len(papers) for _, papers in years)),
        "years": [
            {
                "heading": f"{year}: {counted(len(papers))}",
                "anchor": anchor_of(year),
                "papers": [listed(survey, paper) for paper in papers],
            }
            for year, papers in years
        ],
        "others": other_categories(category),
    }


class ElsewhereOnTheSite(SphinxPostTransform):
    """Let the chapter lead to the pages of the lists: with all lines it was four fifths of what the page weighed."""

    default_priority = 10  # before the links of all lines are made
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Put one sentence in the place of each list."""
        for place in [node for node in self.document.findall(nodes.container) if LIST in node["classes"]]:
            category = next(name.removeprefix(_OF) for name in place["classes"] if name.startswith(_OF))
            # Not replace_self, which would hand on the classes.
            place.parent.replace(place, nodes.paragraph("", "", *self._lead(category), classes=["to-list"]))

    def _lead(self, category: str) -> Iterator[nodes.Node]:
        counts = {year: len(papers) for year, papers in by_year(category, survey=the_survey())}
        yield self._link(f"{counted(sum(counts.values()))} on one page", page_of(category))
        for place, (year, number) in enumerate(counts.items()):
            yield nodes.Text(", " if place else "; by year: ")
            yield self._link(str(year), f"{page_of(category)}#{anchor_of(year)}")
            yield nodes.Text(f" ({number:,})")
        yield nodes.Text(".")

    def _link(self, text: str, page: str) -> nodes.Node:
        return link_to(self.app, self.env.docname, page, "list", nodes.Text(text))


def collect(app: Sphinx) -> tuple[()]:
    """Write the pages; Sphinx is left none to write."""
    return collected_by_category(app, FOLDER, TEMPLATE, content, _around)


def _around(app: Sphinx, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the frame needs to know of a page."""
    description = (
        f"{content['label']}: all {content['count']} on parameter-efficient fine-tuning that the catalogue holds."
    )
    return {
        "title": f"All Papers: {content['label']}",
        "metatags": meta("name", "description", description),
        "has_catalogue": "catalogue" in app.env.found_docs,
        "has_list": True,
        "sections": [Part(year["heading"], year["anchor"]) for year in content["years"]],
    }


def setup(app: Sphinx) -> None:
    """Register the pages, and what leads to them."""
    app.add_post_transform(ElsewhereOnTheSite)
    app.connect("html-collect-pages", collect)
