"""Whether anything changed since the last draft: python -m peft_vlm_survey.unchanged STAMP [--write]."""

import sys
from pathlib import Path

SOURCES = (
    "_static/*",
    "_latex/*",
    "_templates/*",
    "_*.yml",
    "*.bib",
    "*.cff",
    "book/*",
    "notebooks/*",
    "data/*",
    "peft_vlm_survey/**/*.py",
    "requirements.txt",
)


def state(root: Path) -> str:
    """Return what changes if and only if a file does from which the site is made, or its time of change."""
    files = sorted({path for pattern in SOURCES for path in root.glob(pattern) if path.is_file()})
    return "".join(f"{path} {(found := path.stat()).st_mtime_ns} {found.st_size}\n" for path in files)


def main(stamp: Path, *, write: bool) -> int:
    """Return 0 if the stamp is that of the files as they are; write it if asked to."""
    now = state(Path())
    if write:
        stamp.write_text(now, encoding="utf-8")
        return 0
    return 0 if stamp.is_file() and stamp.read_text(encoding="utf-8") == now else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), write="--write" in sys.argv))
