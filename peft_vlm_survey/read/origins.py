"""Read data/origins.csv: the printed tables that numbers were read from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Column, Row, read_records

PATH = "data/origins.csv"
# A repository as sources write it, with the commit that was read; data/README.md says so. All lie on GitHub.
_REPOSITORY = re.compile(r"(?<![\w./-])([A-Za-z0-9-]+/[\w.-]+)@([0-9a-f]{7,40})\b")
# Whose word we have for a number, from best to least.
TIERS = {
    "primary": "read in the authors' own repository or page",
    "secondary": "read in a text that quotes the table",
    "plot": "read off a plot",
    "notes": "read in machine-written or unreviewed notes",
    "abstract": "read in the abstract",
    "measured": "measured by us on the authors' released files",
}
COLUMNS = (
    Column(
        name="origin",
        required=True,
        unique=True,
        pattern="[a-z0-9-]+",
        form="an id of small letters, digits and hyphens",
    ),
    Column(name="key", leads=True),
    Column(name="locator", required=True),
    Column(name="read_in", required=True, words=tuple(TIERS)),
    Column(name="source", required=True),
    Column(name="protocol", leads=True),
    Column(name="checked", required=True, pattern=DATE, form=DATE_FORM),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """One printed table: `key` is the paper whose table it is, `source` where we read it, `protocol` an id."""

    origin: str
    key: str
    locator: str
    read_in: str
    source: str
    protocol: str
    checked: str
    row: Row

    @property
    def repository(self) -> tuple[str, str]:
        """The repository that the source begins with, as `owner/name`, and its address; both empty if it does not."""
        text, address = next(linked(self.source))
        name = text.partition("@")[0] if address else ""
        return name, address


def read_origins(root: Path) -> tuple[tuple[Origin, ...], tuple[Problem, ...]]:
    """Read the origins in the order of the file."""
    return read_records(root, PATH, COLUMNS, Origin)


def linked(source: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a source with the address that each leads to: of a repository at its commit, else empty.

    >>> list(linked("owner/name@5d602fd: README.md"))
    [('owner/name@5d602fd', 'https://github.com/owner/name/tree/5d602fd'), (': README.md', '')]
    """
    end = 0
    for found in _REPOSITORY.finditer(source):
        if found.start() > end:
            yield source[end : found.start()], ""
        yield found.group(), f"https://github.com/{found.group(1)}/tree/{found.group(2)}"
        end = found.end()
    if end < len(source):
        yield source[end:], ""
