"""Answers about the book itself: its counts, its citation, the source list's errors."""

from survey.data import the_survey
from survey.exports import book_bib
from survey.read.errata import SEVERITIES
from survey.read.whole import Survey
from survey.show.markup import Markup, Table, escape


def counts(*, survey: Survey | None = None) -> Markup:
    """Say in a sentence how much the book holds."""
    survey = survey or the_survey()
    core = [paper for paper in survey.papers if paper.depth == "core"]
    numbers = len(survey.results) + len(survey.measurements)
    categories = len({paper.category for paper in core})
    return Markup(
        f"This edition discusses {len(core)} papers in {categories} categories, cites {len(survey.references)} references, "
        f"and holds {numbers} reported numbers from {len(survey.origins)} printed tables, each with the place it was read in.\n"
    )


def errata(severity: str, *, caption: str, label: str, survey: Survey | None = None) -> Table:
    """List the source list's errors of one severity: what it said, what is right, and how we know.

    Raises KeyError for an unknown severity.
    """
    survey = survey or the_survey()
    if severity not in SEVERITIES:
        raise KeyError(f"no severity '{severity}'")
    rows = []
    for erratum in survey.errata:
        if erratum.severity == severity:
            about = escape(survey.name(erratum.key)) if erratum.key else "the list"
            rows.append(
                [erratum.erratum, about, escape(erratum.said), escape(erratum.correct), escape(erratum.evidence)]
            )
    return Table(
        header=["No.", "About", "It said", "What is right", "Evidence"],
        rows=rows,
        widths=[6, 13, 23, 33, 25],
        caption=caption,
        label=label,
        classes=["longtable"],
    )


def citation(*, survey: Survey | None = None) -> Markup:
    """Return the BibTeX entry of the book itself."""
    return Markup(f"```bibtex\n{book_bib(survey or the_survey()).rstrip()}\n```\n")
