"""What a number is worth for a question: whether it is about the task, and whether its setting keeps the limits."""

from collections.abc import Mapping
from typing import Any

from peft_vlm_survey.choose.question import Question

Facts = Mapping[str, Any]


def nearest_setting(settings: list[dict[str, Any]], by: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the setting that a number's name names, or that trains most nearly what is printed, or the first."""
    if by and by["rung"] is not None:
        return next(found for found in settings if found["rung"] == by["rung"])
    pairs = [printed_and_own(by, found) for found in settings] if by else []
    distances = [max(pair[0] / pair[1], pair[1] / pair[0]) for pair in pairs if pair and pair[0] and pair[1]]
    return settings[distances.index(min(distances)) if len(distances) == len(settings) else 0]


def printed_and_own(row: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[float, float, str] | None:
    """Return what is printed beside a number as trained, what a setting trains, and the unit of both."""
    if row["share"] is not None and found["percent_per_task"] is not None:
        return row["share"], found["percent_per_task"], "%"
    if row["trained_millions"] is not None:
        return row["trained_millions"], found["trainable_per_task"] / 1000000, "M"
    return None


def judged(
    question: Question,
    facts: Facts,
    row: Mapping[str, Any],
    backbone: str,
    settings: list[dict[str, Any]],
    usual: bool,
) -> dict[str, Any]:
    """Return a number with what it is worth here: it would count if full fine-tuning stood in its table, or counts."""
    about = _is_about(question, facts, facts["groups"][row["group"]])
    keeps = _keeps(question, facts, row, backbone, settings) if is_sized(row) else usual
    speaks = about and keeps and row["tier"] != "notes"
    counts = speaks and row["gain"] is not None
    # Numbers of parameters on two backbones are compared as shares of each, where the size is established.
    one, share = facts["groups"][row["group"]], row["trained_percent"]
    if share is None and row["trained_millions"] is not None and one["configuration"] != backbone and one["total"]:
        share = 100 * (row["trained_millions"] * 1000000) / one["total"]
    return {**row, "about": about, "keeps": keeps, "speaks": speaks, "counts": counts, "share": share}


def is_sized(row: Mapping[str, Any]) -> bool:
    """Return whether a table says of a number what was trained for it."""
    return any(row[name] is not None for name in ("rung", "trained_percent", "trained_millions"))


def _is_about(question: Question, facts: Facts, one: Mapping[str, Any]) -> bool:
    """Return whether a group of numbers is about the task, or about one of the same group of tasks."""
    if not question.task:
        return True
    alike = next(tasks for tasks in facts["tasks"].values() if question.task in tasks)
    return any(task in alike for task in one["tasks"])


def _keeps(
    question: Question, facts: Facts, row: Mapping[str, Any], backbone: str, settings: list[dict[str, Any]]
) -> bool:
    """Return whether what is printed beside a score keeps the limits; a score without is one of the usual setting.

    A share becomes a number by the size of its own backbone, or of the reader's where that is not established.
    """
    if row["rung"] is not None:
        return any(found["rung"] == row["rung"] for found in settings)
    percent, millions = row["trained_percent"], row["trained_millions"]
    total = facts["groups"][row["group"]]["total"]
    size = total or facts["backbones"][backbone]["total"]
    number = millions * 1000000 if millions is not None else percent * size / 100 if percent is not None and size else 0
    share = percent if percent is not None else 100 * number / total if total else 0
    if question.trained_percent is not None and share > question.trained_percent:
        return False
    if question.trained_number is not None and number > question.trained_number:
        return False
    each = [found["stored_bytes"] / found["trainable_per_task"] for found in settings if found["trainable_per_task"]]
    return question.stored is None or not each or number * each[0] <= question.stored


def evidence(facts: Facts, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a judged number as an answer shows it."""
    one = facts["groups"][row["group"]]
    names = (
        *("printed", "origin", "key", "home", "locator", "anchor", "value", "shown", "spread", "seeds", "claim"),
        *("tier", "gain", "trained_percent", "trained_millions", "counts"),
    )
    return {
        **{name: row[name] for name in names},
        **{name: one[name] for name in ("protocol", "name", "backbone", "benchmark", "unit", "gain_unit", "task")},
    }
