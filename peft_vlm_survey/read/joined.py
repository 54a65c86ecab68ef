"""Rows of the sources joined with the rows that they name, for downloads."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.origins import Origin
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.sheets import LIST_SEPARATOR
from peft_vlm_survey.read.vocabulary import FACTS

# The columns of descriptions.csv that stand beside a paper's own.
DESCRIBED = ("summary", "summary_zh", *FACTS, "basis")


def number_rows(origins: Mapping[str, Origin], numbers: Iterable[Result]) -> list[dict[str, str]]:
    """Return one row per number: the number as printed, and whose table it stands in, read where, under which protocol."""
    rows = []
    for number in numbers:
        origin = origins[number.origin]
        rows.append(
            {
                **cells(number),
                "origin_key": origin.key,
                "locator": origin.locator,
                "read_in": origin.read_in,
                "source": origin.source,
                "protocol": origin.protocol,
                "checked": origin.checked,
            }
        )
    return rows


def paper_row(paper: Paper, reference: Reference, description: Description | None) -> dict[str, str]:
    """Return what a paper says of itself, and what the survey says of it."""
    bibliographic = {"title": reference.title, "authors": "; ".join(reference.authors), "venue": reference.venue}
    bibliographic |= {field: reference.plain(field) for field in ("year", "pages")}
    bibliographic |= {field: reference.fields.get(field, "") for field in ("doi", "url", "eprint")}
    row = {**bibliographic, **cells(paper), "groups": LIST_SEPARATOR.join(paper.groups)}
    return row | {name: description.row[name] if description else "" for name in DESCRIBED}


def cells(record: Any) -> dict[str, str]:
    """Return the cells of a typed row by the name of their column, lists joined as in the file."""
    names, values = _columns(type(record))  # type: ignore[arg-type]  # a type can be hashed
    return {
        name: "; ".join(value) if value.__class__ is tuple else value
        for name, value in zip(names, values(record), strict=True)
    }


@cache
def _columns(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Return the columns of a class of rows, and a getter of all their values at once."""
    names = tuple(held.name for held in dataclasses.fields(kind) if held.name != "row")
    return names, attrgetter(*names)
