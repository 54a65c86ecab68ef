"""Find what tables print differently although everything that the survey knows of it agrees."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.contradictions import Contradiction
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.rounding import agree, explanation

Thing = tuple[str, str, str]


def disagreements(survey: Survey) -> Iterator[tuple[Result, ...]]:
    """Yield the numbers of one method, backbone, benchmark and protocol that tables print with different values.

    Values agree if one is the other, rounded. Plots do not count, whose digits do not say how well they were read, nor
    tables that print several settings of the method, nor single runs beside the other runs of the same paper.
    """
    origins = survey.origins_by_id
    same: dict[tuple[str, str, str, str], list[Result]] = defaultdict(list)
    for number in survey.results:
        origin = origins.get(number.origin)
        if origin and origin.protocol and origin.read_in != "plot" and number.backbone and _sound(number):
            same[origin.protocol, number.method, number.backbone, number.benchmark].append(number)
    for numbers in same.values():
        if len({number.value for number in numbers}) < 2:
            continue
        tables = Counter(number.origin for number in numbers)
        single = tuple(number for number in numbers if tables[number.origin] == 1)
        keys = {number.origin: origins[number.origin].key for number in single}
        if any(not agree(a.value, b.value) and not _runs(a, b, keys) for a, b in combinations(single, 2)):
            yield single


def unrecorded_contradiction(survey: Survey) -> Iterator[Problem]:
    """Yield disagreements that are not recorded, and records that are wrong or of no disagreement."""
    recorded: dict[tuple[Thing, frozenset[str]], Contradiction] = {}
    for contradiction in survey.contradictions:
        place = (_thing(contradiction), frozenset(contradiction.printed))
        if place in recorded:
            yield contradiction.row.problem(
                f"{contradiction.method} on {contradiction.benchmark} in these tables stands in line "
                f"{recorded[place].row.line} already.",
                "Keep one of the two rows.",
            )
        recorded.setdefault(place, contradiction)
    for numbers in disagreements(survey):
        if (_thing(numbers[0]), frozenset(number.origin for number in numbers)) not in recorded:
            here, there = _apart(numbers)
            yield here.row.problem(
                f"{here.method} on {here.benchmark} is {here.value} here and {there.value} in '{there.origin}', "
                "under one protocol.",
                "Look both up again; if the sources print it so, record it in data/contradictions.csv with every table "
                "of the protocol that prints it.",
            )
    values: dict[tuple[Thing, str], set[str]] = defaultdict(set)
    for number in survey.results:
        values[_thing(number), number.origin].add(number.value)
    for contradiction in survey.contradictions:
        if contradiction.row.sound("values") and contradiction.row.sound("benchmark"):
            yield from _wrong_record(contradiction, values)


def _wrong_record(record: Contradiction, values: Mapping[tuple[Thing, str], set[str]]) -> Iterator[Problem]:
    if len(record.printed) < len(record.values):
        yield record.row.problem("a table is named twice.", "Keep the value that the table prints.")
        return
    for origin, value in record.printed.items():
        if value not in values[_thing(record), origin]:
            yield record.row.problem(
                f"'{origin}' prints no {value} for {record.method} on {record.benchmark}.",
                "Correct the row; data/results.csv has what the table prints.",
            )
            return
    pairs = list(combinations(record.printed.values(), 2))
    if all(agree(*pair) for pair in pairs):
        yield record.row.problem("this is no contradiction: the values agree within their digits.", "Delete the row.")
    elif record.kind == "rounding" and not all(explanation(*pair) for pair in pairs):
        yield record.row.problem(
            "kind 'rounding', but neither rounding nor cutting gives all these values.", "Choose another kind."
        )
    if record.right and record.row.sound("right") and record.right not in record.printed.values():
        yield record.row.problem(
            f"right {record.right} is none of the values.", "Write one of them, or leave it empty."
        )


def _thing(of: Result | Contradiction) -> Thing:
    return of.method, of.backbone, of.benchmark


def _runs(one: Result, other: Result, keys: Mapping[str, str]) -> bool:
    """Return whether two numbers are runs, or a run and a mean, that one paper prints side by side."""
    seeds = {one.seeds, other.seeds}
    return keys[one.origin] == keys[other.origin] and "" not in seeds and "1" in seeds


def _apart(numbers: Sequence[Result]) -> tuple[Result, Result]:
    """Return the number that fewest others share (the later of several), and the first of those furthest from it."""
    shared = Counter(number.value for number in numbers)
    here = min(reversed(numbers), key=lambda number: shared[number.value])
    there = max(numbers, key=lambda number: abs(Decimal(number.value) - Decimal(here.value)))
    return here, there


def _sound(number: Result) -> bool:
    return not number.row.unsound or all(
        number.row.sound(column) for column in ("origin", "method", "backbone", "benchmark", "value")
    )
