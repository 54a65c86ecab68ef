r"""The role {beside}`maple,promptsrc`: a link to the comparison of two to four methods, which stands on the site alone."""

from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.util.docutils import ReferenceRole

from peft_vlm_survey.compare.choosable import choosable
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site.state_links import state_link

PAGE = "compare"
_NUMBERS = {2: "two", 3: "three", 4: "four"}


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
        text = self.title if self.has_explicit_title else f"The first {_NUMBERS[len(ids)]} side by side."
        return [state_link(self.rawtext, text, page=PAGE, state=f"m={self.target}", paper=False)], []


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("beside", Beside())
