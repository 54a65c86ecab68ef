"""References as BibTeX, in the one form of references.bib."""

from collections.abc import Iterable

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.reference import Reference


def paper_bib(survey: Survey, key: str) -> str:
    """Return the entry of one paper. Raises KeyError if there is none."""
    return bibtex([survey.references[key]])


def book_bib(survey: Survey) -> str:
    """Return the entry of this edition of the book itself."""
    edition = survey.edition
    fields = {
        "author": " and ".join(f"{{{author}}}" for author in edition.authors),
        "title": edition.title.replace("Vision–Language", "{Vision}--{Language}"),
        "year": edition.date[:4],
        "note": f"Version {edition.version}, {edition.date}",
        **({"doi": edition.doi} if edition.doi else {}),
        **({"url": edition.url} if edition.url else {}),
    }
    return bibtex([Reference(key=f"peftvlmsurvey{edition.date[:4]}book", type="misc", fields=fields, line=1)])


def bibtex(references: Iterable[Reference]) -> str:
    """Return entries in the one form of references.bib: sorted by key, one field per line."""
    entries = (
        f"@{reference.type}{{{reference.key},\n"
        + "".join(f"  {name} = {{{value}}},\n" for name, value in reference.fields.items())
        + "}\n"
        for reference in sorted(references, key=lambda reference: reference.key)
    )
    return "\n\n".join(entries) or "\n"
