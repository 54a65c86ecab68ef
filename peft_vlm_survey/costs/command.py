"""The command `peft-vlm-survey cost`: read the words, print the answer or what is wrong with the question."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from peft_vlm_survey.arguments import Parser, empty
from peft_vlm_survey.costs import answer_text
from peft_vlm_survey.costs.answer import answer, cost, listing
from peft_vlm_survey.costs.answer_text import explained, short
from peft_vlm_survey.costs.answer_types import Answer, LinesToRun
from peft_vlm_survey.costs.card_lines import fit
from peft_vlm_survey.costs.cards import read_cards
from peft_vlm_survey.costs.count import Counts
from peft_vlm_survey.costs.ends import shapes
from peft_vlm_survey.costs.fit_tested import Record, certainties, records_by_kind
from peft_vlm_survey.costs.kinds import kind_of
from peft_vlm_survey.costs.limits import LIST_NAMES_THEM, CostError
from peft_vlm_survey.costs.lines_to_run import lines_to_run
from peft_vlm_survey.costs.method import SWITCHES
from peft_vlm_survey.costs.options import WORDS, read_options
from peft_vlm_survey.costs.parameter_names import PARAMETERS
from peft_vlm_survey.costs.priced import unseen
from peft_vlm_survey.costs.recipes import Wanted, ran
from peft_vlm_survey.costs.unsaid import state_next
from peft_vlm_survey.problems import SurveyError
from peft_vlm_survey.read.registry import TABLES


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0 and the answer, or 2 and what is wrong."""
    options = _parser().parse_intermixed_args(arguments)
    words = list(options.words)
    if wrong := empty(vars(options), "backbone", "classes", "gpu", "gpus"):
        return 2, wrong
    try:
        known = shapes(root)
        if options.list and (words or options.backbone or options.classes):
            raise CostError("--list stands with other words.", "Use it alone, or with --json.")
        if options.list:
            listed = {**listing(known), "cards": _cards(root)}
            return 0, _json(listed) if options.json else "\n".join(answer_text.listing(listed))
        if not words or "=" in words[0]:
            raise CostError("no method is named.", LIST_NAMES_THEM)
        if not options.backbone:
            raise CostError("no backbone is named.", "Add --backbone, such as --backbone vit-b16.")
        run, pairs = read_options(words[1:])
        counts = cost(words[0], options.backbone, pairs, known=known, classes=options.classes)
        answered = {
            **answer(counts, run),
            "others_ran": _others(counts, root),
            "run": _to_run(counts, root),
        }
        fitted = None
        if options.gpus and not options.gpu:
            raise CostError("--gpus stands without --gpu.", "Add the memory of one card, such as --gpu 24GB.")
        if options.gpu:
            cards = read_cards(options.gpu, options.gpus or "1", TABLES["cards"].read(root)[0])

            def replaced(words: Mapping[str, str]) -> Counts:
                kept = [pair for pair in pairs if pair.partition("=")[0] not in words]
                changed = [f"{name}={value}" for name, value in words.items()]
                return cost(
                    counts.setting.method.id,
                    counts.setting.shape.id,
                    kept + changed,
                    known=known,
                    classes=options.classes,
                )

            fitted = fit(counts, run, cards, replaced, _tested(root))
    except CostError as error:
        return 2, str(error)
    except SurveyError as error:
        return 1, str(error)
    if options.json:
        return 0, _json(answered if fitted is None else {**answered, "fit": fitted})
    if options.explain or options.run:
        told = [*explained(answered, fitted)] if options.explain else []
        return 0, "\n".join([*told, *(answer_text.lines_to_run(answered) if options.run else ())])
    change = fitted["changes"][0] if fitted and fitted["changes"] else None
    settled = fitted["settled_by"] if fitted else ""
    say_next = (
        f"add {change['words']}, and it {change['verdict']}" if change else settled or state_next(counts.setting, run)
    )
    # None of the runs is of a backbone with experts.
    record = None if counts.setting.shape.mixed_experts else _records(root).get(kind_of(counts.setting))
    return 0, "\n".join(short(answered, fitted, record, say_next))


def _parser() -> Parser:
    parser = Parser(
        pairs=(*PARAMETERS, *SWITCHES, *WORDS),
        prog="peft-vlm-survey cost",
        description="Tell what a method costs on a backbone: parameters, bytes, operations, training memory.",
        epilog="Examples: cost lora --backbone vit-b16 rank=8 targets=q,v; "
        "cost qlora --backbone llava-1.5-7b targets=all --gpu 24GB --gpus 2.",
    )
    parser.add_argument("words", nargs="*", metavar="METHOD [name=value ...]", help="the method and its parameters")
    parser.add_argument("--backbone", metavar="NAME", help="the pre-trained model")
    parser.add_argument(
        "--classes",
        metavar="C",
        help="add a head with this many classes; for several data sets their mean, such as 940/19",
    )
    parser.add_argument(
        "--gpu", metavar="SIZE", help="say whether it fits on a card of this memory or name, such as 24GB or A100-40GB"
    )
    parser.add_argument(
        "--gpus",
        metavar="N",
        help="number of cards; each holds the whole model unless sharding=zero2, zero3 or fsdp is given",
    )
    parser.add_argument(
        "--explain", action="store_true", help="print everything: formula, memory, its basis, published runs"
    )
    parser.add_argument(
        "--run", action="store_true", help="print the commands that run it, for each library that has them"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument("--list", action="store_true", help="list methods, parameters with defaults, and backbones")
    return parser


# What is said of published runs is the same for every question that a process asks.
@cache
def _tested(root: Path) -> Mapping[str, Mapping[str, str]]:
    """Return by kind how each verdict did on runs that set nothing of it; nothing while the data have problems."""
    cases, problems = TABLES["memory_cases"].read(root)
    return {} if problems else certainties(unseen(cases, shapes(root)))


@cache
def _records(root: Path) -> Mapping[str, Record]:
    """Return by kind how answers did on runs that set nothing of them; nothing while the data have problems."""
    cases, problems = TABLES["memory_cases"].read(root)
    return {} if problems else records_by_kind(unseen(cases, shapes(root)))


def _cards(root: Path) -> dict[str, list[int]]:
    """Return the memory of the cards that are known, in GB, by name."""
    return {card.card: [int(size) for size in card.memory_gb] for card in TABLES["cards"].read(root)[0]}


def _to_run(counts: Counts, root: Path) -> list[LinesToRun]:
    """Return lines that run the setting, in each library that has them."""
    return lines_to_run(TABLES["software"].read(root)[0], counts.setting)


def _others(counts: Counts, root: Path) -> Answer:
    """Return what others ran of a method, on models of the kind."""
    recipes = TABLES["recipes"].read(root)[0]
    shape = counts.setting.shape.id
    rows = [row for row in TABLES["backbones"].read(root)[0] if row.configuration == shape]
    shapes_by_id = {row.id: row for row in TABLES["configurations"].read(root)[0]}
    kind = rows[0].kind if rows else shapes_by_id[shape].kind_of_model
    others = ran(recipes, Wanted(method_id=counts.setting.method.id, kind=kind, configuration=shape))
    return {
        "said": others.said,
        "nearest": others.nearest,
        "address": others.address,
        "script": list(others.script),
        "script_of": others.script_of,
        "script_address": others.script_address,
    }


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
