"""Read references.bib: its syntax, its entries, and what no two entries may share."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import bibtexparser
import pybtex.errors
from bibtexparser.library import Library
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock
from pybtex.database.input.bibtex import Parser, UndefinedMacro
from pybtex.scanner import PybtexSyntaxError

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.reference import PATH, Reference, letters
from peft_vlm_survey.read.reference_rules import RULES
from peft_vlm_survey.read.sources import read_source

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # its warnings are told as problems


@dataclass(frozen=True, kw_only=True, slots=True)
class Bibliography:
    """The references by key, and every problem."""

    references: Mapping[str, Reference]
    problems: tuple[Problem, ...]


def read_bibliography(root: Path) -> Bibliography:
    """Read references.bib below the root and check every entry."""
    source = read_source(root, PATH)
    if any(problem.loses for problem in source.problems):
        return Bibliography(references={}, problems=source.problems)
    library = bibtexparser.parse_string(source.text)
    references = {entry.key: _reference(entry) for entry in library.entries}
    syntax = _without_consequences([*_broken_syntax(source.text), *_broken_blocks(library)])
    problems = [*source.problems, *syntax]
    if not references and not problems:
        problems.append(
            Problem(path=PATH, line=1, message="no entries.", remedy="Restore the bibliography.", loses=True)
        )
    garbled = {_entry_at(references.values(), problem.line) for problem in syntax}
    whole = [reference for reference in references.values() if reference.key not in garbled]
    for rule in RULES:
        problems += [problem for reference in whole for problem in rule(reference)]
    for field, same in (("doi", str.casefold), ("eprint", str.casefold), ("title", letters)):
        problems += _shared(whole, field, same)
    problems += _out_of_order(tuple(references.values()))
    return Bibliography(references=references, problems=tuple(problems))


def _entry_at(references: Collection[Reference], line: int) -> str:
    """Return the key of the entry in which a line stands; empty before the first."""
    return next((reference.key for reference in reversed(list(references)) if reference.line <= line), "")


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


def _shared(references: Collection[Reference], field: str, same: Callable[[str], str]) -> Iterator[Problem]:
    first: dict[str, Reference] = {}
    for reference in references:
        value = same(reference.fields.get(field, ""))
        if value and value in first:
            yield reference.problem(
                f"{reference.key} has the {field} of {first[value].key} (line {first[value].line}).",
                "Delete one of the two entries, or correct the field.",
            )
        elif value:
            first[value] = reference


def _out_of_order(references: tuple[Reference, ...]) -> Iterator[Problem]:
    for before, after in pairwise(references):
        if after.key < before.key:
            yield after.problem(
                f"key '{after.key}' stands behind '{before.key}'.",
                "Sort the entries by key: python -m peft_vlm_survey format.",
            )
            return
