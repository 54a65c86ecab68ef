"""The command `peft-vlm-survey choose`: read the words, print the answer or what is wrong with the question."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from peft_vlm_survey.arguments import Parser, empty
from peft_vlm_survey.choose import words
from peft_vlm_survey.choose.answer import Answer, Method, choose
from peft_vlm_survey.choose.backbones import choices
from peft_vlm_survey.choose.contests import contests
from peft_vlm_survey.choose.entries import amounts
from peft_vlm_survey.choose.limits import BREAKS, KEEPS, judged
from peft_vlm_survey.choose.limits import UNKNOWN as MAY
from peft_vlm_survey.choose.nearness import OTHER, SAME, nearness
from peft_vlm_survey.choose.prices import ONLY, by_form
from peft_vlm_survey.choose.question import DATA, SWITCHES, Limits, Question, read_question, taken_task
from peft_vlm_survey.choose.traits import Traits
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.costs import METHODS, known_shapes
from peft_vlm_survey.costs.card_names import GIB
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.costs.lines_to_run import as_text
from peft_vlm_survey.costs.recipes import UNKNOWN
from peft_vlm_survey.data import survey_below
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import SurveyError
from peft_vlm_survey.read.tasks import TASKS

FIRST, MOST = 3, 5  # methods that are printed at first, and explained unless more are asked for
WIDTH = 100  # columns of a line
SCREEN = 15  # lines of an answer
_FITS = {KEEPS: "fits", MAY: "may fit", BREAKS: "does not fit"}
OPTIONS = {
    "task": ("NAME", "the task, in the words of the catalogue, such as 'visual question answering'"),
    "backbone": ("NAME", "the pre-trained model, by its name here, as tables print it, or as owner/weights"),
    "max-trainable": ("LIMIT", "what one task may train: 1%% of the backbone, or 400000 or 0.4M parameters"),
    "max-stored": ("LIMIT", "what one task may store: 5MB, 500kB or a number of bytes"),
    "max-memory": (
        "LIMIT",
        "training memory: a card by its memory in GB or its name, such as 24GB, 24 or A100-40GB; or, as a number up to 1 or a "
        "percentage, against full fine-tuning, such as 0.5 or 50%%",
    ),
}
HELP = {
    "no-slower": "inference must not need more operations, after merging where that is possible",
    "spares-gradient": "no gradient may pass through the backbone",
    "code": "there must be code to train with",
    "licence": "its code must have a permissive licence",
}


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0 and the answer, or 2 and what is wrong."""
    options = _parser().parse_args(arguments)
    given = vars(options)
    asked = {name: str(given[name.replace("-", "_")] or "") for name in (*OPTIONS, "data")}
    asked |= {name: "yes" if given[name.replace("-", "_")] else "" for name in SWITCHES}
    if wrong := empty(given, *OPTIONS):  # a mistake, not an open question
        return 2, wrong
    if options.list and any(asked.values()):
        return 2, "--list stands with other words.\n    Use it alone."
    try:
        survey = survey_below(root)
        if options.list:
            return 0, "\n".join(_listing(survey))
        taken, said = taken_task(asked["task"].strip(), survey)
        question = read_question(asked | {"task": taken or asked["task"]}, survey)
        answer = choose(question, survey)
    except CostError as error:
        return 2, str(error)
    except SurveyError as error:
        return 1, str(error)
    if options.json:
        return 0, json.dumps(asdict(answer), ensure_ascii=False, indent=2)
    fewer_bits = [*_fewer_bits(question, answer, survey)]
    note = textwrap.wrap(said, WIDTH)
    if options.explain or options.all:
        lines = [*_lines(answer, len(answer.methods) if options.all else MOST)]
    else:
        shortened = ([*_short(answer, first)] for first in range(FIRST, 0, -1))
        lines = next((lines for lines in shortened if len(note) + len(lines) + len(fewer_bits) <= SCREEN), [])
    return 0, "\n".join((*note, *lines, *fewer_bits))


