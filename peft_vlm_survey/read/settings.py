"""Read data/settings.csv: methods on backbones with the hyper-parameters that a printed number belongs to."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/settings.csv"
COLUMNS = (
    Column(
        name="setting",
        required=True,
        unique=True,
        pattern="[a-z0-9]+([-.][a-z0-9]+)*",
        form="small letters, digits, full stops and hyphens",
    ),
    Column(name="method_id", required=True),
    Column(name="configuration", required=True),
    Column(name="parameters", many=True),
    Column(name="classes", pattern="[1-9][0-9]*(/[1-9][0-9]*)?", form="a whole number, or a mean as a fraction"),
    Column(name="note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CostSetting:
    """One row of settings.csv: a question in the words of `python -m peft_vlm_survey cost`."""

    setting: str
    method_id: str
    configuration: str
    parameters: tuple[str, ...]
    classes: str
    note: str
    row: Row


def read_settings(root: Path) -> tuple[tuple[CostSetting, ...], tuple[Problem, ...]]:
    """Read the settings in the order of the file."""
    return read_records(root, PATH, COLUMNS, CostSetting)
