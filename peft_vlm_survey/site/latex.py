"""What paper needs: a title page and properties from CITATION.cff, and places where long names may break."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.texescape import escape

from peft_vlm_survey.data import the_survey


class LongNames(SphinxPostTransform):
    """Let paths and addresses in tables and records break behind a slash, a dot, an underscore, a hyphen or an at sign.

    A zero-width space (U+200B) marks the place; _latex/survey.sty says what TeX makes of it. Browsers break by CSS.
    """

    default_priority = 900
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Mark the places in every word of more than twenty characters."""
        holders: list[nodes.Element] = [*self.document.findall(nodes.table), *self.document.findall(nodes.container)]
        for holder in holders:
            for text in list(holder.findall(nodes.Text)):
                broken = re.sub(r"\S{20,}", lambda word: re.sub(r"(?<=[/._@:-])(?=\w)", "\u200b", word.group()), text)
                if broken != text and not isinstance(text.parent, nodes.literal_block | nodes.math):
                    text.parent.replace(text, nodes.Text(broken))


def setup(app: Sphinx) -> None:
    """Fill in what LaTeX is told of the book."""
    app.connect("config-inited", _title_page, priority=900)
    app.add_post_transform(LongNames)


def _title_page(app: Sphinx, config: Config) -> None:
    edition = the_survey().edition
    title, _, subtitle = edition.title.partition(": ")
    address = rf"\vspace{{3mm}}{{\small\url{{{edition.url}}}\par}}" if edition.url else ""
    config["latex_elements"]["maketitle"] = rf"""
\hypersetup{{pdfauthor={{{_tex(", ".join(edition.authors))}}}, pdftitle={{{_tex(edition.title)}}}}}
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
