"""Read data/drawings.csv and data/drawing_parts.csv: what the drawing of a method shows, part by part."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.between_rows import standing_twice
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

BASES = ("official code", "other code", "paper")
KINDS = ("block", "tokens", "operation", "end", "frame")
# What a part is to the method: whether it belongs to the pre-trained model, and whether it is trained.
STATES = {
    "frozen": "frozen",
    "tuned": "trained in place",
    "added": "added and trained",
    "given": "added, not trained",
}
TRAINED = ("tuned", "added")
# How an arrow runs, and what it is if it is not the way of the data.
ROUTES = ("side", "left", "right")
MEANINGS = ("writes", "copies", "stops")
LINE = "|"  # where a label breaks
COLUMNS = 12  # of the grid, from the left
_NUMBER = r"[0-9]+(\.[0-9]+)?"
_WHOLE = "[1-9][0-9]*"
_MEMBER = re.compile(r"([a-z0-9-]+)(?:: ([a-z, ]+))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """One row of drawings.csv: what is drawn of a method, and what it was checked against."""

    key: str = column(required=True, unique=True, leads="references")
    shows: str = column(required=True)
    differs: str
    basis: str = column(required=True, words=BASES)
    source: str = column(required=True)
    checked: str = column(required=True, pattern=DATE, form=DATE_FORM)
    row: Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An arrow to a part: where it begins, how it runs, and what it means; the way of the data means nothing else."""

    start: str
    route: str
    meaning: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnPart:
    """One row of drawing_parts.csv: a part, what it is to the method, where it stands, and where its input comes from."""

    key: str = column(required=True, leads="drawings")
    part: str = column(required=True, pattern="[a-z0-9-]+", form="a name of lower-case letters, digits and hyphens")
    label: str
    kind: str = column(required=True, words=KINDS)
    state: str = column(words=tuple(STATES))
    trained: str
    of: str
    trained_below: str = column(words=("yes",))
    left: str = column(required=True, pattern=_NUMBER, form="a number")
    width: str = column(required=True, pattern=_NUMBER, form="a number")
    level: str = column(required=True, pattern=_WHOLE, form="a whole number from 1")
    levels: str = column(pattern=_WHOLE, form="a whole number from 1")
    comes_from: tuple[str, ...]
    row: Row

    @property
    def name(self) -> str:
        """The label on one line."""
        return self.label.replace(LINE, " ")

    @property
    def short_name(self) -> str:
        """What the label says before a colon."""
        return self.name.partition(":")[0]

    @property
    def is_trained(self) -> bool:
        """Whether the method trains it."""
        return self.state in TRAINED

    @property
    def links(self) -> tuple[Link, ...]:
        """The arrows that end at it; a member that is none is left out, and told by the rules."""
        return tuple(link for member in self.comes_from if (link := link_of(member)))


def link_of(member: str) -> Link | None:
    """Return the arrow that a member of `comes_from` describes, or None if it describes none.

    >>> link_of("tokens: side, stops")
    Link(start='tokens', route='side', meaning='stops')
    """
    match = _MEMBER.fullmatch(member)
    if not match:
        return None
    words = match.group(2).split(", ") if match.group(2) else []
    routes = [word for word in words if word in ROUTES]
    meanings = [word for word in words if word in MEANINGS]
    if len(routes) > 1 or len(meanings) > 1 or len(routes) + len(meanings) < len(words):
        return None
    return Link(start=match.group(1), route="".join(routes), meaning="".join(meanings))


def _no_arrow(parts: Iterable[DrawnPart]) -> Iterator[Problem]:
    for part in parts:
        for member in part.comes_from:
            if not link_of(member):
                known = ", ".join((*ROUTES, *MEANINGS))
                remedy = f"Write the name of a part, and behind a colon at most a way and a meaning of: {known}."
                yield part.row.problem(f"comes_from '{member}' is no arrow.", remedy)


def _half_trained(parts: Iterable[DrawnPart]) -> Iterator[Problem]:
    for part in parts:
        if part.is_trained != bool(part.trained and part.of):
            remedy = (
                "Name both for a part that is tuned or added, in words of data/vocabulary.csv, and none for another."
            )
            yield part.row.problem(f"'{part.part}' is '{part.state}', and trained and of do not fit that.", remedy)


def _wrong_state(parts: Iterable[DrawnPart]) -> Iterator[Problem]:
    for part in parts:
        if part.kind != "tokens" and bool(part.state) != (part.kind == "block"):
            remedy = "A block has a state, tokens of the data have none; an operation, an end and a frame have none."
            yield part.row.problem(f"'{part.part}' is of kind '{part.kind}', and its state does not fit that.", remedy)


def _below_nothing(parts: Iterable[DrawnPart]) -> Iterator[Problem]:
    for part in parts:
        if part.trained_below and (part.kind != "tokens" or part.comes_from):
            remedy = "Say it of the tokens with which a layer begins that stands above others of its kind."
            yield part.row.problem(f"'{part.part}' has trained_below, and is no beginning.", remedy)


def _outside(parts: Iterable[DrawnPart]) -> Iterator[Problem]:
    for part in parts:
        if part.row.sound("left") and part.row.sound("width") and float(part.left) + float(part.width) > COLUMNS:
            remedy = f"A drawing is {COLUMNS} columns wide: move the part to the left, or make it narrower."
            yield part.row.problem(f"'{part.part}' ends right of the drawing.", remedy)


def _twice(parts: Iterable[DrawnPart]) -> Iterator[Problem]:
    for part, first in standing_twice(parts, lambda part: (part.key, part.part)):
        message = f"'{part.part}' stands in line {first} too."
        yield part.row.problem(message, "Give each part of a drawing a name of its own.")


def _unknown_start(parts: Iterable[DrawnPart]) -> Iterator[Problem]:
    names: dict[str, list[str]] = {}
    for part in parts:
        if part.kind != "frame":
            names.setdefault(part.key, []).append(part.part)
    for part in parts:
        for link in part.links:
            if link.start not in names.get(part.key, ()):
                remedy = suggest(link.start, names.get(part.key, ()), "Add its row, or correct the name.")
                yield part.row.problem(f"comes_from '{link.start}' is no part of this drawing.", remedy)


RULES = (_no_arrow, _half_trained, _wrong_state, _below_nothing, _outside, _twice, _unknown_start)
