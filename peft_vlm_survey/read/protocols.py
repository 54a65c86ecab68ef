"""Read data/protocols.csv: what must be equal before two numbers may stand side by side."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

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
    Column(name="ranked", required=True, words=("yes", "no")),
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
    """One row of protocols.csv; `ranked` is `no` where each row keeps a set-up of its own, and an empty cell means *not established*."""

    protocol: str
    name: str
    ranked: str
    training: str
    pretraining: str
    resolution: str
    split: str
    selection: str
    averaging: str
    note: str
    row: Row

    @property
    def comparable(self) -> bool:
        """Whether its rows share one set-up, so that they may be ranked and subtracted."""
        return self.ranked == "yes"


def read_protocols(root: Path) -> tuple[tuple[Protocol, ...], tuple[Problem, ...]]:
    """Read the protocols in the order of the file."""
    return read_records(root, PATH, COLUMNS, Protocol)
