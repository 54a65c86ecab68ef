"""The description of the tables for machines: a Data Package, made from what the readers check and the dictionary says."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.export.csv_json import COLUMNS
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.dictionary import Dictionary, Meaning, read_dictionary
from peft_vlm_survey.read.results import IDENTITY
from peft_vlm_survey.read.sheets import DATE_FORM, Column

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_TYPES = {"a number": "number", "a whole number": "integer", "a year of four digits": "year", DATE_FORM: "date"}
_UNITS = {"_percent": "%", "_millions": "million parameters"}
_KEYS = {
    "results": IDENTITY,
    "costs": ("method_id", "configuration"),
    "measurements": tuple("quantity" if name == "benchmark" else name for name in IDENTITY),
}
_SAME_AS = {"measurements": "results"}  # what the dictionary does not say of the one it says of the other
_JOINED = "What only the downloads have"


def data_package(survey: Survey, tables: Mapping[str, str]) -> str:
    """Describe tables, given as CSV by their name: what a row is, and the type, the rules and the sense of each column."""
    edition = survey.edition
    members = {
        "profile": "tabular-data-package",
        "name": "peft-vlm-survey",
        "title": edition.title,
        "description": edition.abstract,
        "version": edition.version,
        "created": f"{edition.date}T00:00:00Z",
        **({"homepage": edition.url} if edition.url else {}),
        "licenses": [LICENCE],
        "contributors": [{"title": author, "role": "author"} for author in edition.authors],
        "resources": [_resource(name, text) for name, text in tables.items()],
    }
    return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


@cache
def _dictionary() -> Dictionary:
    # The columns are those of this package, whatever survey they are read from.
    return read_dictionary(ROOT)


def _resource(name: str, text: str) -> dict[str, Any]:
    content = text.encode()
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": f"{name}.csv",
        "description": f"A row is {row_of(name)}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": _schema(name),
    }


@cache
def _schema(name: str) -> dict[str, Any]:
    """Return what is said of a table whatever it holds."""
    primary = primary_key(name)
    foreign = [
        {"fields": [column.name], "reference": {"resource": target[0], "fields": [target[1]]}}
        for column in COLUMNS[name]
        if (target := target_of(name, column))
    ]
    return {
        "fields": [_field(name, column) for column in COLUMNS[name]],
        **({"primaryKey": primary} if primary else {}),
        **({"foreignKeys": foreign} if foreign else {}),
        "missingValues": [""],
    }


def row_of(table: str) -> str:
    """Return what a row of a table is. Raises KeyError if the dictionary says nothing of it."""
    return _dictionary().rows[f"{table}.csv"]


def primary_key(table: str) -> list[str]:
    """Return the columns that no two rows of a table agree in; none if nothing forbids it."""
    unique = next((column.name for column in COLUMNS[table] if column.unique), "")
    return [unique] if unique else list(_KEYS.get(table, ()))


def target_of(table: str, column: Column) -> tuple[str, str] | None:
    """Return the table and the column that a column leads to; None if it leads nowhere, or is no single name."""
    if not column.leads or column.many or column.leads == table:  # a list cannot be a key in a Data Package
        return None
    return column.leads, next(target.name for target in COLUMNS[column.leads] if target.unique)


def type_of(column: Column) -> str:
    """Return the type of a column in a Data Package."""
    return _TYPES.get(column.form, "string")


def _field(table: str, column: Column) -> dict[str, Any]:
    unit = unit_of(column.name)
    constraints = _constraints(column)
    return {
        "name": column.name,
        "type": type_of(column),
        "description": description_of(table, column.name),
        **({"unit": unit} if unit else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def unit_of(column: str) -> str:
    """Return the unit that a column has by its name; empty where it has none, or where each row says its own."""
    return next((unit for end, unit in _UNITS.items() if column.endswith(end)), "")


def _constraints(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.unique:
        constraints["unique"] = True
    if column.many:
        member = f"({'|'.join(map(_literal, column.words))})" if column.words else "[^;]+"
        constraints["pattern"] = f"{member}(; {member})*"
    elif column.words:
        constraints["enum"] = list(column.words)
    elif column.form in ("a number", "a whole number"):
        if not re.fullmatch(column.pattern or "", "-1"):
            constraints["minimum"] = 0
        if column.name.endswith("_percent"):
            constraints["maximum"] = 100
    elif column.pattern and column.form not in _TYPES:
        constraints["pattern"] = column.pattern
    return constraints


def _literal(word: str) -> str:
    # re.escape would escape the space and the hyphen too, which not every dialect of patterns allows.
    return re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", word)


def meaning(table: str, column: str) -> Meaning:
    """Return what the dictionary says of a column of a table. Raises KeyError if it says nothing."""
    columns = _dictionary().columns
    for section in (f"{table}.csv", f"{_SAME_AS.get(table, '')}.csv", _JOINED):
        if column in columns.get(section, {}):
            return columns[section][column]
    raise KeyError(f"data/README.md does not say what '{column}' of {table}.csv means")


def description_of(table: str, column: str) -> str:
    """Return what the dictionary says of a column, and of its empty cells. Raises KeyError if it says nothing."""
    entry = meaning(table, column)
    empty = "" if entry.empty in ("", "never empty") else f" Empty: {entry.empty}."
    return f"{entry.holds[0].upper()}{entry.holds[1:]}.{empty}"
