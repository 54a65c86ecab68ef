"""Read CHANGELOG.md: what each edition says that it changed."""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

PATH = "CHANGELOG.md"
_HEADING = re.compile(r"## (?P<version>\S+)(?: \((?P<date>[^)]*)\))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One edition's section of the changelog; `text` is what stands below its heading."""

    version: str
    date: str
    line: int
    text: str


def sections(root: Path) -> tuple[Section, ...]:
    """Return the sections of the changelog, the newest first; none where there is no changelog."""
    path = root / PATH
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    starts = [number for number, line in enumerate(lines) if _HEADING.fullmatch(line)]
    parsed = []
    for start, end in pairwise([*starts, len(lines)]):
        heading = _HEADING.fullmatch(lines[start])
        if heading:
            text = "\n".join(lines[start + 1 : end]).strip()
            parsed.append(Section(version=heading["version"], date=heading["date"] or "", line=start + 1, text=text))
    return tuple(parsed)
