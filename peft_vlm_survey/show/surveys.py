"""The other surveys of the field: what each covers, until when, and how it divides its subject."""

from collections.abc import Sequence
from dataclasses import replace

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.surveys import GROUPS, OTHERS, RelatedSurvey
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, cite, escape, link
from peft_vlm_survey.show.table import Column, Table, table

_ARXIV = "https://arxiv.org/abs/"


def surveys(*, keys: Sequence[str] = (), own: bool = False, survey: Survey) -> Table:
    """Compare other surveys, by subject in the order of the file: those with these keys, or all.

    With `own` this book stands last. Raises KeyError for a key that no survey has.
    """
    if unknown := {*keys} - {related.key for related in survey.surveys}:
        raise KeyError(f"no survey '{min(unknown)}'")
    chosen = [related for related in survey.surveys if not keys or related.key in keys]
    chosen.sort(key=lambda related: GROUPS.index(related.group))
    made = table(
        chosen,
        Column("Work", 31, lambda related: _named(survey, related)),
        Column("Subject", 13, lambda related: escape(related.group)),
        Column("Until", 10, lambda related: related.covers_until),
        Column("Division", 24, lambda related: escape(related.taxonomy)),
        classes=["longtable"],
        note=f"*Until*: latest work covered. {NOT_ESTABLISHED}: not established.",
        data=[cells(related) for related in chosen],
    )
    return replace(made, rows=[*made.rows, _this_book(survey)]) if own else made


def _named(survey: Survey, related: RelatedSurvey) -> str:
    """Return the title with its citation, or with its authors and a link where it has no entry."""
    address = f"https://github.com/{related.repository}" if related.repository else ""
    listed = f"; {link('list', address)}" if address else ""
    if related.key:
        return f"{escape(related.title)} ({cite(related.key)}{listed})"
    title = link(related.title, _ARXIV + related.arxiv) if related.arxiv else escape(related.title)
    people = [author for author in related.authors if author != OTHERS]
    more = " and others" if len(people) > 1 or OTHERS in related.authors else ""
    details = ", ".join(filter(None, [people[0] + more if people else "", related.venue, related.year]))
    return f"{title} ({escape(details)}{listed})" if details or listed else title


def _this_book(survey: Survey) -> list[str]:
    return [
        "*This book*",
        "PEFT of vision–language models and their relatives",
        survey.edition.date[:7],
        "families, groups of tasks, protocols",
    ]
