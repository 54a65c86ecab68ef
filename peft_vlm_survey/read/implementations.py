"""Read data/implementations.csv: what real modules were counted to train, for the closed forms to be held against."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/implementations.csv"
QUANTITIES = ("trainable", "per_task", "stored_bytes", "backbone_bytes")
COLUMNS = (
    Column(name="method_id", required=True),
    Column(name="configuration", required=True),
    Column(name="setting", many=True),
    Column(name="classes", pattern="[1-9][0-9]*(/[1-9][0-9]*)?", form="a whole number, or a mean as a fraction"),
    Column(name="quantity", required=True, words=QUANTITIES),
    Column(
        name="value",
        required=True,
        pattern="[1-9][0-9]*(/[1-9][0-9]*)?",
        form="a whole number, or a mean as a fraction",
    ),
    Column(name="implementation", required=True),
    Column(name="version"),
    Column(name="module"),
    Column(name="script"),
    Column(name="source", required=True),
    Column(name="note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Implementation:
    """One row of implementations.csv: a setting in the words of the command line, and the count of a real module."""

    method_id: str
    configuration: str
    setting: tuple[str, ...]
    classes: str
    quantity: str
    value: str
    implementation: str
    version: str
    module: str
    script: str
    source: str
    note: str
    row: Row

    @property
    def number(self) -> Fraction:
        return Fraction(self.value)


def read_implementations(root: Path) -> tuple[tuple[Implementation, ...], tuple[Problem, ...]]:
    """Read the counts in the order of the file."""
    return read_records(root, PATH, COLUMNS, Implementation)
