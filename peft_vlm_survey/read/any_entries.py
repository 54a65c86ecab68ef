"""Read a bibliography in whatever form of BibTeX it stands, and say where it is none."""

import logging
from collections.abc import Iterator, Mapping

import bibtexparser
import pybtex.errors
from bibtexparser.library import Library
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock
from pybtex.database.input.bibtex import Parser, UndefinedMacro
from pybtex.scanner import PybtexSyntaxError

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.reference import PATH, Reference

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # its warnings are told as problems


def read_any(text: str) -> tuple[Mapping[str, Reference], list[Problem]]:
    """Return the references by key and what is wrong with their syntax, as two parsers find it."""
    library = bibtexparser.parse_string(text)
    references = {entry.key: _reference(entry) for entry in library.entries}
    return references, _without_consequences([*_broken_syntax(text), *_broken_blocks(library)])


def _reference(entry: Entry) -> Reference:
    return Reference(
        key=entry.key,
        type=entry.entry_type,
        fields={field.key: str(field.value) for field in entry.fields},
        line=(entry.start_line or 0) + 1,
    )


def _broken_syntax(text: str) -> Iterator[Problem]:
    # bibtexparser swallows a field after a missing comma; pybtex, which the build uses, says the line.
    with pybtex.errors.capture() as errors:
        Parser().parse_string(text)
    for error in errors:
        if isinstance(error, UndefinedMacro):
            yield Problem(
                path=PATH,
                line=int(error.lineno),
                message=f"not BibTeX: '{error.args[0]}' is neither a number nor in braces.",
                remedy="Put the value in braces.",
                loses=True,
            )
        elif isinstance(error, PybtexSyntaxError):
            what = str(error).split(": ", 1)[-1]
            line = int(error.lineno)
            yield Problem(
                path=PATH,
                line=line,
                message=f"not BibTeX: {what}.",
                remedy=f"Look for a missing comma or brace at line {max(1, line - 1)} or in the entry above it.",
                loses=True,
            )
        # What else pybtex finds (a field or a key twice, a name it cannot read) has a rule of its own.


def _broken_blocks(library: Library) -> Iterator[Problem]:
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            first = (block.previous_block.start_line or 0) + 1
            yield Problem(
                path=PATH,
                line=line,
                message=f"key '{block.key}' stands in line {first} already.",
                remedy="Keep one entry, or give this one its own key.",
                loses=True,
            )
        elif isinstance(block, DuplicateFieldKeyBlock):
            twice = ", ".join(sorted(block.duplicate_keys))
            yield Problem(
                path=PATH,
                line=line,
                message=f"field {twice} stands twice in one entry.",
                remedy="Keep one of the two.",
                loses=True,
            )
        elif isinstance(block, ParsingFailedBlock):
            yield Problem(
                path=PATH,
                line=line,
                message="not BibTeX: the entry that begins here does not end.",
                remedy="Look for a missing comma or brace in it.",
                loses=True,
            )
        elif not isinstance(block, Entry):
            yield Problem(
                path=PATH,
                line=line,
                message="text that belongs to no entry.",
                remedy="Delete it; the file holds entries and nothing else.",
                loses=True,
            )


def _without_consequences(problems: list[Problem]) -> list[Problem]:
    # Both parsers stumble over one missing brace, and over what follows it; the first word on it is enough.
    syntax = [problem for problem in problems if problem.message.startswith(("not BibTeX", "text that"))]
    return [problem for problem in problems if problem not in syntax[1:]]
