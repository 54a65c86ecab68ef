"""The page of licences and the texts beside it: made of what lies in the site when it is whole."""

from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging

from peft_vlm_survey.cache import prints, whole
from peft_vlm_survey.site import files
from peft_vlm_survey.site.files import LICENCES
from peft_vlm_survey.site.licensed import Part
from peft_vlm_survey.site.shipped import THIRD_PARTY, ours

logger = logging.getLogger(__name__)
TEXTS = "downloads/licences"
FOLDERS = ("_static", "_images", "downloads/figures")  # where copies may lie; all other files are ours
_TABLE = "peft_vlm_survey/site/shipped.py"


def copied(site: Path, parts: Iterable[Part], *, pdf: bool) -> dict[Part, tuple[str, ...]]:
    """Return the parts that a site holds copies of, each with its files; fonts alone only if the site has a PDF."""
    addresses = _addresses(site, *FOLDERS)
    held = {part: tuple(filter(part.holds, addresses)) for part in parts}
    return {part: found for part, found in held.items() if found or (part.fonts and pdf)}


def nameless(site: Path, parts: Iterable[Part]) -> list[str]:
    """Return the files below `_static/` that are no part's."""
    known = tuple(parts)
    return [address for address in _addresses(site, "_static") if not any(part.holds(address) for part in known)]


def _addresses(site: Path, *folders: str) -> list[str]:
    below = (path for folder in folders for path in (site / folder).rglob("*"))
    return sorted(path.relative_to(site).as_posix() for path in below if path.is_file())


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
    for part in copies:
        if not (text := part.licence_text()):
            logger.warning("%s: its licence is not known.\n    Correct it in %s.", part.name, _TABLE)
        files.write(site / TEXTS / f"{part.slug}.txt", text)
    rows = [_row(part, found) for part, found in copies.items()]
    app.builder.handle_page(LICENCES.removesuffix(".html"), {"title": "Licences", "copied": rows}, LICENCES)


def _row(part: Part, found: tuple[str, ...]) -> dict[str, object]:
    """Return what the page says of a part: few files by their names, many by their patterns."""
    return {
        "name": part.name,
        "licence": part.licence,
        "holder": part.holder,
        "within": part.within,
        "where": found if len(found) <= 3 else part.files if len(part.files) <= 3 else (),
        "count": len(found),
        "pdf": bool(part.fonts) and prints(),
        "text": f"{TEXTS}/{part.slug}.txt",
    }


def setup(app: Sphinx) -> None:
    """Write when everything else has been copied and written, and before the map of the site is."""
    app.connect("build-finished", _write, priority=600)
