"""Read data/papers.csv: what the survey says of each paper."""

from dataclasses import dataclass
from pathlib import Path

from survey.problems import Problem
from survey.read.families import FAMILIES
from survey.read.sheets import ADDRESS, DATE, DATE_FORM, Column, Row, read_records

PATH = "data/papers.csv"
CATEGORIES = {
    "grounding": "Grounding",
    "qa": "Question answering and captioning",
    "vision": "Vision-only",
    "language": "Language-only",
}
TASKS = (
    "continual learning",
    "image classification",
    "image generation",
    "instruction tuning",
    "natural language understanding",
    "open-vocabulary detection",
    "referring segmentation",
    "retrieval",
    "semantic segmentation",
    "video question answering",
    "visual question answering",
    "visual captioning",
)
ANSWERS = ("yes", "no", "partly")
DEPTHS = ("core", "catalogue")
STATUSES = ("verified", "partial")
COLUMNS = (
    Column(name="key", required=True, unique=True),
    Column(name="name", required=True),
    Column(name="category", required=True, words=tuple(CATEGORIES)),
    Column(name="task", words=TASKS, many=True),
    Column(name="family", required=True, words=FAMILIES),
    Column(name="depth", required=True, words=DEPTHS),
    Column(name="backbones", many=True),
    Column(name="benchmarks", many=True),
    Column(name="mergeable", words=ANSWERS),
    Column(name="backbone_gradient", words=ANSWERS),
    Column(name="code", pattern=ADDRESS, form="an http(s) address"),
    Column(name="code_licence"),
    Column(name="summary"),
    Column(name="note_zh"),
    Column(name="source", required=True),
    Column(name="checked", pattern=DATE, form=DATE_FORM),
    Column(name="status", required=True, words=STATUSES),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One row of papers.csv; an empty string or tuple means *not established*."""

    key: str
    name: str
    category: str
    task: tuple[str, ...]
    family: str
    depth: str
    backbones: tuple[str, ...]
    benchmarks: tuple[str, ...]
    mergeable: str
    backbone_gradient: str
    code: str
    code_licence: str
    summary: str
    note_zh: str
    source: str
    checked: str
    status: str
    row: Row


def read_papers(root: Path) -> tuple[tuple[Paper, ...], tuple[Problem, ...]]:
    """Read the papers in the order of the file."""
    return read_records(root, PATH, COLUMNS, Paper)
