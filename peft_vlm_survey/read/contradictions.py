"""Read data/contradictions.csv: one thing, printed with different values in different tables."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/contradictions.csv"
KINDS = {
    "typing error": "a digit was mistyped or taken from another cell",
    "re-run": "the experiment was run again",
    "version": "another version of the paper or its code",
    "rounding": "one table cuts where the other rounds",
    "unknown": "the reason is not established",
}
_NUMBER = r"-?[0-9]+(\.[0-9]+)?(E[0-9]+)?"
_VALUE = f"[a-z0-9-]+={_NUMBER}"
COLUMNS = (
    Column(
        name="id",
        required=True,
        unique=True,
        pattern="[a-z0-9-]+",
        form="an id of small letters, digits and hyphens",
    ),
    Column(name="method", required=True),
    Column(name="backbone"),
    Column(name="benchmark", required=True, leads=True),
    Column(
        name="values",
        required=True,
        many=True,
        leads=True,
        pattern=f"{_VALUE}(; {_VALUE})+",
        form="a list of two or more members like table-1=12.20",
    ),
    Column(name="kind", required=True, words=tuple(KINDS)),
    Column(name="right", pattern=_NUMBER, form="a number"),
    Column(name="reason", required=True),
    Column(name="source"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Contradiction:
    """One row of contradictions.csv; `values` are members like `origin=value`, `right` is one of the values or empty."""

    id: str
    method: str
    backbone: str
    benchmark: str
    values: tuple[str, ...]
    kind: str
    right: str
    reason: str
    source: str
    row: Row

    @property
    def printed(self) -> dict[str, str]:
        """The value that each table prints, by the table's id, in the order of the row."""
        return {origin: value for origin, _, value in (member.partition("=") for member in self.values)}

    @property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """The ids of the tables that print each value, by the value, in the order of the row."""
        return {
            value: tuple(origin for origin, other in self.printed.items() if other == value)
            for value in self.printed.values()
        }


def read_contradictions(root: Path) -> tuple[tuple[Contradiction, ...], tuple[Problem, ...]]:
    """Read the contradictions in the order of the file."""
    return read_records(root, PATH, COLUMNS, Contradiction)
