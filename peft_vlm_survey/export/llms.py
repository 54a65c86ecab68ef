"""The file llms.txt, in which a language model or a script finds what the site holds for it: https://llmstxt.org."""

from collections.abc import Sequence
from dataclasses import dataclass

from peft_vlm_survey.model import Survey


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """One chapter: its name without extension, its title, a sentence on it, and whether it is a notebook too."""

    name: str
    title: str
    description: str
    notebook: bool


_DATA = (
    ("downloads/papers.json", "All papers", "what each says of itself, and what the survey says of it"),
    ("downloads/results.json", "All numbers", "each with the table and the protocol it stands under"),
    ("downloads/datapackage.json", "Data Package", "the type, the rules and the meaning of every column of every CSV"),
    ("datasets/vtab-1k.json", "One data set", "its comparable groups with ranks; every data set has such a file"),
    ("downloads/references.bib", "BibTeX", "the whole bibliography"),
)
_RULES = (
    "A number may be set beside another only under the same protocol and backbone; a record names both.",
    "What is null, or empty in a CSV, is not established; it does not mean no.",
    "For a number cite the paper whose table it stands in, for a statement on a paper the paper itself.",
    "Citation keys, ids of data sets and identifiers that begin with tag: stay the same in all editions.",
)


def llms_txt(survey: Survey, chapters: Sequence[Chapter]) -> str:
    """Return the file: what the book is, how its numbers are to be read, and where everything lies."""
    edition = survey.edition
    before = f"{edition.url}/" if edition.url else ""
    lines = [
        f"# {edition.title}",
        "",
        f"> {' '.join(edition.abstract.split())}",
        "",
        f"Version {edition.version}, {edition.date}. Text and data: CC BY 4.0; code: MIT.",
        "",
        *(f"- {rule}" for rule in _RULES),
        "",
        "## Data",
        "",
        *(f"- [{title}]({before}{address}): {description}" for address, title, description in _DATA),
        "",
        "## Chapters",
        "",
        *(f"- [{chapter.title}]({before}{chapter.name}.html): {chapter.description}" for chapter in chapters),
        "",
        "## Optional",
        "",
        *(
            f"- [{chapter.title}, as a notebook]({before}notebooks/{chapter.name}.ipynb)"
            for chapter in chapters
            if chapter.notebook
        ),
    ]
    return "\n".join(lines) + "\n"
