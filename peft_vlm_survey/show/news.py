"""Answers about what is new: the papers that entered the book last, and what was corrected."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from peft_vlm_survey.export.feeds import newest as by_date
from peft_vlm_survey.export.feeds import newest_corrections
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.corrections import Correction
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.papers import CATEGORIES, Paper
from peft_vlm_survey.show.markup import Markup, cite, escape, escape_title
from peft_vlm_survey.show.sentences import counted
from peft_vlm_survey.show.table import Column, Table, table


def newest(limit: int, *, survey: Survey) -> Markup:
    """List the papers that entered the book last, by date: how many, and what those do that a reader wants first.

    At most `limit` papers are listed in all. Raises ValueError for a limit below 1.
    """
    if limit < 1:
        raise ValueError(f"no list of {limit} papers")
    dates: dict[str, list[Paper]] = defaultdict(list)
    for paper in by_date(survey, survey.papers):
        dates[paper.added].append(paper)
    lines = []
    for date, papers in dates.items():
        if limit == 0:
            break
        listed = _wanted_first(survey, papers)[:limit]
        limit -= len(listed)
        lines += [f"**{date}**: {counted(len(papers), 'paper')}.", ""]
        lines += [f"- {_line(survey, paper)}" for paper in listed]
        if left := len(papers) - len(listed):
            lines.append(f"- and {left:,} more of this date, in {{ref}}`catalogue`")
        lines.append("")
    return Markup("\n".join(lines))


def _wanted_first(survey: Survey, papers: Iterable[Paper]) -> list[Paper]:
    """Return papers of one date in the order in which they are listed.

    The categories take turns. Within each come papers whose numbers the survey holds, then those with code, then those
    with a summary; of these the latest by year, and by the number of a preprint, which begins with its month.
    """
    held = {origin.key for origin in survey.origins}

    def latest(paper: Paper) -> tuple[int, str]:
        reference = survey.references[paper.key]
        return reference.year, reference.fields.get("eprint", "")

    by_category: dict[str, list[Paper]] = {category: [] for category in CATEGORIES}
    for paper in sorted(sorted(papers, key=lambda paper: paper.key), key=latest, reverse=True):
        by_category[paper.category].append(paper)
    for of_category in by_category.values():
        of_category.sort(
            key=lambda paper: (paper.key not in held, not paper.code, paper.key not in survey.descriptions_by_key)
        )
    turns = zip_longest(*by_category.values())
    return [paper for turn in turns for paper in turn if paper]


def _line(survey: Survey, paper: Paper) -> str:
    reference = survey.references[paper.key]
    title = escape_title(reference.title)
    linked = f"[{title}](<{reference.address}>)" if reference.address else title
    where = escape(survey.venue(paper.key))
    described = survey.descriptions_by_key.get(paper.key)
    summary = f" {escape(described.summary)}" if described and described.summary else ""
    return ", ".join(filter(None, (cite(paper.key), linked, where))) + f".{summary}"


def corrections(on_paper: int, *, survey: Survey) -> Table | Markup:
    """List what the book printed before and what is right, the latest first; without any, say so in a sentence.

    Paper has the latest `on_paper` of them, and says where all are. Raises ValueError for fewer than one.
    """
    if on_paper < 1:
        raise ValueError(f"no list of {on_paper} corrections")
    if not survey.corrections:
        return Markup("Nothing that an edition said has been corrected so far.\n")
    ordered = newest_corrections(survey)
    whole = _corrected(ordered)
    if len(ordered) <= on_paper:
        return whole
    note = (
        f"These are the latest {on_paper} of {len(ordered):,} corrections. "
        "All stand in this chapter on the site, and in the file {site}`downloads/corrections.csv`."
    )
    return replace(whole, on_paper=replace(_corrected(ordered[:on_paper]), note=note))


def _corrected(listed: Sequence[Correction]) -> Table:
    return table(
        listed,
        Column("Date", 12, lambda c: c.date),
        Column("Work", 13, lambda c: cite(c.key) if c.key else ""),
        Column("What", 10, lambda c: escape(c.what)),
        Column("Before", 22, lambda c: escape(c.before)),
        Column("After", 22, lambda c: escape(c.after)),
        Column("Source", 21, lambda c: escape(c.source)),
        classes=["longtable", "corrections"],
        data=[cells(correction) for correction in listed],
    )
