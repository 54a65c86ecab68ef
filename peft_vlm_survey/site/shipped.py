"""What is copied into the site and under which licence: every part, as its own files or its distribution name the licence."""

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.site.data_script import DataScript
from peft_vlm_survey.site.licensed import Part

_MATHJAX = "_static/mathjax/tex-chtml.js"
_PYDATA_CSS = "_static/styles/pydata-sphinx-theme.css"

THIRD_PARTY: tuple[Part, ...] = (
    Part(
        name="Sphinx",
        licence="BSD-2-Clause",
        holder="Copyright 2007-2024 by the Sphinx team",
        files=("_static/basic.css", "_static/documentation_options.js"),
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
        name="Bootstrap, style sheet",  # its scripts are not copied
        licence="MIT",
        holder="Copyright 2011-2024 The Bootstrap Authors",
        files=(_PYDATA_CSS,),
        source="bundled",
        within="pydata-sphinx-theme",
        text="LICENSE",
    ),
    Part(
        name="Font Awesome Free, style sheet",  # its fonts and scripts are not copied
        licence="MIT",
        holder="Copyright 2024 Fonticons, Inc.",
        files=(_PYDATA_CSS,),
        source="bundled",
        within="pydata-sphinx-theme",
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
        within="sphinx-mathjax-offline",
        text="licences/Apache-2.0.txt",
    ),
    Part(
        name="speech-rule-engine",
        licence="Apache-2.0",
        holder="Copyright 2014-2018 Volker Sorge. This product includes software developed by Volker Sorge, originally implemented in the context of ChromeVox at Google Inc.",
        files=(_MATHJAX,),
        source="bundled",
        within="sphinx-mathjax-offline",
        text="licences/Apache-2.0.txt",
    ),
    Part(
        name="DejaVu Sans",  # formulas and some marks in figures
        licence="Bitstream-Vera",
        holder="Copyright 2003 by Bitstream, Inc.; changes in the public domain; Arev glyphs copyright 2006 by Tavmjong Bah",
        files=("_images/*.svg", "downloads/figures/*"),
        fonts=r"DejaVuSans",
        within="matplotlib",
        text="LICENSE_DEJAVU",
    ),
    Part(
        name="Source Serif 4 and Source Sans 3",  # cut to Latin and renamed, as _static/fonts/README.txt says
        licence="OFL-1.1",
        holder="Copyright 2014-2021 and 2023 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'",
        files=("_static/fonts/*", "_images/*.svg", "downloads/figures/*"),
        fonts=r"SurveySans",
        source="bundled",
        within="fonts",
        text="peft_vlm_survey/show/fonts/OFL.txt",
    ),
    Part(
        name="TeX Gyre",
        licence="GUST Font License",
        holder="Copyright 2006-2018 Boguslaw Jackowski and Janusz M. Nowacki",
        fonts=r"TeXGyre(Heros|HerosCondensed|Pagella)-",
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
    styles = sorted(path.name for path in (ROOT / "_static").iterdir() if path.is_file())
    data = ("search-chapters.js", "navigation.js", "compare-cards/*", *sorted(DataScript.names))
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
