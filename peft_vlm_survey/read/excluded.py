"""Read data/excluded.csv: the candidates that were looked at and left out of the catalogue."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Column, Row, read_records

PATH = "data/excluded.csv"
REASONS = {
    "no PEFT": "no pre-trained model is adapted by few parameters: the key word has another sense",
    "PEFT only used": "a system or model that merely uses LoRA, adapters or prompts",
    "full training": "a new architecture, or the model itself is trained",
    "prompting without tuning": "nothing is learned, and it is no alternative to tuning",
    "optimiser or systems": "optimiser memory, pre-training, compression or serving",
    "merging": "models are merged without modules",
    "other modality": "speech alone, graphs, time series, molecules, recommendation or control",
    "attack or unlearning": "an attack, a watermark or unlearning, not adaptation",
    "language application": "a narrow text application without a method of general use",
    "duplicate": "the same paper stands in the catalogue under another title",
    "no record": "no author list was found, or the record contradicts itself",
}
COLUMNS = (
    Column(name="title", required=True),
    Column(name="venue"),
    Column(name="year", pattern="[0-9]{4}", form="a year of four digits"),
    Column(name="reason", required=True, words=tuple(REASONS)),
    Column(name="source", required=True),
    Column(name="checked", required=True, pattern=DATE, form=DATE_FORM),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Excluded:
    """One row of excluded.csv; `reason` is a word of REASONS, which explains it."""

    title: str
    venue: str
    year: str
    reason: str
    source: str
    checked: str
    row: Row


def read_excluded(root: Path) -> tuple[tuple[Excluded, ...], tuple[Problem, ...]]:
    """Read the candidates that were left out, in the order of the file."""
    return read_records(root, PATH, COLUMNS, Excluded)
