"""At the foot of every page: where to report an error on it. _static/report.js does the rest."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.export.report import form_address, named, place

CHAPTER, SECTION = "cite", "report"  # where the book says how to report, with or without a repository


def setup(app: Sphinx) -> None:
    """Offer it on every page, before the theme renders its parts."""
    app.connect("html-page-context", _offer, priority=110)


def _offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    edition = the_survey().edition
    context["survey_report"] = {
        "address": form_address(edition, pagename) or f"{context['pathto'](CHAPTER).removesuffix('#')}#{SECTION}",
        "place": place(edition, pagename),
        "edition": named(edition),
    }
