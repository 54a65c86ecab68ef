"""What readers follow: Atom feeds of the newest papers, and the map of the site for search engines."""

import hashlib
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from peft_vlm_survey.export.identifiers import TAG, identifier
from peft_vlm_survey.export.package import LICENCE
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.corrections import Correction
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.read.papers import CATEGORIES, Paper

LIMIT = 100
CORRECTIONS = "feed-corrections.xml"
NAMES = {"": "feed.xml", **{category: f"feed-{category}.xml" for category in CATEGORIES}}


def newest(survey: Survey, papers: Iterable[Paper]) -> list[Paper]:
    """Return papers by the date on which they entered the book, the latest first.

    Those of one date stand by year of publication, the latest first, and then by key.
    """
    by_year = sorted(papers, key=lambda paper: (-survey.references[paper.key].year, paper.key))
    return sorted(by_year, key=lambda paper: paper.added, reverse=True)


def feeds(survey: Survey) -> dict[str, str]:
    """Return every feed by its address at the root of the site."""
    return {**{name: _feed(survey, category) for category, name in NAMES.items()}, CORRECTIONS: corrections(survey)}


def feed_title(edition: Edition, category: str) -> str:
    """Return what a feed is called; an empty category means all."""
    title = edition.title.partition(": ")[0]
    return f"{title}: {CATEGORIES[category]}" if category else title


def _feed(survey: Survey, category: str) -> str:
    edition = survey.edition
    papers = newest(survey, (paper for paper in survey.papers if category in ("", paper.category)))[:LIMIT]
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _text(root, "id", f"{TAG}{NAMES[category].removesuffix('.xml')}")
    _text(root, "title", feed_title(edition, category))
    _text(root, "subtitle", "Papers that entered the survey, the newest first")
    _text(root, "updated", _moment(max((_updated(survey, paper) for paper in papers), default=edition.date)))
    for author in edition.authors:
        _text(SubElement(root, "author"), "name", author)
    _text(root, "rights", LICENCE["title"])
    if edition.url:
        SubElement(root, "link", {"rel": "self", "href": f"{edition.url}/{NAMES[category]}"})
        SubElement(root, "link", {"rel": "alternate", "href": f"{edition.url}/{category or 'new'}.html"})
    for paper in papers:
        root.append(_entry(survey, paper))
    return _document(root)


def _entry(survey: Survey, paper: Paper) -> Element:
    reference, edition = survey.references[paper.key], survey.edition
    entry = Element("entry")
    _text(entry, "id", identifier("paper", paper.key))
    _text(entry, "title", reference.title_without_formulas)
    _text(entry, "published", _moment(paper.added))
    _text(entry, "updated", _moment(_updated(survey, paper)))
    for author in reference.authors:
        _text(SubElement(entry, "author"), "name", author)
    for scheme, terms in (("category", (paper.category,)), ("family", paper.families), ("task", paper.task)):
        for term in terms:
            label = {"label": CATEGORIES[term]} if scheme == "category" else {}
            SubElement(entry, "category", {"term": term, "scheme": f"{TAG}{scheme}", **label})
    page = f"{edition.url}/papers/{paper.key}.html" if edition.url else reference.address
    if page:
        SubElement(entry, "link", {"rel": "alternate", "href": page})
    if reference.address and reference.address != page:
        SubElement(entry, "link", {"rel": "related", "href": reference.address})
    # Atom wants what stands for the paper itself where there is no address to lead to.
    _text(entry, "summary" if page else "content", _summary(survey, paper))
    return entry


def newest_corrections(survey: Survey) -> list[Correction]:
    """Return all corrections, the latest first: of one date the one that its file has last, since rows are added at its end."""
    return sorted(survey.corrections, key=lambda correction: correction.date)[::-1]


def corrections(survey: Survey) -> str:
    """Return the feed of what the book printed before and what is right, the latest first."""
    edition = survey.edition
    listed = newest_corrections(survey)[:LIMIT]
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _text(root, "id", f"{TAG}{CORRECTIONS.removesuffix('.xml')}")
    _text(root, "title", f"{feed_title(edition, '')}: corrections")
    _text(root, "subtitle", "What the survey said before, and what is right")
    _text(root, "updated", _moment(max((correction.date for correction in listed), default=edition.date)))
    for author in edition.authors:
        _text(SubElement(root, "author"), "name", author)
    _text(root, "rights", LICENCE["title"])
    if edition.url:
        SubElement(root, "link", {"rel": "self", "href": f"{edition.url}/{CORRECTIONS}"})
        SubElement(root, "link", {"rel": "alternate", "href": f"{edition.url}/new.html"})
    for correction in listed:
        entry = SubElement(root, "entry")
        same = hashlib.sha256(
            "\n".join((correction.date, correction.key, correction.what, correction.before)).encode()
        ).hexdigest()[:16]
        _text(entry, "id", identifier("correction", same))
        _text(
            entry,
            "title",
            f"{survey.name(correction.key)}: {correction.what}"
            if correction.key in survey.references
            else correction.what,
        )
        _text(entry, "published", _moment(correction.date))
        _text(entry, "updated", _moment(correction.date))
        if edition.url and correction.key in survey.papers_by_key:
            SubElement(entry, "link", {"rel": "alternate", "href": f"{edition.url}/papers/{correction.key}.html"})
        _text(entry, "content", f"Before: {correction.before}. Now: {correction.after}. Source: {correction.source}.")
    return _document(root)


def _summary(survey: Survey, paper: Paper) -> str:
    where = " ".join(filter(None, (survey.venue(paper.key), str(survey.references[paper.key].year))))
    description = survey.description(paper.key)
    parts = [description.summary if description else "", f"{where}."]
    if paper.families:
        parts.append(f"Family: {', '.join(paper.families)}.")
    if paper.task:
        parts.append(f"Task: {', '.join(paper.task)}.")
    return " ".join(filter(None, parts))


def _updated(survey: Survey, paper: Paper) -> str:
    return max([paper.added, *(correction.date for correction in survey.corrections if correction.key == paper.key)])


def _moment(date: str) -> str:
    return f"{date}T00:00:00Z"


def sitemap(edition: Edition, pages: Iterable[str]) -> str:
    """Return the map of an edition that has an address: its pages, given as paths below it, in order."""
    root = Element("urlset", {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"})
    for page in sorted(pages):
        _text(SubElement(root, "url"), "loc", f"{edition.url}/{page}")
    return _document(root)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _document(root: Element) -> str:
    indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'
