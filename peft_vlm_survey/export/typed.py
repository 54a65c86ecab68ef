"""Rows as programs want them: numbers as numbers, lists as lists, and what is not established as null."""

from collections.abc import Iterable, Mapping
from typing import Any

from peft_vlm_survey.read.sheets import LIST_SEPARATOR, Column

_NUMBERS = {"a number": float, "a whole number": int, "a year of four digits": int}


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
    return _NUMBERS[column.form](cell) if column.form in _NUMBERS else cell
