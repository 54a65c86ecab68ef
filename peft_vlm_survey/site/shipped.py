"""What is copied into the site and is not ours, or ours under which licence: every part, with where that was read.

A licence stands here as the part's own files, its distribution or its source repository name it. The version is asked
of the installed distribution, or read in the copied file; where neither says it, it was read in the lock file of the
distribution that bundles the part, and holds for that version alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.metadata import Distribution, distribution
from pathlib import Path

from matplotlib.ft2font import FT2Font

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.site.data_script import DataScript

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


def _texts(found: Distribution, name: str) -> Iterator[str]:
    for file in found.files or ():
        if str(file).endswith(name):
            yield Path(str(found.locate_file(file))).read_text(encoding="utf-8")


def _font_version(found: Distribution, name: str) -> str:
    path = next(Path(str(found.locate_file(file))) for file in found.files or () if file.name == name)
    said = FT2Font(str(path)).get_sfnt()[3, 1, 0x409, 5]  # the version in English, of Windows' table of names
    return str(bytes(said).decode("utf-16-be")).removeprefix("Version ")


def _debian_version(package: str) -> str:
    """Return the version of an installed Debian package, by the system's own list; empty if it is not installed."""
    path = Path("/var/lib/dpkg/status")
    said = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(rf"^Package: {re.escape(package)}\n(?:(?!\n\n)[\s\S])*?^Version: (.+)$", said, re.MULTILINE)
    return found[1] if found else ""


_MATHJAX = "_static/mathjax/tex-chtml.js"
_PYDATA_CSS = "_static/styles/pydata-sphinx-theme.css"
_BOOTSTRAP = "_static/scripts/bootstrap.js"

