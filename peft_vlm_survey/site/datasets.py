r"""A page for every data set, datasets/<id>.html, with all its splits and metrics; and the role {dataset}`id` that leads to it."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from sphinx.application import Sphinx

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.datasets import Dataset
from peft_vlm_survey.show.dataset_facts import (
    FOLDER,
)
from peft_vlm_survey.show.dataset_page import DatasetPages
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.site.metadata import meta
from peft_vlm_survey.site.pages import Page, PageRole
from peft_vlm_survey.site.papers import Address
from peft_vlm_survey.site.result_pages import data_set_script, frame_of, write_pages

TEMPLATE = "dataset.html"


def page_of(dataset: str) -> str:
    """Return the name of a data set's page, without extension."""
    return f"{FOLDER}/{dataset}"


class DatasetRole(PageRole):
    """Link to a data set's page, by default under its name; an unknown id is an error where it stands."""

    kind = "dataset"

    def known(self) -> Collection[str]:
        """Return the ids of the data sets."""
        return the_survey().datasets_by_id

    def page(self) -> str:
        """Return the name of the data set's page."""
        return page_of(self.target)

    def short_name(self) -> str:
        """Return the data set's name."""
        return the_survey().dataset(self.target).name


def collect(app: Sphinx) -> tuple[()]:
    """Write the pages; Sphinx is left none to write."""

    def pages(survey: Survey, address: Address) -> Iterator[Page]:
        for row in survey.datasets:
            around = partial(_around, app, survey, row, address)
            yield Page(name=page_of(row.id), content=partial(_content, row), around=around)

    return write_pages(app, FOLDER, TEMPLATE, pages)


def _content(dataset: Dataset, survey: Survey) -> dict[str, Any]:
    return DatasetPages(survey).content(dataset)


def _around(
    app: Sphinx, survey: Survey, dataset: Dataset, address: Address, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the frame needs to know of a page."""
    return {
        **frame_of(app, address),
        "title": dataset.name,
        "metatags": head(survey, dataset, content),
        "has_groups": bool(content["others"]),
        "sections": [
            Part(content["opening"], "first"),
            *([Part(content["others_heading"], "others")] if content["others"] else []),
            Part("What it is", "facts"),
            Part("Downloads", "downloads"),
        ],
    }


def description(dataset: Dataset, content: Mapping[str, Any]) -> str:
    """Return one sentence on a data set's page; no two pages share it."""
    return (
        f"{dataset.name}: {content['numbers']} reported numbers of {content['methods']} methods in one table per comparable group, "
        "with year, venue, family, what is trained, and the table behind each number."
    )


def head(survey: Survey, dataset: Dataset, content: Mapping[str, Any]) -> str:
    """Return the tags of a page: its description, and its rows as schema.org describes a data set."""
    said = description(dataset, content)
    rows = data_set_script(survey.edition, page_of(dataset.id), f"Reported results on {dataset.name}", said, dataset.id)
    record = f'<link rel="alternate" type="application/json" href="{dataset.id}.json" />\n'
    return meta("name", "description", said) + record + rows


def setup(app: Sphinx) -> None:
    """Register the role and the pages."""
    app.add_role("dataset", DatasetRole())
    app.connect("html-collect-pages", collect)
