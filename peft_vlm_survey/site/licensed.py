"""A part of the site that is under one licence: which files it is, its version, and the text that goes with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.metadata import Distribution, distribution
from pathlib import Path

from matplotlib.ft2font import FT2Font

from peft_vlm_survey.data import ROOT, the_survey

DEBIAN = Path("/usr/share/doc")  # a Debian package tells its licences in PACKAGE/copyright
SPDX = ("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "Bitstream-Vera", "CC-BY-4.0", "MIT", "OFL-1.1")


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
    version_in: tuple[str, str] = ("", "")  # a file of the site and the expression that finds the version there
    locked: tuple[str, str] = ("", "")  # a version, and that of the distribution in whose lock file it was read
    font: str = ""  # a file of the distribution that says the version of a font
    npm: str = ""  # the name under which the package index of JavaScript knows it
    text: str = ""  # the end of the licence file's name in the distribution, or a file in the repository

    def version(self, site: Path) -> str:
        """Return the version of the copy in a site."""
        name, expression = self.version_in
        if name:
            found = re.search(expression, (site / name).read_text(encoding="utf-8"))
            return found[1] if found else ""
        if self.locked[0]:
            return self.locked[0] if distribution(self.within).version == self.locked[1] else ""
        if self.font:
            return _font_version(distribution(self.within), self.font)
        if self.source == "debian":
            return _debian_version(self.name_there)
        if self.source == "ours":
            return the_survey().edition.version
        return distribution(self.name_there).version

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


def _font_version(installed: Distribution, name: str) -> str:
    path = next(Path(str(installed.locate_file(file))) for file in installed.files or () if file.name == name)
    entry = FT2Font(str(path)).get_sfnt()[3, 1, 0x409, 5]  # the version in English, of Windows' table of names
    return str(bytes(entry).decode("utf-16-be")).removeprefix("Version ")


def _debian_version(package: str) -> str:
    """Return the version of an installed Debian package, by the system's own list; empty if it is not installed."""
    path = Path("/var/lib/dpkg/status")
    status = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(rf"^Package: {re.escape(package)}\n(?:(?!\n\n)[\s\S])*?^Version: (.+)$", status, re.MULTILINE)
    return found[1] if found else ""
