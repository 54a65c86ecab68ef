"""What the survey says of one paper, as terms and descriptions, and which of it is not established."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.families import fitting, why_none
from peft_vlm_survey.read.papers import CATEGORIES, KINDS, SCOPES, Paper
from peft_vlm_survey.read.tasks import GROUP_OF
from peft_vlm_survey.read.vocabulary import FACTS

STATUSES = {
    "verified": "verified: title, authors, venue and year were read in the source",
    "listed": "listed: read in the source, a list or the authors' word; no identifier of the publisher is known",
    "partial": "partial: one of title, authors, venue and year is missing, incomplete or contested",
}


class Part(NamedTuple):
    """A piece of a description; `address` is where it leads, from the site's root, empty if nowhere; `after` follows it."""

    text: str
    address: str = ""
    after: str = ""


class Fact(NamedTuple):
    """A term and the pieces of its description, to be separated by commas."""

    term: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The facts that are established, and in words those that are not."""

    known: tuple[Fact, ...]
    not_established: tuple[str, ...]


def facts(survey: Survey, paper: Paper) -> Facts:
    """Return the facts of a paper."""
    families = {family.family: family.name for family in survey.families}
    # A survey or a library has no family of its own, and nothing to merge.
    needed = {"Task": "task"}
    if paper.kind in ("method", "training-free", "study"):
        needed |= {"Backbones": "backbones", "Benchmarks": "benchmarks"}
    if paper.kind in ("method", "training-free"):
        needed |= {"Family": "family", FACTS["place"][0]: "place in a block"}
    typed = survey.description(paper.key)
    asked = (
        Fact("Kind", (Part(KINDS[paper.kind].lower()),)),
        Fact("Scope", _scope(paper.scope)),
        Fact("Category", (Part(CATEGORIES[paper.category], f"{paper.category}.html"),)),
        Fact("Task", tuple(_tasks(paper.task))),
        Fact("Family", _families(families, (paper.family,)) if paper.family else _no_family(survey, paper, typed)),
        Fact("Further families", _families(families, paper.further_families)),
        Fact("Also called", tuple(map(Part, paper.aliases))),
        Fact("Backbones", tuple(map(Part, paper.backbones))),
        Fact("Benchmarks", tuple(map(Part, paper.benchmarks))),
        *(Fact(FACTS[name][0], _typed(typed, name)) for name in FACTS),
    )
    return Facts(
        known=tuple(fact for fact in asked if fact.parts),
        not_established=tuple(needed[fact.term] for fact in asked if not fact.parts and fact.term in needed),
    )


def chapters_by_paper(survey: Survey) -> Mapping[str, tuple[str, ...]]:
    """Return the chapters that cite each work, by the names of their files, in alphabetical order."""
    chapters: dict[str, set[str]] = {}
    for citation in survey.citations:
        name = citation.path.removeprefix("book/").removesuffix(".md")
        chapters.setdefault(citation.key, set()).add(name)
    return {key: tuple(sorted(names)) for key, names in chapters.items()}


def _scope(scope: str) -> tuple[Part, ...]:
    """Return what a paper is that is not about tuning, as a link to its like."""
    return (Part(SCOPES[scope], f"catalogue.html#{urlencode({'scope': scope})}"),) if scope else ()


def _tasks(tasks: Iterable[str]) -> Iterator[Part]:
    """Yield tasks as links to their papers in the catalogue, group by group; the group is named once, behind its last."""
    groups: dict[str, list[str]] = {}
    for task in tasks:
        groups.setdefault(GROUP_OF[task], []).append(task)
    for group, members in groups.items():
        named = {task.casefold() for task in members} != {group.casefold()}
        for task in members:
            address = f"catalogue.html#{urlencode({'task': task})}"  # as _static/explorer.js reads it
            yield Part(task, address, f" ({group})" if named and task == members[-1] else "")


def _typed(description: Description | None, name: str) -> tuple[Part, ...]:
    """Return a typed fact as links to the papers that share it; behind the last value stands how it is known, unless it is read."""
    values = description.fact(name) if description else ()
    concluded = {"by construction": " (by construction)", "inferred": " (inferred)"}
    basis = concluded.get(description.bases.get(name, ""), "") if description else ""
    return tuple(
        Part(value, f"catalogue.html#{urlencode({name: value})}", basis if value == values[-1] else "")
        for value in values
    )


def _families(names: Mapping[str, str], families: tuple[str, ...]) -> tuple[Part, ...]:
    return tuple(Part(names[family].lower(), f"modules.html#family-{family}") for family in families)


def _no_family(survey: Survey, paper: Paper, typed: Description | None) -> tuple[Part, ...]:
    """Return why a method has no family, where its typed facts say so."""
    if typed is None or paper.kind not in ("method", "training-free"):
        return ()
    why = why_none(typed.trained, typed.action, fitting(survey.families, typed.trained, typed.action))
    return (Part(f"none: {why}"),) if why else ()
