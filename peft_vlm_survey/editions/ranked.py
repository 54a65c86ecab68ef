"""The survey of a package as far as rankings go: today's rules of comparison, asked of the tables of any edition."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from peft_vlm_survey.compare.boards import Board, boards_by_benchmark
from peft_vlm_survey.compare.groups import Place, every_group
from peft_vlm_survey.editions.package import Package
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.read.registry import TABLES
from peft_vlm_survey.read.sheets import LIST_SEPARATOR, Row

_COMPARED = ("results", "origins", "benchmarks", "protocols")


def boards_of(survey: Survey) -> Mapping[tuple[str, str, str], Board]:
    """Return every ranked board by protocol, backbone and benchmark."""
    return {
        (board.protocol, board.backbone, benchmark): board
        for benchmark, boards in boards_by_benchmark(survey).items()
        for board in boards
        if board.ranked
    }


def main_benchmarks(survey: Survey) -> Mapping[Place, str]:
    """Return the benchmark by which each comparable group is ranked."""
    return {place: group.main.benchmark for place, group in every_group(survey).items() if group.comparable}


def ranked_survey(package: Package) -> Survey:
    """Return a survey that holds what is compared, and nothing else."""
    edition = dict.fromkeys(("title", "abstract", "doi", "url", "repository"), "")
    held: dict[str, Any] = {field.name: () for field in fields(Survey)}
    held |= {name: tuple(_made(package, name)) for name in _COMPARED}
    return Survey(
        **held
        | {
            "root": Path(),
            "edition": Edition(**edition, authors=(), keywords=(), version=package.version, date=package.date),
            "references": {},
        }
    )


def _made(package: Package, name: str) -> list[Any]:
    table = TABLES[name]
    made = []
    for line, cells in enumerate(package.rows(name), start=2):
        texts: dict[str, Any] = {column.name: cells.get(column.name, "") for column in table.columns}
        row = Row(path=f"{package.version}/{name}.csv", line=line, cells=texts)
        listed = {
            column.name: tuple(filter(None, texts[column.name].split(LIST_SEPARATOR)))
            for column in table.columns
            if column.many
        }
        made.append(table.make(**{**texts, **listed}, row=row))
    return made
