"""Read a bibliography that stands in its one form, without a parser of all that BibTeX may be.

Nearly always it does, and then a pattern says in a thirtieth of the time what two parsers would. Whatever is written in
another way is theirs alone to judge.
"""

import re
from collections.abc import Mapping

from peft_vlm_survey.read.reference import Reference

_FIELD = r"  [a-z]+ = \{[^\n]*\},\n"
_ENTRY = re.compile(rf"@([a-z]+)\{{([a-z0-9]+),\n((?:{_FIELD})+)\}}\n*")
_FIELDS = re.compile(r"  ([a-z]+) = \{([^\n]*)\},\n")
_NO_ENTRY = ("comment", "preamble", "string")  # commands of BibTeX, also as beginnings of longer words
_GROUP = re.compile(r"\{[^{}]*\}")
_DEEPEST = 9  # pybtex goes a hundred deep


def read_formed(text: str) -> Mapping[str, Reference] | None:
    """Return the references by key if every entry stands in the one form and none stands twice, and None otherwise."""
    references: dict[str, Reference] = {}
    place, line = 0, 1
    while place < len(text):
        entry = _ENTRY.match(text, place)
        if entry is None:
            return None
        type_, key, body = entry.groups()
        written = _FIELDS.findall(body)
        fields = dict(written)
        # A brace behind a backslash closes nothing for one parser, and something for the other.
        if key in references or len(fields) < len(written) or type_.startswith(_NO_ENTRY) or "\\}" in body:
            return None
        if "\\{" in body or not all(_balanced(value) for value in fields.values() if "{" in value or "}" in value):
            return None
        references[key] = Reference(key=key, type=type_, fields=fields, line=line)
        place = entry.end()
        line += entry.group().count("\n")
    return references or None


def _balanced(value: str) -> bool:
    """Return whether every brace has its other one, and none stands too deep."""
    for _ in range(_DEEPEST):
        value = _GROUP.sub("", value)
        if "{" not in value:
            return "}" not in value
    return False
