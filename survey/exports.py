"""What readers take away; every function returns text."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from bibtexparser.library import Library
from bibtexparser.model import Block, Entry, Field
from bibtexparser.writer import BibtexFormat, write

from survey.read.joined import cells
from survey.read.papers import CATEGORIES
from survey.read.reference import Reference
from survey.read.whole import Survey

SCHEMA_VERSION = 1


def references_bib(survey: Survey) -> str:
    """Return the whole bibliography, sorted by key."""
    return bibtex(survey.references.values())


def category_bib(survey: Survey, category: str) -> str:
    """Return the entries of a category's papers, sorted by key."""
    return bibtex(survey.references[paper.key] for paper in survey.papers if paper.category == category)


def paper_bib(survey: Survey, key: str) -> str:
    """Return the entry of one paper. Raises KeyError if there is none."""
    return bibtex([survey.references[key]])


def book_bib(survey: Survey) -> str:
    """Return the entry of this edition of the book itself."""
    edition = survey.edition
    fields = {
        "author": " and ".join(f"{{{author}}}" for author in edition.authors),
        "title": edition.title.replace("Vision–Language", "{Vision}--{Language}"),
        "year": edition.date[:4],
        "note": f"Version {edition.version}, {edition.date}",
        **({"url": edition.url} if edition.url else {}),
    }
    return bibtex([Reference(key=f"peftvlmsurvey{edition.date[:4]}book", type="misc", fields=fields, line=1)])


def papers_csv(survey: Survey) -> str:
    """Return papers and references joined as CSV: one row a paper, UTF-8, comma, LF."""
    return survey.papers_frame().to_csv(index=False, lineterminator="\n")


def papers_json(survey: Survey) -> str:
    """Return papers and references joined as JSON: lists as lists, what is not established as null."""
    papers = []
    for paper in survey.papers:
        reference = survey.references[paper.key]
        papers.append(
            {
                "key": paper.key,
                "name": paper.name or None,
                "aliases": list(paper.aliases),
                "kind": paper.kind,
                "title": reference.title,
                "authors": list(reference.authors),
                "venue": reference.venue or None,
                "year": reference.year,
                **{field: reference.plain(field) or None for field in ("pages", "doi", "url")},
                "arxiv": reference.plain("eprint") or None,
                "category": paper.category,
                "task": list(paper.task),
                "family": paper.family or None,
                "further_families": list(paper.further_families),
                "depth": paper.depth,
                "backbones": list(paper.backbones),
                "benchmarks": list(paper.benchmarks),
                "mergeable": paper.mergeable or None,
                "backbone_gradient": paper.backbone_gradient or None,
                "code": paper.code or None,
                "code_licence": paper.code_licence or None,
                "summary": paper.summary or None,
                "note_zh": paper.note_zh or None,
                "source": paper.source,
                "checked": paper.checked or None,
                "added": paper.added,
                "status": paper.status,
            }
        )
    return _json(survey, {"papers": papers})


def table_csv(records: Sequence[Any], **renamed: str) -> str:
    """Return typed rows as CSV, one column a field (some renamed): UTF-8, comma, LF."""
    frame = pd.DataFrame([cells(record) for record in records]).rename(columns=renamed)
    return frame.to_csv(index=False, lineterminator="\n")


def results_json(survey: Survey) -> str:
    """Return every number joined with the table it stands in, and what its ids mean, as JSON; not established is null."""
    measurements = [
        {"quantity" if name == "benchmark" else name: cell for name, cell in row.items()}
        for row in survey.number_rows(survey.measurements)
    ]
    said = {
        "benchmarks": {benchmark.benchmark: cells(benchmark) for benchmark in survey.benchmarks},
        "protocols": {protocol.protocol: cells(protocol) for protocol in survey.protocols},
        "results": survey.number_rows(survey.results),
        "measurements": measurements,
    }
    return _json(survey, _with_nulls(said))


def _json(survey: Survey, said: dict[str, Any]) -> str:
    """Return what is said behind the edition that says it."""
    edition = survey.edition
    head = {"schema": SCHEMA_VERSION, "title": edition.title, "version": edition.version, "date": edition.date}
    return json.dumps({**head, **said}, ensure_ascii=False, indent=1) + "\n"


def _with_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_nulls(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_with_nulls(member) for member in value]
    return None if value == "" else value


def downloads(survey: Survey) -> dict[str, str]:
    """Return every file that the book promises below `downloads/`, by its address there."""
    return {
        "references.bib": references_bib(survey),
        **{f"{category}.bib": category_bib(survey, category) for category in CATEGORIES},
        **{f"bib/{paper.key}.bib": paper_bib(survey, paper.key) for paper in survey.papers},
        "papers.csv": papers_csv(survey),
        "papers.json": papers_json(survey),
        "results.csv": table_csv(survey.results),
        "measurements.csv": table_csv(survey.measurements, benchmark="quantity"),
        "origins.csv": table_csv(survey.origins),
        "benchmarks.csv": table_csv(survey.benchmarks),
        "protocols.csv": table_csv(survey.protocols),
        "mismatches.csv": table_csv(survey.mismatches),
        "results.json": results_json(survey),
    }


def bibtex(references: Iterable[Reference]) -> str:
    """Return entries in the one form of references.bib: sorted by key, one field a line."""
    form = BibtexFormat()
    form.indent = "  "
    form.trailing_comma = True
    form.block_separator = "\n\n"
    entries: list[Block] = [
        Entry(reference.type, reference.key, [Field(name, f"{{{value}}}") for name, value in reference.fields.items()])
        for reference in sorted(references, key=lambda reference: reference.key)
    ]
    return write(Library(entries), form).rstrip("\n") + "\n"
