"""All that a comparison of methods is made from, as plain values: the command and the script on the page read the same ones.

The index holds names, costs and numbers of everything; the card of one method says what it does and who has the code.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from peft_vlm_survey.compare.choosable import Choosable, choosable
from peft_vlm_survey.compare.disagreeing import disagreements
from peft_vlm_survey.compare.group_comparisons import ON, GroupComparison, group_comparisons
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.compare.shown_digits import median_shown, short
from peft_vlm_survey.costs import METHODS, CostError, Shape, cost, known_shapes, memory_ratio, significant
from peft_vlm_survey.costs.against_full import Known
from peft_vlm_survey.costs.browser import on_menu
from peft_vlm_survey.costs.ends import made_of_shapes
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.origins import TIERS
from peft_vlm_survey.read.papers import KINDS, Paper
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.show.costs import setting_words
from peft_vlm_survey.show.group_names import board_id, group_name
from peft_vlm_survey.show.leaderboard import MARKS
from peft_vlm_survey.show.numbers import trained_shown
from peft_vlm_survey.show.schematic import schematic, text_alternative
from peft_vlm_survey.show.side_by_side import CLAIMS, TEMPLATES

# The readings of methods that have a paper of their own, as `cost` is asked for them.
_READINGS: Mapping[str, str] = {
    f"{method.id} variant={name}": variant.key
    for method in METHODS.values()
    for name, variant in method.variants.items()
    if variant.key
}


def index_of(survey: Survey) -> Mapping[str, Any]:
    """Return names, costs, groups and disagreements; every value is one that JSON knows."""
    return survey.derived(_index)


def _index(survey: Survey) -> Mapping[str, Any]:
    known = list(choosable(survey).values())
    places = {choice.method: place for place, choice in enumerate(known)}
    origins, benchmarks = _Places(), _Places()
    groups = [_group(survey, comparison, places, origins, benchmarks) for comparison in group_comparisons(survey)]
    differing = [
        [
            difference.method,
            difference.backbone,
            benchmarks.of(difference.benchmark.benchmark),
            _printed(difference.printed, origins),
            difference.right,
        ]
        for difference in disagreements(survey)
    ]
    return {
        "methods": [_named(survey, choice) for choice in known],
        "groups": groups,
        "disagreements": differing,
        "benchmarks": [_benchmark(survey.benchmark(name)) for name in benchmarks.names],
        "origins": [_table(survey, name) for name in origins.names],
        "tiers": {MARKS[tier]: meaning for tier, meaning in TIERS.items()},
        "backbones": {shape.id: shape.name for shape in known_shapes(survey).values() if on_menu(shape)},
        "configurations": {b.backbone: b.configuration for b in survey.backbones if b.configuration},
        "priced": {place: ids for place, choice in enumerate(known) if (ids := _priced(survey, choice))},
        "costs": survey.derived(_all_costs),
        "printed": {places[method]: rows for method, rows in _shares(survey).items() if method in places},
        "words": dict(TEMPLATES),
        "claims": dict(CLAIMS),
    }


class _Places:
    """Names in the order in which they are met, each with its place there."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def of(self, name: str) -> int:
        return self._places.setdefault(name, len(self._places))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._places)


def _named(survey: Survey, choice: Choosable) -> list[Any]:
    """Return id, key, name, other names, and authors with venue and year."""
    return [choice.id, choice.key, choice.name, list(choice.names), _where(survey, choice.key)]


def _where(survey: Survey, key: str) -> str:
    if not key:
        return ""
    reference = survey.references[key]
    return ", ".join(filter(None, [reference.short_authors, f"{survey.venue(key)} {reference.year}".strip()]))


def _benchmark(benchmark: Benchmark) -> list[Any]:
    return [benchmark.benchmark, benchmark.name, benchmark.unit, benchmark.more_is_better]


def _table(survey: Survey, name: str) -> list[str]:
    """Return whose table an origin is, with its place there, its mark, and the page that it stands on."""
    origin = survey.origin(name)
    owner = survey.name(origin.key) if origin.key else origin.repository[0]
    locator = re.split("[,;] ", origin.locator)[0]
    page = f"papers/{origin.key}.html" if origin.key in survey.papers_by_key else ""
    return [", ".join(filter(None, (owner, locator))), MARKS[origin.read_in], page]


def _group(
    survey: Survey, comparison: GroupComparison, places: Mapping[str, int], origins: _Places, benchmarks: _Places
) -> dict[str, Any]:
    group = comparison.group
    columns = sorted(group.benchmarks, key=lambda b: b != group.main)
    return {
        "protocol": group.protocol,
        "name": group_name(survey.protocol(group.protocol), group.backbone),
        "backbone": group.backbone,
        "board": board_id(group),
        "benchmarks": [benchmarks.of(b.benchmark) for b in columns],
        "scatter": [
            [f"{median_shown(scatter.apart, _printed_on(comparison, b)):f}", int(scatter.known_from == ON)]
            if (scatter := comparison.scatter[b.benchmark])
            else 0
            for b in columns
        ],
        "standings": {
            places[method]: {
                "printed": standing.line.method,
                "trained": trained_shown(standing.line),
                "cells": [_cell(standing.line, b, origins) for b in columns],
                "others": [_other(line, group.main) for line in standing.others],
            }
            for method, standing in comparison.rows.items()
            if method in places
        },
    }


