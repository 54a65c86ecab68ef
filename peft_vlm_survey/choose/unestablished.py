"""What is not established of a method in its place, in the words of `peft_vlm_survey.choose.words`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from peft_vlm_survey.choose.evidence import is_sized, printed_and_own
from peft_vlm_survey.choose.question import Question
from peft_vlm_survey.choose.words import short, signed

Facts = Mapping[str, Any]
_SEVERAL = 1.5  # a printed share this much larger or smaller than the setting's is another setting


def not_established(
    question: Question,
    facts: Facts,
    id: str,
    backbone: str,
    found: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    first: Mapping[str, Any] | None,
) -> Iterator[str]:
    """Yield what is not established of a method in this place."""
    words, method = facts["words"], facts["methods"][id]
    if not rows:
        yield words["no-row"]
    elif not first:
        if all(row["gain"] is None for row in rows):
            yield words["no-reference"]
        about = [row for row in rows if row["about"]]
        if any(row["tier"] == "notes" and row["keeps"] for row in about):
            yield words["notes"]
        read = [row for row in about if row["tier"] != "notes"] or about
        if read and not any(row["keeps"] for row in read):
            yield words["over-limit" if all(map(is_sized, read)) else "over-limit-open"]
        if not about:
            yield words["elsewhere-only"].format(task=question.task)
    else:
        if first["gain"] is None:
            yield words["no-reference"]
        yield from _passed_over(facts, rows, first)
        yield from _open_of(question, facts, id, backbone, found, rows, first)
    if question.category and method["category"] not in ("", question.category):
        label = facts["categories"][method["category"]]
        yield words["other-category"].format(category=f"{label[0].lower()}{label[1:]}")
    if found["extra_flops_percent"] is None:
        yield words["speed-open"]
    if found["memory_ratio"] is None:
        yield words["memory-open"]


def _passed_over(facts: Facts, rows: Sequence[Mapping[str, Any]], first: Mapping[str, Any]) -> Iterator[str]:
    """Yield why a number of a nearer group does not count, where a limit is the reason; rows stand by nearness."""
    words = facts["words"]
    nearer = rows[: next(place for place, row in enumerate(rows) if row["group"] == first["group"])]
    for row in nearer:
        like = first["gain"] is None or row["gain"] is not None
        if row["about"] and like and row["tier"] != "notes" and not row["keeps"]:
            one = facts["groups"][row["group"]]
            percent, millions = row["trained_percent"], row["trained_millions"]
            known = (
                f"{short(number, 4)} {unit}" for number, unit in ((percent, "%"), (millions, "M")) if number is not None
            )
            printed = next(known, "")
            name = (
                "passed-over-setting" if row["rung"] is not None else "passed-over" if printed else "passed-over-open"
            )
            yield words[name].format(
                value=f"{row['shown']} {one['unit']}".strip(),
                benchmark=one["benchmark"],
                backbone=one["backbone"],
                printed=printed,
            )
            return


def _open_of(
    question: Question,
    facts: Facts,
    id: str,
    backbone: str,
    found: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    first: Mapping[str, Any],
) -> Iterator[str]:
    words, one = facts["words"], facts["groups"][first["group"]]
    if question.task and question.task != one["task"]:
        yield words["other-task"].format(task=question.task, other=one["task"] or one["benchmark"])
    if one["configuration"] != backbone:
        name = facts["backbones"][backbone]["name"]
        yield words["other-backbone"].format(backbone=name, other=one["backbone"])
    if question.data == "few":
        yield words["fewer" if one["few"] else "more-data"].format(training=one["training"] or "not stated")
    if question.data == "full" and one["few"]:
        yield words["less-data"].format(training=one["training"] or "not stated")
    if first["tier"] != "primary":
        yield words["read-in"].format(tier=facts["tiers"][first["tier"]])
    if id != "full" and first["rung"] is None:
        pair = printed_and_own(first, found)
        if pair is None:
            yield words["share-unknown"]
        elif pair[0] > _SEVERAL * pair[1] or pair[1] > _SEVERAL * pair[0]:
            printed, own = (f"{short(number, 4)} {pair[2]}" for number in pair[:2])
            yield words["share-differs"].format(printed=printed, own=own)
    alike = [
        row["gain"]
        for row in rows
        if row["group"] == first["group"] and row["tier"] == first["tier"] and row["gain"] is not None
        if row["keeps"]
    ]
    if id != "full" and len(alike) > 1:
        yield words["several"].format(count=str(len(alike)), gain=signed(min(alike)))
    if not first["seeds"]:
        yield words["runs"]
    if id == "full":
        return
    yield words["selection"].format(selection=one["selection"]) if one["selection"] else words["selection-open"]
    # A mean of points and of FID would be neither.
    same = {index for index, other in enumerate(facts["groups"]) if other["gain_unit"] == one["gain_unit"]}
    others = [row for row in rows if row["counts"] and row["group"] in same - {first["group"]}]
    if others:
        gains = [row["gain"] for row in others]
        count = str(len({row["group"] for row in others}))
        yield words["elsewhere"].format(count=count, low=signed(min(gains)), high=signed(max(gains)))
    if id == "adapter-houlsby":
        yield words["adapter-place"]
