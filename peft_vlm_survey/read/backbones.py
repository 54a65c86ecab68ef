"""Read data/backbones.csv: one name for each pre-trained model, whatever the tables print."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/backbones.csv"
COLUMNS = (
    Column(name="backbone", required=True, unique=True),
    Column(name="aliases", many=True),
    Column(name="configuration"),
    Column(name="reference", many=True, leads=True),
    Column(name="note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Backbone:
    """One row of backbones.csv; `aliases` are printed names that mean exactly this model with this pre-training.

    `configuration` is the id of its shape in configurations.csv; several rows may share one.
    """

    backbone: str
    aliases: tuple[str, ...]
    configuration: str
    reference: tuple[str, ...]
    note: str
    row: Row


def read_backbones(root: Path) -> tuple[tuple[Backbone, ...], tuple[Problem, ...]]:
    """Read the backbones in the order of the file."""
    return read_records(root, PATH, COLUMNS, Backbone)
