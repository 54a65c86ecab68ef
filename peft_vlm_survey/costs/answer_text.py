"""The text of `peft-vlm-survey cost`: the answer in one screen, everything that is known of it, and the lines that run it."""

import textwrap
from collections.abc import Iterator

from peft_vlm_survey.costs.answer_types import Answer, Fit, Listing
from peft_vlm_survey.costs.card_lines import SPREAD, both, fit_lines, memory_lines
from peft_vlm_survey.costs.digits import significant
from peft_vlm_survey.costs.fit_tested import Record, certainty
from peft_vlm_survey.costs.lines_to_run import as_text
from peft_vlm_survey.costs.method import SWITCHES
from peft_vlm_survey.costs.options import SAYS, WORDS
from peft_vlm_survey.costs.parameter_names import PARAMETERS, UNSAID
from peft_vlm_survey.costs.setting import COMMON

NO_NAMES = "no commands: they would train something else, as the warning says"
WIDTH, LABEL = 100, 12  # columns of a line, and of what stands before its text
WARNING_LINES = 2  # of a warning; the whole of it is explained


def short(answer: Answer, fitted: Fit | None, record: Record | None, say_next: str) -> Iterator[str]:
    """Yield the answer in at most 15 lines: what is trained, whether it fits, how sure that is, and what to say next.

    `record` is how answers of its kind did on published runs; None where none was held against any.
    """
    yield from textwrap.wrap(_asked(answer), WIDTH, subsequent_indent=" " * LABEL)
    if fitted is not None:
        cards = f"a card of {fitted['gpu_gib']:g} GB"
        if fitted["gpus"] > 1:
            cards = f"{fitted['gpus']} cards of {fitted['gpu_gib']:g} GB{SPREAD[fitted['sharding']]}"
        note = f" ({fitted['gpu_note']})" if fitted["gpu_note"] else ""
        yield from _field("verdict", f"{fitted['verdict'].upper()} on {cards}{note}")
    at = answer["memory_setting"]["at"]
    if fitted is not None:
        each = " each" if fitted["gpus"] > 1 else ""
        context = f"{fitted['context_gb']:.1f} GB of CUDA's context"
        yield from _field("memory", f"{both(fitted['needed_gb'])}{each}, plus {context} ({at})")
    elif answer["memory_gb"]:
        yield from _field("memory", f"{both(answer['memory_gb'])} ({at})")
    if answer["memory_gb"]:
        yield from _field("certainty", certainty(record, None if fitted is None else fitted["verdict"]))
    each = f"; {_number(answer['trainable_per_task'])} per task" if answer["tasks"] != 1 else ""
    yield from _field("trains", f"{_number(answer['trainable'])}{_share(answer)}{each}")
    yield from _field("stores", f"{_bytes(answer['stored_bytes'])} per task")
    yield from _field("inference", f"extra FLOPs: {_extra(answer)}")
    for text in answer["warnings"]:
        yield from _field("warning", text, most=WARNING_LINES)
    if say_next:
        yield from _field("next", say_next)
    yield from _field("more", "--explain (formula, memory, what others ran), --run (commands), --json")


def _field(name: str, text: str, most: int | None = None) -> list[str]:
    """Return a text behind its name, in lines of at most the usual width."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"{name:<{LABEL}}",
        subsequent_indent=" " * LABEL,
        max_lines=most,
        placeholder=" … (--explain)",
    )


def _bytes(number: float) -> str:
    """Return a size in a unit that leaves few digits before the point."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= size:
            return f"{significant(number / size, 3)} {unit}"
    return f"{number:,.0f} bytes"


def _asked(answer: Answer) -> str:
    """Return the question as it was understood."""
    parameters = " ".join(f"{name}={value}" for name, value in answer["parameters"].items() if value != "no")
    targets = f" targets={','.join(answer['targets'])}" if answer["targets"] else ""
    place = f", {answer['place']}" if answer["place"] else ""
    return f"{answer['method']} ({answer['variant']}) on {answer['backbone']}{place}: {parameters}{targets}".rstrip(
        ": "
    )


def explained(answer: Answer, fitted: Fit | None) -> Iterator[str]:
    """Yield everything that is known of an answer but the lines that run it."""
    yield _asked(answer)
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
        yield f"memory ratio    {answer['memory_ratio']:.2f} of full fine-tuning ({at})"
    yield from memory_lines(answer, f"{at}, {how['held']}")
    if answer["memory_gb"]:
        yield f"assumed         {'; '.join(how['assumptions'])}"
    yield f"others ran      {answer['others_ran']['said']}"
    if answer["others_ran"]["nearest"]:
        yield f"                nearest: {answer['others_ran']['nearest']}"
        yield f"                {answer['others_ran']['address']}"
    yield f"counted         {'; '.join(answer['counted'])}"
    yield f"not counted     {'; '.join(answer['not_counted']) or 'nothing'}"


def lines_to_run(answer: Answer) -> Iterator[str]:
    """Yield the lines of each library, and those of an official script."""
    ran = answer["others_ran"]
    lines = [*as_text(answer["run"])]
    if ran["script"]:
        lines += [
            f"official script of {ran['script_of']} ({ran['script_address']}):",
            *(f"    {line}" for line in ran["script"]),
        ]
    yield from lines or [NO_NAMES if answer["warnings"] else "no commands are known"]


def _number(number: float | int) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:,.1f}"


def _share(answer: Answer) -> str:
    if answer["percent"] is None:
        return " (the backbone's size is not established)"
    return f" ({significant(answer['percent'], 4)} % of {answer['backbone_parameters']:,})"


def _extra(answer: Answer) -> str:
    unmerged = answer["extra_flops_percent_unmerged"]
    if unmerged is None:
        return "0 % merged, not established otherwise" if answer["mergeable"] == "yes" else "not established"
    if answer["mergeable"] == "yes" and unmerged:
        return f"0 % merged, {unmerged:.2f} % otherwise"
    return f"{answer['extra_flops_percent']:.2f} %"


def listing(listed: Listing) -> Iterator[str]:
    """Yield everything that can be priced, with defaults and meanings."""
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
