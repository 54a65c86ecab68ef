"""What the page of a data set shows, as plain values for its template."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from peft_vlm_survey.compare.boards import Board, boards_of
from peft_vlm_survey.compare.choosable import Choosable, beside_first
from peft_vlm_survey.compare.claims import whose
from peft_vlm_survey.compare.dataset_tables import DatasetTable, apart_from_above, dataset_tables_of
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.datasets import Dataset
from peft_vlm_survey.read.origins import TIERS, linked
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.show.benchmark_facts import ResultPages, conditions
from peft_vlm_survey.show.benchmark_facts import address_of as benchmark_address
from peft_vlm_survey.show.benchmark_page import column_id, table_of, work_of
from peft_vlm_survey.show.dataset_facts import (
    apart_shown,
    beside_the_first,
    leading_group,
    sentences,
)
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.show.group_names import board_id, group_name
from peft_vlm_survey.show.leaderboard import MARKS, unranked
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, align_decimals
from peft_vlm_survey.show.numbers import metric_beside, printed, printed_short, trained_shown
from peft_vlm_survey.show.reported import CLAIMS
from peft_vlm_survey.show.scatter import scatter
from peft_vlm_survey.show.sentences import counted

MOST_COLUMNS = 8  # scores that stand beside what is known of a method; the others have a table of their own below
_PRINTED = ("as the table", "as tables")  # so a note begins that says no more than whose table a method stands in
_OF_PAPERS = ("year", "venue", "family", "trains", "code")  # columns that a table has where a row of it fills them
_FOLDED_AFTER = 12  # splits and metrics; more are folded


class DatasetPages(ResultPages):
    """What the pages of a survey's data sets show."""

    def content(self, dataset: Dataset) -> dict[str, Any]:
        """Return everything that the page of a data set shows and that does not depend on the site around it."""
        dataset_tables = dataset_tables_of(self.survey, dataset.id)
        places = count(1)
        named: set[str] = set()
        within = _within(self.survey, dataset)
        groups = [self._group(dataset, dataset_table, next(places), named, within) for dataset_table in dataset_tables]
        said, *more = sentences(self.survey, dataset, dataset_tables)
        other, others_heading = beside_the_first(dataset_tables)
        return {
            "id": dataset.id,
            "name": dataset.name,
            "aliases": [name for name in dataset.aliases if name not in dataset.name],
            "task": dataset.task,
            "category": CATEGORIES[dataset.category],
            "category_address": f"{dataset.category}.html",
            "said": said,
            "more": more,
            "size": dataset.size,
            "splits": dataset.splits,
            "licence": dataset.licence,
            "facts_read_in": [Part(*piece) for piece in linked(dataset.source)] if dataset.source else [],
            "made_by": [work_of(self.survey, key) for key in dataset.made_by],
            "misread": dataset.misread,
            "benchmarks": self._benchmarks(dataset, dataset_tables),
            "folded": len(dataset.shown) > _FOLDED_AFTER,
            "opening": f"The {leading_group(dataset_tables)}" if dataset_tables[0].ranked else "The numbers",
            "first": groups[0],
            "others": groups[1:],
            "other": other,
            "others_heading": others_heading,
            "numbers": sum(len(line.numbers) for dataset_table in dataset_tables for line in dataset_table.lines),
            "methods": len({method for dataset_table in dataset_tables for method in dataset_table.methods}),
        }

    def _benchmarks(self, dataset: Dataset, dataset_tables: Sequence[DatasetTable]) -> list[dict[str, Any]]:
        numbers = [
            number for dataset_table in dataset_tables for line in dataset_table.lines for number in line.numbers
        ]
        told = []
        for benchmark in self.survey.benchmarks:
            if benchmark.benchmark in dataset.shown:
                own = [number for number in numbers if number.benchmark == benchmark.benchmark]
                told.append(
                    {
                        "name": self.titles[benchmark.benchmark],
                        "address": benchmark_address(benchmark.benchmark),
                        "split": benchmark.split,
                        "measures": ", ".join(filter(None, (benchmark.metric, benchmark.unit))),
                        "best": benchmark.direction,
                        "methods": len(set(map(method_of, own))),
                        "numbers": len(own),
                        "note": benchmark.note,
                    }
                )
        return told

    def _figure(self, dataset: Dataset, dataset_table: DatasetTable) -> dict[str, Any]:
        """Return the figure of a group: its scores against what is trained, or by year; nothing where it has too few points."""
        board = self._board(dataset_table) if dataset_table.ranked else None
        drawn = scatter(self.survey, board, f"{board_id(dataset_table)}-chart") if board else None
        if drawn is None:
            return {}
        return {"svg": drawn.svg, "caption": drawn.caption}

    def _board(self, dataset_table: DatasetTable) -> Board | None:
        boards = boards_of(self.survey, dataset_table.main.benchmark)
        return next(
            (b for b in boards if (b.protocol, b.backbone) == (dataset_table.protocol, dataset_table.backbone)), None
        )

    def _group(
        self, dataset: Dataset, dataset_table: DatasetTable, place: int, named: set[str], within: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return one table; `named` are the benchmarks whose first column stands in a table before it.

        `within` is what each benchmark is called on the page.
        """
        protocol = self.survey.protocol(dataset_table.protocol) if dataset_table.protocol else None
        said, lacking = conditions(protocol, dataset_table.main) if protocol else ((), ())
        beside, below = _columns(dataset_table)
        tiers = {self.survey.origin(origin).read_in for line in dataset_table.lines for origin in line.origins}
        others = beside_first(self.survey, dataset_table.methods) if dataset_table.comparable else {}
        rows = [self._row(line, others, several=not dataset_table.backbone) for line in dataset_table.lines]
        for row, apart in zip(rows, apart_from_above(dataset_table), strict=True):
            row["apart"] = apart
        methods = len(dataset_table.methods)
        return {
            "id": board_id(dataset_table),
            "protocol": protocol.name if protocol else "",
            "backbone": dataset_table.backbone,
            "figure": self._figure(dataset, dataset_table),
            "place": f"{'Group' if dataset_table.comparable else 'List'} {place}",
            "heading": group_name(protocol, dataset_table.backbone)
            if protocol
            else "Protocol or backbone not established",
            "conditions": said,
            "lacking": lacking,
            "main": dataset_table.main.name,
            "best": "highest" if dataset_table.main.more_is_better else "lowest",
            "ranked": dataset_table.ranked,
            "unranked": ""
            if dataset_table.ranked
            else unranked(dataset_table.protocol, dataset_table.main.name, comparable=dataset_table.comparable),
            "apart": apart_shown(dataset_table) if dataset_table.ranked else "",
            "methods": methods,
            "summary": _summary(dataset_table),
            "columns": [_column(b, named, within) for b in beside],
            "further": [_column(b, named, within) for b in below],
            "rows": _with_cells(rows, dataset_table.lines, beside),
            "further_rows": [row for row in _with_cells(rows, dataset_table.lines, below) if any(row["cells"])],
            "filled": [name for name in _OF_PAPERS if any(row[name] not in ("", NOT_ESTABLISHED) for row in rows)],
            "shares": any(row["trained"] != NOT_ESTABLISHED for row in rows),
            "tiers": [(MARKS[tier], meaning) for tier, meaning in TIERS.items() if tier in tiers - {"primary"}],
        }

    def _row(self, line: Line, beside: Mapping[str, tuple[Choosable, Choosable]], *, several: bool) -> dict[str, Any]:
        key, note = line.method_key, self.survey.methods_by_id[line.method].note
        paper = self.survey.papers_by_key.get(key)
        description = self.survey.description(key) if key else None
        claims = dict.fromkeys(CLAIMS[whose(self.survey, number)] for number in line.numbers)
        first, *others = [self._source(origin) for origin in line.origins]
        return {
            "method": line.method,
            "key": key,
            "beside": beside.get(method_of(line.numbers[0])),
            "known": "" if key or note.lower().startswith(_PRINTED) else note,
            "known_from": not key and not _says_what(note),
            "rank": str(line.rank) if line.rank else NOT_ESTABLISHED,
            "remarks": list(dict.fromkeys(filter(None, (number.remark for number in line.numbers)))),
            "backbone": line.backbone if several else "",
            "year": str(self.survey.references[key].year) if key else NOT_ESTABLISHED,
            "venue": (self.survey.venue(key) if key else "") or NOT_ESTABLISHED,
            "family": (", ".join(paper.families) if paper else "") or NOT_ESTABLISHED,
            "trains": (", ".join(description.trained) if description else "") or NOT_ESTABLISHED,
            "trained": trained_shown(line) or NOT_ESTABLISHED,
            "code": paper.code if paper else "",
            "claims": ", ".join(claims),
            "first": first,
            "others": others,
        }

    def _source(self, origin: str) -> dict[str, str]:
        table = self.survey.origin(origin)
        mark = "" if table.read_in == "primary" else MARKS[table.read_in]
        return table_of(self.survey, table) | {"mark": mark}


def _column(benchmark: Benchmark, named: set[str], within: Mapping[str, str]) -> dict[str, str]:
    """Return a column, named without the name of the data set, which stands over the page; its tip has it in full."""
    new = benchmark.benchmark not in named
    named.add(benchmark.benchmark)
    unit = f", {benchmark.unit}" if benchmark.unit else ""
    return {
        "id": column_id(benchmark.benchmark) if new else "",
        "name": f"{within[benchmark.benchmark]}{unit}{' ↓' if not benchmark.more_is_better else ''}",
        "metric": ": ".join(filter(None, (benchmark.name, metric_beside(benchmark)))),
        "address": benchmark_address(benchmark.benchmark),
    }


def _within(survey: Survey, dataset: Dataset) -> Mapping[str, str]:
    """Return what each benchmark is called on the page of its data set: without its name, if that leaves all apart."""

    def rest(name: str) -> str:
        for known in (dataset.name, *dataset.aliases):
            left = name.removeprefix(known)
            if left != name and left[:1] in (",", " ") and left.lstrip(", "):
                return left.lstrip(", ")
        return name

    names = {benchmark: survey.benchmark(benchmark).name for benchmark in dataset.shown}
    short_names = {benchmark: rest(name) for benchmark, name in names.items()}
    return short_names if len(set(short_names.values())) == len(set(names.values())) else names


def _says_what(note: str) -> bool:
    """Return whether a note says what a method is, and not only that its paper is not known here."""
    return bool(note) and not note.lower().startswith((*_PRINTED, "a tracker", "not among"))


def _columns(dataset_table: DatasetTable) -> tuple[list[Benchmark], list[Benchmark]]:
    """Return the benchmarks that stand beside the method, and the others: the main one comes first, then its parts.

    Where not all have room these are all, or, if they are too many or none, what most lines have.
    """
    counts = {
        b.benchmark: sum(b.benchmark in line.cells for line in dataset_table.lines) for b in dataset_table.benchmarks
    }
    parts = [b for b in dataset_table.benchmarks if b.benchmark in dataset_table.main.parts]
    others = [*parts, *(b for b in dataset_table.benchmarks if b not in parts and b != dataset_table.main)]
    room = MOST_COLUMNS - 1
    if len(others) <= room:
        beside = others
    elif 0 < len(parts) <= room:
        beside = parts
    else:
        beside = sorted(others, key=lambda b: -counts[b.benchmark])[:room]
    return [dataset_table.main, *(b for b in others if b in beside)], [b for b in others if b not in beside]


def _with_cells(
    rows: Sequence[Mapping[str, Any]], lines: Sequence[Line], columns: Sequence[Benchmark]
) -> list[dict[str, Any]]:
    """Return rows with a cell for each of these benchmarks: a number with its address, or nothing."""
    shown: list[list[Result | None]] = [
        [line.cells[b.benchmark][0] if b.benchmark in line.cells else None for line in lines] for b in columns
    ]
    told = [align_decimals([printed_short(number) if number else NOT_ESTABLISHED for number in one]) for one in shown]
    return [
        {**row, "cells": [_cell(one[place], text[place]) for one, text in zip(shown, told, strict=True)]}
        for place, row in enumerate(rows)
    ]


def _cell(number: Result | None, text: str) -> dict[str, str]:
    if number is None:
        return {}
    return {
        "text": text,
        "full": printed(number) if printed(number) != printed_short(number) else "",
        "address": f"{benchmark_address(number.benchmark)}#{number.anchor}",
    }


def _summary(dataset_table: DatasetTable) -> str:
    """Return in a few words what a folded table holds."""
    methods = len(dataset_table.methods)
    said = counted(methods, "method")
    if not dataset_table.ranked:
        return f"{said}, not ranked"
    first = dataset_table.leading[0]
    value = f"{short(first.cells[dataset_table.main.benchmark][0].value)} {dataset_table.main.unit}".rstrip()
    return f"{said}; {first.method} first with {value} on {dataset_table.main.name}"
