"""Read data/origins.csv: the printed tables that numbers were read from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from peft_vlm_survey.read.sheets import DATE, DATE_FORM, ID, Row, column

# A repository as sources write it, with the commit that was read; data/README.md says so. All lie on GitHub.
_REPOSITORY = re.compile(r"(?<![\w./-])([A-Za-z0-9-]+/[\w.-]+)@([0-9a-f]{7,40})\b")
# Whose word we have for a number, from best to least.
TIERS = {
    "primary": "read in the paper itself, or in the authors' own repository or page",
    "secondary": "read in a text that quotes the table",
    "plot": "read off a plot",
    "notes": "read in machine-written or unreviewed notes",
    "abstract": "read in the abstract",
    "measured": "measured by us on the authors' released files",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """One printed table: `key` is the paper whose table it is, `source` where we read it, `protocol` an id."""

    origin: str = column(required=True, unique=True, **ID)
    key: str = column(leads="references")
    locator: str = column(required=True)
    read_in: str = column(required=True, words=tuple(TIERS))
    source: str = column(required=True)
    protocol: str = column(leads="protocols")
    checked: str = column(required=True, pattern=DATE, form=DATE_FORM)
    row: Row

    @property
    def repository(self) -> tuple[str, str]:
        """The repository that the source begins with, as `owner/name`, and its address; both empty if it does not."""
        text, address = next(linked(self.source))
        name = text.partition("@")[0] if address else ""
        return name, address


def linked(source: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a source with the address that each leads to: of a repository at its commit, else empty.

    >>> list(linked("owner/name@5d602fd: README.md"))
    [('owner/name@5d602fd', 'https://github.com/owner/name/tree/5d602fd'), (': README.md', '')]
    """
    end = 0
    for repository in _REPOSITORY.finditer(source):
        if repository.start() > end:
            yield source[end : repository.start()], ""
        yield repository.group(), f"https://github.com/{repository.group(1)}/tree/{repository.group(2)}"
        end = repository.end()
    if end < len(source):
        yield source[end:], ""
