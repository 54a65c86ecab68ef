r"""The role {value}`finding("own-table").percent`: a number of the survey inside a sentence that is written by hand."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.questions import read_value, value_text
from peft_vlm_survey.site.answers import cached_answers
from peft_vlm_survey.site.interface_js import chinese


class Value(SphinxRole):
    """Quote a number; what cannot be computed is an error where it stands."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, or the words of a grade, as text in the language of the page."""
        question = read_value(self.text)
        try:
            entry = cached_answers().entries.get(question.call)
            answer = (cached_answers().load(entry) if entry else None) or question.ask(the_survey())
            text = value_text(answer, question.field)
            in_chinese = self.config.language == "zh_CN" and chinese().of(text)
            return [nodes.Text(in_chinese or text)], []
        except (KeyError, TypeError, ValueError) as error:
            message = f"no value '{self.text}': {error}. peft_vlm_survey/values.py lists what can be quoted."
            return [], [self.inliner.reporter.error(message, line=self.lineno)]


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("value", Value())
