"""The catalogue as static lists: one list a category, newest year first, for readers without scripts and on paper."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.folding import beginning
from peft_vlm_survey.read.papers import CATEGORIES, KINDS, Paper
from peft_vlm_survey.show.markup import Markup, escape, escape_keeping_ends


def catalogue(category: str, *, survey: Survey) -> Markup:
    """List the papers of a category, newest year first and by name within it, one line per paper.

    On paper a summary follows where the book holds numbers of the paper; with all of them the list would fill a volume.
    Raises KeyError for an unknown category.
    """
    if category not in CATEGORIES:
        raise KeyError(f"no category '{category}'")
    numbered = {number.method_key for number in (*survey.results, *survey.measurements)}
    papers = in_order(survey, (paper for paper in survey.papers if paper.category == category))
    lines = ["::::{container} catalogue-list"]
    for year, members in groupby(papers, key=lambda paper: survey.references[paper.key].year):
        listed = [_line(survey, paper, told=paper.key in numbered) for paper in members]
        number = f"{len(listed)} papers" if len(listed) > 1 else "1 paper"
        lines += [f":::{{rubric}} {year}: {number}", ":heading-level: 3", ":::", "", *listed, ""]
    return Markup("\n".join([*lines, "::::"]) + "\n")


def catalogue_counts(*, survey: Survey) -> Markup:
    """Say in sentences how many papers the catalogue holds, by category, and of how many the code is known."""
    held = Counter(paper.category for paper in survey.papers)
    shares = [f"{held[name]:,} under {label[0].lower()}{label[1:]}" for name, label in CATEGORIES.items()]
    years = [survey.references[paper.key].year for paper in survey.papers]
    verified = sum(paper.status == "verified" for paper in survey.papers)
    code = sum(bool(paper.code) for paper in survey.papers)
    return Markup(
        f"The catalogue holds {len(survey.papers):,} papers that appeared from {min(years)} to {max(years)}: "
        f"{', '.join(shares[:-1])}, and {shares[-1]}. "
        f"The records of {verified:,} are verified, and for {code:,} an official code repository is known.\n"
    )


def in_order(survey: Survey, papers: Iterable[Paper]) -> list[Paper]:
    """Return papers newest year first, and by name or title within a year."""

    def place(paper: Paper) -> tuple[int, str, str]:
        reference = survey.references[paper.key]
        return -reference.year, (paper.name or reference.title_without_formulas).casefold(), paper.key

    return sorted(papers, key=place)


def _line(survey: Survey, paper: Paper, *, told: bool) -> str:
    reference = survey.references[paper.key]
    title = reference.title_without_formulas
    stop = "" if title.endswith(("?", "!")) else "."
    where = " ".join(filter(None, [escape(survey.venue(paper.key)), str(reference.year)]))
    authors = reference.short_authors.removesuffix(".")  # the page of a paper names all of them, in full
    kind = [] if paper.kind == "method" else [KINDS[paper.kind].lower()]
    labels = ", ".join([*kind, *paper.task, *paper.families])
    line = f"- {_head(paper, title)}{stop} {escape(authors)}. {where}."
    found = survey.description(paper.key) if told else None
    # Where scripts run, the explorer shows the summary; the static list of the site stays light without it.
    on_paper = f"\n\n  :::{{only}} latex\n  {escape(found.summary)}\n  :::" if found else ""
    return line + (f" *{escape(labels)}*" if labels else "") + on_paper


def _head(paper: Paper, title: str) -> str:
    """Return name and title, the name alone a link to the paper's page if there is one; a title repeats no name."""
    link = f"**{{paper}}`{paper.key}`**"
    if letters := beginning(title, paper.name):
        name, rest = title[:letters], title[letters:]
        named = link if name == paper.name else f"**{{paper}}`{name} <{paper.key}>`**"
        return named + escape_keeping_ends(rest)
    if paper.name or "`" in title:
        return f"{link} {escape(title)}"
    return f"{{paper}}`{title} <{paper.key}>`"