def _parser() -> Parser:
    parser = Parser(
        prog="peft-vlm-survey choose",
        allow_abbrev=False,
        description="List the methods to try for a task on a backbone, in order, with the reasons, the sources and what is "
        "not known.",
        epilog="Example: peft-vlm-survey choose --task 'CLIP base-to-novel recognition' --backbone openai/clip-vit-base-patch16 --licence",
    )
    for name, (metavar, text) in OPTIONS.items():
        parser.add_argument(f"--{name}", metavar=metavar, help=text)
    for name in SWITCHES:
        parser.add_argument(f"--{name}", action="store_true", help=HELP[name])
    parser.add_argument(
        "--data",
        choices=DATA,
        help="few: measured with few examples; full: with all; none: no labelled example is used",
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say what each method beats, from which source, how to run it, and the rule",
    )
    parser.add_argument("--all", action="store_true", help=f"explain all methods instead of {MOST}")
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    parser.add_argument("--list", action="store_true", help="list the tasks that have numbers, and the backbones")
    return parser


def _listing(survey: Survey) -> Iterator[str]:
    yield "Tasks with numbers that can be compared"
    near, asked = nearness(survey), survey.asked_tasks_by_name
    for task in sorted({*TASKS, *asked}):
        if any(near.on_task(contest, task) for contest in contests(survey)):
            yield f"  {task}"
    yield "Backbones"
    for id, choice in choices(survey).items():
        yield f"  {id}" + (f": {choice.name}" if choice.name != id else "")


def _short(answer: Answer, first: int) -> Iterator[str]:
    """Yield the answer in at most 15 lines of 100 columns: the advice, and the first methods with number and costs."""
    yield from textwrap.wrap(answer.advice, WIDTH, max_lines=3, placeholder=" …")
    yield from textwrap.wrap(answer.notes[0], WIDTH, max_lines=2, placeholder=" …")
    shown = shortlist(answer, first)
    if not shown or answer.unnumbered:  # the advice and the book say more than the numbers
        for note in answer.notes[1:]:
            yield from textwrap.wrap(note, WIDTH, max_lines=2, placeholder=" …")
    for place, method in enumerate(shown, 1):
        name = _named(place, method, ranked=words.ALONE not in answer.notes)
        yield textwrap.shorten(f"{name}: {method.idea}" if method.idea else name, WIDTH, placeholder=" …")
        for text in filter(None, (_in_one_line(method.lines["why"]), _costs(method))):
            yield "   " + textwrap.shorten(text, WIDTH - 3, placeholder=" …")
    further = [method for method in answer.methods if method not in shown]
    nearest = min((method.distance for method in (*answer.methods, *answer.unknown)), default=SAME)
    farther = sum(
        method.distance > nearest for method in further
    )  # the first note counts those at the nearest distance
    counts = [
        f"{count} {words}"
        for count, words in (
            (len(further), _further(answer, farther)),
            (sum(method not in shown for method in answer.unknown), "may break a limit"),
            (len(answer.left_out), "left out"),
        )
        if count
    ]
    last = "; ".join([*counts, "see --explain."])
    yield from textwrap.wrap(last[:1].upper() + last[1:], WIDTH)


def _further(answer: Answer, farther: int) -> str:
    kept = "more methods keep every limit" if answer.unknown or answer.left_out else "more methods"
    return kept + (f" ({farther} of them measured on other models or tasks)" if farther else "")


def _in_one_line(why: str) -> str:
    """Return where a number is from, without its protocol if that would not fit."""
    backbone, _, protocol = why.rpartition("; ")
    return f"{backbone})." if backbone and protocol.endswith(").") and len(why) > WIDTH - 3 else why


def _named(place: int, method: Method, *, ranked: bool) -> str:
    """Return a method with its place, its name and its key, and whether it is advised; without a place where nothing is compared."""
    key = f" [{method.key}]" if method.key else ""
    return (f"{place}. " if ranked else "-  ") + method.name + key + (f" ({words.ADVISED})" if method.advised else "")


def shortlist(answer: Answer, most: int) -> list[Method]:
    """Return what is advised and the first of the others; those of another kind of model only where nothing lies nearer.

    Nor are those of another kind there if the advice names methods of which no number can be compared.
    """
    limited = any(note.startswith(words.MEMORY_LIMIT.partition("{")[0]) for note in answer.notes)
    kept = [*answer.methods, *answer.unknown]
    costly = [method for method in kept if limited and method.method == REFERENCE]
    known = [*(method for method in kept if method not in costly), *costly]
    advised = [method for method in known if method.advised and method not in costly]
    near = [method for method in known if method.distance < OTHER and not method.advised and method in answer.methods]
    near = [method for method in near if method not in costly]
    if costly and not near:  # of none is the memory known
        near = [method for method in known if method.distance < OTHER and not method.advised and method not in costly]
    return [*advised, *near][:most] or ([] if answer.unnumbered else known[:most])


