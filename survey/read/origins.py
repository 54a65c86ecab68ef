"""Read data/origins.csv: the printed tables that numbers were read from."""

from dataclasses import dataclass
from pathlib import Path

from survey.problems import Problem
from survey.read.sheets import DATE, DATE_FORM, Column, Row, read_records

PATH = "data/origins.csv"
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


def read_origins(root: Path) -> tuple[tuple[Origin, ...], tuple[Problem, ...]]:
    """Read the origins in the order of the file."""
    return read_records(root, PATH, COLUMNS, Origin)
