"""The one form of references.bib and of the files in data/: what `format` restores and `check` asks for."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from peft_vlm_survey.checked import Checked
from peft_vlm_survey.export.bibtex import bibtex
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.read.registry import TABLES, Table

FORMS: Mapping[str, Table] = {table.path: table for table in TABLES.values()}


def sheet_text(path: str, rows: Iterable[Mapping[str, str]]) -> str:
    """Return a file of data/ in its one form: the reader's columns, sorted rows, no quotation mark without need."""
    form = FORMS[path]
    names = [column.name for column in form.columns]
    cells = list(map(itemgetter(*names), rows))
    if form.sorted_by:
        first = [names.index(name) for name in form.sorted_by]
        cells.sort(key=lambda row: (*(row[place] for place in first), row))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([names, *cells])
    return text.getvalue()


def texts(survey: Survey) -> dict[str, str]:
    """Return every file that has one form, in that form, by its path; what was not read is not in it."""
    return {path: text_of(survey, path) for path in (BIBLIOGRAPHY, *FORMS)}


def text_of(survey: Survey, path: str) -> str:
    """Return one of these files in its one form."""
    if path == BIBLIOGRAPHY:
        return bibtex(survey.references.values())
    return sheet_text(path, (record.row.cells for record in _records(survey, path)))


def _records(survey: Survey, path: str) -> tuple[Any, ...]:
    return tuple(getattr(survey, FORMS[path].name))


def unreadable(root: Path, survey: Survey, problems: Collection[Problem]) -> tuple[Problem, ...]:
    """Return the problems of the files that cannot be brought into their form without losing what was not read."""
    lost = {problem.path for problem in problems if problem.path == BIBLIOGRAPHY and problem.loses}
    lost |= {path for path, text in texts(survey).items() if path in FORMS and not _holds_all(root / path, text)}
    return tuple(problem for problem in problems if problem.path in lost)


def _holds_all(path: Path, text: str) -> bool:
    """Return whether a sheet in its one form has every cell of the file."""
    try:
        if path.read_bytes() == text.encode():
            return True
        return _cells(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")) == _cells(text)
    except (OSError, ValueError, csv.Error):
        return False  # not there, not UTF-8, a row too short or too long, not CSV: told as such


def _cells(text: str) -> list[list[tuple[str, str]]]:
    header, *body = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    return sorted(sorted(zip(header, row, strict=True)) for row in body)


def find_problems(root: Path, survey: Survey, known: Collection[Problem]) -> Iterator[Problem]:
    """Yield one problem for each file that is not in its one form, unless another problem of it is known."""
    troubled = {problem.path for problem in known}
    checked = Checked(root)
    for path in (BIBLIOGRAPHY, *FORMS):
        if path not in troubled:
            yield from checked.faults(f"form of {path}", (path,), partial(_misformed, root, survey, path))
    checked.save()


def _misformed(root: Path, survey: Survey, path: str) -> Iterator[Problem]:
    raw, formed = (root / path).read_bytes(), text_of(survey, path).encode()
    if raw != formed:
        yield Problem(
            path=path,
            line=_first_difference(raw, formed),
            message="not in its one form.",
            remedy="Run: python -m peft_vlm_survey format",
        )


def _first_difference(raw: bytes, formed: bytes) -> int:
    """Return the physical line on which two files begin to differ."""
    lines = zip(raw.split(b"\n"), formed.split(b"\n"), strict=False)
    return next((number for number, (one, other) in enumerate(lines, start=1) if one != other), 1)
