"""What stands before the first chapter on paper: the title page, what the book is and holds, and the contents.

The contents name the chapters alone, each with the sentence that describes its page on the site; the sections of a
chapter are listed where it begins.
"""

import re
from datetime import date
from typing import Any

from docutils import nodes
from sphinx.addnodes import start_of_file
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.texescape import escape, init

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.show.start import counts

_SECTIONS = 3  # fewer are not worth a list


class Summaries(SphinxPostTransform):
    """Let the contents say of each chapter what the site says of it, and let a long chapter begin with its sections."""

    default_priority = 905
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Put both behind each chapter's title; all are in one document by now."""
        for chapter in list(self.document.findall(start_of_file)):
            section = next(iter(chapter.findall(nodes.section)), None)
            if section is None:
                continue
            parts = [child for child in section.children if isinstance(child, nodes.section)]
            summaries = [tag["content"] for tag in chapter.findall(nodes.meta) if tag.get("name") == "description"]
            tex = [rf"\addtocontents{{toc}}{{\protect\surveysummary{{{tex_of(text)}}}}}" for text in summaries]
            if len(parts) >= _SECTIONS:
                tex.append(r"\surveysections")
            section.insert(1, nodes.raw("", "\n".join(tex), format="latex"))
        for caption in list(self.document.findall(nodes.caption)):
            if isinstance(caption.parent, nodes.figure):
                short = rf"\surveyshort{{{tex_of(first_words(caption.astext()))}}}"
                caption.parent.insert(0, nodes.raw("", short, format="latex"))


def first_words(caption: str) -> str:
    """Return what a caption says before its first full stop, semicolon or colon.

    >>> first_words("CoOp. The context is trained; image features can wait.")
    'CoOp'
    >>> first_words("LLaVA-1.5 with LoRA")
    'LLaVA-1.5 with LoRA'
    """
    return re.split(r"[.;:](?=\s|$)", " ".join(caption.split()), maxsplit=1)[0]


def tex_of(text: str) -> str:
    """Return TeX that prints a text."""
    init()  # the settings are read before Sphinx's builder does it
    return str(escape(text, "xelatex"))


def _front(app: Sphinx, config: Config) -> None:
    survey = the_survey()
    config["latex_elements"]["maketitle"] = _properties(survey.edition) + title_page(survey.edition) + about(survey)
    config["latex_elements"]["tableofcontents"] = r"\surveycontents"


def _properties(edition: Edition) -> str:
    properties = {
        "pdfauthor": ", ".join(edition.authors),
        "pdftitle": edition.title,
        "pdfsubject": f"Version {edition.version}, {edition.date}. {edition.abstract}",
        "pdfkeywords": ", ".join(edition.keywords),
    }
    return "".join(f"\\hypersetup{{{name}={{{tex_of(text)}}}}}\n" for name, text in properties.items())


def title_page(edition: Edition) -> str:
    """Return the title page as TeX: title, authors, edition, date, the addresses that are set, and the licences."""
    day = date.fromisoformat(edition.date)
    title, _, subtitle = edition.title.partition(": ")
    lines = [rf"\url{{{address}}}\par" for address in edition.addresses]
    return rf"""
\begin{{titlepage}}
\sffamily\raggedright
\vspace*{{45mm}}
{{\fontsize{{26}}{{32}}\selectfont\bfseries {tex_of(title)}\par}}
\vspace{{6mm}}
{{\LARGE {tex_of(subtitle)}\par}}
\vspace{{14mm}}
{{\color{{surveyaccent}}\rule{{30mm}}{{1.2pt}}\par}}
\vspace{{8mm}}
{{\large {tex_of(", ".join(edition.authors))}\par}}
\vfill
{{\large Edition {tex_of(edition.version)}\par}}
\vspace{{1mm}}
{day.day} {day:%B %Y}\par
\vspace{{3mm}}
{{\small {" ".join(lines)}
Text, figures and data under CC BY 4.0; code under the MIT licence.\par}}
\end{{titlepage}}
"""


def about(survey: Survey) -> str:
    """Return as TeX the page that says what the book is, what it holds, how to cite it, and where its data are."""
    edition = survey.edition
    *held, last = [tex_of(words + rest) for words, _, rest in counts(survey=survey)]
    authors = ", ".join(edition.authors)
    link = "".join(rf" \url{{{address}}}" for address in edition.addresses[:1])
    return rf"""
\pagenumbering{{roman}}\setcounter{{page}}{{2}}\thispagestyle{{plain}}
\pdfbookmark[0]{{Abstract}}{{abstract}}\surveyfronthead{{Abstract}}
{{\setlength{{\parskip}}{{6pt}}\setlength{{\parindent}}{{0pt}}
{tex_of(edition.abstract)}

This edition holds {", ".join(held)}, and {last}.

\surveyfrontpart{{Cite it}}
{tex_of(authors)} ({edition.date[:4]}): \emph{{{tex_of(edition.title)}}}. Version {tex_of(edition.version)}, {tex_of(edition.date)}.{link}

\surveyfrontpart{{Its data}}
This file is part of a site, which also holds the text as web pages, notebooks and PDFs of single chapters, the papers, numbers and costs behind every table as CSV and JSON, and the references as BibTeX.
Chapter~\ref{{\detokenize{{cite::doc}}}} lists every file.

}}
\clearpage
"""


def setup(app: Sphinx) -> None:
    """Register the front pages and the summaries."""
    app.connect("config-inited", _front, priority=900)
    app.add_post_transform(Summaries)
