"""References as CSL-JSON, which citation processors read."""

import json
from collections.abc import Iterable
from typing import Any

from peft_vlm_survey.export.people import Name, names, pages
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.reference import Reference

_TYPES = {
    "article": "article-journal",
    "book": "book",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "misc": "document",
    "phdthesis": "thesis",
    "techreport": "report",
}


def csl(survey: Survey, references: Iterable[Reference]) -> str:
    """Return items sorted by key."""
    ordered = sorted(references, key=lambda reference: reference.key)
    items = [_item(survey, reference) for reference in ordered]
    return json.dumps(items, ensure_ascii=False, separators=(",", ":")) + "\n"


def _item(survey: Survey, reference: Reference) -> dict[str, Any]:
    arxiv = reference.fields.get("eprint", "")
    preprint = bool(arxiv) and reference.type == "misc"
    holder = reference.plain("booktitle") or reference.plain("journal")
    short = survey.venue(reference.key) if holder else ""
    publisher = reference.plain("publisher") or reference.plain("school") or reference.plain("institution")
    item = {
        "id": reference.key,
        "type": "article" if preprint else _TYPES[reference.type],  # the type that the standard gives preprints
        "title": reference.title_without_formulas,
        "author": [_name(name) for name in names(reference)],
        "issued": {"date-parts": [[reference.year]]},
        "container-title": holder,
        "container-title-short": short if short != holder else "",
        "collection-title": reference.plain("series"),
        "volume": reference.plain("volume"),
        "issue": "" if preprint else reference.plain("number"),
        "page": "-".join(page for page in pages(reference) if page),
        "publisher": "arXiv" if preprint else publisher,
        "number": f"arXiv:{arxiv}" if preprint else "",
        "archive": "arXiv" if arxiv else "",
        "archive_location": arxiv,
        "DOI": reference.fields.get("doi", ""),
        "URL": reference.address,
    }
    return {name: value for name, value in item.items() if value}


def _name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": " ".join(part for part in (name.particle, name.family) if part)}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}
