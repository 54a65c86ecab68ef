"""Tables of reported numbers, each with the place it was read in."""

import re
from collections import Counter
from typing import NamedTuple

from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.origins import TIERS, Origin
from peft_vlm_survey.read.results import QUANTITIES, Result
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, cite, escape
from peft_vlm_survey.show.sentences import capitalised
from peft_vlm_survey.show.table import Column, Numbers, Table, table

_MOST_COLUMNS = 8  # more do not fit between the margins of a printed page
TRAINED_AXIS = (
    "Trained parameters, % of what the paper counts (to the left: fewer)"  # what an axis of figures is called
)


class Setting(NamedTuple):
    """What one row of a table of numbers is about."""

    method: str
    backbone: str
    trained_percent: str
    trained_millions: str


def results(
    origin: str,
    *,
    benchmarks: list[str] | None = None,
    survey: Survey,
) -> Table:
    """Return the numbers of one printed table, exactly as printed: methods in its order, benchmarks across.

    `benchmarks` chooses the columns; without it every benchmark of the table has one. Raises KeyError if there is no
    such origin or benchmark, or no number in it.
    """
    for name in benchmarks or ():
        survey.benchmark(name)
    place = survey.origin(origin)
    numbers = [
        result
        for result in (*survey.results, *survey.measurements)
        if result.origin == origin and (benchmarks is None or result.benchmark in benchmarks)
    ]
    if not numbers:
        raise KeyError(f"no number in origin '{origin}'")
    columns = list(dict.fromkeys((result.benchmark, result.unit) for result in numbers))
    settings: dict[Setting, dict[tuple[str, str], str]] = {}
    for result in numbers:
        setting = Setting(result.method, result.backbone, result.trained_percent, result.trained_millions)
        settings.setdefault(setting, {})[result.benchmark, result.unit] = printed(result)
    lead = ["Method"]
    lead += ["Backbone"] if len({setting.backbone for setting in settings}) > 1 else []
    shares = [
        (name, index)
        for name, index in (("Trained, %", 2), ("Trained, M", 3))
        if any(setting[index] for setting in settings)
    ]
    header = [*lead, *(name for name, _ in shares), *(_heading(survey, *column) for column in columns)]
    body = [
        [
            *(escape(text) or NOT_ESTABLISHED for text in setting[: len(lead)]),
            *(setting[index] or NOT_ESTABLISHED for _, index in shares),
            *(cells.get(column, NOT_ESTABLISHED) for column in columns),
        ]
        for setting, cells in settings.items()
    ]
    texts = len(lead)
    if len(header) > _MOST_COLUMNS and len(body) < len(header):
        header, body, texts = _turned(header, body, texts)
    first = 26 if len(header) > 6 else 30
    return Table(
        header=header,
        rows=body,
        widths=[first, *[18] * (texts - 1), *[max(9, 70 // len(header))] * (len(header) - texts)],
        numeric=frozenset(range(texts, len(header))),
        note=_note(survey, place),
        data=survey.number_rows(numbers),
    )


def _turned(header: list[str], body: list[list[str]], texts: int) -> tuple[list[str], list[list[str]], int]:
    """Turn a table that is too wide for paper: benchmarks down, methods across."""
    names = [", ".join(row[:texts]) for row in body]
    return ["Benchmark", *names], [[name, *(row[i] for row in body)] for i, name in enumerate(header) if i >= texts], 1


def tiers(*, survey: Survey) -> Table:
    """Count the numbers of the book by where they were read."""
    tier = {origin.origin: origin.read_in for origin in survey.origins}
    tables = Counter(tier.values())
    numbers = Counter(tier[result.origin] for result in (*survey.results, *survey.measurements))
    beside = len(survey.numbers) - numbers.total()
    return table(
        [*TIERS, "all"],
        Column("Tier", 18, escape),
        Column("The number was", 52, lambda name: escape(TIERS.get(name, "")) or " "),
        Numbers("Tables", 15, lambda name: str(tables.total() if name == "all" else tables[name])),
        Numbers("Numbers", 15, lambda name: str(numbers.total() if name == "all" else numbers[name])),
        note=f"Scores and measurements; {beside:,} reported costs without one are not counted here.",
        data=[cells(origin) for origin in survey.origins],
    )


def describe(benchmark: Benchmark) -> str:
    """Return what a benchmark measures, its unit and which way is better, in a few words."""
    measured = ", ".join(filter(None, (metric_beside(benchmark), benchmark.unit)))
    return f"{benchmark.name} ({measured}{'; ' if measured else ''}{benchmark.direction} is better)"


def metric_beside(benchmark: Benchmark) -> str:
    """Return the metric of a benchmark as it stands beside its name; nothing if the name says it."""
    said = re.search(rf"(?<!\w){re.escape(benchmark.metric)}(?!\w)", benchmark.name, re.IGNORECASE)
    return "" if said else benchmark.metric


def trained_shown(said: Result | Line) -> str:
    """Return what is trained as it is printed, in percent and in millions; empty if neither is."""
    percent, millions = said.trained_percent, said.trained_millions
    return ", ".join([*([f"{percent} %"] if percent else []), *([f"{millions} M"] if millions else [])])


def printed(result: Result) -> str:
    """Return a number as its table prints it, with its spread."""
    return f"{result.value} ±\u00a0{result.spread}" if result.spread else result.value


def printed_short(result: Result) -> str:
    """Return a number with its spread, both without the digits that say nothing."""
    return f"{short(result.value)} ±\u00a0{short(result.spread)}" if result.spread else short(result.value)


def heading(benchmark: Benchmark) -> str:
    """Return a benchmark as a column's head: its name, its unit, an arrow where lower is better."""
    unit = f", {benchmark.unit}" if benchmark.unit else ""
    return escape(f"{benchmark.name}{unit}{' ↓' if not benchmark.more_is_better else ''}")


def _heading(survey: Survey, name: str, unit: str) -> str:
    return escape(f"{QUANTITIES[name]}, {unit}") if name in QUANTITIES else heading(survey.benchmark(name))


def _note(survey: Survey, place: Origin) -> str:
    whose = f"{cite(place.key)}, {escape(place.locator)}" if place.key else escape(capitalised(place.locator))
    protocol = f" Protocol: {escape(survey.protocol(place.protocol).name)}." if place.protocol else ""
    return f"{whose}.{protocol} Read in: {escape(place.source)} ({place.read_in}, checked {place.checked})."
