"""The JSON Schemas of the records and their indices, made from what the readers check and the dictionary says."""

import json
from collections.abc import Mapping
from typing import Any

from peft_vlm_survey.export.csv_json import COLUMNS, SCHEMA_VERSION
from peft_vlm_survey.export.identifiers import TAG, identifier
from peft_vlm_survey.export.typed import properties
from peft_vlm_survey.read.descriptions import BASES
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.registry import TABLES
from peft_vlm_survey.read.vocabulary import FACTS

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT, _BOOLEAN = {"type": "string", "minLength": 1}, {"type": "boolean"}
_TEXT_OR_NULL = {"type": ["string", "null"], "minLength": 1}
_VERSIONED = {
    "$schema": {"type": "string", "description": "Where the schema of this object lies, from here."},
    "schema": {"const": SCHEMA_VERSION, "description": "A whole number that grows when the form changes."},
    "version": {**_TEXT, "description": "The edition of the book."},
    "date": {"type": "string", "format": "date", "description": "The date of the edition."},
}
_IDENTIFIED = {
    "identifier": {
        "type": "string",
        "pattern": f"^{TAG}",
        "description": "The name of this thing in all editions, whatever its address.",
    }
}
_HEAD = {**_VERSIONED, **_IDENTIFIED, "page": {**_TEXT, "description": "Its page, from the root of the site."}}


def schemas() -> dict[str, str]:
    """Return the schemas by their file names."""
    by_kind = {"paper": _paper(), "dataset": _dataset(), "index": _index()}
    return {
        f"{kind}.json": json.dumps(
            {"$schema": _DIALECT, "$id": identifier("schema", f"{kind}/{SCHEMA_VERSION}"), **schema},
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
        for kind, schema in by_kind.items()
    }


def _paper() -> dict[str, Any]:
    columns = [column for column in COLUMNS["papers"] if column.name != "eprint"]
    members = properties("papers", columns)
    members["arxiv"] = properties("papers", [column for column in COLUMNS["papers"] if column.name == "eprint"])[
        "eprint"
    ]
    described = [
        column for column in TABLES["descriptions"].columns if column.name in (*FACTS, "summary", "summary_zh")
    ]
    facts = properties("descriptions", described)
    for name in ("summary", "summary_zh"):  # required of a description, which not every paper has
        facts[name]["type"] = ["string", "null"]
    return _object(
        {
            **_HEAD,
            **members,
            **facts,
            "basis": {
                "type": "object",
                "propertyNames": {"enum": [*FACTS]},
                "additionalProperties": {"enum": [*BASES]},
                "description": "How each typed fact is known.",
            },
            "venue_short": {**_TEXT_OR_NULL, "description": "The short name of the venue."},
            "bibtex": {**_TEXT, "description": "The entry of references.bib."},
            "results": _many(_number("results"), "Every reported score of its page."),
            "measurements": _many(_number("measurements"), "Every reported memory, time or size of its page."),
            "tables": _object(
                {table: _by_id(table) for table in ("benchmarks", "origins", "protocols")},
                "What the ids in the numbers lead to.",
            ),
            "corrections": _many(_row("corrections"), "What the book printed before of this paper, and what is right."),
        },
        "What the book says of one paper; null means not established.",
    )


def _dataset() -> dict[str, Any]:
    rank = _object({"first": {"type": "integer", "minimum": 1}, "last": {"type": "integer", "minimum": 1}}, "A place.")
    line = _object(
        {
            "rank": {
                "anyOf": [rank, {"type": "null"}],
                "description": "Between which places it stands; null where nothing is ranked.",
            },
            "method": _TEXT,
            "method_key": _TEXT_OR_NULL,
            "backbone": _TEXT_OR_NULL,
            "results": _many(_number("results"), "Its scores; tables that print the same are joined."),
        },
        "A method on a backbone with one trained share.",
    )
    group = _object(
        {
            "protocol": {**_TEXT_OR_NULL, "description": "An id of protocols."},
            "backbone": _TEXT_OR_NULL,
            "comparable": {**_BOOLEAN, "description": "Whether its rows share one set-up."},
            "ranked": {**_BOOLEAN, "description": "Whether its lines have ranks."},
            "main": {**_TEXT, "description": "The benchmark by which it is ranked."},
            "reruns_apart": {
                "type": ["number", "null"],
                "description": "How far runs of one experiment lie apart on it in the median, in its unit.",
            },
            "lines": _many(line, "The best first; those without a rank last."),
        },
        "All numbers under one protocol on one backbone; nothing may be compared across groups.",
    )
    return _object(
        {
            **_HEAD,
            **properties("datasets", TABLES["datasets"].columns),
            "groups": _many(group, "The comparable groups, what is ranked first."),
            "tables": _object(
                {table: _by_id(table) for table in ("benchmarks", "origins", "protocols")},
                "What the ids in the numbers lead to.",
            ),
        },
        "What the book says of one data set; null means not established.",
    )


def _index() -> dict[str, Any]:
    member = _object(
        {
            **_IDENTIFIED,
            "id": {**_TEXT, "description": "The key of a paper or the id of a data set."},
            "name": _TEXT_OR_NULL,
            "title": _TEXT,
            "year": {"type": ["integer", "null"]},
            "category": {"enum": [*CATEGORIES]},
            **{form: {**_TEXT, "description": "From the root of the site."} for form in ("page", "json")},
        },
        "One paper or data set, and where it is told.",
    )
    return _object(
        {
            **_VERSIONED,
            "title": {**_TEXT, "description": "The title of the book."},
            "kind": {"enum": ["paper", "dataset"]},
            "members": _many(member, "All there are, in the order of their file."),
        },
        "Every paper or data set of the book.",
    )


def _number(table: str) -> dict[str, Any]:
    return _object(
        {
            **_IDENTIFIED,
            "address": {**_TEXT_OR_NULL, "description": "Where it stands, from the root of the site."},
            **properties(table, TABLES[table].columns),
            "printed": {**_TEXT, "description": "The value as the source prints it, with all its digits."},
        },
        "One reported number.",
    )


def _row(table: str) -> dict[str, Any]:
    return _object(properties(table, TABLES[table].columns), "")


def _by_id(table: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": _row(table),
        "description": f"The rows of {table}.csv that the numbers lead to, by their ids.",
    }


def _many(item: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {"type": "array", "items": dict(item), "description": description}


def _object(members: Mapping[str, Any], description: str) -> dict[str, Any]:
    """Return the schema of an object that has exactly these members."""
    return {
        "type": "object",
        **({"description": description} if description else {}),
        "properties": dict(members),
        "required": list(members),
        "additionalProperties": False,
    }
