"""What lies at the root of the site: the feeds, with a link to them in every page's head, and the map of the site."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import feeds, sitemap
from peft_vlm_survey.export.feeds import NAMES, feed_title
from peft_vlm_survey.site import files
from peft_vlm_survey.site.made import made

_NO_READING = ("search.html", "genindex.html", "404.html")


def setup(app: Sphinx) -> None:
    """Add the links behind the other tags of the head, and write the files when the site is there."""
    app.connect("html-page-context", _link, priority=150)
    app.connect("build-finished", _write, priority=700)  # after the last page


def _link(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    edition = the_survey().edition
    for category in dict.fromkeys(["", pagename if pagename in NAMES else ""]):
        title, address = feed_title(edition, category), context["pathto"](NAMES[category], 1)
        context["metatags"] += (
            f'<link rel="alternate" type="application/atom+xml" title="{escape(title)}" href="{escape(address)}" />\n'
        )


def pages(folder: Path) -> Iterator[str]:
    """Yield every page of a site that is for reading, as a path below its folder."""
    for path in folder.rglob("*.html"):
        page = path.relative_to(folder).as_posix()
        if page not in _NO_READING and not page.startswith("_"):
            yield page


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    survey, folder = the_survey(), Path(app.outdir)
    texts = dict(made("feeds", feeds)[0])
    if survey.edition.url:
        texts["sitemap.xml"] = sitemap(survey.edition, pages(folder))
    for name, text in texts.items():
        files.write(folder / name, text)
