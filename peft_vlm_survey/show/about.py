"""Answers about the book itself: its citation, its words and columns, the source list's errors, what it left out."""

import re
from collections import Counter

from peft_vlm_survey.costs.options import SAYS, WORDS
from peft_vlm_survey.downloads import book_bib
from peft_vlm_survey.export.csv_json import COLUMNS
from peft_vlm_survey.export.notebooks import wheel_of
from peft_vlm_survey.export.package import meaning
from peft_vlm_survey.export.report import blank, form_address
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.errata import SEVERITIES
from peft_vlm_survey.read.glossary import GlossaryTerm
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.leaderboard import source
from peft_vlm_survey.show.markup import Markup, escape
from peft_vlm_survey.show.numbers import heading
from peft_vlm_survey.show.table import Column, Numbers, Table, table


def errata(severity: str, *, survey: Survey) -> Table:
    """List the source list's errors of one severity: what it said, what is right, and how we know.

    Raises KeyError for an unknown severity.
    """
    if severity not in SEVERITIES:
        raise KeyError(f"no severity '{severity}'")
    listed = [erratum for erratum in survey.errata if erratum.severity == severity]
    return table(
        listed,
        Column("No.", 6, lambda e: e.erratum),
        Column("About", 12, lambda e: escape(survey.name(e.key)) if e.key else "the list"),
        Column("It said", 23, lambda e: escape(e.said)),
        Column("What is right", 34, lambda e: escape(e.correct)),
        Column("Evidence", 25, lambda e: escape(e.evidence)),
        classes=["longtable"],
        data=[cells(erratum) for erratum in listed],
    )


def citation(*, survey: Survey) -> Markup:
    """Return the BibTeX entry of the book itself."""
    return Markup(f"```bibtex\n{book_bib(survey).rstrip()}\n```\n")


def installation(*, survey: Survey) -> Markup:
    """Return in words where the package of this edition lies, and how it is installed."""
    wheel = wheel_of(survey.edition)
    return Markup(
        f"The package of this edition is {{site}}`{wheel}`.\n"
        "It is in no package index yet; until it is, install the file itself:\n\n"
        f"```sh\npip install ./{wheel.rpartition('/')[2]}\n```\n"
    )


def reporting(*, survey: Survey) -> Markup:
    """Return in words where a report of an error goes and what it says: the repository's form if there is one, else a text to copy."""
    repository = survey.edition.repository
    if repository:
        way = f"Every such link opens [the form for corrections]({form_address(survey.edition, 'cite')}), filled in."
    else:
        way = (
            "Every such link shows the report as text, to be completed and copied. "
            "This edition has no address for reports, so send yours to whoever publishes your copy."
        )
    return Markup(f"{way}\n\n```text\n{blank(survey.edition)}```\n")


def mismatches(*, survey: Survey) -> Table:
    """List printed averages that do not follow from their printed parts, with what is known of the reason."""
    return table(
        survey.mismatches,
        Column("Method", 10, lambda m: escape(m.method)),
        Numbers("Reported", 7, lambda m: m.printed),
        Numbers("Recomputed", 8, lambda m: m.recomputed),
        Column("Reported in", 20, lambda m: source(survey, m.origin)),
        Column("Average", 14, lambda m: heading(survey.benchmark(m.benchmark))),
        Column("What is known", 30, lambda m: escape(m.explanation)),
        Column("Backbone", 11, lambda m: escape(m.backbone), further=True),
        classes=["longtable"],
        data=[cells(m) for m in survey.mismatches],
    )


def left_out(*, survey: Survey) -> Table:
    """Count the numbers of the evidence that the book does not hold, by reason."""
    reasons = Counter(re.sub(r"line \d+", "another line", number.reason) for number in survey.left_out)
    return table(
        reasons.most_common(),
        Column("Reason", 85, lambda pair: escape(pair[0])),
        Numbers("Numbers", 15, lambda pair: pair[1]),
        data=[cells(number) for number in survey.left_out],
    )


def columns(name: str) -> Table:
    """Explain the columns of a table of the downloads. Raises KeyError if there is none of that name."""
    if name not in COLUMNS:
        raise KeyError(f"no table '{name}'")
    meanings = {column.name: meaning(name, column.name) for column in COLUMNS[name]}
    return table(
        meanings,
        Column("Column", 22, lambda column: f"`{column}`"),
        Column("What it holds", 52, lambda column: meanings[column].holds),
        Column("An empty cell", 26, lambda column: meanings[column].empty),
        classes=["longtable"],
    )


def run_words() -> Table:
    """Return the words of a training run as the command and the calculator take them, the usual value of each first."""
    return table(
        WORDS,
        Column("Option", 16, lambda name: f"`{name}`"),
        Column("Values, the usual one first", 30, lambda name: ", ".join(f"`{value}`" for value in WORDS[name])),
        Column("What it means", 54, lambda name: escape(SAYS[name])),
    )


def glossary(*, survey: Survey) -> Markup:
    """List every term with what else it is called, what it means, its Chinese term, and which terms to see."""
    terms = sorted(survey.glossary, key=lambda term: (term.term.casefold(), term.term))
    return Markup("\n".join(["::::{glossary}", *map(_entry, terms), "::::", ""]))


def _entry(term: GlossaryTerm) -> str:
    see = f" See also {', '.join(f'{{term}}`{other}`' for other in term.see)}." if term.see else ""
    text = f"{escape(term.definition)} In Chinese: {escape(term.zh)}.{see}"
    return "\n".join([*map(escape, term.names), f"  {text}", ""])
