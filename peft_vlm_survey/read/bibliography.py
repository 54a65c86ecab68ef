"""Read references.bib: its entries, and what no two of them may share."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.formed_entries import read_formed
from peft_vlm_survey.read.reference import PATH, Reference, letters
from peft_vlm_survey.read.reference_rules import RULES
from peft_vlm_survey.read.sources import read_source


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
    references, syntax = _entries(source.text)
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
    problems += _address_in_two_venues(whole)
    problems += _out_of_order(tuple(references.values()))
    return Bibliography(references=references, problems=tuple(problems))


def _entries(text: str) -> tuple[Mapping[str, Reference], Collection[Problem]]:
    """Return the references by key and what is wrong with their syntax."""
    formed = read_formed(text)
    if formed is not None:
        return formed, ()
    # Two parsers are imported here, and by nobody whose bibliography is in its form.
    from peft_vlm_survey.read.any_entries import read_any

    return read_any(text)


def _entry_at(references: Collection[Reference], line: int) -> str:
    """Return the key of the entry in which a line stands; empty before the first."""
    return next((reference.key for reference in reversed(list(references)) if reference.line <= line), "")


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


def _address_in_two_venues(references: Collection[Reference]) -> Iterator[Problem]:
    """Yield entries with one address in two venues; those of one venue may all lead to its list of papers."""
    first: dict[str, Reference] = {}
    for reference in references:
        address = reference.fields.get("url", "").rstrip("/")
        before = first.setdefault(address, reference)
        if address and (before.venue, before.fields.get("year")) != (reference.venue, reference.fields.get("year")):
            yield reference.problem(
                f"{reference.key} has the url of {before.key} (line {before.line}), which is of another venue.",
                "One of the two belongs to another paper; look both up.",
            )


def _out_of_order(references: tuple[Reference, ...]) -> Iterator[Problem]:
    for before, after in pairwise(references):
        if after.key < before.key:
            yield after.problem(
                f"key '{after.key}' stands behind '{before.key}'.",
                "Sort the entries by key: python -m peft_vlm_survey format.",
            )
            return
