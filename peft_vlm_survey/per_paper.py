"""What is made of each paper from its own rows and from nothing else: after an edit of one, the others need not be made again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.reference import Reference

T = TypeVar("T")
Rows = tuple[Paper, Reference, Description | None]

_held: dict[Callable[..., Any], dict[str, tuple[Rows, Any]]] | None = (
    None  # of a process that stays: what it made, and of what
)


def stay() -> None:
    """Hold in memory what is made of papers, from now on; who takes it does not change it."""
    global _held
    _held = {}


def of_papers(
    work: Callable[[Paper, Reference, Description | None], T],
    papers: Iterable[Paper],
    references: Mapping[str, Reference],
    descriptions: Mapping[str, Description],
) -> list[T]:
    """Return what a function makes of each of some papers; a process that stays asks it again only for other rows."""
    given = ((paper, references[paper.key], descriptions.get(paper.key)) for paper in papers)
    if _held is None:
        return [work(*rows) for rows in given]
    held = _held.setdefault(work, {})
    made = []
    for rows in given:
        key = rows[0].key
        known = held.get(key)
        if known is None or not _say_the_same(known[0], rows):
            held[key] = known = rows, work(*rows)
        made.append(known[1])
    return made


def _say_the_same(before: Rows, now: Rows) -> bool:
    """Return whether rows say what they said, on whichever lines."""
    (paper, reference, description), (paper_now, reference_now, description_now) = before, now
    return (
        (paper is paper_now or paper.row.cells == paper_now.row.cells)
        and (
            reference is reference_now
            or (reference.type, reference.fields) == (reference_now.type, reference_now.fields)
        )
        and (
            description is description_now
            or (description and description.row.cells) == (description_now and description_now.row.cells)
        )
    )
