"""The command `peft-vlm-survey compare`: read the names, print the comparison or what is wrong with the question."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from peft_vlm_survey.arguments import Parser
from peft_vlm_survey.compare.choosable import MOST, Choosable, NoSuchMethod, chosen, namesakes
from peft_vlm_survey.costs import known_shapes
from peft_vlm_survey.costs.browser import on_menu
from peft_vlm_survey.costs.limits import LIST_NAMES_THEM
from peft_vlm_survey.data import survey_below
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import SurveyError, suggest
from peft_vlm_survey.show.side_by_side import Data, answer
from peft_vlm_survey.show.side_by_side_data import card_of, index_of

WIDTH = 100  # columns of a line of the short answer
_ROWS = 12  # of a group in the text; --json has all


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0 and the comparison, or 2 and what is wrong."""
    options = _parser().parse_args(arguments)
    try:
        survey = survey_below(root)
        methods = list({choice.id: choice for choice in (chosen(survey, word) for word in options.methods)}.values())
    except NoSuchMethod as error:
        return 2, str(error)
    except SurveyError as error:
        return 1, str(error)
    if not 2 <= len(methods) <= MOST:
        count = "one method is" if len(methods) == 1 else f"{len(methods)} methods are"
        return 2, f"{count} named.\n    Name 2 to {MOST} different ones, by name or by key."
    menu = {shape.id for shape in known_shapes(survey).values() if on_menu(shape)}
    backbone = options.backbone.lower()  # the answer writes names with capitals
    if backbone and backbone not in menu:
        remedy = suggest(options.backbone, menu, LIST_NAMES_THEM)
        return 2, f"backbone '{options.backbone}' is not known.\n    {remedy}"
    index = index_of(survey)
    comparison = answer(index, [choice.id for choice in methods], backbone)
    cards = [card_of(survey, choice) for choice in methods]
    if options.json:
        return 0, json.dumps({**comparison, "cards": cards}, ensure_ascii=False, indent=2)
    taken = _taken(survey, options.methods)
    return 0, "\n".join((*taken, *(_lines(index, comparison, cards) if options.explain else _short(index, comparison))))


def _taken(survey: Survey, words: Sequence[str]) -> Iterator[str]:
    """Yield for which method each word is taken that differs from the name of several in case alone."""
    for word in words:
        taken: Choosable = chosen(survey, word)
        if others := namesakes(survey, word, taken):
            names = ", ".join(other.id for other in others)
            said = f"'{word}' is taken for {taken.name} [{taken.key or taken.id}]; others of that name: {names}."
            yield from textwrap.wrap(said, WIDTH)


