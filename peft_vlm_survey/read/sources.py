"""Read the text of a source file, and name whatever in its bytes could go wrong silently."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The text of a file, its line ends normalised to a line feed, and what is wrong with its bytes."""

    path: str
    text: str
    problems: tuple[Problem, ...]


def read_source(root: Path, path: str) -> Source:
    """Read a UTF-8 file below the root.

    A byte-order mark and CRLF line ends, which spreadsheet programs write, are accepted.
    """
    try:
        raw = (root / path).read_bytes()
    except OSError:
        missing = Problem(
            path=path,
            line=1,
            message="the file is missing or cannot be read.",
            remedy="Create it; data/README.md says what it holds.",
            loses=True,
        )
        return Source(path=path, text="", problems=(missing,))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        foreign = Problem(
            path=path,
            line=line,
            message=f"byte 0x{raw[error.start]:02X} is not UTF-8.",
            remedy="Save the file as UTF-8.",
            loses=True,
        )
        return Source(path=path, text="", problems=(foreign,))
    text = text.replace("\r\n", "\n")
    problems = (*_empty(path, text), *_control_characters(path, text))
    if any(problem.loses for problem in problems):
        return Source(path=path, text="", problems=problems)
    # A lone carriage return was named; it must not end a line of CSV as well.
    return Source(path=path, text=text.replace("\r", " "), problems=problems)


def _empty(path: str, text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(
            path=path,
            line=1,
            message="the file is empty.",
            remedy="Restore it; data/README.md says what it holds.",
            loses=True,
        )


def _control_characters(path: str, text: str) -> Iterator[Problem]:
    # Whatever is printable is none, which is seen sooner.
    if text.replace("\n", "").isprintable() or not _CONTROL.search(text):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _CONTROL.search(line):
            yield Problem(
                path=path,
                line=number,
                message=f"control character U+{ord(found.group()):04X}, which no reader would see.",
                remedy="Delete it, or retype the text around it.",
                loses="\r" in text and "\n" not in text,  # all of the file is one line
            )
