r"""The role {filtered}`12 <trained=tokens&part=text+encoder>`: a link to the catalogue with these filters set."""

from urllib.parse import parse_qsl

from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.util.docutils import ReferenceRole

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.site.state_links import state_link

CATALOGUE = "catalogue"


class Filtered(ReferenceRole):
    """Link to the papers that share typed facts; a value outside the vocabulary is an error where it stands."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link."""
        known = {(term.field, term.value) for term in the_survey().vocabulary}
        for name, value in parse_qsl(self.target):
            if name in FACTS and (name, value) not in known:
                message = self.inliner.reporter.error(f"no {name} '{value}' in data/vocabulary.csv.", line=self.lineno)
                return [], [message]
        return [state_link(self.rawtext, self.title, page=CATALOGUE, state=self.target, paper=True)], []


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("filtered", Filtered())
