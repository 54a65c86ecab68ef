"""The PDF's title page and properties, from CITATION.cff."""

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.texescape import escape

from survey.data import the_survey


def setup(app: Sphinx) -> None:
    """Fill in what LaTeX is told of the book."""
    app.connect("config-inited", _title_page, priority=900)


def _title_page(app: Sphinx, config: Config) -> None:
    edition = the_survey().edition
    title, _, subtitle = edition.title.partition(": ")
    address = rf"\vspace{{3mm}}{{\small\url{{{edition.url}}}\par}}" if edition.url else ""
    config["latex_elements"]["maketitle"] = rf"""
\hypersetup{{pdflang=en, pdfauthor={{{_tex(", ".join(edition.authors))}}}, pdftitle={{{_tex(edition.title)}}}}}
\begin{{titlepage}}
\sffamily\raggedright
\vspace*{{45mm}}
{{\fontsize{{26}}{{32}}\selectfont\bfseries {_tex(title)}\par}}
\vspace{{6mm}}
{{\LARGE {_tex(subtitle)}\par}}
\vspace{{14mm}}
{{\color{{surveyaccent}}\rule{{30mm}}{{1.2pt}}\par}}
\vspace{{8mm}}
{{\large {_tex(", ".join(edition.authors))}\par}}
\vfill
Version {_tex(edition.version)}, {_tex(edition.date)}\par
{address}
\vspace{{3mm}}
{{\small Text, figures and data under CC BY 4.0; code under the MIT licence.\par}}
\end{{titlepage}}
"""


def _tex(text: str) -> str:
    return str(escape(text, "xelatex"))
