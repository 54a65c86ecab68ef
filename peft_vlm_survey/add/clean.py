"""Make of an exported entry what references.bib says of the paper."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from peft_vlm_survey.add import identifiers
from peft_vlm_survey.add.entries import Entry, Log
from peft_vlm_survey.add.people import authors
from peft_vlm_survey.add.text import escaped, unicode_text
from peft_vlm_survey.add.titles import title
from peft_vlm_survey.add.venues import find_venue, is_preprint
from peft_vlm_survey.add.word_lists import LEFT_OUT
from peft_vlm_survey.read.reference_rules import FIELDS
from peft_vlm_survey.read.venues import Venue

_TYPES = {
    "conference": "inproceedings",
    "electronic": "misc",
    "inbook": "incollection",
    "online": "misc",
    "preprint": "misc",
    "report": "techreport",
    "thesis": "phdthesis",
    "unpublished": "misc",
}
_SERIES = (
    "Proceedings of Machine Learning Research",
    "Lecture Notes in Computer Science",
    "Frontiers in Artificial Intelligence and Applications",
)
_KEPT = {
    "article": ("volume", "number"),
    "book": ("publisher", "volume"),
    "incollection": ("publisher", "volume"),
    "inproceedings": ("volume", "number"),
    "misc": (),
    "phdthesis": ("school",),
    "techreport": ("institution", "number"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """An entry without a key yet: its type and its fields as references.bib writes them, and what was found."""

    type: str
    fields: Mapping[str, str]
    log: Log


def cleaned(entry: Entry, venues: Collection[Venue], name: str) -> Cleaned:
    """Return an entry in the manner of references.bib; `name` is the method's short name, empty if not given."""
    log = Log(entry=entry)
    given = entry.fields
    kind = _TYPES.get(entry.type, entry.type)
    year = given.get("year") or given.get("date", "")[:4]
    fields = {"author": authors(log), "title": title(log, name), "year": unicode_text(year)}
    for field in ("author", "title", "year"):
        if not (year if field == "year" else given.get(field)):
            log.refuse(f"{field} is missing.", "Complete the entry from the paper's page.")
    if year and not re.fullmatch("[0-9]{4}", fields["year"]):
        log.refuse(f"year '{fields['year']}' is not four digits.", "Write the year of publication, as in 2022.")
    fields["eprint"] = identifiers.arxiv(log)
    if fields["eprint"]:
        fields["archiveprefix"] = "arXiv"
    place = given.get("booktitle") or given.get("journal") or given.get("journaltitle") or given.get("venue", "")
    if is_preprint(place) or (not place and fields["eprint"] and kind in ("article", "inproceedings")):
        kind = "misc"
    elif place:
        name_of_venue, kind_of_venue = find_venue(log, venues, place, fields["year"])
        if kind_of_venue:
            kind = "article" if kind_of_venue == "journal" else "inproceedings"
        fields["journal" if kind == "article" else "booktitle"] = name_of_venue
    fields |= {"doi": identifiers.doi(log), "url": identifiers.url(log)}
    if kind != "misc":
        fields["pages"] = identifiers.pages(log)
    for field in _KEPT.get(kind, ()):
        fields[field] = escaped(unicode_text(given.get(field, "")))
    if kind == "phdthesis" and not fields["school"]:
        fields["school"] = escaped(unicode_text(given.get("institution", "")))
    series = unicode_text(given.get("series", ""))
    if kind == "inproceedings" and (known := [full for full in _SERIES if full.casefold() == series.casefold()]):
        fields["series"] = known[0]
    left = [
        field for field in given if field not in LEFT_OUT and field not in fields and field not in ("author", "title")
    ]
    if left:
        log.note(f"left out: {', '.join(sorted(left))}.")
    ordered = {field: fields[field] for field in FIELDS if fields.get(field)}
    return Cleaned(type=kind, fields={field: _one_line(value) for field, value in ordered.items()}, log=log)


def _one_line(value: str) -> str:
    return re.sub(r"\s+", " ", value).strip()
