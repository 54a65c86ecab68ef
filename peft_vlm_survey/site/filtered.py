r"""The role {filtered}`12 <trained=tokens&part=text+encoder>`: a link to the catalogue with these filters set."""

from urllib.parse import parse_qsl

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import ReferenceRole

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.vocabulary import FACTS

CATALOGUE = "catalogue"


class filtered_link(nodes.Inline, nodes.TextElement):
    """A link to the catalogue; `query` is what follows its address."""


class Filtered(ReferenceRole):
    """Link to the papers that share typed facts; a value outside the vocabulary is an error where it stands."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link."""
        known = {(term.field, term.value) for term in the_survey().vocabulary}
        for name, value in parse_qsl(self.target):
            if name in FACTS and (name, value) not in known:
                message = self.inliner.reporter.error(f"no {name} '{value}' in data/vocabulary.csv.", line=self.lineno)
                return [], [message]
        return [filtered_link(self.rawtext, self.title, query=self.target)], []


class FilteredLinks(SphinxPostTransform):
    """Turn such links into links of the site, and on paper into their text alone."""

    default_priority = 20

    def run(self, **kwargs: object) -> None:
        """Replace the nodes."""
        for node in list(self.document.findall(filtered_link)):
            if self.app.builder.format != "html" or CATALOGUE not in self.env.found_docs:
                node.replace_self(nodes.inline("", "", *node.children))
                continue
            address = f"{self.app.builder.get_relative_uri(self.env.docname, CATALOGUE)}#{node['query']}"
            node.replace_self(nodes.reference("", "", *node.children, refuri=address, internal=True))


def setup(app: Sphinx) -> None:
    """Register the role and its transform."""
    app.add_node(filtered_link)
    app.add_role("filtered", Filtered())
    app.add_post_transform(FilteredLinks)
