"""A comparison of methods member by member, as the command gives it in JSON and `types/page.d.ts` names it for the scripts."""

from typing import Any, NotRequired, TypedDict

# Rows of plain values, which the script has too.
OtherSetting = list[str]  # the printed name, what it trains, and its value on the main benchmark
PrintedShare = list[Any]  # a backbone, the share, and how many tables have it
PrintedValue = list[Any]  # the place of a method, the value, and the place of its table


class MetMethod(TypedDict):
    """A method by its id and key, with its name here and where it appeared."""

    id: str
    key: str
    name: str
    where: str


class MetSetting(TypedDict):
    """As what a method is reported in a group, what is trained then, and its other settings or values there."""

    printed: str
    trained: str
    others: list[OtherSetting]


class MetCell(TypedDict):
    """A value, the first table that has it, how far it is behind the best of its row, and what that is worth."""

    value: str
    spread: str
    table: str
    origin: int
    claim: str
    alike: int
    behind: str
    verdict: str


class MetRow(TypedDict):
    """A benchmark with the value of each method, and how far re-runs lie apart on it."""

    benchmark: str
    name: str
    unit: str
    higher: bool
    apart: str
    elsewhere: bool
    cells: list[MetCell | None]


class MetGroup(TypedDict):
    """A group in which two of the methods have numbers, with those that these share."""

    protocol: str
    name: str
    backbone: str
    board: str
    settings: list[MetSetting | None]
    rows: list[MetRow]


class MetCosts(TypedDict):
    """The closed forms of a method, why there is none, and what tables report as trained, here and elsewhere."""

    closed: list[list[str]]
    why: list[str]
    here: list[PrintedShare]
    elsewhere: list[PrintedShare]


class Disagreement(TypedDict):
    """What the tables of these papers report differently: one value after the other."""

    method: str
    backbone: str
    benchmark: str
    name: str
    unit: str
    printed: list[PrintedValue]
    right: str


class Compared(TypedDict):
    """The comparison without its sentences and its costs."""

    methods: list[MetMethod]
    groups: list[MetGroup]
    backbone: str
    disagreements: list[Disagreement]


class SideBySide(Compared):
    """The whole comparison."""

    said: list[str]
    costs: list[MetCosts]


class Card(TypedDict):
    """What the card of a method says; a method without a paper has little."""

    summary: str
    paper: str
    drawing: NotRequired[str]
    drawn: NotRequired[str]
    facts: list[list[str]]
    code: NotRequired[str]
    licence: NotRequired[str]
    code_looked_for: NotRequired[bool]
