"""Read data/protocols.csv: what must be equal before two numbers may stand side by side."""

from dataclasses import dataclass
from pathlib import Path

from survey.problems import Problem
from survey.read.sheets import Column, Row, read_records

PATH = "data/protocols.csv"
COLUMNS = (
    Column(
        name="protocol",
        required=True,
        unique=True,
        pattern="[a-z0-9-]+",
        form="an id of small letters, digits and hyphens",
    ),
    Column(name="name", required=True),
    Column(name="training"),
    Column(name="pretraining"),
    Column(name="resolution"),
    Column(name="split"),
    Column(name="selection"),
    Column(name="averaging"),
    Column(name="note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Protocol:
    """One row of protocols.csv; an empty cell means *not established*."""

    protocol: str
    name: str
    training: str
    pretraining: str
    resolution: str
    split: str
    selection: str
    averaging: str
    note: str
    row: Row


def read_protocols(root: Path) -> tuple[tuple[Protocol, ...], tuple[Problem, ...]]:
    """Read the protocols in the order of the file."""
    return read_records(root, PATH, COLUMNS, Protocol)
