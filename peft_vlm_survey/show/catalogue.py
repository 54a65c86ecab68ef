"""The catalogue as plain lists, one a category, newest year first: in the chapter on paper, on pages of their own on the site."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from peft_vlm_survey.cache import prints
from peft_vlm_survey.compare.weight import weights
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.folding import beginning
from peft_vlm_survey.read.papers import CATEGORIES, KINDS, SCOPES, Paper
from peft_vlm_survey.show.markup import KEPT, Shown, escape, escape_keeping_ends

FOLDER = "catalogue"  # of the site


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """What a list says of a paper; its year stands over it.

    `name` is what leads to the paper's page, and `rest` what follows it of the title; `named` tells that it is
    not the whole title. `stop` ends the title, unless that does so itself.
    """

    key: str
    name: str
    named: bool
    rest: str
    stop: str
    authors: str
    venue: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedList(Shown):
    """The papers of a category under their years, as MyST: on paper with a line a paper, on the site without.

    There a page of its own holds the list. To parse a line for every paper, only to drop them all, was a third of what
    a draft took after a paper had changed.
    """

    category: str
    headings: Sequence[str]
    lines: Callable[[], Sequence[Sequence[str]]] | None

    more_on_paper = True

    @property
    def on_the_site(self) -> str:
        """Return the years alone, with their numbers of papers."""
        return self._with([()] * len(self.headings))

    def __str__(self) -> str:
        if self.lines is None or (KEPT in os.environ and not prints()):
            return self.on_the_site
        return self._with(self.lines())

    def _with(self, lines: Iterable[Sequence[str]]) -> str:
        parts = [f"::::{{container}} catalogue-list of-{self.category}"]
        for heading, papers in zip(self.headings, lines, strict=True):
            parts += [f":::{{rubric}} {heading}", ":heading-level: 3", ":::", "", *papers, ""]
        return "\n".join([*parts, "::::"]) + "\n"

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the lines only where a PDF is made."""
        kept = partial(tuple, self.lines()) if self.lines and prints() else None
        return PrintedList, (self.category, self.headings, kept)


def catalogue(category: str, *, survey: Survey) -> PrintedList:
    """List the papers of a category, newest year first and by name within it, one line per paper.

    On the site a page of its own holds the list, and the chapter leads there. On paper a summary follows where the book
    holds numbers of the paper; with all of them the list would fill a volume. Raises KeyError for an unknown category.
    """
    years = by_year(category, survey=survey)

    def lines() -> Sequence[Sequence[str]]:
        numbered = {number.method_key for number in (*survey.results, *survey.measurements)}
        return [[_line(survey, paper, summarised=paper.key in numbered) for paper in papers] for _, papers in years]

    return PrintedList(category, [f"{year}: {counted(len(papers))}" for year, papers in years], lines)


def by_year(category: str, *, survey: Survey) -> list[tuple[int, list[Paper]]]:
    """Return the papers of a category by year, newest first. Raises KeyError for an unknown category."""
    if category not in CATEGORIES:
        raise KeyError(f"no category '{category}'")
    papers = in_order(survey, (paper for paper in survey.papers if paper.category == category))
    grouped = groupby(papers, key=lambda paper: survey.references[paper.key].year)
    return [(year, list(members)) for year, members in grouped]


def page_of(category: str) -> str:
    """Return the name of the page of a category's list, without extension."""
    return f"{FOLDER}/{category}"


def anchor_of(year: int) -> str:
    """Return the anchor of a year on such a page."""
    return f"from-{year}"


def counted(number: int) -> str:
    """Return a number of papers in words."""
    return "1 paper" if number == 1 else f"{number:,} papers"


def in_order(survey: Survey, papers: Iterable[Paper]) -> list[Paper]:
    """Return papers newest year first, and by name or title within a year."""

    def place(paper: Paper) -> tuple[int, str, str]:
        reference = survey.references[paper.key]
        return -reference.year, (paper.name or reference.title_without_formulas).casefold(), paper.key

    return sorted(papers, key=place)


def weightiest_first(survey: Survey) -> list[Paper]:
    """Return all papers in the order of the catalogue: what weighs most first, and among equals the newest year."""
    weight = survey.derived(weights)
    return sorted(in_order(survey, survey.papers), key=lambda paper: -weight[paper.key])


def listed(survey: Survey, paper: Paper) -> Listed:
    """Return what a list says of a paper: a title repeats no name, and the paper's page names all authors in full."""
    reference = survey.references[paper.key]
    title = reference.title_without_formulas
    stop = "" if title.endswith(("?", "!")) else "."
    letters = beginning(title, paper.name)
    if letters:
        name, rest = title[:letters], title[letters:]
    elif paper.name or "`" in title:  # which the role that leads to a paper cannot hold
        name, rest = survey.name(paper.key), f" {title}"
    else:
        name, rest = title, ""
    kind = [] if paper.kind == "method" else [KINDS[paper.kind].lower()]
    scope = [SCOPES[paper.scope]] if paper.scope else []
    return Listed(
        key=paper.key,
        name=name,
        named=bool(rest) or bool(letters),
        rest=rest,
        stop=stop,
        authors=reference.short_authors.removesuffix("."),
        venue=survey.venue(paper.key),
        labels=(*scope, *kind, *paper.task, *paper.families),
    )


def _line(survey: Survey, paper: Paper, *, summarised: bool) -> str:
    entry = listed(survey, paper)
    line = f"- {_head(paper, entry)}{entry.stop} {escape(entry.authors)}." + (
        f" {escape(entry.venue)}." if entry.venue else ""
    )
    description = survey.description(paper.key) if summarised else None
    on_paper = f"\n\n  :::{{only}} latex\n  {escape(description.summary)}\n  :::" if description else ""
    return line + (f" *{escape(', '.join(entry.labels))}*" if entry.labels else "") + on_paper


def _head(paper: Paper, entry: Listed) -> str:
    """Return name and title, the name alone a link to the paper's page if there is one."""
    rest = escape_keeping_ends(entry.rest)
    if not entry.named:
        return f"{{paper}}`{entry.name} <{entry.key}>`{rest}"
    by_its_name = entry.name == paper.name or not paper.name
    return f"**{{paper}}`{entry.key}`**{rest}" if by_its_name else f"**{{paper}}`{entry.name} <{entry.key}>`**{rest}"
