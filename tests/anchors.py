"""The anchors of the chapters, as far as their sources tell them: what `anchors.txt` keeps of the last edition.

`python tests/anchors.py > tests/anchors.txt` keeps those of the edition that was just made.
"""

import re
import sys
from pathlib import Path

from docutils.nodes import make_id

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.read.edition import read_edition
from peft_vlm_survey.site.moved import MOVED

KEPT = Path(__file__).with_name("anchors.txt")


def anchors(chapter: str) -> set[str]:
    """Return the anchors of a chapter that can be known from its source: labels and headings."""
    path = ROOT / "book" / f"{chapter}.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""  # of a chapter that is no more there are none
    labels = re.findall(r"""^\(([\w-]+)\)=$|\blabel="([\w-]+)"|^[ :]+name: ([\w-]+)$""", text, re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {make_id(name) for name in [*(name for names in labels for name in names), *headings] if name}


def places() -> set[str]:
    """Return every place of the chapters that an address may name, those that have moved among them."""
    chapters = [path.stem for path in (ROOT / "book").glob("*.md")]
    there = {f"{chapter}#{anchor}" for chapter in chapters for anchor in anchors(chapter)}
    return there | {f"{chapter}#{anchor}" for chapter, moved in MOVED.items() for anchor in moved}


if __name__ == "__main__":
    edition, _ = read_edition(ROOT)
    sys.stdout.write("\n".join([f"edition {edition.version}", *sorted(places()), ""]))
