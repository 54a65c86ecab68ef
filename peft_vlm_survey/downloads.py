"""The door to what readers take away: every function returns text, and the same survey gives the same bytes."""

from collections.abc import Callable, Mapping

from peft_vlm_survey.editions.changes import changes_of
from peft_vlm_survey.editions.changes_output import changed_csv, rows_of
from peft_vlm_survey.export.bibtex import bibtex, book_bib, paper_bib
from peft_vlm_survey.export.csl import csl
from peft_vlm_survey.export.csv_json import COLUMNS, papers_json, results_json, rows_csv, table_csv
from peft_vlm_survey.export.datasets import dataset_files
from peft_vlm_survey.export.feeds import feeds, sitemap
from peft_vlm_survey.export.package import data_package
from peft_vlm_survey.export.records import dataset_record
from peft_vlm_survey.export.ris import paper_ris, ris
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES

__all__ = [
    "bibtex",
    "book_bib",
    "category_bib",
    "downloads",
    "feeds",
    "paper_bib",
    "paper_ris",
    "papers_csv",
    "papers_json",
    "records",
    "references_bib",
    "references_csl",
    "references_ris",
    "results_json",
    "rows_csv",
    "sitemap",
    "table_csv",
]


def references_bib(survey: Survey) -> str:
    """Return the whole bibliography as BibTeX, sorted by key."""
    return bibtex(survey.references.values())


def references_ris(survey: Survey) -> str:
    """Return the whole bibliography as RIS, sorted by key."""
    return ris(survey, survey.references.values())


def references_csl(survey: Survey) -> str:
    """Return the whole bibliography as CSL-JSON, sorted by key."""
    return csl(survey, survey.references.values())


def category_bib(survey: Survey, category: str) -> str:
    """Return a category's papers as BibTeX, sorted by key."""
    return bibtex(survey.references[paper.key] for paper in survey.papers if paper.category == category)


def papers_csv(survey: Survey) -> str:
    """Return papers and references joined as CSV: one row per paper, UTF-8, comma, LF."""
    return table_csv(survey, "papers")


def _references(survey: Survey) -> dict[str, str]:
    return {
        "references.bib": references_bib(survey),
        "references.ris": references_ris(survey),
        "references.csl.json": references_csl(survey),
    }


def _categories(survey: Survey) -> dict[str, str]:
    return {f"{category}.bib": category_bib(survey, category) for category in CATEGORIES}


def _tables(survey: Survey) -> dict[str, str]:
    tables = {name: table_csv(survey, name) for name in COLUMNS}
    return {
        **{f"{name}.csv": text for name, text in tables.items()},
        "datapackage.json": data_package(survey, tables),
    }


def _changes(survey: Survey) -> dict[str, str]:
    changes = changes_of(survey)
    return (
        {f"changes/{name}.csv": changed_csv(name, rows) for name, rows in rows_of(changes).items()} if changes else {}
    )


# The files in groups of one kind.
DOWNLOADS: Mapping[str, Callable[[Survey], dict[str, str]]] = {
    "references": _references,
    "categories": _categories,
    "datasets": lambda survey: {f"datasets/{name}": text for name, text in dataset_files(survey).items()},
    "tables": _tables,
    "papers": lambda survey: {"papers.json": papers_json(survey)},
    "results": lambda survey: {"results.json": results_json(survey)},
    "changes": _changes,
}


def downloads(survey: Survey) -> dict[str, str]:
    """Return every file that the book promises below `downloads/`, by its address there."""
    return {name: text for files in DOWNLOADS.values() for name, text in files(survey).items()}


def records(survey: Survey) -> dict[str, str]:
    """Return the record of every data set as JSON, by its address beside the page."""
    return {f"datasets/{dataset.id}.json": dataset_record(survey, dataset.id) for dataset in survey.datasets}
