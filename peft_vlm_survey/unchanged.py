"""Whether anything changed since the last draft: python -m peft_vlm_survey.unchanged, and --made when a draft is there."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

DRAFT = Path("_build", "watch")
_STAMP = DRAFT / ".made-of"  # what the last draft was made of
_NEXT = DRAFT / ".making-of"  # what the next one is made of: what changes meanwhile is for the one after it
SOURCES = (
    "_static/**/*",
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
    "peft_vlm_survey/show/fonts/*",
    "requirements.txt",
)


def state(root: Path, patterns: Iterable[str] = SOURCES) -> str:
    """Return what changes if and only if a file does from which the site is made, or its time of change."""
    files = sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})
    return "".join(f"{path} {(stat := path.stat()).st_mtime_ns} {stat.st_size}\n" for path in files)


def main(arguments: Sequence[str]) -> int:
    """Return 0 if everything is as it was for the last draft; else note how it is now. With --made that note counts."""
    if "--made" in arguments:
        _NEXT.replace(_STAMP)
        return 0
    now = state(Path())
    if _STAMP.is_file() and _STAMP.read_text(encoding="utf-8") == now:
        return 0
    _STAMP.unlink(missing_ok=True)
    DRAFT.mkdir(parents=True, exist_ok=True)
    _NEXT.write_text(now, encoding="utf-8")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
