"""Read data/families.csv: what a family of methods trains, and what it costs."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/families.csv"
FAMILIES = (
    "adapter",
    "prompt",
    "reparameterisation",
    "selective",
    "side-tuning",
    "hypernetwork",
    "quantised",
    "hybrid",
)
_ANSWERS = ("yes", "no", "partly")
COLUMNS = (
    Column(name="family", required=True, words=FAMILIES, unique=True),
    Column(name="name", required=True),
    Column(name="trains", required=True),
    Column(name="gradient", required=True, words=_ANSWERS),
    Column(name="mergeable", required=True, words=_ANSWERS),
    Column(name="inference", required=True),
    Column(name="storage", required=True),
    Column(name="reference", required=True, many=True, leads=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """One row of families.csv; `reference` holds the citation keys of the founding papers."""

    family: str
    name: str
    trains: str
    gradient: str
    mergeable: str
    inference: str
    storage: str
    reference: tuple[str, ...]
    row: Row


def read_families(root: Path) -> tuple[tuple[Family, ...], tuple[Problem, ...]]:
    """Read the families in the order of the file."""
    return read_records(root, PATH, COLUMNS, Family)
