"""Whether anything changed since the last draft: python -m peft_vlm_survey.unchanged."""

import sys
from collections.abc import Iterable
from pathlib import Path

STAMP = Path("_build", "watch", ".made-of")  # what the last draft was made of
SOURCES = (
    "_static/*",
    "_latex/*",
    "_templates/*",
    "_*.yml",
    "*.bib",
    "*.cff",
    "LICENSE*",
    "licences/*",
    "book/*",
    "notebooks/*",
    "data/*",
    "data/editions/*",
    "peft_vlm_survey/**/*.py",
    "requirements.txt",
)


def state(root: Path, patterns: Iterable[str] = SOURCES) -> str:
    """Return what changes if and only if a file does from which the site is made, or its time of change."""
    files = sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})
    return "".join(f"{path} {(stat := path.stat()).st_mtime_ns} {stat.st_size}\n" for path in files)


def unchanged() -> bool:
    """Return whether everything is as it was for the last draft."""
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8") == state(Path())


if __name__ == "__main__":
    sys.exit(0 if unchanged() else 1)
