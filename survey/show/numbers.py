"""Tables of reported numbers, each with the place it was read in."""

from collections import Counter

from survey.data import the_survey
from survey.read.benchmarks import Benchmark
from survey.read.origins import TIERS, Origin
from survey.read.results import QUANTITIES, Result
from survey.read.whole import Survey
from survey.show.markup import NOT_ESTABLISHED, Table, cite, escape


def results(
    origin: str, *, caption: str, label: str, backbone: str | None = None, survey: Survey | None = None
) -> Table:
    """Return the numbers of one printed table, exactly as printed: methods in its order, benchmarks across.

    Raises KeyError if there is no such origin, or no number for the backbone in it.
    """
    survey = survey or the_survey()
    place = survey.origin(origin)
    numbers = [
        result
        for result in (*survey.results, *survey.measurements)
        if result.origin == origin and backbone in (None, result.backbone)
    ]
    if not numbers:
        raise KeyError(f"no number for backbone '{backbone}' in origin '{origin}'")
    columns = list(dict.fromkeys((result.benchmark, result.unit) for result in numbers))
    several = len({result.backbone for result in numbers}) > 1
    shares = any(result.trained_percent for result in numbers)
    millions = any(result.trained_millions for result in numbers)
    rows: dict[tuple[str, ...], dict[tuple[str, str], str]] = {}
    for result in numbers:
        row = (result.method, result.backbone, result.trained_percent, result.trained_millions)
        rows.setdefault(row, {})[result.benchmark, result.unit] = _value(result)
    head = [
        "Method",
        *(["Backbone"] if several else []),
        *(["Trained, %"] if shares else []),
        *(["Trained, M"] if millions else []),
    ]
    body = []
    for (method, on, share, count), cells in rows.items():
        lead = [
            escape(method),
            *([escape(on)] if several else []),
            *([share or NOT_ESTABLISHED] if shares else []),
            *([count or NOT_ESTABLISHED] if millions else []),
        ]
        body.append([*lead, *(cells.get(column, NOT_ESTABLISHED) for column in columns)])
    texts = 2 if several else 1
    header = [*head, *(_heading(survey, name, unit) for name, unit in columns)]
    method_width = 24 if len(header) > 6 else 30
    return Table(
        header=header,
        rows=body,
        widths=[method_width, *([18] if several else []), *([max(7, 70 // len(header))] * (len(header) - texts))],
        caption=caption,
        label=label,
        numeric=frozenset(range(texts, len(header))),
        classes=["wide"] if len(header) > 6 else [],
        note=_note(survey, place),
    )


def tiers(*, caption: str, label: str, survey: Survey | None = None) -> Table:
    """Count the numbers of the book by where they were read."""
    survey = survey or the_survey()
    tier = {origin.origin: origin.read_in for origin in survey.origins}
    tables = Counter(tier.values())
    numbers = Counter(tier[result.origin] for result in (*survey.results, *survey.measurements))
    rows = [[name, escape(meaning), str(tables[name]), str(numbers[name])] for name, meaning in TIERS.items()]
    rows.append(["all", "", str(tables.total()), str(numbers.total())])
    return Table(
        header=["Tier", "The number was", "Tables", "Numbers"],
        rows=rows,
        widths=[18, 52, 15, 15],
        caption=caption,
        label=label,
        numeric=frozenset([2, 3]),
    )


def describe(benchmark: Benchmark) -> str:
    """Return what a benchmark measures, its unit and which way is better, in a few words."""
    unit = f", {benchmark.unit}" if benchmark.unit else ""
    return f"{benchmark.name} ({benchmark.metric}{unit}; {benchmark.direction} is better)"


def _value(result: Result) -> str:
    return f"{result.value} ± {result.spread}" if result.spread else result.value


def _heading(survey: Survey, name: str, unit: str) -> str:
    if name in QUANTITIES:
        return escape(f"{QUANTITIES[name]}, {unit}")
    benchmark = survey.benchmark(name)
    return escape(
        f"{benchmark.name}{f', {benchmark.unit}' if benchmark.unit else ''}{' ↓' if benchmark.direction == 'lower' else ''}"
    )


def _note(survey: Survey, place: Origin) -> str:
    whose = (
        f"{cite(place.key)}, {escape(place.locator)}"
        if place.key
        else escape(place.locator[0].upper() + place.locator[1:])
    )
    protocol = f" Protocol: {escape(place.protocol)}." if place.protocol else ""
    return f"{whose}.{protocol} Read in: {escape(place.source)} ({place.read_in}, checked {place.checked})."
