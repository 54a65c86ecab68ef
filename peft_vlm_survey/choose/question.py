"""What a reader asks: a category and a task, a backbone, limits; and what is wrong with a question."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peft_vlm_survey.costs.limits import CostError, listed
from peft_vlm_survey.problems import suggest

_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) ?([A-Za-z%]*)")
_NUMBERS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
_BYTES = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
DATA = ("", "few", "full")


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question that can be answered; what is empty or None is left open.

    `trained_percent` and `trained_number` limit what one task trains, in percent of the backbone or as a number; at
    most one is given. `stored` is in bytes per task, `memory` in shares of full fine-tuning. `data` is `few` or `full`.
    """

    category: str = ""
    task: str = ""
    backbone: str = ""
    trained_percent: float | None = None
    trained_number: float | None = None
    stored: float | None = None
    memory: float | None = None
    no_slower: bool = False
    tasks: int = 1
    data: str = ""


def read_question(words: Mapping[str, str], facts: Mapping[str, Any]) -> Question:
    """Return the question that the words ask. Raises CostError with the first thing that is wrong, and the way out.

    The words have the names of the command's options without their dashes; an empty one is as good as none.
    """
    said = {name: text.strip() for name, text in words.items() if text.strip()}
    category, task, backbone = (said.get(name, "") for name in ("category", "task", "backbone"))
    _known("category", category, facts["categories"])
    _known("task", task, [name for tasks in facts["tasks"].values() for name in tasks])
    _known("backbone", backbone, facts["backbones"])
    homes = facts["homes"].get(task, [])
    if category and homes and category not in homes:
        raise CostError(
            f"task '{task}' has no numbers in category '{category}'.", f"Its category is {' or '.join(homes)}."
        )
    percent, number = _trained(said.get("max-trainable", ""))
    if said.get("data", "") not in DATA:
        raise CostError(f"data '{said['data']}' is not known.", "Use one of: few, full.")
    if said.get("no-slower", "yes") != "yes":
        raise CostError(f"no-slower '{said['no-slower']}' is not known.", "Write yes, or leave it out.")
    return Question(
        category=category or (homes[0] if homes else ""),
        task=task,
        backbone=backbone,
        trained_percent=percent,
        trained_number=number,
        stored=_stored(said.get("max-stored", "")),
        memory=_memory(said.get("max-memory", "")),
        no_slower="no-slower" in said,
        tasks=_tasks(said.get("tasks", "1")),
        data=said.get("data", ""),
    )


def _known(what: str, name: str, known: Any) -> None:
    if name and name not in known:
        raise CostError(f"{what} '{name}' is not known.", suggest(name, known, listed(known)))


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
    raise CostError(f"max-stored '{text}' is impossible.", "Give bytes a task, such as 5MB, 500kB or 1200000.")


def _memory(text: str) -> float | None:
    if not text:
        return None
    amount, unit = _amount(text)
    share = amount / 100 if unit == "%" else amount
    if unit in ("", "%") and 0 < share <= 1:
        return share
    raise CostError(f"max-memory '{text}' is impossible.", "Give a share of full fine-tuning, such as 0.5 or 50%.")


def _tasks(text: str) -> int:
    if re.fullmatch(r"[0-9]{1,6}", text) and int(text) >= 1:
        return int(text)
    raise CostError(f"tasks '{text}' is impossible.", "Give a whole number above zero, at most 999999.")
