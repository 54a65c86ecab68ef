"""The tables of the data as CSV and JSON, and which columns each has."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from peft_vlm_survey.export.costs import COSTS, cost_rows
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.read.reference_rules import REQUIRED
from peft_vlm_survey.read.registry import TABLES
from peft_vlm_survey.read.sheets import LIST_SEPARATOR, Column
from peft_vlm_survey.read.tasks import GROUPS
from peft_vlm_survey.read.vocabulary import FACTS

SCHEMA_VERSION = 1
_YEAR = Column(name="year", required=True, pattern="[0-9]{4}", form="a year of four digits")
_IDENTIFIERS = (Column(name="doi"), Column(name="url"), Column(name="eprint"))
_RECORD = (
    Column(name="title", required=True),
    Column(name="authors", required=True, many=True),
    Column(name="venue"),
    _YEAR,
    Column(name="pages"),
    *_IDENTIFIERS,
)
_GROUPS = Column(name="groups", many=True, words=tuple(GROUPS))
REFERENCES = (
    Column(name="key", required=True, unique=True),
    Column(name="type", required=True, words=tuple(REQUIRED)),
    Column(name="title", required=True),
    Column(name="authors", required=True, many=True),
    Column(name="venue"),
    Column(name="venue_short"),
    _YEAR,
    Column(name="volume"),
    Column(name="number"),
    Column(name="pages"),
    Column(name="publisher"),
    *_IDENTIFIERS,
)
# Every table that the downloads hold as CSV, by its name there, which is that of its file in data/ if it has one.
COLUMNS: Mapping[str, Sequence[Column]] = {
    "papers": (*_RECORD, *TABLES["papers"].columns, _GROUPS),
    "references": REFERENCES,
    **{name: table.columns for name, table in TABLES.items() if name != "papers"},
    "costs": COSTS,
}


def table_csv(survey: Survey, name: str) -> str:
    """Return one table of COLUMNS as CSV: UTF-8, comma, LF. Raises KeyError if there is none of that name."""
    columns = [column.name for column in COLUMNS[name]]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(itemgetter(*columns), table_rows(survey, name)))
    return text.getvalue()


def rows_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows, of which there is one at least, as CSV: UTF-8, comma, LF."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def table_rows(survey: Survey, name: str) -> Iterable[Mapping[str, Any]]:
    """Return the rows of one table of COLUMNS, cells as text by column. Raises KeyError if there is none of that name."""
    if name == "papers":
        return survey.paper_rows(survey.papers)
    if name == "references":
        return map(partial(_reference_row, survey), survey.references.values())
    if name == "measurements":
        return ({**cells(number), "quantity": number.benchmark} for number in survey.measurements)
    if name == "costs":
        return cost_rows(survey)
    if name not in COLUMNS:
        raise KeyError(f"no table '{name}'")
    return map(cells, getattr(survey, name))


def _reference_row(survey: Survey, reference: Reference) -> dict[str, str]:
    publisher = next(filter(None, map(reference.plain, ("publisher", "school", "institution"))), "")
    return {
        "key": reference.key,
        "type": reference.type,
        "title": reference.title,
        "authors": LIST_SEPARATOR.join(reference.authors),
        "venue": reference.venue,
        "venue_short": survey.venue(reference.key),
        **{field: reference.plain(field) for field in ("year", "volume", "number", "pages")},
        "publisher": publisher,
        **{field: reference.fields.get(field, "") for field in ("doi", "url", "eprint")},
    }


def papers_json(survey: Survey) -> str:
    """Return papers and references joined as JSON: lists as lists, what is not established as null."""
    papers = [paper_members(p, survey.references[p.key], survey.description(p.key)) for p in survey.papers]
    return _json(survey, {"papers": papers})


def paper_members(paper: Paper, reference: Reference, description: Description | None) -> dict[str, Any]:
    """Return what papers.json says of a paper, still with empty texts in the place of nulls.

    These are its cells, with what its entry says behind its kind, its groups behind its tasks, and what it does.
    """
    members: dict[str, Any] = {}
    for column in TABLES["papers"].columns:
        cell = getattr(paper, column.name)
        members[column.name] = list(cell) if column.many else cell
        if column.name == "kind":
            members |= {
                "title": reference.title,
                "authors": list(reference.authors),
                "venue": reference.venue,
                "year": reference.year,
                "pages": reference.plain("pages"),
                **{field: reference.fields.get(field, "") for field in ("doi", "url")},
                "arxiv": reference.fields.get("eprint", ""),
            }
        if column.name == "task":
            members["groups"] = list(paper.groups)
        if column.name == "code_licence":
            members |= _described(description)
    return members


def _described(description: Description | None) -> dict[str, object]:
    """Return what a paper does, as it stands in papers.json; empty where no text was at hand."""
    return {
        "summary": description.summary if description else "",
        "summary_zh": description.summary_zh if description else "",
        **{name: list(description.fact(name)) if description else [] for name in FACTS},
        "basis": dict(description.bases) if description else {},
    }


def results_json(survey: Survey) -> str:
    """Return every number joined with the table it stands in, and what its ids mean, as JSON; not established is null."""
    measurements = [
        {"quantity" if name == "benchmark" else name: cell for name, cell in row.items()}
        for row in survey.number_rows(survey.measurements)
    ]
    members = {
        "benchmarks": {benchmark.benchmark: cells(benchmark) for benchmark in survey.benchmarks},
        "protocols": {protocol.protocol: cells(protocol) for protocol in survey.protocols},
        "results": survey.number_rows(survey.results),
        "measurements": measurements,
    }
    return _json(survey, members)


def _json(survey: Survey, members: dict[str, Any]) -> str:
    """Return what is said behind the edition that says it, on one line: it is for programs, and large."""
    edition = survey.edition
    head = {"schema": SCHEMA_VERSION, "title": edition.title, "version": edition.version, "date": edition.date}
    return json.dumps({**head, **with_nulls(members)}, ensure_ascii=False, separators=(",", ":")) + "\n"


def with_nulls(value: Any) -> Any:
    """Return a value with null wherever a text is empty, which means not established."""
    if isinstance(value, dict):
        return {
            name: (member or None) if member.__class__ is str else with_nulls(member) for name, member in value.items()
        }
    if isinstance(value, list):
        return [with_nulls(member) for member in value]
    return None if value == "" else value
