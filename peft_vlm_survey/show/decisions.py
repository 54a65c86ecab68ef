"""What the chooser answers without a script: typical questions in a table, single choices with reasons, and the rule."""

from typing import Any

from peft_vlm_survey.choose import RULE, choose, facts_of, read_question
from peft_vlm_survey.choose.words import short, signed
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, Table, cite, escape

_SHOWN = 3  # methods of each answer
# The questions of the table: what is asked, in the words of the command.
QUESTIONS: tuple[dict[str, str], ...] = (
    {"task": "referring segmentation", "backbone": "clip-rn101"},
    {"task": "open-vocabulary detection", "backbone": "glip-t"},
    {"task": "visual question answering", "backbone": "clip-bart"},
    {"task": "visual question answering", "backbone": "clip-bart", "max-trainable": "1%"},
    {"task": "visual question answering", "backbone": "clip-t5", "max-memory": "0.5"},
    {"task": "visual question answering", "backbone": "clip-bart", "no-slower": "yes"},
    {"task": "visual question answering", "backbone": "llava-1.5-7b", "max-memory": "0.3"},
    {"task": "video question answering", "backbone": "clip-bart"},
    {"task": "CLIP few-shot recognition", "backbone": "clip-vit-b16", "data": "few"},
    {"task": "image classification", "backbone": "vit-b16"},
    {"task": "image classification", "backbone": "vit-b16", "no-slower": "yes"},
    {"task": "image classification", "backbone": "vit-b16", "max-stored": "100kB"},
    {"task": "image classification", "backbone": "vit-b16", "no-slower": "yes", "tasks": "100"},
    {"task": "semantic segmentation", "backbone": "vit-l16", "max-trainable": "1%"},
    {"task": "image generation", "backbone": "dit-xl2", "max-trainable": "1%"},
    {"task": "continual learning", "backbone": "vit-b16", "max-trainable": "1%"},
    {"task": "natural language understanding", "backbone": "t5-base"},
    {"task": "natural language understanding", "backbone": "t5-base", "max-memory": "0.5"},
)
_LIMITS = {
    "max-trainable": "trained a task ≤ {}",
    "max-stored": "stored a task ≤ {}",
    "max-memory": "memory ≤ {} of full",
    "no-slower": "inference no slower",
    "tasks": "{} tasks share the backbone",
    "data": "a {} examples",
}


def decisions(*, caption: str, label: str, survey: Survey) -> Table:
    """Answer typical questions: the first methods with their gain and trained share, and the group that they rest on."""
    known = survey.derived(facts_of)
    rows, data = [], []
    for words in QUESTIONS:
        answer = choose(read_question(words, known), known)
        name = known["backbones"][answer["backbone"]]["name"]
        limits = [text.format(words[option]) for option, text in _LIMITS.items() if option in words]
        near = answer["nearest"]
        rows.append(
            [
                escape(f"{words['task']}, {name}"),
                escape("; ".join(limits) or "none"),
                "; ".join(_brief(place, method) for place, method in enumerate(answer["methods"][:_SHOWN], 1))
                or "none",
                escape(f"{near['name']}; {near['backbone']}") if near else NOT_ESTABLISHED,
                str(len(answer["left_out"])),
            ]
        )
        for place, method in enumerate(answer["methods"], 1):
            data.append(_row(words, answer, place, method))
    return Table(
        header=["Task and backbone", "Limit", "First methods: gain, trained", "Nearest group", "Left out"],
        rows=rows,
        widths=[20, 15, 35, 21, 9],
        caption=caption,
        label=label,
        numeric=frozenset([4]),
        classes=["longtable"],
        note="*Gain*: against full fine-tuning of the same table or else of the group, in the nearest group that has the method, in points, or in the "
        "units of the group’s metric where that is no percentage; above zero is better; "
        f"{NOT_ESTABLISHED} where no number counts. *By notes*: no number counts, and one that is known from notes alone "
        "orders the method among such. *Elsewhere*: the number is about another task and another backbone. *Trained*: percent of the backbone a task at the stated setting. "
        "What decides the order is told below.",
        data=data,
    )


def choice(
    *,
    most: int = _SHOWN,
    category: str = "",
    task: str = "",
    backbone: str = "",
    max_trainable: str = "",
    max_stored: str = "",
    max_memory: str = "",
    no_slower: bool = False,
    tasks: int = 1,
    data: str = "",
    survey: Survey,
) -> Markup:
    """Answer one question as a list: the first methods with the reasons of the page, and what is not established.

    Raises CostError, a ValueError, where the question has no answer.
    """
    known = survey.derived(facts_of)
    words = {
        "category": category,
        "task": task,
        "backbone": backbone,
        "max-trainable": max_trainable,
        "max-stored": max_stored,
        "max-memory": max_memory,
        "no-slower": "yes" if no_slower else "",
        "tasks": str(tasks),
        "data": data,
    }
    answer = choose(read_question(words, known), known)
    lines = []
    for place, method in enumerate(answer["methods"][:most], 1):
        by = f" {{cite:p}}`{method['reference']}`" if method["reference"] else ""
        open_points = " ".join(map(escape, method["not_established"]))
        told = " ".join(map(escape, method["reasons"]))
        rests = "".join(
            f" The number stands in {cite(row['key'])}." for row in method["evidence"] if row["decides"] and row["key"]
        )
        lines.append(f"{place}. **{escape(method['name'])}**{by}: {told}{rests}")
        if open_points:
            lines.append(f"   *Not established:* {open_points}")
    if near := answer["nearest"]:
        note = f" {escape(near['note'])}." if near["note"] else ""
        lines += ["", f"Nearest group: {escape(near['name'])}, {escape(near['backbone'])}.{note}"]
    kept, gone = len(answer["methods"]), len(answer["left_out"])
    lines.append("")
    lines.append(f"Methods that keep every limit: {kept}; left out: {gone}.")
    return Markup("\n".join(lines) + "\n")


def rule_of_order() -> Markup:
    """Return the rule by which the chooser orders methods, as a numbered list."""
    return Markup("\n".join(f"{number}. {escape(text)}" for number, text in enumerate(RULE, 1)) + "\n")


def _brief(place: int, method: dict[str, Any]) -> str:
    gain = NOT_ESTABLISHED if method["gain"] is None else signed(method["gain"])
    if any(row["orders"] for row in method["evidence"]):
        gain = f"{gain} (by notes)"
    if method["standing"].endswith("elsewhere"):
        gain = f"{gain} (elsewhere)"
    percent = method["costs"]["percent_per_task"]
    share = NOT_ESTABLISHED if percent is None else f"{short(percent, 2)} %"
    by = f" {{cite:p}}`{method['reference']}`" if method["reference"] else ""
    return f"{place}. {escape(method['name'])}{by}, {gain}, {share}"


def _row(words: dict[str, str], answer: dict[str, Any], place: int, method: dict[str, Any]) -> dict[str, str]:
    options = ("task", "backbone", *_LIMITS)
    costs = method["costs"]
    return {
        **{option.replace("-", "_"): words.get(option, "") for option in options},
        "place": str(place),
        "method": method["method"],
        "standing": method["standing"],
        "gain": "" if method["gain"] is None else str(method["gain"]),
        "setting": costs["setting"],
        "trainable_per_task": f"{costs['trainable_per_task']:g}",
        "stored_bytes": f"{costs['stored_bytes']:g}",
        "memory_ratio": "" if costs["memory_ratio"] is None else str(costs["memory_ratio"]),
        "origin": next((row["origin"] for row in method["evidence"] if row["decides"]), ""),
    }
