"""What a reader asks: a task, a backbone, limits; and what is wrong with a question."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peft_vlm_survey.choose.backbones import Choice, read_backbone
from peft_vlm_survey.choose.near_tasks import Near, near_tasks
from peft_vlm_survey.choose.task_names import folded, named_task, near_said
from peft_vlm_survey.choose.words import ASK_TOO, NONE_NEAR, TAKEN, TAKEN_WITHOUT
from peft_vlm_survey.costs.card_names import read_card
from peft_vlm_survey.costs.limits import CostError, listed
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.cards import Card

_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) ?([A-Za-z%]*)")
_NUMBERS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
_BYTES = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
DATA = ("few", "full", "none")
SWITCHES = ("no-slower", "spares-gradient", "code", "licence")
WORDS = ("task", "backbone", "max-trainable", "max-stored", "max-memory", *SWITCHES, "data")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What an answer must keep; None or empty leaves a thing open.

    `trained_percent` and `trained_number` limit what one task trains, in percent of the backbone or as a number; at
    most one is given. `stored` is in bytes per task. Training memory is limited as a share of full fine-tuning, or by
    the bytes of a card; a number alone is a share up to 1, and GB of a card above, as where the calculator asks for one.
    """

    trained_percent: float | None = None
    trained_number: float | None = None
    stored: float | None = None
    memory: float | None = None
    memory_bytes: float | None = None
    no_slower: bool = False
    spares_gradient: bool = False
    code: bool = False
    licence: bool = False
    data: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question that can be answered: a task, a backbone if one is named, and limits."""

    task: str
    backbone: Choice | None
    limits: Limits


def read_question(words: Mapping[str, str], survey: Survey) -> Question:
    """Return the question that the words ask. Raises CostError with the first thing that is wrong, and the way out.

    The words have the names of the command's options without their dashes; an empty one is as good as none.
    """
    given = {name: text.strip() for name, text in words.items() if text.strip()}
    task = _task(given.get("task", ""), survey)
    percent, number = _trained(given.get("max-trainable", ""))
    stored = _stored(given.get("max-stored", ""))
    share, size = _memory(given.get("max-memory", ""), survey.cards)
    if given.get("data", DATA[0]) not in DATA:
        raise CostError(f"data '{given['data']}' is not known.", f"Use one of: {listed(DATA)}.")
    for name in SWITCHES:
        if given.get(name, "yes") != "yes":
            raise CostError(f"{name} '{given[name]}' is not known.", "Write yes, or leave it out.")
    return Question(
        task=task,
        backbone=read_backbone(survey, given.get("backbone", "")),
        limits=Limits(
            trained_percent=percent,
            trained_number=number,
            stored=stored,
            memory=share,
            memory_bytes=size,
            no_slower="no-slower" in given,
            spares_gradient="spares-gradient" in given,
            code="code" in given,
            licence="licence" in given,
            data=given.get("data", ""),
        ),
    )


def _task(text: str, survey: Survey) -> str:
    if not text:
        raise CostError(
            "no task is named.",
            "Name one, since a score on one task says nothing of another: choose --list names them.",
        )
    if task := named_task(text, survey):
        return task
    if task := _task_of_data(text, survey):
        raise CostError(f"task '{text}' is a data set.", f"Name its task: {task}.")
    raise CostError(f"task '{text}' is not known.", _task_meant(text, survey))


def _task_of_data(text: str, survey: Survey) -> str:
    """Return the task of the data set that a text names; empty if it names none."""
    name = folded(text)
    called = (data for data in survey.datasets if name in map(folded, (data.name, *data.aliases)))
    return next((data.task for data in called), "")


def taken_task(text: str, survey: Survey) -> tuple[str, str]:
    """Return the one task that a text means which is the name of none, and what to say of it.

    Both are empty if the text names a task, or means none or several.
    """
    if not text or named_task(text, survey):
        return "", ""
    near = Near(tasks=(task,)) if (task := _task_of_data(text, survey)) else near_tasks(text, survey)
    if len(near.tasks) != 1:
        return "", ""
    (task,) = near.tasks
    if not near.left_out:
        return task, TAKEN.format(text=text, task=task)
    left_out = ", ".join(f"“{word}”" for word in near.left_out)
    too = ASK_TOO.format(task=near.ask_too[0]) if near.ask_too else ""
    return task, TAKEN_WITHOUT.format(text=text, task=task, left_out=left_out) + too


def _task_meant(text: str, survey: Survey) -> str:
    """Return the way out of a name that no task has."""
    near = near_tasks(text, survey).tasks
    return near_said(near, survey) if near else NONE_NEAR


def _amount(text: str) -> tuple[float, str]:
    found = _AMOUNT.fullmatch(text)
    return (float(found[1]), found[2].lower()) if found else (0.0, "?")


def _trained(text: str) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    amount, unit = _amount(text)
    if unit == "%" and 0 < amount <= 100:
        return amount, None
    if unit in _NUMBERS and amount * _NUMBERS[unit] >= 1:
        return None, amount * _NUMBERS[unit]
    raise CostError(
        f"max-trainable '{text}' is impossible.",
        "Give a share of the backbone such as 1%, or a number of parameters such as 400000 or 0.4M.",
    )


def _stored(text: str) -> float | None:
    if not text:
        return None
    amount, unit = _amount(text)
    if unit in _BYTES and amount * _BYTES[unit] >= 1:
        return amount * _BYTES[unit]
    raise CostError(f"max-stored '{text}' is impossible.", "Give bytes per task, such as 5MB, 500kB or 1200000.")


def _memory(text: str, cards: Iterable[Card]) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    amount, unit = _amount(text)
    share = amount / 100 if unit == "%" else amount
    if unit in ("", "%") and 0 < share <= 1:
        return share, None
    if unit == "%":
        raise CostError(
            f"max-memory '{text}' is impossible.",
            "Give what a card has, such as 24GB, or a share of full fine-tuning such as 0.5 or 50%.",
        )
    return None, read_card(text, cards, "max-memory")[0]
