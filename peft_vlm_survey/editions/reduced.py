"""A data package reduced to what a comparison with the next edition needs, small enough to stay in the repository."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping

from peft_vlm_survey.editions.package import DESCRIPTION, Cells, Package
from peft_vlm_survey.editions.zipped import zipped
from peft_vlm_survey.export.package import LICENCE
from peft_vlm_survey.read.vocabulary import FACTS

RECORD = ("title", "authors", "venue", "year", "pages", "doi", "url", "eprint")
LABELS = (
    *("name", "aliases", "kind", "category", "task", "family", "further_families", "backbones"),
    *("benchmarks", "code", "code_extent", "code_licence"),
)
SUMMARIES = ("summary", "summary_zh")
DESCRIBED = (*SUMMARIES, *FACTS)
# Of a text that is only compared, and shown where it stands, the digest is enough.
_DIGEST = "sha256:"
_DIGITS = 12
COMPARED: Mapping[str, tuple[str, ...]] = {
    "papers": ("key", *RECORD, *LABELS),
    "descriptions": ("key", *DESCRIBED),
    "origins": ("origin", "key", "locator", "read_in", "protocol"),
    "benchmarks": ("benchmark", "name", "category", "task", "dataset", "split", "metric", "direction", "parts"),
    "protocols": ("protocol", "name", "ranked"),
    "results": (
        "origin",
        "method",
        "method_key",
        "backbone",
        "benchmark",
        "value",
        "spread",
        "trained_percent",
        "trained_millions",
        "claim",
    ),
    "measurements": ("origin", "method", "backbone", "quantity", "unit", "value", "trained_percent"),
}


def reduced(package: Package) -> Package:
    """Return a package with the tables and columns that a comparison needs; one that is reduced already stays as it is."""
    return Package(
        version=package.version,
        date=package.date,
        tables={
            name: tuple(_cut(columns, row) for row in package.rows(name))
            for name, columns in COMPARED.items()
            if name in package.tables
        },
    )


def _cut(columns: Iterable[str], row: Cells) -> Cells:
    return {name: _digest(row[name]) if name in SUMMARIES else row[name] for name in columns if name in row}


def _digest(text: str) -> str:
    if not text or text.startswith(_DIGEST):
        return text
    return _DIGEST + hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def reduced_file(package: Package) -> bytes:
    """Return the reduced package as a zip file, which is a data package itself; the same package gives the same bytes."""
    small = reduced(package)
    columns = {name: _columns_of(name, rows) for name, rows in small.tables.items()}
    description = {
        "profile": "tabular-data-package",
        "name": "peft-vlm-survey-reduced",
        "title": f"What is compared of edition {small.version}",
        "description": "The columns of the data package by which the next edition is compared with this one; of summaries only a digest.",
        "version": small.version,
        "created": f"{small.date}T00:00:00Z",
        "licenses": [LICENCE],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": name,
                "path": f"{name}.csv",
                "encoding": "utf-8",
                "schema": {"fields": [{"name": column, "type": "string"} for column in columns[name]]},
            }
            for name in small.tables
        ],
    }
    files = {DESCRIPTION: json.dumps(description, ensure_ascii=False, indent=1) + "\n"}
    files |= {f"{name}.csv": _csv(columns[name], rows) for name, rows in small.tables.items()}
    out = io.BytesIO()
    zipped({name: text.encode() for name, text in files.items()}, out, date=small.date)
    return out.getvalue()


def _columns_of(table: str, rows: Iterable[Cells]) -> list[str]:
    there = {name for row in rows for name in row}
    return [name for name in COMPARED[table] if name in there]


def _csv(columns: list[str], rows: Iterable[Cells]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
