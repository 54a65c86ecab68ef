"""The report of an error: the repository's form for corrections, filled in, or the same report as text."""

from collections.abc import Mapping
from urllib.parse import quote

from peft_vlm_survey.read.edition import Edition

FORM = "correct-a-fact.yml"  # in .github/ISSUE_TEMPLATE
FIELDS: Mapping[str, str] = {  # of the form, by their ids there; _static/report.js fills them in
    "where": "Where it stands",
    "said": "What the book says",
    "right": "What is right",
    "evidence": "Where that can be read",
}


def place(edition: Edition, page: str) -> str:
    """Return where a page stands: its address if the site has one, else its file in the site."""
    return f"{edition.url}/{page}.html" if edition.url else f"{page}.html"


def named(edition: Edition) -> str:
    """Return what an edition is called in a report."""
    return f"edition {edition.version} of {edition.date}"


def form_address(edition: Edition, page: str) -> str:
    """Return the address of the form for corrections, filled in with a page; empty if the repository has none.

    The name of the page is not escaped: where many pages share a frame, a mark stands for it.
    """
    if not edition.repository:
        return ""
    before = quote(f"{edition.url}/", safe="") if edition.url else ""
    return (
        f"{edition.repository}/issues/new?template={FORM}&title=Correct%3A+{page}.html"
        f"&where={before}{page}.html{quote(f', {named(edition)}')}"
    )


def blank(edition: Edition) -> str:
    """Return the report as text that is still to be filled in."""
    filled = {"where": f"(page and address), {named(edition)}"}
    return "".join(f"{label}: {filled.get(field, '')}".rstrip() + "\n" for field, label in FIELDS.items())
