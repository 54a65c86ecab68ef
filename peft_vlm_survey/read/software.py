"""Read data/software.csv: who implements a method today, and the few lines that run it there."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/software.csv"
# How it was made sure that the library has the class or option, from most to least.
VERIFIED = ("run", "imported", "read")
_ID = "[A-Za-z0-9.+-]+"
COLUMNS = (
    Column(name="name", required=True),
    Column(name="method_id"),
    Column(name="library", required=True),
    Column(name="class_or_option", required=True),
    Column(name="version", required=True),
    Column(name="licence", pattern=f"{_ID}( (AND|OR|WITH) {_ID})*", form="an SPDX expression"),
    Column(name="released"),
    Column(name="maintained", words=("yes", "no", "partly")),
    Column(name="official", required=True, words=("yes", "no")),
    Column(name="package"),
    Column(name="verified", required=True, words=VERIFIED),
    Column(name="source", required=True),
    Column(name="merges", words=("yes", "no")),
    Column(name="convolutions", words=("yes", "no")),
    Column(name="four_bits", words=("yes", "no")),
    Column(name="eight_bits", words=("yes", "no")),
    Column(name="template", many=True),
    Column(name="note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Software:
    """One row of software.csv; `template` holds the lines of code, with `{rank}` and the like for the reader's values."""

    name: str
    method_id: str
    library: str
    class_or_option: str
    version: str
    licence: str
    released: str
    maintained: str
    official: str
    package: str
    verified: str
    source: str
    merges: str
    convolutions: str
    four_bits: str
    eight_bits: str
    template: tuple[str, ...]
    note: str
    row: Row


def read_software(root: Path) -> tuple[tuple[Software, ...], tuple[Problem, ...]]:
    """Read the libraries in the order of the file."""
    return read_records(root, PATH, COLUMNS, Software)
