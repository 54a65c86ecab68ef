"""What an addition changes: as a difference of the files, and in words."""

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from peft_vlm_survey.add.addition import Added, Addition
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY


def difference(root: Path, changed: Mapping[str, str]) -> str:
    """Return what would change below the root, as `diff -u` and `git apply` know it."""
    lines: list[str] = []
    for path, text in changed.items():
        before = (root / path).read_text(encoding="utf-8")
        lines += unified_diff(before.splitlines(True), text.splitlines(True), f"a/{path}", f"b/{path}")
    return "".join(lines)


def account(addition: Addition, *, dry: bool) -> str:
    """Return what was added, where, and what its contributor should know of it."""
    count = len(addition.added)
    done = f"{count} paper{'' if count == 1 else 's'} {'could be' if dry else 'were' if count > 1 else 'was'} added"
    done += ". Nothing was written." if dry else "."
    return "\n".join([*(line for paper in addition.added for line in _lines_of(addition, paper)), done])


def _lines_of(addition: Addition, paper: Added) -> Iterator[str]:
    reference = paper.reference
    yield f"{reference.key}: {reference.title} ({reference.venue or 'no venue'}, {reference.year})"
    yield f"    entry in {BIBLIOGRAPHY}, row in {addition.sheet}"
    yield from (f"    {note}" for note in paper.notes)
