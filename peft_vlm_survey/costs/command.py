"""The command `peft-vlm-survey cost`: read the words, print the answer or what is wrong with the question."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from peft_vlm_survey.arguments import Parser, empty
from peft_vlm_survey.costs.answer import answer, cost, ends, listing, shapes
from peft_vlm_survey.costs.answer_types import (
    Calculated,
    Fit,
    FullAnswer,
    FullListing,
    LinesToRun,
    MeasuredRun,
    OthersRan,
)
from peft_vlm_survey.costs.card_lines import both, fit, fit_lines, memory_lines
from peft_vlm_survey.costs.cards import read_cards
from peft_vlm_survey.costs.count import Counts
from peft_vlm_survey.costs.digits import significant
from peft_vlm_survey.costs.fit_tested import promise, sentences_by_kind
from peft_vlm_survey.costs.limits import LIST_NAMES_THEM, CostError
from peft_vlm_survey.costs.lines_to_run import as_text, lines_to_run
from peft_vlm_survey.costs.method import SWITCHES
from peft_vlm_survey.costs.nearest_runs import SAID, Published, nearest, published
from peft_vlm_survey.costs.options import SAYS, WORDS, Options, read_options
from peft_vlm_survey.costs.outer import NAMED
from peft_vlm_survey.costs.outer_ends import named
from peft_vlm_survey.costs.parameter_names import PARAMETERS
from peft_vlm_survey.costs.priced import unseen
from peft_vlm_survey.costs.recipes import Wanted, ran
from peft_vlm_survey.costs.setting import COMMON
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.problems import SurveyError
from peft_vlm_survey.read.registry import TABLES

NO_NAMES = "no lines: they would train something else, as the warning says"
NEAREST = 3  # published runs that are told
HELP = frozenset(("-h", "--help"))  # what asks for the help, the one place that tells what the memory promises

# What a parameter is taken to be if neither the reader nor the method names a value.
UNSAID = {
    "bottleneck": "by the reduction",
    "reduction": "none",
    "mlp": "none",
    "layers": "by the backbone",
    "side_layers": "all",
    "factor": "the nearest",
    "targets": "k,v and fc2 or down",
}


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0 and the answer, or 2 and what is wrong."""
    parser = _parser(_promise(root) if HELP & set(arguments) else "")
    options = parser.parse_intermixed_args(arguments)
    words = list(options.words)
    if wrong := empty(vars(options), "backbone", "classes", "gpu", "gpus"):
        return 2, wrong
    try:
        known = shapes(root)
        if options.list and (words or options.backbone or options.classes):
            raise CostError("--list stands with other words.", "Use it alone, or with --json.")
        if options.list:
            listed: FullListing = {**listing(known), "cards": _cards(root)}
            return 0, _json(listed) if options.json else "\n".join(_listing_lines(listed))
        if not words or "=" in words[0]:
            raise CostError("no method is named.", LIST_NAMES_THEM)
        if not options.backbone:
            raise CostError("no backbone is named.", "Add --backbone, such as --backbone vit-b16.")
        run, pairs = read_options(words[1:])
        counts = cost(words[0], options.backbone, pairs, known=known, classes=options.classes)
        kinds = _kinds(root)
        answered: FullAnswer = {
            **answer(counts, run, kinds),
            "measured_runs": list(_runs(counts, run, known, root)),
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

            fitted = fit(counts, run, cards, replaced, _tested(root), kinds)
    except CostError as error:
        return 2, str(error)
    except SurveyError as error:
        return 1, str(error)
    return 0, _json(answered if fitted is None else {**answered, "fit": fitted}) if options.json else "\n".join(
        _lines(answered, fitted)
    )


def _parser(promise: str) -> Parser:
    parser = Parser(
        pairs=(*PARAMETERS, *SWITCHES, *WORDS),
        prog="peft-vlm-survey cost",
        description="Tell what a method costs on a backbone: parameters, bytes, operations, training memory.",
        epilog="Examples: cost lora --backbone vit-b16 rank=8 targets=q,v; "
        "cost qlora --backbone llava-1.5-7b targets=all --gpu 24GB --gpus 2. " + promise,
    )
    parser.add_argument("words", nargs="*", metavar="METHOD [name=value ...]", help="the method and its parameters")
    parser.add_argument("--backbone", metavar="NAME", help="the pre-trained model")
    parser.add_argument("--classes", metavar="C", help="count a head of so many classes; a mean may be 940/19")
    parser.add_argument(
        "--gpu", metavar="SIZE", help="say whether it fits on a card of this memory or name, such as 24GB or A100-40GB"
    )
    parser.add_argument(
        "--gpus", metavar="N", help="so many cards; each holds all unless sharding=zero2, zero3 or fsdp is said"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument("--list", action="store_true", help="list methods, parameters with defaults, and backbones")
    return parser


def _promise(root: Path) -> str:
    """Return in words how often the range of memory held on runs that set none of it; nothing while the data have problems."""
    cases, problems = TABLES["memory_cases"].read(root)
    try:
        return "" if problems else promise(cases, shapes(root))
    except SurveyError:
        return ""


# What is said of published runs is the same for every question that a process asks.
@cache
def _kinds(root: Path) -> Mapping[str, str]:
    """Return how each kind of runs is called, with how many set its ends where they are few."""
    cases, problems = TABLES["memory_cases"].read(root)
    return NAMED if problems else named(cases, shapes(root))


@cache
def _tested(root: Path) -> Mapping[str, Mapping[str, str]]:
    """Return by kind how each verdict did on runs that set nothing of it; nothing while the data have problems."""
    cases, problems = TABLES["memory_cases"].read(root)
    return {} if problems else sentences_by_kind(unseen(cases, shapes(root)))


@cache
def _published(root: Path) -> tuple[Published, ...]:
    """Return the published runs that can be shown beside an answer; none while the data have problems."""
    cases, problems = TABLES["memory_cases"].read(root)
    return () if problems else published(cases, shapes(root))


def _runs(counts: Counts, run: Options, known: Mapping[str, Shape], root: Path) -> Iterator[MeasuredRun]:
    """Yield the published runs that are most like a setting, with what was measured and what the calculator gives."""
    for shown, near in nearest(_published(root), counts.setting, run)[:NEAREST]:
        case = shown.case
        yield {
            "gb": round(case.gigabytes, 1),
            "said": shown.said,
            "method": case.printed_method,
            "backbone": known[case.configuration].name,
            "batch": int(case.batch),
            "tokens": int(case.tokens),
            "tokens_known": case.tokens_known,
            "checkpointing": case.checkpointing,
            **_calculated(shown, known),
            "held_back": case.held_back,
            "group": case.group,
            "source": case.source,
            "near": near,
        }


def _calculated(run: Published, known: Mapping[str, Shape]) -> Calculated:
    ranges = run.calculated(known)
    return {"calculated_gb": ends(*ranges["calculated"]), "outer_gb": ends(*ranges["outer"])} if ranges else {}


def _cards(root: Path) -> dict[str, list[int]]:
    """Return the memory of the cards that are known, in GB, by name."""
    return {card.card: [int(size) for size in card.memory_gb] for card in TABLES["cards"].read(root)[0]}


def _to_run(counts: Counts, root: Path) -> list[LinesToRun]:
    """Return lines that run the setting, in each library that has them."""
    return [lines.as_json for lines in lines_to_run(TABLES["software"].read(root)[0], counts.setting)]


def _others(counts: Counts, root: Path) -> OthersRan:
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


def _lines(answer: FullAnswer, fitted: Fit | None) -> Iterator[str]:
    parameters = " ".join(f"{name}={value}" for name, value in answer["parameters"].items() if value != "no")
    targets = f" targets={','.join(answer['targets'])}" if answer["targets"] else ""
    place = f", {answer['place']}" if answer["place"] else ""
    yield f"{answer['method']} ({answer['variant']}) on {answer['backbone']}{place}: {parameters}{targets}".rstrip(": ")
    yield f"trainable       {_number(answer['trainable'])}" + _share(answer)
    if answer["tasks"] != 1:
        yield f"per task        {_number(answer['trainable_per_task'])}"
    yield from (f"warning         {text}" for text in answer["warnings"])
    if answer["to_say_first"]:
        yield f"texts           {answer['to_say_first']}"
    if fitted is not None:
        yield from fit_lines(fitted)
    yield f"formula         {answer['formula']}"
    yield f"                = {answer['formula_numbers']}"
    for letter, meaning in answer["letters"].items():
        yield f"                {letter}: {meaning}"
    yield f"stored per task {_number(answer['stored_bytes'])} bytes"
    if answer["backbone_bytes"] is not None:
        yield f"backbone        {_number(answer['backbone_bytes'])} bytes, once"
    yield f"extra FLOPs     {_extra(answer)}"
    yield f"mergeable       {answer['mergeable']}"
    yield f"gradient        {answer['backbone_gradient']} (through the backbone)"
    how = answer["memory_setting"]
    at = how["at"]
    if answer["memory_ratio"] is not None:
        yield f"memory ratio    {answer['memory_ratio']:.2f} of full fine-tuning ({at}; {answer['memory_ratio_rests_on']})"
    yield from memory_lines(answer, f"{at}, {how['held']}")
    yield from _vouched(answer)
    yield f"others ran      {answer['others_ran']['said']}"
    if answer["others_ran"]["nearest"]:
        yield f"                nearest: {answer['others_ran']['nearest']}"
        yield f"                {answer['others_ran']['address']}"
    yield from _lines_to_run(answer)
    yield f"counted         {'; '.join(answer['counted'])}"
    yield f"not counted     {'; '.join(answer['not_counted']) or 'nothing'}"


def _vouched(answer: FullAnswer) -> Iterator[str]:
    """Yield what the memory rests on: assumptions, what lies outside the published runs, and those most like the setting."""
    if not answer["memory_gb"]:
        return
    how = answer["memory_setting"]
    yield f"assumed         {'; '.join(how['assumptions'])}"
    if how["outside"]:
        yield f"outside         {'; '.join(how['outside'])}"
    runs = answer["measured_runs"]
    near = [run["near"] for run in runs]
    yield f"measured        {SAID['near' if any(near) else 'far' if runs else 'none']}"
    for run in runs:
        yield f"                {run['gb']:.1f} GB: {run['said']} ({run['group']})"
        if "calculated_gb" in run:
            words = {
                name: both(bounds)
                for name, bounds in (("calculated", run["calculated_gb"]), ("outer", run["outer_gb"]))
            }
            same = run["calculated_gb"] == run["outer_gb"]
            sentence = SAID["foretold" if run["held_back"] else "same" if same else "calculated"]
            yield f"                    {sentence.format(**words)}"


def _lines_to_run(answer: FullAnswer) -> Iterator[str]:
    """Yield the lines of each library, and those of an official script."""
    ran = answer["others_ran"]
    lines = [*as_text(answer["run"])]
    if ran["script"]:
        lines += [
            f"official script of {ran['script_of']} ({ran['script_address']}):",
            *(f"    {line}" for line in ran["script"]),
        ]
    for place, line in enumerate(lines or [NO_NAMES if answer["warnings"] else "no lines are known"]):
        yield f"{'to run' if place == 0 else '':<16}{line}"


def _number(number: float | int) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:,.1f}"


def _share(answer: FullAnswer) -> str:
    if answer["percent"] is None:
        return " (the backbone's size is not established)"
    return f" ({significant(answer['percent'], 4)} % of {answer['backbone_parameters']:,})"


def _extra(answer: FullAnswer) -> str:
    unmerged = answer["extra_flops_percent_unmerged"]
    if unmerged is None:
        return "0 % merged, not established otherwise" if answer["mergeable"] == "yes" else "not established"
    if answer["mergeable"] == "yes" and unmerged:
        return f"0 % merged, {unmerged:.2f} % otherwise"
    return f"{answer['extra_flops_percent']:.2f} %"


def _listing_lines(listed: FullListing) -> Iterator[str]:
    yield "Methods"
    for name, method in listed["methods"].items():
        yield f"  {name}: {method['name']}"
        given = [f"{key}={value or UNSAID[key]}" for key, value in method["parameters"].items()]
        given += [f"{key}={value}" for key, value in method["switches"].items()]
        if given:
            yield f"      {', '.join(given)}"
        if len(method["variants"]) > 1:
            variants = [f"{key} ({says})" if says else key for key, says in method["variants"].items()]
            yield f"      variant: {', '.join(variants)}"
    yield "Parameters"
    for name, text in {**PARAMETERS, **SWITCHES}.items():
        yield f"  {name}: {text}" + (" (with every method)" if name in COMMON else "")
    yield "How it is run (for the memory)"
    for name, text in SAYS.items():
        yield f"  {name}: {'|'.join(WORDS[name])}: {text}"
    yield "Backbones"
    for name, backbone in listed["backbones"].items():
        size = f"{backbone['parameters']:,} parameters" if backbone["parameters"] else "size not established"
        yield f"  {name}: {backbone['name']}, {size}"
    yield "Cards"
    for name, sizes in listed["cards"].items():
        yield f"  {name}: {' or '.join(map(str, sizes))} GB"
