"""What reference managers, search engines and link previews read in the head of a paper's page."""

from typing import Any

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.reference import Reference, plain
from peft_vlm_survey.site.metadata import json_script, meta


def description(survey: Survey, key: str, *, numbers: bool) -> str:
    """Return one sentence on a paper's page, which may have reported numbers; no two pages share it."""
    reference = survey.references[key]
    where = " ".join(filter(None, [survey.venue(key), str(reference.year)]))
    return (
        f"{reference.title_without_formulas}, by {reference.short_authors} ({where}): "
        f"what it adapts and how, {'its reported numbers, ' if numbers else ''}BibTeX and RIS."
    )


def head(survey: Survey, key: str, page: str, *, numbers: bool) -> str:
    """Return the tags of a paper's page, which may have reported numbers: its description, the paper itself for Zotero and Google Scholar, and JSON-LD."""
    tags = meta("name", "description", description(survey, key, numbers=numbers))
    tags += "".join(meta("name", name, content) for name, content in citation_tags(survey, key, page))
    return tags + json_script(json_ld(survey, key, page))


def citation_tags(survey: Survey, key: str, page: str) -> list[tuple[str, str]]:
    """Return the names and contents of the tags that describe a paper as Highwire Press began to.

    Google Scholar and Zotero's *Embedded Metadata* read them. The last one is PRISM's: without it Zotero would take
    the name of this site for the title of the proceedings.
    """
    reference = survey.references[key]
    tags = [("citation_title", reference.title_without_formulas)]
    tags += [("citation_author", name) for name in _names(reference)]
    tags.append(("citation_publication_date", str(reference.year)))
    container = {"article": "citation_journal_title", "inproceedings": "citation_conference_title"}
    container |= {"incollection": "citation_book_title", "phdthesis": "citation_dissertation_institution"}
    container |= {"techreport": "citation_technical_report_institution"}
    if reference.venue and (name := container.get(reference.type)):
        tags.append((name, reference.venue))
    fields = {"volume": "citation_volume", "number": "citation_issue", "publisher": "citation_publisher"}
    tags += [(name, reference.plain(field)) for field, name in fields.items() if reference.plain(field)]
    first, last = reference.first_and_last_page
    tags += [("citation_firstpage", first)] if first else []
    tags += [("citation_lastpage", last)] if last else []
    tags += [(f"citation_{name}", reference.plain(field)) for name, field in _IDS if reference.plain(field)]
    if survey.edition.url:
        tags.append(("citation_abstract_html_url", f"{survey.edition.url}/{page}.html"))
    if reference.venue:
        tags.append(("prism.publicationName", reference.venue))
    return tags


_IDS = (("doi", "doi"), ("arxiv_id", "eprint"))


def _names(reference: Reference) -> list[str]:
    """Return the authors as `Family, Given`.

    Zotero takes a comma between two names of several words each for one between two authors, but for a no-break space.
    """
    names = []
    for person, family in zip(reference.people, reference.family_names, strict=True):
        given = plain(" ".join([*person.first_names, *person.middle_names, *person.lineage_names]))
        kept = family.replace(" ", "\u00a0") if " " in given else family
        names.append(f"{kept}, {given}" if given else family)
    return names


def json_ld(survey: Survey, key: str, page: str) -> dict[str, Any]:
    """Return a paper as schema.org describes a scholarly article."""
    reference = survey.references[key]
    first, last = reference.first_and_last_page
    kind = "Periodical" if reference.type == "article" else "PublicationVolume"
    identifiers = {"DOI": reference.plain("doi"), "arXiv": reference.plain("eprint")}
    return {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "name": reference.title_without_formulas,
        "author": [{"@type": "Person", "name": author} for author in reference.authors],
        "datePublished": str(reference.year),
        **({"isPartOf": {"@type": kind, "name": reference.venue}} if reference.venue else {}),
        **({"pageStart": first} if first else {}),
        **({"pageEnd": last} if last else {}),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in identifiers.items()
            if value
        ],
        **({"url": reference.address} if reference.address else {}),
        **({"mainEntityOfPage": f"{survey.edition.url}/{page}.html"} if survey.edition.url else {}),
    }
