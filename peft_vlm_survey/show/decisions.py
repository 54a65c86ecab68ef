"""What the chooser answers without a script: typical questions in a table, single answers in full, and the rule."""

from collections.abc import Mapping

from peft_vlm_survey.choose import RULE, choose, read_question, words
from peft_vlm_survey.choose.answer import Answer, Method
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, escape
from peft_vlm_survey.show.table import Table

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
NEARNESS = {1: "on it", 2: "on its kind", 3: "kindred task", 4: "other models"}


def decisions(*, survey: Survey) -> Table:
    """Answer typical questions: the first methods with whom they beat, and how near their numbers lie."""
    rows, data = [], []
    for asked in QUESTIONS:
        question = read_question(asked, survey)
        answer = choose(question, survey)
        limits = [text.format(asked[option]) for option, text in _LIMITS.items() if option in asked]
        first = answer.methods[:_SHOWN]
        name = question.backbone.name if question.backbone else NOT_ESTABLISHED
        rows.append(
            [
                escape(f"{asked['task']}, {name}"),
                escape("; ".join(limits) or "none"),
                "; ".join(_brief(place, method) for place, method in enumerate(first, 1)) or "none",
                ", ".join(dict.fromkeys(NEARNESS[method.distance] for method in first)) or NOT_ESTABLISHED,
                str(len(answer.left_out) + len(answer.unknown)),
            ]
        )
        data += [_row(asked, place, method) for place, method in enumerate(answer.methods, 1)]
    return Table(
        header=["Task and backbone", "Limit", "First methods", "Measured", "Left out"],
        rows=rows,
        widths=[22, 14, 38, 15, 11],
        numeric=frozenset([4]),
        classes=["longtable"],
        note="In parentheses: how many it beats of the methods that it met. *Measured*: how near to the question the deciding "
        "numbers lie. *Left out*: methods that break the limit or may break it.",
        data=data,
    )


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
        f"Methods that keep every limit: {len(answer.methods)}; that may: {len(answer.unknown)}; "
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