THIRD_PARTY: tuple[Part, ...] = (
    Part(
        name="Sphinx",
        licence="BSD-2-Clause",
        holder="Copyright 2007-2024 by the Sphinx team",
        files=("_static/basic.css", "_static/doctools.js", "_static/documentation_options.js"),
        text="LICENSE.rst",
    ),
    Part(
        name="sphinx-book-theme",
        licence="BSD-3-Clause",
        holder="Copyright 2020, Chris Holdgraf",
        files=("_static/styles/sphinx-book-theme.css", "_static/scripts/sphinx-book-theme.js"),
        text="licenses/LICENSE",
    ),
    Part(
        name="pydata-sphinx-theme",
        licence="BSD-3-Clause",
        holder="Copyright 2018, pandas",
        files=(_PYDATA_CSS, "_static/scripts/pydata-sphinx-theme.js", "_static/styles/theme.css"),
        text="licenses/LICENSE",
    ),
    Part(
        name="Bootstrap",
        licence="MIT",
        holder="Copyright 2011-2024 The Bootstrap Authors",
        files=(_BOOTSTRAP, f"{_BOOTSTRAP}.LICENSE.txt", _PYDATA_CSS),
        source="bundled",
        npm="bootstrap",
        within="pydata-sphinx-theme",
        version_in=(f"{_BOOTSTRAP}.LICENSE.txt", r"Bootstrap v([\d.]+)"),
        text="LICENSE",
    ),
    Part(
        name="@popperjs/core",
        licence="MIT",
        holder="Copyright 2019 Federico Zivolo",
        files=(_BOOTSTRAP,),
        source="bundled",
        npm="@popperjs/core",
        within="pydata-sphinx-theme",
        locked=("2.11.8", "0.17.1"),
        text="LICENSE",
    ),
    Part(
        name="Font Awesome Free, style sheet",  # its fonts and scripts are not copied
        licence="MIT",
        holder="Copyright 2024 Fonticons, Inc.",
        files=(_PYDATA_CSS,),
        source="bundled",
        npm="@fortawesome/fontawesome-free",
        within="pydata-sphinx-theme",
        version_in=(_PYDATA_CSS, r"Font Awesome Free ([\d.]+)"),
        text="LICENSE",
    ),
    Part(
        name="sphinx_design",
        licence="MIT",
        holder="Copyright 2023 Chris Sewell",
        files=("_static/sphinx-design.min.css",),
        text="licenses/LICENSE",
    ),
    Part(
        name="myst-nb",
        licence="BSD-3-Clause",
        holder="Copyright 2020, ExecutableBookProject",
        files=("_static/mystnb.*.css",),
        text="licenses/LICENSE",
    ),
    Part(
        name="Pygments",
        licence="BSD-2-Clause",
        holder="Copyright 2006-2022 by the respective authors",
        files=("_static/pygments.css",),
        text="licenses/LICENSE",
    ),
    Part(
        name="accessible-pygments",  # the colours of code
        licence="BSD-3-Clause",
        holder="Copyright 2022, Quansight Labs",
        files=("_static/pygments.css",),
        text="licenses/LICENSE",
    ),
    Part(
        name="MathJax",  # the wheel names two licences and brings no text; its files are those of MathJax's release
        licence="Apache-2.0",
        holder="The MathJax Consortium",
        files=("_static/mathjax/*",),
        source="bundled",
        npm="mathjax",
        within="sphinx-mathjax-offline",
        version_in=(_MATHJAX, r'VERSION="(3\.[\d.]+)"'),
        text="licences/Apache-2.0.txt",
    ),
    Part(
        name="speech-rule-engine",
        licence="Apache-2.0",
        holder="Copyright 2014-2018 Volker Sorge. This product includes software developed by Volker Sorge, originally implemented in the context of ChromeVox at Google Inc.",
        files=(_MATHJAX,),
        source="bundled",
        npm="speech-rule-engine",
        within="sphinx-mathjax-offline",
        version_in=(_MATHJAX, r'VERSION="(4\.[\d.]+)"'),
        text="licences/Apache-2.0.txt",
    ),
    Part(
        name="DejaVu Sans",  # as outlines in figures, and embedded in their PDF files
        licence="Bitstream-Vera",
        holder="Copyright 2003 by Bitstream, Inc.; changes in the public domain; Arev glyphs copyright 2006 by Tavmjong Bah",
        files=("_images/*.svg", "downloads/figures/*"),
        fonts=r"DejaVuSans",
        within="matplotlib",
        font="DejaVuSans.ttf",
        text="LICENSE_DEJAVU",
    ),
    Part(
        name="TeX Gyre",
        licence="GUST Font License",
        holder="Copyright 2006-2018 Boguslaw Jackowski and Janusz M. Nowacki",
        fonts=r"TeXGyre(Heros|Pagella)-",
        source="debian",
        within="fonts-texgyre",
    ),
    Part(
        name="TeX Gyre Math",
        licence="GUST Font License",
        holder="Copyright 2012-2014 B. Jackowski, P. Strzelczyk and P. Pianowski",
        fonts=r"TeXGyrePagellaMath",
        source="debian",
        within="fonts-texgyre-math",
    ),
    Part(
        name="Latin Modern",
        licence="GUST Font License",
        holder="Copyright 2003-2021 by B. Jackowski and J.M. Nowacki (on behalf of TeX Users Groups)",
        fonts=r"LM(Mono|Roman|Sans|Math)",
        source="debian",
        within="lmodern",
    ),
    Part(
        name="Noto CJK",
        licence="OFL-1.1",
        holder="",
        fonts=r"Noto(Sans|Serif)CJK",
        source="debian",
        within="fonts-noto-cjk",
    ),
)


def ours() -> tuple[Part, ...]:
    """Return what we wrote and copy into `_static/`: scripts and styles, and the data that scripts read."""
    holder = ", ".join(the_survey().edition.authors)
    styles = sorted(path.name for path in (ROOT / "_static").iterdir())
    data = ("search-chapters.js", "compare-cards/*", *sorted(DataScript.names))
    return (
        Part(
            name="Scripts and styles of this book",
            licence="MIT",
            holder=holder,
            files=tuple(f"_static/{name}" for name in styles),
            source="ours",
            text="LICENSE",
        ),
        Part(
            name="Data of this book, as scripts",
            licence="CC-BY-4.0",
            holder=holder,
            files=tuple(f"_static/{name}" for name in data),
            source="ours",
            text="LICENSE-CONTENT",
        ),
    )
