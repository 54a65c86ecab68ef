"""List the preprints that may have appeared at a venue by now, and what exported BibTeX says of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from peft_vlm_survey.add.entries import Entry, Log, parse, read_text
from peft_vlm_survey.add.identifiers import arxiv
from peft_vlm_survey.add.text import unicode_text
from peft_vlm_survey.add.venues import is_preprint
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.reference import Reference, letters


def preprints(survey: Survey, before: int) -> tuple[Reference, ...]:
    """Return the papers of the catalogue that are known as preprints of a year before the given one, the oldest first."""
    references = [
        reference
        for paper in survey.papers
        if (reference := survey.references[paper.key]).type == "misc"
        and reference.fields.get("eprint")
        and reference.year < before
    ]
    return tuple(sorted(references, key=lambda reference: (reference.year, reference.key)))


def published(entry: Entry) -> str:
    """Return where an exported entry says that it appeared, with its year; empty for a preprint."""
    place = unicode_text(entry.fields.get("booktitle") or entry.fields.get("journal", ""))
    return f"{place} {entry.fields.get('year', '')}".strip() if place and not is_preprint(place) else ""


def stale(survey: Survey, before: int, files: Sequence[Path]) -> tuple[str, tuple[Problem, ...]]:
    """Return a line for each such preprint, with what the files say of it, and the problems of the files."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in files:
        text, unreadable = read_text(path.read_bytes(), str(path))
        given, broken = parse(text, str(path))
        entries += given
        problems += [*unreadable, *broken]
    lines = [f"{reference.key}: {_where_published(reference, entries)}" for reference in preprints(survey, before)]
    known = sum(not line.endswith(_NOTHING) for line in lines)
    count = f"{len(lines)} preprints of before {before}; the given files name a venue for {known}."
    return "\n".join([*lines, count]), tuple(problems)


_NOTHING = "nothing in the given files"


def _where_published(reference: Reference, entries: Iterable[Entry]) -> str:
    for entry in entries:
        same = letters(entry.fields.get("title", "")) == letters(reference.fields["title"])
        if (same or arxiv(Log(entry=entry)) == reference.fields["eprint"]) and (where := published(entry)):
            return f"{where} ({entry.path}:{entry.line})"
    return _NOTHING
