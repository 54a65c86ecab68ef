"""What the book says of a data set, for programs: its comparable groups with their ranks, and all that they rest on."""

import json
from collections.abc import Iterable
from typing import Any

from peft_vlm_survey.compare.dataset_tables import DatasetTable, dataset_tables_of
from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.export.csv_json import SCHEMA_VERSION
from peft_vlm_survey.export.identifiers import identifier
from peft_vlm_survey.export.typed import typed
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.registry import TABLES
from peft_vlm_survey.read.results import Result


def dataset_record(survey: Survey, name: str) -> str:
    """Return the record of a data set as JSON on one line: what it is, its benchmarks, and its comparable groups, ranked."""
    dataset, groups, edition = survey.dataset(name), dataset_tables_of(survey, name), survey.edition
    numbers = [number for group in groups for line in group.lines for number in line.numbers]
    page = f"datasets/{dataset.id}.html"
    record = {
        "schema": SCHEMA_VERSION,
        "identifier": identifier("dataset", dataset.id),
        "version": edition.version,
        "date": edition.date,
        "page": f"{edition.url}/{page}" if edition.url else page,
        **typed(TABLES["datasets"].columns, cells(dataset)),
        "groups": [_group(survey, group) for group in groups],
        "tables": _tables(survey, dataset.shown, numbers),
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def _group(survey: Survey, group: DatasetTable) -> dict[str, Any]:
    return {
        "protocol": group.protocol or None,
        "backbone": group.backbone or None,
        "comparable": group.comparable,
        "ranked": group.ranked,
        "main": group.main.benchmark,
        "reruns_apart": None if group.apart is None else float(group.apart),
        "lines": [_line(survey, line) for line in group.lines],
    }


def _line(survey: Survey, line: Line) -> dict[str, Any]:
    return {
        "rank": {"first": line.rank.first, "last": line.rank.last} if line.rank else None,
        "method": line.method,
        "method_key": line.method_key or None,
        "backbone": line.backbone or None,
        "results": [_number(survey, number) for number in line.numbers],
    }


def _number(survey: Survey, number: Result) -> dict[str, Any]:
    return {
        "identifier": identifier("number", number.anchor),
        "address": f"benchmarks/{number.benchmark}.html#{number.anchor}",
        **typed(TABLES["results"].columns, {**cells(number), "quantity": number.benchmark}),
        "printed": number.value,
    }


def _tables(survey: Survey, benchmarks: Iterable[str], numbers: Iterable[Result]) -> dict[str, Any]:
    """Return what the ids in numbers lead to: benchmarks, the printed tables that they stand in, and their protocols."""
    origins = {number.origin: survey.origins_by_id[number.origin] for number in numbers}
    protocols = {origin.protocol for origin in origins.values()}
    return {
        "benchmarks": _named(survey, "benchmarks", benchmarks),
        "origins": _named(survey, "origins", origins),
        "protocols": _named(survey, "protocols", protocols - {""}),
    }


def _named(survey: Survey, table: str, names: Iterable[str]) -> dict[str, Any]:
    known = getattr(survey, f"{table}_by_id")
    return {name: typed(TABLES[table].columns, cells(known[name])) for name in sorted(set(names))}
