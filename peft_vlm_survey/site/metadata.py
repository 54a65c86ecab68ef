"""What search engines, reference managers and link previews read in a page's head."""

import json
import re
from html import escape, unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from peft_vlm_survey.cache import prints
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.export.package import LICENCE
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.site.files import PDFS


def setup(app: Sphinx) -> None:
    """Add the tags to every page, before the theme renders its parts."""
    app.connect("html-page-context", _describe, priority=100)


def _describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    edition = the_survey().edition
    # docutils sets the viewport although Sphinx's layout does.
    tags = re.sub(r'<meta [^>]*name="viewport"[^>]*>\n?', "", str(context.get("metatags", "")))
    title = unescape(re.sub("<[^>]+>", "", str(context.get("title") or "Search")))
    if 'name="description"' not in tags:
        tags += meta("name", "description", f"{title}: {edition.title}.")
    match = re.search(r'content="([^"]*)" name="description"|name="description" content="([^"]*)"', tags)
    description = next(filter(None, match.groups()), "") if match else ""
    home = app.builder.get_target_uri(pagename) == "index.html"  # not that in another language
    tags += meta("property", "og:type", "book" if home else "article")
    tags += meta("property", "og:site_name", edition.title)
    tags += meta("property", "og:title", edition.title if home else title)
    tags += f'<meta property="og:description" content="{description}" />\n'
    if edition.url:
        tags += meta("property", "og:url", f"{edition.url}/{app.builder.get_target_uri(pagename)}")
    if home:
        tags += _scholar(edition) + _json_ld(edition)
    context["metatags"] = tags
    context["survey_pdf"], *context["survey_pdfs"] = PDFS if prints() else ("",)
    context["survey_edition"] = edition


def _scholar(edition: Edition) -> str:
    tags = [("citation_title", edition.title)]
    tags += [("citation_author", author) for author in edition.authors]
    tags += [("citation_publication_date", edition.date.replace("-", "/")), ("citation_language", "en")]
    if edition.doi:
        tags.append(("citation_doi", edition.doi))
    if edition.url:
        tags += [("citation_public_url", f"{edition.url}/index.html"), ("citation_pdf_url", f"{edition.url}/{PDFS[0]}")]
    return "".join(meta("name", name, content) for name, content in tags)


def _json_ld(edition: Edition) -> str:
    thing = {
        "@context": "https://schema.org",
        "@type": "Book",
        "name": edition.title,
        "author": [{"@type": "Organization", "name": author} for author in edition.authors],
        "datePublished": edition.date,
        "version": edition.version,
        "inLanguage": "en",
        "abstract": edition.abstract,
        "license": LICENCE["path"],
        **({"url": edition.url} if edition.url else {}),
        **({"sameAs": f"https://doi.org/{edition.doi}"} if edition.doi else {}),
    }
    return json_script(thing)


def json_script(thing: dict[str, Any]) -> str:
    """Return a thing of schema.org as a script of a page's head."""
    text = json.dumps(thing, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>\n'


def meta(attribute: str, name: str, content: str) -> str:
    """Return a tag of a page's head."""
    return f'<meta {attribute}="{name}" content="{escape(content)}" />\n'
