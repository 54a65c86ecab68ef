r"""The role {beside}`maple,promptsrc`: a link to the comparison of two to four methods, which stands on the site alone."""

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import ReferenceRole

from peft_vlm_survey.compare.choosable import choosable
from peft_vlm_survey.data import the_survey

PAGE = "compare"
_NUMBERS = {2: "two", 3: "three", 4: "four"}


class beside_link(nodes.Inline, nodes.TextElement):
    """A link to a comparison; `methods` is what follows its address."""


class Beside(ReferenceRole):
    """Link to methods side by side; an id that no method has is an error where it stands."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link."""
        ids = self.target.split(",")
        unknown = [id for id in ids if id not in choosable(the_survey())]
        if unknown or len(ids) not in _NUMBERS:
            wrong = f"no method '{unknown[0]}' to set side by side" if unknown else f"{len(ids)} methods side by side"
            remedy = "Name two to four ids as addresses of the page that compares have them, with commas between."
            return [], [self.inliner.reporter.error(f"{wrong}. {remedy}", line=self.lineno)]
        text = self.title if self.has_explicit_title else f"The first {_NUMBERS[len(ids)]} side by side"
        return [beside_link(self.rawtext, text, methods=self.target)], []


class BesideLinks(SphinxPostTransform):
    """Turn such links into links of the site; on paper nothing is left, since there is nothing to follow."""

    default_priority = 20

    def run(self, **kwargs: object) -> None:
        """Replace the nodes."""
        for node in list(self.document.findall(beside_link)):
            if self.app.builder.format != "html" or PAGE not in self.env.found_docs:
                node.replace_self([])
                continue
            address = f"{self.app.builder.get_relative_uri(self.env.docname, PAGE)}#m={node['methods']}"
            link = nodes.reference("", "", *node.children, refuri=address, internal=True, classes=["beside-first"])
            node.replace_self([link, nodes.Text(".")])


def setup(app: Sphinx) -> None:
    """Register the role and its transform."""
    app.add_node(beside_link)
    app.add_role("beside", Beside())
    app.add_post_transform(BesideLinks)