def _parser() -> Parser:
    parser = Parser(
        prog="peft-vlm-survey compare",
        allow_abbrev=False,
        description="Set two to four methods side by side: what each does, what it costs, and every number that may be compared.",
        epilog="Example: peft-vlm-survey compare maple promptsrc",
    )
    parser.add_argument("methods", nargs="+", metavar="NAME", help="a method by its name, or the key of its paper")
    parser.add_argument(
        "--backbone", default="", metavar="NAME", help="the pre-trained model for the costs; its results come first"
    )
    parser.add_argument(
        "--explain", action="store_true", help="say what each method does, and list the comparable numbers"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    return parser


def _short(index: Data, comparison: Data) -> Iterator[str]:
    """Yield the comparison in at most 15 lines of 100 columns: who is ahead, by how much, and what each costs."""
    for text in comparison["said"][:3]:
        yield from textwrap.wrap(text, WIDTH, max_lines=2 if len(comparison["methods"]) > 2 else 3, placeholder=" …")
    yield f"Costs on {index['backbones'][comparison['backbone']]}:"
    for method, costs in zip(comparison["methods"], comparison["costs"], strict=True):
        first = next(_costs(method["name"], costs))
        yield f"  {textwrap.shorten(first, WIDTH - 2, placeholder=' …')}"
    yield "More: --explain (what each does, and the numbers), --json"


def _lines(index: Data, comparison: Data, cards: list[Data]) -> Iterator[str]:
    yield from comparison["said"]
    for method, card in zip(comparison["methods"], cards, strict=True):
        yield ""
        yield method["name"] + (f" [{method['key']}]" if method["key"] else " (no paper of it is in the catalogue)")
        yield from (f"  {text}" for text in (card["summary"], card.get("drawn", "")) if text)
        licence = f" ({card['licence'] or 'licence not established'})" if card.get("code") else ""
        yield f"  Code: {card.get('code') or 'no address known'}{licence}"
    yield ""
    yield f"Costs on {index['backbones'][comparison['backbone']]}:"
    for method, costs in zip(comparison["methods"], comparison["costs"], strict=True):
        yield from _costs(method["name"], costs)
    for group in comparison["groups"]:
        yield ""
        yield from _group(comparison, group)
    if comparison["disagreements"]:
        yield ""
        yield "Reported differently in their tables:"
    for case in comparison["disagreements"]:
        values = "; ".join(
            f"{value} ({index['origins'][origin][0]})"
            for _, value, origin in dict.fromkeys(map(tuple, case["printed"]))
        )
        yield f"  {case['method']} on {case['name']}, {case['backbone'] or 'backbone not established'}: {values}"


def _costs(name: str, costs: Data) -> Iterator[str]:
    for _, called, setting, trained, percent, stored, merged, extra, memory in costs["closed"]:
        share = f" ({percent})" if percent else ""
        yield f"  {called} ({setting}): trains {trained}{share}; stores {stored}; mergeable: {merged}; " + (
            f"extra operations unmerged: {extra or 'not established'}; memory ratio to full fine-tuning: {memory or 'not established'}"
        )
    one_name = len({backbone for backbone, _, _ in costs["here"]}) == 1
    printed = [
        f"{share}{'' if one_name else f' on {backbone}'} in {tables} table{'s' if tables > 1 else ''}"
        for backbone, share, tables in costs["here"]
    ]
    if printed:
        yield f"  {name}, trained parameters in tables: {'; '.join(printed)}"
    if not costs["closed"] and not printed:
        yield f"  {name}: {costs['why'][0] if costs['why'] else 'no cost formula, and no table reports what it trains on this backbone.'}"
        if costs["elsewhere"]:
            others = "; ".join(f"{share} on {backbone}" for backbone, share, _ in costs["elsewhere"])
            yield f"    reported elsewhere: {others}"


def _group(comparison: Data, group: Data) -> Iterator[str]:
    standing = [(at, setting) for at, setting in enumerate(group["settings"]) if setting]
    present = [at for at, _ in standing]
    yield group["name"]
    for at, setting in standing:
        trained = f", {setting['trained']}" if setting["trained"] else ""
        count = len(setting["others"])
        others = f"; {count} other {'setting or value' if count == 1 else 'settings or values'}" if count else ""
        yield f"  {comparison['methods'][at]['name']}: as {setting['printed']}{trained}{others}"
    rows = group["rows"][:_ROWS]
    head = ["", *(comparison["methods"][at]["name"] for at in present), "re-run gap"]
    table = [
        head,
        *([row["name"] + (f", {row['unit']}" if row["unit"] else ""), *_cells(row, present)] for row in rows),
    ]
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    for line in table:
        cells = [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
        yield f"  {'  '.join(cells)}"
    if len(group["rows"]) > _ROWS:
        yield f"  {len(group['rows']) - _ROWS} more rows: --json"


def _cells(row: Data, present: list[int]) -> Iterator[str]:
    """Yield each value with how far it is behind the best: in brackets where that is no more than re-runs scatter."""
    for at in present:
        cell = row["cells"][at]
        if cell is None:
            yield "–"
        elif cell["verdict"] == "even":
            yield cell["value"]
        else:
            behind = f"−{cell['behind']}" if row["higher"] else f"+{cell['behind']}"
            yield f"{cell['value']} " + (f"({behind})" if cell["verdict"] == "within" else behind)
    yield row["apart"] + ("*" if row["elsewhere"] else "") or "–"
