"""The data package of an edition: its tables as readers download them, read from a folder, a zip file or a survey."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from peft_vlm_survey.export.csv_json import COLUMNS, table_rows
from peft_vlm_survey.model import Survey

DESCRIPTION = "datapackage.json"
Cells = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """The tables of one edition by their names; a column that an older edition did not have is not there."""

    version: str
    date: str
    tables: Mapping[str, tuple[Cells, ...]]

    def rows(self, table: str) -> tuple[Cells, ...]:
        """Return the rows of a table, none if the edition has no such table."""
        return self.tables.get(table, ())


def package_of(survey: Survey, tables: Iterable[str] = COLUMNS) -> Package:
    """Return the data package of a survey, or some tables of it."""
    return Package(
        version=survey.edition.version,
        date=survey.edition.date,
        tables={name: tuple(_in_columns(survey, name)) for name in tables},
    )


def _in_columns(survey: Survey, table: str) -> list[Cells]:
    names = [column.name for column in COLUMNS[table]]
    return [
        dict(zip(names, map(str, cells), strict=True)) for cells in map(itemgetter(*names), table_rows(survey, table))
    ]


def read_package(path: Path) -> Package:
    """Read the data package in a folder, such as `export` writes, or in a zip file."""
    if path.is_dir():
        return _read(lambda name: (path / name).read_bytes())
    with zipfile.ZipFile(path) as file:
        return _read(file.read)


def _read(content: Callable[[str], bytes]) -> Package:
    description = json.loads(content(DESCRIPTION))
    tables = {}
    for resource in description["resources"]:
        text = content(resource["path"]).decode("utf-8")
        tables[resource["name"]] = tuple(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    return Package(version=description["version"], date=description["created"][:10], tables=tables)
