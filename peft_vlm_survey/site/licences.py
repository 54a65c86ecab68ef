"""The page of licences, the texts beside it, and the bill of materials: made of what lies in the site when it is whole."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging

from peft_vlm_survey.cache import prints, whole
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site import files
from peft_vlm_survey.site.bill import Copied, bill, copied, nameless
from peft_vlm_survey.site.files import BILL, LICENCES
from peft_vlm_survey.site.shipped import THIRD_PARTY, ours

logger = logging.getLogger(__name__)
_TABLE = "peft_vlm_survey/site/shipped.py"


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is not None or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    if not hasattr(app.builder, "globalcontext"):  # nothing was out of date, so that Sphinx wrote no page
        return
    site, parts = Path(app.outdir), (*ours(), *THIRD_PARTY)
    if not whole() and (site / LICENCES).is_file():  # a draft looks through all files of the site the first time alone
        return
    for address in nameless(site, parts):
        logger.warning("%s: nobody says under what licence it is.\n    Add it to %s.", address, _TABLE)
    copies = copied(site, parts, pdf=prints())
    for copy in copies:
        text = copy.part.licence_text()
        if not (copy.version and text):
            missing = "licence" if copy.version else "version"
            logger.warning("%s: its %s is not known.\n    Correct it in %s.", copy.part.name, missing, _TABLE)
        files.write(site / "downloads" / copy.text, text)
    files.write(site / BILL, bill(site, the_survey().edition, copies))
    app.builder.handle_page(
        LICENCES.removesuffix(".html"), {"title": "Licences", "copied": [*map(_row, copies)]}, LICENCES
    )


def _row(copy: Copied) -> dict[str, object]:
    """Return what the page says of a part: few files by their names, many by their patterns."""
    part = copy.part
    return {
        "name": part.name,
        "version": copy.version,
        "licence": part.licence,
        "holder": part.holder,
        "within": part.within,
        "ours": part.source == "ours",
        "where": copy.files if len(copy.files) <= 3 else part.files if len(part.files) <= 3 else (),
        "count": len(copy.files),
        "pdf": bool(part.fonts) and prints(),
        "text": f"downloads/{copy.text}",
    }


def setup(app: Sphinx) -> None:
    """Write when everything else has been copied and written, and before the map of the site is."""
    app.connect("build-finished", _write, priority=600)
