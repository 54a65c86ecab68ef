"""Answers about the book itself: its citation, the source list's errors."""

import re
from collections import Counter

from peft_vlm_survey.downloads import book_bib
from peft_vlm_survey.export.notebooks import wheel_of
from peft_vlm_survey.export.report import blank, form_address
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.errata import SEVERITIES
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.leaderboard import source
from peft_vlm_survey.show.markup import Markup, escape
from peft_vlm_survey.show.numbers import heading
from peft_vlm_survey.show.table import Table


def errata(severity: str, *, survey: Survey) -> Table:
    """List the source list's errors of one severity: what it said, what is right, and how we know.

    Raises KeyError for an unknown severity.
    """
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
        widths=[6, 12, 23, 34, 25],
        classes=["longtable"],
        data=[cells(erratum) for erratum in survey.errata if erratum.severity == severity],
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
        way = f"Every such link opens [the form for corrections]({form_address(survey.edition, 'cite')}), filled in with what it stands beside."
    else:
        way = (
            "Every such link shows the report as text, filled in with what it stands beside, to be completed and copied. "
            "This edition names no repository and no address of its makers, so send it to whoever publishes the copy that you read, such as the site that it is served from."
        )
    return Markup(f"{way}\n\n```text\n{blank(survey.edition)}```\n")


def mismatches(*, survey: Survey) -> Table:
    """List printed averages that do not follow from their printed parts, with what is known of the reason."""
    rows = [
        [
            source(survey, m.origin),
            escape(m.method),
            escape(m.backbone),
            heading(survey.benchmark(m.benchmark)),
            m.printed,
            m.recomputed,
            escape(m.explanation),
        ]
        for m in survey.mismatches
    ]
    return Table(
        header=["Reported in", "Method", "Backbone", "Average", "Reported", "Recomputed", "What is known"],
        rows=rows,
        widths=[20, 10, 11, 14, 7, 8, 30],
        numeric=frozenset([4, 5]),
        classes=["longtable"],
        data=[cells(m) for m in survey.mismatches],
    )


def left_out(*, survey: Survey) -> Table:
    """Count the numbers of the evidence that the book does not hold, by reason."""
    reasons = Counter(re.sub(r"line \d+", "another line", number.reason) for number in survey.left_out)
    return Table(
        header=["Reason", "Numbers"],
        rows=[[escape(reason), str(count)] for reason, count in reasons.most_common()],
        widths=[85, 15],
        numeric=frozenset([1]),
        data=[cells(number) for number in survey.left_out],
    )
