"""What the book says of one paper or one data set, for programs: everything that its page rests on, in one object."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from peft_vlm_survey.compare.dataset_tables import DatasetTable, dataset_tables_of
from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.export.bibtex import paper_bib
from peft_vlm_survey.export.csv_json import SCHEMA_VERSION, paper_members, with_nulls
from peft_vlm_survey.export.identifiers import identifier
from peft_vlm_survey.export.typed import typed
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.registry import TABLES
from peft_vlm_survey.read.results import Result

SCHEMAS = "schemas"


def numbers_by_paper(survey: Survey) -> Mapping[str, Sequence[Result]]:
    """Return the numbers of each paper's page: those of its tables, and those of its method in others'."""
    shown: dict[str, list[Result]] = defaultdict(list)
    for number in (*survey.results, *survey.measurements):
        for key in dict.fromkeys((survey.origins_by_id[number.origin].key, number.method_key)):
            shown[key].append(number)
    return shown


def paper_record(survey: Survey, key: str, numbers: Sequence[Result]) -> dict[str, Any]:
    """Return the record of a paper: what papers.json says, every number of its page, and their tables."""
    paper = survey.paper(key)
    return {
        **_head(survey, "paper", paper.key),
        **with_nulls(paper_members(paper, survey.references[key], survey.description(key))),
        "venue_short": survey.venue(paper.key) or None,
        "bibtex": paper_bib(survey, paper.key),
        "results": [_number(survey, number) for number in numbers if not number.unit],
        "measurements": [_number(survey, number) for number in numbers if number.unit],
        "tables": _tables(survey, (number.benchmark for number in numbers if not number.unit), numbers),
        "corrections": [
            typed(TABLES["corrections"].columns, correction.row.cells)
            for correction in survey.corrections
            if correction.key == paper.key
        ],
    }


def dataset_record(survey: Survey, name: str) -> dict[str, Any]:
    """Return the record of a data set: what it is, its benchmarks, and its numbers in comparable groups, ranked."""
    dataset, groups = survey.dataset(name), dataset_tables_of(survey, name)
    numbers = [number for group in groups for line in group.lines for number in line.numbers]
    return {
        **_head(survey, "dataset", dataset.id),
        **typed(TABLES["datasets"].columns, cells(dataset)),
        "groups": [_group(survey, group) for group in groups],
        "tables": _tables(survey, dataset.shown, numbers),
    }


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


def _head(survey: Survey, kind: str, name: str) -> dict[str, Any]:
    """Return how an object begins: its schema, its name in all editions, the edition, and its page from the site's root."""
    page = f"{kind}s/{name}.html"
    return {
        "$schema": f"../{SCHEMAS}/{kind}.json",
        "schema": SCHEMA_VERSION,
        "identifier": identifier(kind, name),
        "version": survey.edition.version,
        "date": survey.edition.date,
        "page": f"{survey.edition.url}/{page}" if survey.edition.url else page,
    }


def _number(survey: Survey, number: Result) -> dict[str, Any]:
    name = "measurements" if number.unit else "results"
    row = {**cells(number), "quantity": number.benchmark}
    return {
        "identifier": identifier("number", number.anchor),
        "address": address_of(survey, number),
        **typed(TABLES[name].columns, row),
        "printed": number.value,
    }


def address_of(survey: Survey, number: Result) -> str | None:
    """Return where a number stands, from the site's root: a score on its benchmark's page, another on a paper's."""
    if not number.unit:
        return f"benchmarks/{number.benchmark}.html#{number.anchor}"
    keys = (survey.origins_by_id[number.origin].key, number.method_key)
    home = next((key for key in keys if key in survey.papers_by_key), "")
    return f"papers/{home}.html#{number.anchor}" if home else None


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


def index(survey: Survey, kind: str) -> str:
    """Return the index of the papers or the data sets, `paper` or `dataset`, as JSON: what there is, and where."""
    edition = survey.edition
    members = {"paper": _papers_listed, "dataset": _datasets_listed}[kind](survey)
    listing = {
        "$schema": f"../{SCHEMAS}/index.json",
        "schema": SCHEMA_VERSION,
        "title": edition.title,
        "version": edition.version,
        "date": edition.date,
        "kind": kind,
        "members": [
            {
                "identifier": identifier(kind, name),
                "id": name,
                **member,
                **{form: f"{kind}s/{name}.{end}" for form, end in _FORMS.items()},
            }
            for name, member in members
        ],
    }
    return as_text(listing)


_FORMS = {"page": "html", "json": "json"}


def _papers_listed(survey: Survey) -> Iterator[tuple[str, dict[str, Any]]]:
    for paper in survey.papers:
        reference = survey.references[paper.key]
        yield (
            paper.key,
            {
                "name": paper.name or None,
                "title": reference.title_without_formulas,
                "year": reference.year,
                "category": paper.category,
            },
        )


def _datasets_listed(survey: Survey) -> Iterator[tuple[str, dict[str, Any]]]:
    for dataset in survey.datasets:
        yield dataset.id, {"name": dataset.name, "title": dataset.name, "year": None, "category": dataset.category}


def as_text(members: Mapping[str, Any]) -> str:
    """Return an object as JSON on one line: there are thousands, and they are for programs."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")) + "\n"
