"""What stands before the first chapter on paper: the title page, what the book is and holds, and the contents.

The contents name the chapters alone, each with the sentence that describes its page on the site; the sections of a
chapter are listed where it begins.
"""

from datetime import date
from typing import Any

from docutils import nodes
from sphinx.addnodes import start_of_file
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.texescape import escape, init

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.show.counts import counts

COVER = "cover.pdf"  # the picture of the title page
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


def tex_of(text: str) -> str:
    """Return TeX that prints a text."""
    init()  # the settings are read before Sphinx's builder does it
    return str(escape(text, "xelatex"))


def front_pages(survey: Survey, name: str) -> str:
    """Return as TeX what stands before the first chapter of the book, the supplement or the catalogue."""
    first = _properties(survey.edition, name) + title_page(survey.edition, name)
    return first + (about(survey) if name == "book" else r"\pagenumbering{roman}\setcounter{page}{2}")


def title_of(edition: Edition, name: str) -> str:
    """Return the title of one of the three documents."""
    return edition.title if name == "book" else f"{edition.title}. {name.capitalize()}"


def _properties(edition: Edition, name: str) -> str:
    properties = {
        "pdfauthor": ", ".join(edition.authors),
        "pdftitle": title_of(edition, name),
        "pdfsubject": f"Version {edition.version}, {edition.date}. {edition.abstract}",
        "pdfkeywords": ", ".join(edition.keywords),
    }
    return "".join(f"\\hypersetup{{{name}={{{tex_of(text)}}}}}\n" for name, text in properties.items())


def title_page(edition: Edition, name: str = "book") -> str:
    """Return the title page as TeX: title, picture, authors, edition, date, the addresses that are set, and licences."""
    day = date.fromisoformat(edition.date)
    title, _, subtitle = title_of(edition, name).partition(": ")
    picture = (
        rf"\includegraphics[width=\linewidth,height=0.42\textheight,keepaspectratio]{{{COVER}}}\par"
        if name == "book"
        else ""
    )
    lines = [rf"\url{{{address}}}\par" for address in edition.addresses]
    return rf"""
\begin{{titlepage}}
\sffamily\raggedright
\vspace*{{25mm}}
{{\fontsize{{26}}{{32}}\selectfont\bfseries {tex_of(title)}\par}}
\vspace{{6mm}}
{{\LARGE {tex_of(subtitle)}\par}}
\vspace{{10mm}}
{{\color{{surveyaccent}}\rule{{30mm}}{{1.2pt}}\par}}
\vspace{{8mm}}
{picture}
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
This file is part of a site, which also holds the text as web pages and notebooks, the papers, numbers and costs behind every table as CSV and JSON, and the references as BibTeX.
Two more files belong to it: the supplement, whose chapters and tables have an S before their numbers, says how the evidence was gathered, what may be compared in detail and where sources disagree; the catalogue lists every paper.

}}
\clearpage
"""


def setup(app: Sphinx) -> None:
    """Register the summaries."""
    app.add_post_transform(Summaries)
