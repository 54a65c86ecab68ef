"""The code behind every table and figure, folded below it on the site; on paper it stands nowhere."""

from functools import cache
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from peft_vlm_survey.questions import Question
from peft_vlm_survey.site import files
from peft_vlm_survey.site.answers import asked_in


@cache
def _questions(chapter: str) -> dict[str, Question]:
    """Return the questions of a chapter that answer with a table or a figure, by its label."""
    return {question.label: question for question in asked_in(f"book/{chapter}.md") if question.label}


class ShownCode(SphinxPostTransform):
    """Put the line that makes a table or figure behind a fold below it, behind its note and the links to its files."""

    default_priority = 35
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Insert the folds."""
        asked = _questions(self.env.docname)
        holders: list[nodes.Element] = [*self.document.findall(nodes.table), *self.document.findall(nodes.figure)]
        for holder in holders:
            question = next((asked[name] for name in holder["ids"] if name in asked), None)
            if question is not None:
                place = holder.parent.index(holder) + 1
                while place < len(holder.parent.children) and _belongs(holder.parent.children[place]):
                    place += 1
                holder.parent.insert(place, self._code(question))

    def _code(self, question: Question) -> nodes.Node:
        text = f"from peft_vlm_survey import {question.door}\n\n{question.code}"
        notebook = f"{files.NOTEBOOKS}/{self.env.docname}.ipynb"
        link = nodes.reference("", "the notebook of this chapter", refuri=notebook, internal=True)
        return nodes.container(
            "",
            nodes.raw("", '<details class="shown-code"><summary>Code</summary>', format="html"),
            nodes.literal_block(text, text, language="python"),
            nodes.paragraph("", "Run it in ", link, nodes.Text(".")),
            nodes.raw("", "</details>", format="html"),
            classes=["code-link"],
        )


def _belongs(node: nodes.Node) -> bool:
    """Return whether a node stands there for the table or figure before it: its note, or links to its files."""
    if isinstance(node, nodes.raw):
        return node.astext().startswith('<details class="rows-link')
    return isinstance(node, nodes.container) and bool({"table-note", "rows-link"} & set(node["classes"]))


def setup(app: Sphinx) -> None:
    """Register the folds."""
    app.add_post_transform(ShownCode)
