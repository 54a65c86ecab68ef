"""Find DOI, arXiv identifier, address and pages of an entry, in whatever field they were exported."""

import html
import re
from urllib.parse import urlsplit

from peft_vlm_survey.add.entries import Log

_ARXIV = r"([0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]+)?"
_IN_TEXT = re.compile(
    rf"(?:arxiv(?:\.org)?[:./\s]*(?:(?:abs|pdf|html)/|preprint\s*(?:arxiv)?\s*[:\s]\s*)?|\babs/){_ARXIV}", re.I
)
_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s{}\\<>]+")
_DOI_OF_ARXIV = re.compile(rf"10\.48550/arxiv\.{_ARXIV}", re.IGNORECASE)
# Not the publisher's page: an index, a copy, a resolver, or code.
_OTHERS_PAGES = (
    *("arxiv.org", "dblp.org", "dblp.uni-trier.de", "doi.org", "github.com", "huggingface.co", "paperswithcode.com"),
    *("researchgate.net", "scholar.google.com", "semanticscholar.org"),
)


def arxiv(log: Log) -> str:
    """Return the arXiv identifier without its version; empty if no field has one."""
    fields = log.entry.fields
    kind = fields.get("eprinttype", fields.get("archiveprefix", "arxiv")).casefold()
    eprint = re.sub(r"^arxiv:", "", fields.get("eprint", "").strip(), flags=re.IGNORECASE)
    if kind == "arxiv" and (whole := re.fullmatch(_ARXIV, eprint)):
        return whole.group(1)
    for name in ("eprint", "journal", "booktitle", "howpublished", "volume", "url", "doi", "ee"):
        if found := _IN_TEXT.search(fields.get(name, "")):
            return found.group(1)
    if found := _IN_TEXT.match(fields.get("note", "")):
        return found.group(1)
    return ""


def doi(log: Log) -> str:
    """Return the DOI without an address; empty if there is none but arXiv's own."""
    for name in ("doi", "url", "ee"):
        found = _DOI.search(_unescaped(log.entry.fields.get(name, "")))
        if found and not _DOI_OF_ARXIV.match(found.group()) and (name == "doi" or "doi.org/" in log.entry.fields[name]):
            return found.group().rstrip(".,;")
    return ""


def url(log: Log) -> str:
    """Return the address of the publisher's page; empty if the entry has none, or another's."""
    given = _unescaped(log.entry.fields.get("url", "")).split(" ")[0]
    try:
        host = (urlsplit(given).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    if not given or not host:
        return given
    if any(host == other or host.endswith("." + other) for other in _OTHERS_PAGES):
        if host not in ("doi.org", "dx.doi.org", "arxiv.org"):
            log.note(f"the address at {host} was left out: it is not the publisher's page.")
        return ""
    return _page(given)


def _page(address: str) -> str:
    """Return the page of a paper in place of its file, where the one follows from the other.

    >>> _page("https://openreview.net/pdf?id=abc"), _page("https://aclanthology.org/2022.acl-short.1.pdf")
    ('https://openreview.net/forum?id=abc', 'https://aclanthology.org/2022.acl-short.1/')
    """
    for pattern, page in (
        (r"https?://openreview\.net/pdf\?id=([\w-]+).*", r"https://openreview.net/forum?id=\1"),
        (r"https?://(?:www\.)?aclanthology\.org/([\w.-]+?)(?:\.pdf|/)?", r"https://aclanthology.org/\1/"),
        (
            r"https?://openaccess\.thecvf\.com/([\w/-]+)/papers/([\w.-]+)\.pdf",
            r"https://openaccess.thecvf.com/\1/html/\2.html",
        ),
        (
            r"https?://proceedings\.neurips\.cc/([\w/]+)/file/(\w+)-Paper(-[\w-]+)?\.pdf",
            r"https://proceedings.neurips.cc/\1/hash/\2-Abstract\3.html",
        ),
    ):
        if found := re.fullmatch(pattern, address):
            return found.expand(page)
    return address


def pages(log: Log) -> str:
    """Return first and last page with two hyphens between them; empty if what stands there is no pages."""
    given = log.entry.fields.get("pages", "")
    text = re.sub(r"\s*[-‐‑‒–—―−]+\s*", "--", re.sub(r"^(pp?\.|pages)\s*", "", html.unescape(given)).strip(" ,.;"))
    if given and not re.fullmatch(r"[A-Za-z]?[0-9:./]*[0-9](--[A-Za-z]?[0-9:./]*[0-9])?", text):
        log.note(f"pages '{given}' were left out: they are no page numbers.")
        return ""
    if text in ("1--1", "0--0"):
        log.note(f"pages '{given}' were left out: the paper has none yet.")
        return ""
    return text


def _unescaped(address: str) -> str:
    return re.sub(r"\\([_%&#~])", r"\1", html.unescape(re.sub(r"\{(\\?[_%&#~])\}", r"\1", address))).strip("<> {}")
