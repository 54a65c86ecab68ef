r"""The role {site}`downloads/papers.csv`: a link to a file of the site, on paper the address or the file's name."""

import os

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from survey.data import the_survey
from survey.exports import downloads

PDF = "peft-vlm-survey.pdf"


class site_file(nodes.Inline, nodes.TextElement):
    """A file of the site, by its address there."""


class SiteFile(SphinxRole):
    """Link to a file that the build promises; any other is an error at the place where it stands."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link."""
        if self.text != PDF and self.text.removeprefix("downloads/") not in downloads(the_survey()):
            message = self.inliner.reporter.error(
                f"the site has no file '{self.text}'; survey/exports.py names them", line=self.lineno
            )
            return [], [message]
        return [site_file(self.rawtext, self.text)], []


class SiteFileLinks(SphinxPostTransform):
    """Turn every such file into what the reader of this format can use."""

    default_priority = 20

    def run(self, **kwargs: object) -> None:
        """Replace the nodes: a relative link on the web, an absolute one on paper if the site has an address."""
        url = the_survey().edition.url
        for node in list(self.document.findall(site_file)):
            path = node.astext()
            here = self.app.builder.format == "html"
            if here and path == PDF and not has_pdf():
                node.replace_self(nodes.literal(path, path))
            elif here or url:
                up = "../" * self.env.docname.count("/")
                node.replace_self(
                    nodes.reference("", path, refuri=f"{up}{path}" if here else f"{url}/{path}", internal=True)
                )
            else:
                node.replace_self(nodes.literal(path, path))


def has_pdf() -> bool:
    """Tell whether the PDF is being built beside the site; `make html` alone leaves it out."""
    return os.environ.get("SURVEY_PDF") == "1"


def setup(app: Sphinx) -> None:
    """Register the role and its transform."""
    app.add_node(site_file)
    app.add_role("site", SiteFile())
    app.add_post_transform(SiteFileLinks)
