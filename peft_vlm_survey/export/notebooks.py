"""Chapters as Jupyter notebooks that run against the installed package, their code visible."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from peft_vlm_survey.export.plain_markdown import Numbers, plain
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.chapters import CELL, front_matter
from peft_vlm_survey.read.edition import Edition

_CITED = re.compile(r"\{cite:[a-z]+\}`([^`]+)`")
_BIBLIOGRAPHY = re.compile(
    r"^(:{4,}\{only\} html\n:{3}\{rubric\}[^\n]*\n:{3}\n+)?```\{bibliography\}.*?^```\n(\n?:{4,}\n)?",
    re.MULTILINE | re.DOTALL,
)


def wheel_of(edition: Edition) -> str:
    """Return the address in the site of the package of an edition."""
    return f"downloads/peft_vlm_survey-{edition.version}-py3-none-any.whl"


def chapter_notebook(survey: Survey, text: str, numbers: Numbers | None = None) -> str:
    """Return a chapter, given as its MyST text, as a notebook of format 4.5.

    `numbers` says what the book calls its tables, figures and sections. What the chapter cites is listed at its end.
    """
    numbers = numbers or {}
    cells = [_markdown(_introduction(survey))]
    for kind, content in _parts(_BIBLIOGRAPHY.sub("", front_matter(text)[1])):
        if kind == "markdown":
            if prose := plain(content, survey, numbers).strip("\n"):
                cells.append(_markdown(prose))
            continue
        settings, code = _settings(content)
        cells.append(
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": _source(code)}
        )
        figure = settings.get("mystnb", {}).get("figure", {})
        if caption := " ".join(str(figure.get("caption", "")).split()):
            called = numbers.get(str(figure.get("name")), "")
            cells.append(
                _markdown(
                    f"**{called}.** {plain(caption, survey, numbers)}" if called else plain(caption, survey, numbers)
                )
            )
    if keys := sorted({key.strip() for cited in _CITED.findall(text) for key in cited.split(",")}):
        listed = "\n".join(f"- {_reference(survey, key)}" for key in keys)
        cells.append(_markdown(f"## References of this chapter\n\n{listed}"))
    return _notebook(cells)


def worked_notebook(text: str) -> str:
    """Return a notebook that is written by hand as MyST, without a role, as a notebook of format 4.5."""
    cells = []
    for kind, content in _parts(front_matter(text)[1]):
        if kind == "markdown":
            cells.append(_markdown(content.strip("\n")))
        else:
            code = _source(content.strip("\n"))
            cells.append({"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": code})
    return _notebook([cell for cell in cells if cell["source"]])


def _introduction(survey: Survey) -> str:
    edition = survey.edition
    wheel = wheel_of(edition).rpartition("/")[2]
    return (
        f"*{edition.title}*, version {edition.version}, {edition.date}. This notebook is one of its chapters. "
        f'It runs with the book\'s package, `pip install "./{wheel}[figures]"`; the wheel lies among the downloads of the site. '
        "Every table and figure is computed by the line above it; change the line to ask something else."
    )


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a text in order, each as `markdown` or as `code` with its settings."""
    end = 0
    for cell in CELL.finditer(text):
        yield "markdown", text[end : cell.start()]
        yield "code", cell.group(1)
        end = cell.end()
    yield "markdown", text[end:]


def _settings(content: str) -> tuple[Mapping[str, Any], str]:
    """Return the settings of a cell and its code."""
    settings, code = front_matter(content)
    return settings, "\n".join(line for line in code.split("\n") if not line.startswith(":")).strip("\n")


def _reference(survey: Survey, key: str) -> str:
    reference = survey.references[key]
    where = ", ".join(filter(None, (survey.venue(key), str(reference.year))))
    title = f"[{reference.title}]({reference.address})" if reference.address else reference.title
    return f"{', '.join(reference.authors)}. {title}. {where}. `{key}`"


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _source(text)}


def _source(text: str) -> list[str]:
    """Return the lines of a cell as notebooks hold them, each but the last with its line feed."""
    return text.splitlines(keepends=True)


def _notebook(cells: list[dict[str, Any]]) -> str:
    notebook = {
        "cells": [{"id": f"cell-{place}", **cell} for place, cell in enumerate(cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
