"""Links from a chapter to a page in one of its states, such as the catalogue with filters set; a role makes each."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class state_link(nodes.Inline, nodes.TextElement):
    """A link to the page of a chapter; `state` is what follows its address, `paper` whether its words stand on paper too."""


class StateLinks(SphinxPostTransform):
    """Turn such links into links of the site; where nothing can be followed, into their words alone or into nothing."""

    default_priority = 20

    def run(self, **kwargs: object) -> None:
        """Replace the nodes."""
        for node in list(self.document.findall(state_link)):
            if self.app.builder.format != "html" or node["page"] not in self.env.found_docs:
                node.replace_self(nodes.inline("", "", *node.children) if node["paper"] else [])
                continue
            address = f"{self.app.builder.get_relative_uri(self.env.docname, node['page'])}#{node['state']}"
            node.replace_self(nodes.reference("", "", *node.children, refuri=address, internal=True))


def setup(app: Sphinx) -> None:
    """Register the links and their transform."""
    app.add_node(state_link)
    app.add_post_transform(StateLinks)
