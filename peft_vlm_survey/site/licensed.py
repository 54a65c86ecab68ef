"""A part of the site that is under one licence: which files it is, and the text that goes with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.metadata import Distribution, distribution
from pathlib import Path

from peft_vlm_survey.data import ROOT

DEBIAN = Path("/usr/share/doc")  # a Debian package tells its licences in PACKAGE/copyright


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Something under one licence that the site holds copies of.

    `files` are patterns of addresses in the site; `fonts` is a pattern of the fonts that the PDF embeds.
    `source` says what brings it: `python`, `debian`, or `bundled` in the Python distribution `within`.
    """

    name: str
    licence: str
    holder: str
    files: tuple[str, ...] = ()
    fonts: str = ""
    source: str = "python"
    within: str = ""
    text: str = ""  # the end of the licence file's name in the distribution, or a file in the repository

    @property
    def slug(self) -> str:
        """Return its name as a part of an address."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def name_there(self) -> str:
        """Return the name under which the distribution or the Debian package is known."""
        return self.within or self.name

    def holds(self, address: str) -> bool:
        """Return whether a file of the site is a copy of this part, or holds one."""
        return any(fnmatchcase(address, pattern) for pattern in self.files)

    def licence_text(self) -> str:
        """Return the text of the licence with the notice of its holder; empty if it is not at hand."""
        if self.source == "debian":
            path = DEBIAN / self.name_there / "copyright"
            return path.read_text(encoding="utf-8") if path.is_file() else ""
        if self.source == "python":
            return "\n".join(_texts(distribution(self.name_there), self.text))
        if not (ROOT / self.text).is_file():
            return ""
        text = (ROOT / self.text).read_text(encoding="utf-8")
        if self.source == "bundled" and self.licence == "MIT":  # ours, with the notice of another
            text = "MIT License\n\n" + text[text.index("Permission is hereby granted") :]
        return text if self.source == "ours" else f"{self.name}\n{self.holder}\n\n{text}"


def _texts(installed: Distribution, name: str) -> Iterator[str]:
    for file in installed.files or ():
        if str(file).endswith(name):
            yield Path(str(installed.locate_file(file))).read_text(encoding="utf-8")
