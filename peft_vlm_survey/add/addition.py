"""Add papers to the survey: from the bytes of an export to the new texts of references.bib and data/."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from peft_vlm_survey.add.clean import Cleaned, cleaned
from peft_vlm_survey.add.duplicates import left_out, once_each, refuse_known
from peft_vlm_survey.add.entries import Entry, parse, read_text
from peft_vlm_survey.add.keys import make_key
from peft_vlm_survey.add.options import Options
from peft_vlm_survey.add.titles import short_name
from peft_vlm_survey.export.bibtex import bibtex
from peft_vlm_survey.form import sheet_text
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.excluded import REASONS
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.read.registry import TABLES

_PAPERS, _BACKGROUND, _EXCLUDED = (TABLES[name] for name in ("papers", "background", "excluded"))
_TO_FILL_IN = (
    "name",
    "task",
    "family",
    "backbones",
    "benchmarks",
    "code",
    "checked",
)
_DESCRIPTION = "its row in data/descriptions.csv"


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """One paper that was added: its entry, its row, and what its contributor should know."""

    reference: Reference
    row: Mapping[str, str]
    entry: Entry
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """The files that change, by path, with their new texts; the papers that were added; the problems, if any."""

    texts: Mapping[str, str] = field(default_factory=dict)
    added: tuple[Added, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheet: str = _PAPERS.path


def add(survey: Survey, raw: bytes, path: str, options: Options) -> Addition:
    """Return what a survey becomes with the papers of an export in it. The survey must have no problem."""
    text, problems = read_text(raw, path)
    if problems:
        return Addition(problems=problems)
    entries, broken = parse(text, path)
    if len(entries) > 1 and (options.name or options.aliases or options.code or options.code_found):
        message = f"{len(entries)} entries, but --name, --aliases, --code and --code-found say something of one."
        remedy = "Add the papers one at a time, or leave these options out."
        return Addition(problems=(*broken, Problem(path=path, line=1, message=message, remedy=remedy)))
    given = once_each([cleaned(entry, survey.venues, options.name) for entry in entries])
    refuse_known(survey, given)
    gone = _let_in_again(survey, given, options)
    added = _placed(survey, given, path, options)
    problems = (*broken, *(problem for entry in given for problem in entry.log.problems))
    sheet = _BACKGROUND.path if options.background else _PAPERS.path
    rows = survey.background if options.background else survey.papers
    texts = {
        BIBLIOGRAPHY: bibtex([*survey.references.values(), *(paper.reference for paper in added)]),
        sheet: sheet_text(sheet, [*(row.row.cells for row in rows), *(paper.row for paper in added)]),
    }
    if gone:
        texts[_EXCLUDED.path] = sheet_text(
            _EXCLUDED.path, [row.row.cells for row in survey.excluded if row.row.line not in gone]
        )
    return Addition(texts=texts, added=added, problems=problems, sheet=sheet)


# An address in an abstract, without the full stop or bracket behind it.
_ADDRESS = re.compile(r"https?://[^\s{}\\<>\"]*[^\s{}\\<>\".,;:)]")


def _let_in_again(survey: Survey, entries: Sequence[Cleaned], options: Options) -> frozenset[int]:
    """Refuse a paper that excluded.csv names, or with `--again` return the lines to delete there."""
    gone = set()
    for entry in entries if not options.background else ():
        for row in left_out(survey, entry):
            if options.again:
                gone.add(row.row.line)
                entry.log.note(f"left out before ({row.reason}): its row in {_EXCLUDED.path} goes.")
            else:
                entry.log.refuse(
                    f"'{row.title}' was left out as '{row.reason}' ({REASONS[row.reason]}).",
                    f"See {_EXCLUDED.path}:{row.row.line}; if that judgement is wrong, say why and give --again.",
                )
    return frozenset(gone)


def _placed(survey: Survey, entries: Sequence[Cleaned], path: str, options: Options) -> tuple[Added, ...]:
    """Return the entries that have no problem, each under a key of its own, with its row."""
    taken = set(survey.references)
    added = []
    for entry in entries:
        if entry.log.problems:
            continue
        name = options.name
        if not name and options.kind not in ("study", "survey") and (name := short_name(entry.fields.get("title", ""))):
            entry.log.note(f"the name {name} was taken from the title.")
        key = make_key(entry.fields, name, taken)
        if not key:
            entry.log.refuse(
                "no key can be made: it takes the first author's family name, the year and a word of the title.",
                "Complete the entry; the family name in Latin letters.",
            )
            continue
        taken.add(key)
        reference = Reference(key=key, type=entry.type, fields=entry.fields, line=entry.log.entry.line)
        row = _row(key, name, entry.log.entry, path, options) | _status(reference, options)
        if not options.background:
            empty = [
                column for column in _TO_FILL_IN if not row[column] and not (column == "code" and row["code_found"])
            ]
            entry.log.note(f"not established, and left empty: {', '.join([*empty, _DESCRIPTION])}.")
            if not options.code and (named := _ADDRESS.search(entry.log.entry.fields.get("abstract", ""))):
                entry.log.note(
                    f"its abstract names {named.group()}: if that is the code, give --code and --code-found abstract."
                )
            if row["status"] == "partial":
                entry.log.note(
                    "status is partial: give --source and --checked once the record was compared with its page."
                )
        added.append(Added(reference=reference, row=row, entry=entry.log.entry, notes=tuple(entry.log.notes)))
    return tuple(added)


def _row(key: str, name: str, entry: Entry, path: str, options: Options) -> dict[str, str]:
    source = options.source or _own_source(entry, path)
    if options.background:
        return {"key": key, "role": options.background, "name": name, "source": source, "checked": options.checked}
    cells = {
        "key": key,
        "name": name,
        "aliases": options.aliases,
        "kind": options.kind,
        "category": options.category,
        "task": options.task,
        "family": options.family,
        "further_families": options.further_families,
        "depth": "catalogue",
        "code": options.code,
        "code_found": options.code_found,
        "source": source,
        "checked": options.checked,
        "added": options.added,
    }
    return {column.name: cells.get(column.name, "") for column in _PAPERS.columns}


def _status(reference: Reference, options: Options) -> dict[str, str]:
    """Return how far the record can be trusted; a work of the background has no such cell."""
    if options.background:
        return {}
    if not (options.source and options.checked):
        return {"status": "partial"}
    known = reference.type == "misc" or any(reference.fields.get(field) for field in ("doi", "url", "pages"))
    return {"status": "verified" if known else "listed"}


def _own_source(entry: Entry, path: str) -> str:
    """Return the origin that an entry itself names: DBLP signs its records, others do not."""
    if "dblp" in entry.fields.get("bibsource", "").casefold() and entry.key.startswith("DBLP:"):
        return f"dblp.org: {entry.key.removeprefix('DBLP:')}"
    return "a BibTeX export" if path == "-" else f"a BibTeX export: {PurePath(path).name}"


def at_their_entries(addition: Addition, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems of the new texts as problems of the export: each at the entry that brought it in."""
    places = {}
    for paper in addition.added:
        start = addition.texts[BIBLIOGRAPHY].split(f"{{{paper.reference.key},\n")[0].count("\n") + 1
        for line in range(start, start + len(paper.reference.fields) + 2):
            places[BIBLIOGRAPHY, line] = paper.entry
        places[addition.sheet, _line(addition, paper.reference.key)] = paper.entry
    by_text: dict[str, Problem] = {}
    for problem in problems:
        entry = places.get((problem.path, problem.line))
        moved = replace(problem, path=entry.path, line=entry.line) if entry else problem
        # What the options say wrongly of one paper they say of all.
        by_text.setdefault(moved.message if problem.path == addition.sheet else str(moved), moved)
    return tuple(by_text.values())


def _line(addition: Addition, key: str) -> int:
    """Return the line of a row; no cell of a sheet holds a line break."""
    rows = csv.reader(io.StringIO(addition.texts[addition.sheet]))
    return next(number for number, row in enumerate(rows, start=1) if row and row[0] == key)
