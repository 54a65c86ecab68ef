"""Parse BibTeX as publishers and indexes export it: any key, any field, months as words, an entry given twice."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.scanner import PybtexSyntaxError

from peft_vlm_survey.problems import Problem

_WITHOUT_KEY = re.compile(r"(@\s*\w+\s*[{(])(\s*,)")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00a0]")
_OWN_WORDS = ("string", "preamble", "comment")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An entry as it was given: type and field names in lower case, and the line on which it starts."""

    type: str
    key: str
    fields: Mapping[str, str]
    path: str
    line: int

    def problem(self, message: str, remedy: str) -> Problem:
        """Return a problem that points at this entry."""
        return Problem(path=self.path, line=self.line, message=message, remedy=remedy)


@dataclass(frozen=True, kw_only=True, slots=True)
class Log:
    """What cleaning an entry found: problems that keep it out, and notes on what was changed or could not be known."""

    entry: Entry
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, message: str, remedy: str) -> None:
        """Add a problem of the entry."""
        self.problems.append(self.entry.problem(message, remedy))

    def note(self, text: str) -> None:
        """Add a note, once."""
        if text not in self.notes:
            self.notes.append(text)


def read_text(raw: bytes, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of an export, without what no reader would see in it."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{raw[error.start]:02X} is not UTF-8."
        remedy = "Save the file as UTF-8; its accents cannot be guessed."
        return "", (Problem(path=path, line=line, message=message, remedy=remedy),)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", _INVISIBLE.sub("", text))), ()


def parse(text: str, path: str) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Return the entries in the order of the file; one that is not BibTeX is a problem instead."""
    problems: list[Problem] = []
    broken: set[int] = set()

    def note(error: PybtexSyntaxError) -> None:
        what = (
            f"'{error.args[0]}' is neither a number nor in braces"
            if isinstance(error, UndefinedMacro)
            else str(error).split(": ", 1)[-1]
        )
        remedy = "Look for a missing comma, brace or quotation mark; export the entry again if in doubt."
        line = min(int(error.lineno), text.count("\n") + 1)
        problems.append(Problem(path=path, line=line, message=f"not BibTeX: {what}.", remedy=remedy))
        broken.add(parser.command_start or 0)

    without_gaps = _WITHOUT_KEY.sub(r"\1nokey\2", text)
    parser = LowLevelParser(without_gaps, macros=dict(month_names), handle_error=note)
    entries = []
    line, counted = 1, 0  # a whole proceedings has thousands of entries, whose lines are counted once
    for command, body in parser:
        if parser.command_start in broken or command.lower() in _OWN_WORDS:
            continue
        start = parser.command_start or 0
        line += without_gaps.count("\n", counted, start)
        counted = start
        fields: dict[str, str] = {}
        for name, parts in body[1]:
            value = " ".join("".join(parts).split())
            if fields.setdefault(name.lower(), value) != value:
                message = f"field {name.lower()} stands twice, with two values."
                problems.append(Problem(path=path, line=line, message=message, remedy="Keep one of the two."))
        given = {name: value for name, value in fields.items() if value}
        entries.append(Entry(type=command.lower(), key=body[0], fields=given, path=path, line=line))
    papers = _joined(entries)
    if not papers and not problems:
        remedy = "Give the text that 'export' or 'cite' on the paper's page offers; it begins with @."
        problems.append(Problem(path=path, line=1, message="no BibTeX entry of a paper in it.", remedy=remedy))
    return papers, tuple(problems)


def _joined(entries: list[Entry]) -> tuple[Entry, ...]:
    """Return the papers, each with the fields that DBLP exports in the entry of its proceedings."""
    whole = {entry.key.lower(): entry for entry in entries if entry.type == "proceedings"}
    papers = []
    for entry in entries:
        parent = whole.get(entry.fields.get("crossref", "").lower())
        if parent is not None:
            left = {name: parent.fields[name] for name in ("year", "series", "volume") if name in parent.fields}
            left |= {"booktitle": parent.fields["title"]} if "title" in parent.fields else {}
            entry = replace(entry, fields={**left, **entry.fields})
        if entry.type != "proceedings":
            papers.append(entry)
    return tuple(papers)
