"""Read data/methods.csv: one name for each method, whatever the tables print."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/methods.csv"
COLUMNS = (
    Column(name="method", required=True, unique=True),
    Column(name="key", leads=True),
    Column(name="aliases", many=True),
    Column(name="note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """One row of methods.csv; `aliases` are printed names that mean exactly this method."""

    method: str
    key: str
    aliases: tuple[str, ...]
    note: str
    row: Row


def read_methods(root: Path) -> tuple[tuple[Method, ...], tuple[Problem, ...]]:
    """Read the methods in the order of the file."""
    return read_records(root, PATH, COLUMNS, Method)
