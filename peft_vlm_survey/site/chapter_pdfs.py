"""The PDFs of single chapters: the way to its own on every chapter, and the directive {chapter-pdfs}, which lists them.

They are cut from the whole when it is set (peft_vlm_survey/chapters/); the site only leads to them.
"""

from typing import Any

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from peft_vlm_survey.kept import prints
from peft_vlm_survey.site import files


class ChapterPdfs(SphinxDirective):
    """List every chapter with its PDF, in a table with the given caption."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"name": directives.unchanged_required}  # noqa: RUF012 (docutils wants it so)

    def run(self) -> list[Node]:
        """Return the table, whose links are resolved with those of the chapter."""
        lines = [
            f":::{{table}} {self.arguments[0]}",
            f":name: {self.options['name']}",
            ":widths: 50 50",
            ":class: survey",
            "",
            "| Chapter | File |",
            "| :-- | :-- |",
            *(f"| {{doc}}`{name}` | {{site}}`{files.chapter_pdf(name)}` |" for name in self._in_order()),
            ":::",
        ]
        held = nodes.Element()
        self.state.nested_parse(StringList(lines, source=self.get_source_info()[0]), self.content_offset, held)
        return held.children

    def _in_order(self) -> list[str]:
        contents = self.env.config.external_site_map
        return [name for name in contents if name in files.chapters()]


def _offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the page's template the address of the chapter's PDF, if there is one."""
    offered = prints() and pagename in files.chapters()
    context["survey_chapter_pdf"] = files.chapter_pdf(pagename) if offered else ""


def setup(app: Sphinx) -> None:
    """Register the directive, and offer its own PDF on every chapter."""
    app.add_directive("chapter-pdfs", ChapterPdfs)
    app.connect("html-page-context", _offer, priority=120)