def _costs(method: Method) -> str:
    """Return what may break a limit, what is trained and stored at which setting, the licence, and whether a recipe is known."""
    amount, *stored = [
        text.replace(" of the backbone", "").removesuffix(" per task") for text in amounts(method.price)
    ] or [""]
    if method.scored_with:
        amount = f"{amount.removesuffix(')')}; {method.scored_with} for that score)"
    parts = [
        *(said if said == words.LIMITS["data"] else f"{said} (not certain)" for said in method.about),
        (f"at {method.price.setting} " if method.price.setting not in ("", ONLY) else "")
        + ", ".join([amount, *stored]),
        f"code: {method.licence}" if method.key and method.licence else "",
        "recipe known" if method.recipe else "",
    ]
    parts = [part for part in parts if part]
    while len(parts) > 1 and len("; ".join(parts)) > WIDTH - 4:
        parts.pop()
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _lines(answer: Answer, most: int) -> Iterator[str]:
    yield answer.advice
    yield from answer.notes
    for place, method in enumerate(answer.methods[:most], 1):
        yield ""
        yield from method_lines(place, method, ranked=words.ALONE not in answer.notes)
    yield from _ran(answer.methods[:most])
    yield from _to_run(answer.methods[:most])
    if len(answer.methods) > most:
        yield ""
        yield f"{len(answer.methods) - most} more keep every limit; --all prints them."
    if answer.unknown:
        yield ""
        yield "These may break a limit, because something is not known:"
        for method in answer.unknown:
            yield f"- {method.name}: {', '.join(method.about)}?"
    if answer.left_out:
        yield ""
        yield "Left out:"
        for gone in answer.left_out:
            yield f"- {gone.name}: {', '.join(gone.breaks)}"
    yield ""
    yield "The rule:"
    for number, text in enumerate(answer.rule, 1):
        yield f"{number}. {text}"


def _fewer_bits(question: Question, answer: Answer, survey: Survey) -> Iterator[str]:
    """Yield whether the method that quantises fits, for who asks what fits into so much memory and gets no number of it."""
    quantising = next(method for method in METHODS.values() if method.quantised)
    known = question.backbone.configuration if question.backbone else ""
    answered = {method.key for method in (*answer.methods, *answer.unknown)} | {gone.method for gone in answer.left_out}
    if question.limits.memory_bytes is None or not known or quantising.key in answered:
        return
    if not known_shapes(survey)[known].decoder_only:
        return
    prices = by_form(survey, quantising.id, known, "")
    found = judged(Limits(memory_bytes=question.limits.memory_bytes), prices, Traits(), "")
    size = f"{question.limits.memory_bytes / GIB:g}"
    yield f"LoRA on weights in four bits ({quantising.name}) {_FITS[found.verdict]} a card of {size} GB; its score on this task is not known."
    yield f"More: peft-vlm-survey cost {quantising.id} --backbone {known} {found.price.setting} --gpu {size}GB"


def _to_run(methods: Sequence[Method]) -> Iterator[str]:
    """Yield lines that run the methods that are told: those of the first library, and of an official script."""
    runnable = [method for method in methods if method.run or method.script]
    if not runnable:
        return
    yield ""
    yield "Commands to run, at the setting whose costs are shown:"
    for method in runnable:
        for line in as_text(method.run[:1]):
            yield f"- {method.name}, {line}" if not line.startswith(" ") else line
        if further := [lines["library"] for lines in method.run[1:]]:
            yield f"    (--json has those of {', '.join(further)} too)"
        if method.script:
            yield f"- official script of {method.script_of} ({method.script_address}):"
            yield from (f"    {line}" for line in method.script)


def _ran(methods: Sequence[Method]) -> Iterator[str]:
    """Yield what others ran of the methods that are told, and of which no recipe is known."""
    if not methods:
        return
    yield ""
    yield "What others ran (no recommendation; each with its source):"
    for method in methods:
        if method.ran != UNKNOWN:
            yield f"- {method.name}: {method.ran}"
        if method.recipe:
            yield f"  nearest: {method.recipe}"
            yield f"  {method.recipe_address}"
    if unknown := [method.name for method in methods if method.ran == UNKNOWN]:
        yield f"No recipe is known for {', '.join(unknown)}."


def method_lines(place: int, method: Method, *, ranked: bool = True) -> Iterator[str]:
    """Yield what is told of a method, at most six lines."""
    yield _named(place, method, ranked=ranked)
    for name, text in method.lines.items():
        yield f"   {words.HEADS[name]}: {text}"
