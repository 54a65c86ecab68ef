"""The command `python -m peft_vlm_survey choose`: read the words, print the answer or what is wrong with the question."""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from peft_vlm_survey.choose.facts import facts
from peft_vlm_survey.choose.order import choose
from peft_vlm_survey.choose.question import read_question
from peft_vlm_survey.choose.words import TEMPLATES
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.problems import SurveyError

OPTIONS = {
    "category": ("NAME", "grounding, qa, recognition, vision or language"),
    "task": ("NAME", "a task in the words of the catalogue, such as 'visual question answering'"),
    "backbone": ("NAME", "the pre-trained model, by its name in python -m peft_vlm_survey cost --list"),
    "max-trainable": ("LIMIT", "what one task may train: 1%% of the backbone, or 400000 or 0.4M parameters"),
    "max-stored": ("LIMIT", "what one task may store: 5MB, 500kB or a number of bytes"),
    "max-memory": ("LIMIT", "training memory against full fine-tuning: 0.5 or 50%%"),
    "tasks": ("N", "tasks that share the backbone"),
}


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0 and the answer, or 2 and what is wrong."""
    options = _parser().parse_args(arguments)
    words = {name: str(getattr(options, name.replace("-", "_")) or "") for name in OPTIONS}
    words["no-slower"] = "yes" if options.no_slower else ""
    words["data"] = "few" if options.few_shot else "full" if options.full_data else ""
    for name in OPTIONS:  # an option that is given empty is a mistake, not an open question
        if getattr(options, name.replace("-", "_")) == "":
            return 2, f"--{name} is empty.\n    Give a value, or leave the option out."
    try:
        known = facts(root)
        question = read_question(words, known)
        if not (options.json or question.category or question.task):
            return (
                2,
                "neither a category nor a task is named.\n    Name one first: a score on one task says nothing of another.",
            )
        found = choose(question, known)
    except CostError as error:
        return 2, str(error)
    except SurveyError as error:
        return 1, str(error)
    return 0, json.dumps(found, ensure_ascii=False, indent=2) if options.json else "\n".join(_lines(found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m peft_vlm_survey choose",
        allow_abbrev=False,
        description="Tell which methods keep your limits, in order, with reasons, evidence and what is not established.",
        epilog="Example: python -m peft_vlm_survey choose --category vision --backbone vit-b16 --max-trainable 0.5% --no-slower",
    )
    for name, (metavar, text) in OPTIONS.items():
        parser.add_argument(f"--{name}", metavar=metavar, help=text)
    parser.add_argument("--no-slower", action="store_true", help="inference must not need more operations")
    data = parser.add_mutually_exclusive_group()
    data.add_argument("--few-shot", action="store_true", help="there are a few examples")
    data.add_argument("--full-data", action="store_true", help="there is a full training set")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    return parser


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    kept, gone = found["methods"], found["left_out"]
    yield f"On {found['backbone']}: methods that keep every limit: {len(kept)}; left out: {len(gone)}."
    for note in found["notes"]:
        yield f"  {note}"
    if found["nearest"]:
        near = found["nearest"]
        yield f"  Nearest group: {near['name']}, {near['backbone']} ({near['methods']} methods)."
    for place, method in enumerate(kept, 1):
        yield ""
        yield f"{place}. {method['name']} ({method['standing']})" + _cited(method["reference"])
        for reason in method["reasons"]:
            yield f"   {reason}"
        decisive = [row for row in method["evidence"] if row["decides"]]
        for row in decisive:
            spread = f" ± {row['spread']}" if row["spread"] else ""
            at = f"{row['printed']}, {row['shown']}{spread} {row['unit']}".rstrip()
            yield f"   Evidence: {at}; {row['origin']}, {row['locator']}" + _cited(row["key"])
        if others := len(method["evidence"]) - len(decisive):
            yield f"   {'Other numbers' if decisive else 'Numbers'}, which --json lists: {others}."
        if method["not_established"]:
            yield "   Not established:"
        for text in method["not_established"]:
            yield f"   - {text}"
        for one in method["software"]:
            about = ", ".join(filter(None, (one["version"], one["licence"])))
            yield f"   Software: {one['library']}, {one['name']} ({about})"
            for line in one["lines"]:
                yield f"     {line}"
        if any(one["lines"] for one in method["software"]):
            yield f"   {TEMPLATES['yours']}"
    if gone:
        yield ""
        yield "Left out:"
    for method in gone:
        yield f"- {method['name']}: {' '.join(method['reasons'])}"
    yield ""
    yield "The rule of order:"
    for number, text in enumerate(found["rule"], 1):
        yield f"{number}. {text}"


def _cited(key: str) -> str:
    return f" [{key}]" if key else ""
