"""References as RIS, which every reference manager reads."""

from collections.abc import Iterable, Iterator

from peft_vlm_survey.export.people import Name, names, pages
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.reference import Reference

# A single paper of proceedings is CONF to most programs; CPAPER, which the format has too, few of them know.
_TYPES = {
    "article": "JOUR",
    "book": "BOOK",
    "incollection": "CHAP",
    "inproceedings": "CONF",
    "misc": "GEN",
    "phdthesis": "THES",
    "techreport": "RPRT",
}


def paper_ris(survey: Survey, key: str) -> str:
    """Return the record of one paper. Raises KeyError if there is none."""
    return ris(survey, [survey.references[key]])


def ris(survey: Survey, references: Iterable[Reference]) -> str:
    """Return records sorted by key, a blank line between them."""
    ordered = sorted(references, key=lambda reference: reference.key)
    return "\n".join(_record(survey, reference) for reference in ordered)


def _record(survey: Survey, reference: Reference) -> str:
    lines = [f"{tag}  - {value}" for tag, value in _tags(survey, reference) if value]
    return "\n".join([*lines, "ER  - "]) + "\n"


def _tags(survey: Survey, reference: Reference) -> Iterator[tuple[str, str]]:
    first, last = pages(reference)
    yield "TY", _TYPES[reference.type]
    yield "ID", reference.key
    for name in names(reference):
        yield "AU", _inverted(name)
    yield "TI", reference.title_without_formulas
    if holder := reference.plain("booktitle") or reference.plain("journal"):
        short = survey.venue(reference.key)
        yield "T2", holder
        yield "J2", short if short != holder else ""
    yield "T3", reference.plain("series")
    yield "PY", reference.plain("year")
    yield "VL", reference.plain("volume")
    yield "IS", reference.plain("number")
    yield "SP", first
    yield "EP", last
    yield "PB", reference.plain("publisher") or reference.plain("school") or reference.plain("institution")
    yield "DO", reference.fields.get("doi", "")
    if arxiv := reference.fields.get("eprint", ""):
        yield "DB", "arXiv"
        yield "AN", f"arXiv:{arxiv}"
    yield "UR", reference.address


def _inverted(name: Name) -> str:
    family = " ".join(part for part in (name.particle, name.family) if part)
    return ", ".join(part for part in (family, name.given, name.suffix) if part)
