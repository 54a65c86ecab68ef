"""Read data/background.csv: works that the text cites without classifying them, and where their records were read."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Column, Row, read_records

PATH = "data/background.csv"
COLUMNS = (
    Column(name="key", required=True, unique=True),
    Column(name="role", required=True, words=("method", "model", "benchmark", "survey")),
    Column(name="name", required=True),
    Column(name="source", required=True),
    Column(name="checked", required=True, pattern=DATE, form=DATE_FORM),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Background:
    """One row of background.csv."""

    key: str
    role: str
    name: str
    source: str
    checked: str
    row: Row


def read_background(root: Path) -> tuple[tuple[Background, ...], tuple[Problem, ...]]:
    """Read the background works in the order of the file."""
    return read_records(root, PATH, COLUMNS, Background)
