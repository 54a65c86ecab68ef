"""What the chooser answers without a script: typical questions in a table, single answers in full, and the rule."""

from collections.abc import Mapping
from itertools import count

from peft_vlm_survey.choose import RULE, choose, read_question, words
from peft_vlm_survey.choose.answer import Answer, Method
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, escape
from peft_vlm_survey.show.table import Column, Numbers, Table, table

_SHOWN = 3  # methods of each answer
# The questions of the table: what is asked, in the words of the command.
QUESTIONS: tuple[Mapping[str, str], ...] = (
    {"task": "visual question answering", "backbone": "llava-1.5-7b"},
    {"task": "visual question answering", "backbone": "clip-bart"},
    {"task": "visual question answering", "backbone": "clip-t5", "max-memory": "0.5"},
    {"task": "CLIP base-to-novel recognition", "backbone": "clip-vit-b16"},
    {"task": "CLIP few-shot recognition", "backbone": "clip-vit-b16", "licence": "yes"},
    {"task": "image-text retrieval", "backbone": "CLIP-ViT-B/32"},
    {"task": "referring segmentation", "backbone": "clip-rn101"},
    {"task": "image classification", "backbone": "vit-b16"},
    {"task": "image classification", "backbone": "vit-b16", "no-slower": "yes", "max-stored": "2MB"},
    {"task": "object detection", "backbone": "swin-b"},
    {"task": "semantic segmentation", "backbone": "sam-vit-h"},
    {"task": "medical image analysis", "backbone": "sam-vit-h"},
    {"task": "LLM adaptation", "backbone": "llama-3.1-8b", "max-memory": "24GB"},
    {"task": "natural language understanding", "backbone": "t5-base", "spares-gradient": "yes"},
)
_LIMITS = {
    "max-trainable": "trains ≤ {}",
    "max-stored": "stores ≤ {}",
    "max-memory": "memory ≤ {}",
    "no-slower": "inference no slower",
    "spares-gradient": "no gradient through the backbone",
    "code": "code",
    "licence": "permissive licence",
    "data": "training data: {}",
}
NEARNESS = {1: "on this backbone", 2: "on a similar backbone", 3: "on a related task", 4: "on other models"}


def decisions(*, survey: Survey) -> Table:
    """Answer typical questions: the first methods with whom they beat, and how near their numbers lie."""
    asked = [(question, choose(read_question(question, survey), survey)) for question in QUESTIONS]
    return table(
        asked,
        Column("Task and backbone", 22, lambda row: escape(_asked(survey, row[0]))),
        Column("First methods", 38, lambda row: "; ".join(map(_brief, count(1), row[1].methods[:_SHOWN])) or "none"),
        Column("Limit", 14, lambda row: escape(_limits(row[0])) or "none"),
        Column(
            "Measured", 15, lambda row: ", ".join(dict.fromkeys(NEARNESS[m.distance] for m in row[1].methods[:_SHOWN]))
        ),
        Numbers("Left out", 11, lambda row: len(row[1].left_out) + len(row[1].unknown), further=True),
        classes=["longtable"],
        note="In parentheses: methods beaten, of those compared with it. *Measured*: where the deciding numbers come from. "
        "*Left out*: methods that break the limit or may break it.",
        data=[_row(question, place, m) for question, answer in asked for place, m in enumerate(answer.methods, 1)],
    )


def _asked(survey: Survey, asked: Mapping[str, str]) -> str:
    backbone = read_question(asked, survey).backbone
    return f"{asked['task']}, {backbone.name if backbone else NOT_ESTABLISHED}"


def _limits(asked: Mapping[str, str]) -> str:
    return "; ".join(text.format(asked[option]) for option, text in _LIMITS.items() if option in asked)


def choice(*, task: str, backbone: str, most: int = _SHOWN, survey: Survey, **limits: str) -> Markup:
    """Answer one question as a list, as the page does; limits have the names of the command's options.

    Raises CostError, a ValueError, where it has no answer.
    """
    options = {name.replace("_", "-"): text for name, text in limits.items()}
    answer = choose(read_question({"task": task, "backbone": backbone, **options}, survey), survey)
    lines = [f"**{escape(answer.advice)}**", "", f"*{' '.join(map(escape, answer.notes))}*", ""]
    for place, method in enumerate(answer.methods[:most], 1):
        by = f" {{cite:p}}`{method.key}`" if method.key else ""
        lines.append(f"{place}. **{escape(method.name)}**{by}")
        lines += [f"   - *{words.HEADS[name]}:* {escape(text)}" for name, text in method.lines.items()]
    lines += ["", _counted(answer)]
    return Markup("\n".join(lines) + "\n")


def _counted(answer: Answer) -> str:
    return (
        f"Methods within every limit: {len(answer.methods)}; possibly within: {len(answer.unknown)}; "
        f"left out: {len(answer.left_out)}."
    )


def rule_of_order() -> Markup:
    """Return the rule by which the chooser orders methods, as a numbered list."""
    return Markup("\n".join(f"{number}. {escape(text)}" for number, text in enumerate(RULE, 1)) + "\n")


def _brief(place: int, method: Method) -> str:
    by = f" {{cite:p}}`{method.key}`" if method.key else ""
    beaten = f" ({method.beaten} of {method.met})" if method.met else ""
    return f"{place}. {escape(method.name)}{by}{beaten}"


def _row(asked: Mapping[str, str], place: int, method: Method) -> dict[str, str]:
    return {
        **{option.replace("-", "_"): asked.get(option, "") for option in ("task", "backbone", *_LIMITS)},
        "place": str(place),
        "method": method.method,
        "distance": str(method.distance),
        "rating": f"{method.rating:.3f}",
        "met": str(method.met),
        "beaten": str(method.beaten),
        "origin": method.origin,
    }
