"""Figures whose names of methods lead to their pages: such an SVG stands in the page itself, for an image has no links."""

from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site.answers import cached_answers

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_MARK = "paper-"  # what a figure calls the group of a name, before the key


class NamedFigures(SphinxPostTransform):
    """Put the drawing of a figure with names into the page, each name as a link."""

    default_priority = 31
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace the images."""
        drawn = {answer.label: answer for answer in cached_answers().entries.values() if answer.label and answer.forms}
        for figure in list(self.document.findall(nodes.figure)):
            answer = next((drawn[name] for name in figure["ids"] if name in drawn), None)
            if answer is None:
                continue
            svg = cached_answers().load(answer).svg
            if f'id="{_MARK}' in svg:
                for image in list(figure.findall(nodes.image)):
                    names = {paper.key: paper.name or paper.key for paper in the_survey().papers}
                    image.replace_self(nodes.raw("", linked(svg, names, alt=image.get("alt", "")), format="html"))


def linked(svg: str, names: dict[str, str], *, alt: str) -> str:
    """Return an SVG for a page at the root of the site, in which every marked name leads to the page of its paper.

    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg"><g id="paper-a1"><path/></g></svg>'
    >>> print(linked(svg, {"a1": "A"}, alt="Names"))
    <svg xmlns="http://www.w3.org/2000/svg" class="named" role="group" aria-label="Names"><a href="papers/a1.html" aria-label="A"><g id="paper-a1"><path /></g></a></svg>
    """
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)  # a page knows its references by this prefix alone
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    for metadata in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(metadata)
    root.set("class", "named")
    root.set("role", "group")
    root.set("aria-label", alt)
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            key = child.get("id", "").removeprefix(_MARK)
            if child.get("id", "").startswith(_MARK) and key in names:
                address = {"href": f"papers/{key}.html", "aria-label": names[key]}
                link = ElementTree.Element(f"{{{_SVG}}}a", address)
                parent.remove(child)
                link.append(child)
                parent.insert(place, link)
    return ElementTree.tostring(root, encoding="unicode")


def setup(app: Sphinx) -> None:
    """Register the drawings."""
    app.add_post_transform(NamedFigures)