def _printed_on(comparison: GroupComparison, benchmark: Benchmark) -> list[str]:
    """Return the values that a group's table shows on a benchmark."""
    cells = [standing.line.cells.get(benchmark.benchmark) for standing in comparison.rows.values()]
    return [numbers[0].value for numbers in cells if numbers]


def _cell(line: Line, benchmark: Benchmark, origins: _Places) -> Any:
    """Return a value, what is printed behind ±, its first table, whose run it is there, and how many print it alike."""
    numbers = line.cells.get(benchmark.benchmark)
    if not numbers:
        return 0
    first = numbers[0]
    return [short(first.value), short(first.spread), origins.of(first.origin), first.claim[:1], len(numbers)]


def _other(line: Line, main: Benchmark) -> list[str]:
    """Return another setting or value of a method: its printed name, what it trains, and what it has on the main benchmark."""
    value = line.value(main)
    return [line.method, trained_shown(line), "" if value is None else short(f"{value:f}")]


def _printed(printed: Mapping[str, Mapping[str, str]], origins: _Places) -> list[Any]:
    return [
        [key, [[short(value), origins.of(origin)] for origin, value in tables.items()]]
        for key, tables in printed.items()
    ]


def _priced(survey: Survey, choice: Choosable) -> list[str]:
    """Return the methods and readings with a closed form that a choosable one is, by its paper or by its printed names."""
    ids = [method.id for method in METHODS.values() if choice.key and method.key == choice.key]
    named = None if choice.key else survey.methods_by_id.get(choice.method)
    if named and named.method_id:
        ids.append(named.method_id)
    return ids + [id for id, key in _READINGS.items() if choice.key == key]


def _all_costs(survey: Survey) -> Mapping[str, Any]:
    """Return what methods cost by backbone, for which no reported number counts."""
    return made_of_shapes(survey, "costs_side_by_side", _costs_on_menu)


def _costs_on_menu(known: Mapping[str, Shape]) -> Mapping[str, Any]:
    return {shape.id: _costs(known, shape.id) for shape in known.values() if on_menu(shape)}


def _costs(known: Mapping[str, Shape], backbone: str) -> dict[str, Any]:
    """Return what each method costs on a backbone in its default setting, in words, or why it has no costs there."""
    costs: dict[str, Any] = {}
    full: Known = {}
    for id in (*METHODS, *_READINGS):
        method, words = METHODS[id.split()[0]], id.split()[1:]
        try:
            counts = cost(method.id, backbone, words, known=known)
        except CostError as error:
            costs[id] = error.message
            continue
        whole = known[backbone].total
        extra = counts.extra_percent
        ratio = memory_ratio(counts, known=full)
        costs[id] = [
            method.name,
            setting_words(counts),
            f"{float(counts.trainable):,.0f}",
            "" if whole is None else f"{significant(100 * float(counts.trainable) / float(whole), 3)} %",
            f"{float(counts.stored_bytes) / 1e6:,.2f} MB",
            method.mergeable,
            "" if extra is None else f"{extra:.2f} %",
            "" if ratio is None else f"{ratio:.2f}",
        ]
    return costs


def _shares(survey: Survey) -> Mapping[str, list[list[Any]]]:
    """Return by method what tables print as trained: the backbone, the share, and how many tables print it."""
    by_method: dict[str, dict[tuple[str, str], dict[str, None]]] = {}
    for number in (*survey.results, *survey.measurements):
        if trained := trained_shown(number):
            settings = by_method.setdefault(method_of(number), {})
            settings.setdefault((number.backbone or "–", trained), {})[number.origin] = None
    return {
        method: [[*setting, len(tables)] for setting, tables in sorted(settings.items())]
        for method, settings in by_method.items()
    }


def card_of(survey: Survey, choice: Choosable) -> Mapping[str, Any]:
    """Return what a method does, what it trains, and its code; a method without a paper says so."""
    if not choice.key:
        notes = dict.fromkeys(m.note for m in survey.methods if m.method in (choice.method, *choice.names) and m.note)
        return {"summary": "; ".join(notes), "paper": "", "facts": []}
    return card(survey.papers_by_key.get(choice.key), survey.references[choice.key], survey.description(choice.key))


def card(paper: Paper | None, reference: Reference, described: Description | None) -> Mapping[str, Any]:
    """Return what the card of a method says of a work; one that is not catalogued has no page."""
    return {
        "paper": f"papers/{reference.key}.html" if paper else "",
        "summary": described.summary if described else "",
        "drawing": schematic(described) if described else "",
        "drawn": text_alternative(described) if described else "",
        "facts": [list(fact) for fact in _facts(paper, described)],
        "code": paper.code if paper else "",
        "licence": paper.code_licence if paper else "",
        "code_looked_for": bool(paper and paper.code_found),
    }


def _facts(paper: Paper | None, described: Description | None) -> Iterator[tuple[str, str]]:
    if paper:
        yield "Kind", KINDS[paper.kind].lower()
        yield "Task", ", ".join(paper.task)
        yield "Family", ", ".join(paper.families)
        yield "Backbones", ", ".join(paper.backbones)
    for name, (term, _) in FACTS.items() if described else ():
        yield term, ", ".join(described.fact(name) if described else ())
