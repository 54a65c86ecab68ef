"""Rows as programs want them: numbers as numbers, lists as lists, and what is not established as null; and their schemas."""

from collections.abc import Iterable, Mapping
from typing import Any

from peft_vlm_survey.export.package import description_of, unit_of
from peft_vlm_survey.read.sheets import DATE_FORM, LIST_SEPARATOR, Column

_NUMBERS = {
    "a number": ("number", float),
    "a whole number": ("integer", int),
    "a year of four digits": ("integer", int),
}


def typed(columns: Iterable[Column], row: Mapping[str, str]) -> dict[str, Any]:
    """Return the cells of a row by column, each with its type.

    >>> typed([Column(name="seeds", form="a whole number"), Column(name="note")], {"seeds": "3", "note": ""})
    {'seeds': 3, 'note': None}
    """
    return {column.name: _cell(column, row[column.name]) for column in columns}


def _cell(column: Column, cell: str) -> Any:
    if column.many:
        return cell.split(LIST_SEPARATOR) if cell else []
    if not cell:
        return None
    return _NUMBERS[column.form][1](cell) if column.form in _NUMBERS else cell


def properties(table: str, columns: Iterable[Column]) -> dict[str, Any]:
    """Return the JSON Schema of such cells by column, each described in the words of the dictionary."""
    return {column.name: {**_schema(column), "description": _described(table, column)} for column in columns}


def _described(table: str, column: Column) -> str:
    unit = unit_of(column.name)
    return description_of(table, column.name) + (f" Unit: {unit}." if unit else "")


def _schema(column: Column) -> dict[str, Any]:
    if column.many:
        member: dict[str, Any] = {"type": "string", "minLength": 1}
        return {"type": "array", "items": member | ({"enum": list(column.words)} if column.words else {})}
    kind = _NUMBERS[column.form][0] if column.form in _NUMBERS else "string"
    schema: dict[str, Any] = {"type": kind if column.required else [kind, "null"]}
    if kind == "string":
        schema["minLength"] = 1
    if column.words:
        schema["enum"] = [*column.words] if column.required else [*column.words, None]
    if column.form == DATE_FORM:
        schema["format"] = "date"
    return schema
