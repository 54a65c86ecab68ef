"""Find one paper that is given twice, stands in the book already, or was left out of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from peft_vlm_survey.add.clean import Cleaned
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read import excluded
from peft_vlm_survey.read.reference import PATH, Reference, letters
from peft_vlm_survey.read.registry import TABLES

_PAPERS, _BACKGROUND = TABLES["papers"].path, TABLES["background"].path
_DECIDING = ("year", "booktitle", "journal", "doi", "eprint")


def _marks(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what two records of one paper share, at least one of them."""
    marks = {
        "DOI": fields.get("doi", "").casefold(),
        "arXiv id": fields.get("eprint", "").casefold(),
        "title": letters(fields.get("title", "")),
    }
    return {name: mark for name, mark in marks.items() if mark}


def once_each(entries: Sequence[Cleaned]) -> tuple[Cleaned, ...]:
    """Return the entries with each paper once: a preprint joins its publication, and what contradicts is refused."""
    kept: list[Cleaned] = []
    for entry in entries:
        marks = _marks(entry.fields).items()
        place = next((n for n, other in enumerate(kept) if marks & _marks(other.fields).items()), None)
        if place is None:
            kept.append(entry)
        else:
            kept[place] = _joined(kept[place], entry)
    return tuple(kept)


def _joined(first: Cleaned, second: Cleaned) -> Cleaned:
    if first.type == "misc" and second.type != "misc":
        first, second = second, first
    preprint = second.type == "misc" and first.type != "misc"
    shared = ("eprint", "archiveprefix") if preprint else tuple(second.fields)
    deciding = ("eprint",) if preprint else _DECIDING
    contrary = [
        name
        for name in deciding
        if name in second.fields and first.fields.get(name, second.fields[name]) != second.fields[name]
    ]
    log = first.log
    log.problems.extend(second.log.problems)
    if contrary:
        log.refuse(
            f"the paper of line {second.log.entry.line} again, with another {contrary[0]}.",
            "Keep the entry that is right.",
        )
    log.note(f"given twice, also in line {second.log.entry.line}; taken once.")
    missing = {name: second.fields[name] for name in shared if name in second.fields and name not in first.fields}
    return replace(first, fields={**first.fields, **missing})


def refuse_known(survey: Survey, entries: Sequence[Cleaned]) -> None:
    """Refuse every entry whose paper is among the references, naming the entry and what they share."""
    known: dict[tuple[str, str], Reference] = {}
    for reference in survey.references.values():
        for mark in _marks(reference.fields).items():
            known.setdefault(mark, reference)
    rows = {row.key: f"{TABLES['background'].path}:{row.row.line}" for row in survey.background}
    rows |= {row.key: f"{TABLES['papers'].path}:{row.row.line}" for row in survey.papers}
    for entry in entries:
        shared = [mark for mark in _marks(entry.fields).items() if mark in known]
        if shared:
            other = known[shared[0]]
            what = " and ".join(mark[0] for mark in shared if known[mark] is other)
            entry.log.refuse(
                f"{other.key} has this {what} already.",
                f"See {PATH}:{other.line} and {rows[other.key]}; if this record says more, mend that entry and keep its key.",
            )


def left_out(survey: Survey, entry: Cleaned) -> Iterator[excluded.Excluded]:
    """Yield the rows of excluded.csv that name the paper of an entry."""
    title = letters(entry.fields.get("title", ""))
    return (row for row in survey.excluded if title and letters(row.title) == title)
