"""Read data/README.md, the one place that says what a column means, so that nothing else has to say it again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PATH = "data/README.md"
_SECTION = re.compile(r"^## (.+)$")
_FILE = re.compile(r"^\| \[`(?:\.\./)?([\w.]+)`\]\([^)]*\) \| (.+?) \| .+ \|$")
_COLUMN = re.compile(r"^\| (`\w+`(?:, `\w+`)*) \| (.+?) \|(?: (.+?) \|)?$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """What a column holds and what an empty cell of it means, in the words of the dictionary."""

    holds: str
    empty: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dictionary:
    """What a row of each file is, and what each column means, by section and column."""

    rows: Mapping[str, str]
    columns: Mapping[str, Mapping[str, Meaning]]


def read_dictionary(root: Path) -> Dictionary:
    """Read the dictionary below the root."""
    rows: dict[str, str] = {}
    columns: dict[str, dict[str, Meaning]] = {}
    section = ""
    for line in (root / PATH).read_text(encoding="utf-8").splitlines():
        if heading := _SECTION.match(line):
            section = heading.group(1)
        elif file := _FILE.match(line):
            rows[file.group(1)] = file.group(2)
        elif column := _COLUMN.match(line):
            meaning = Meaning(holds=column.group(2), empty=column.group(3) or "")
            for name in re.findall(r"`(\w+)`", column.group(1)):
                columns.setdefault(section, {})[name] = meaning
    return Dictionary(rows=rows, columns=columns)
