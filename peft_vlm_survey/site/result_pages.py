"""What the pages of benchmarks and of data sets share: both show reported numbers and offer them as a file."""

from collections.abc import Callable, Iterator
from typing import Any

from sphinx.application import Sphinx

from peft_vlm_survey.export.package import LICENCE
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.site.metadata import json_script
from peft_vlm_survey.site.pages import Page, collected
from peft_vlm_survey.site.papers import Address, addresses


def write_pages(
    app: Sphinx, folder: str, template: str, pages: Callable[[Survey, Address], Iterator[Page]]
) -> tuple[()]:
    """Write the pages of a folder; Sphinx is left none to write."""
    address = addresses(app, "../papers/")
    collected(app, folder, template, lambda survey: pages(survey, address))
    return ()


def frame_of(app: Sphinx, address: Address) -> dict[str, Any]:
    """Return what the frame needs to know of every such page."""
    return {
        "address": address,
        "has_overview": "benchmarks" in app.env.found_docs,
        "has_results": "results" in app.env.found_docs,
        "has_compare": "compare" in app.env.found_docs,
        "has_tables": True,
        "has_citations": True,
    }


def data_set_script(edition: Edition, page: str, name: str, said: str, dataset: str, **more: str) -> str:
    """Return the rows of a page as schema.org describes a data set; `page` is its place without extension.

    The file holds all rows of the data set, whose id is `dataset`.
    """
    url, file = edition.url, f"downloads/datasets/{dataset}.csv"
    return json_script(
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": name,
            "description": said,
            "license": LICENCE["path"],
            "creator": [{"@type": "Organization", "name": author} for author in edition.authors],
            **more,
            **({"url": f"{url}/{page}.html"} if url else {}),
            "distribution": {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": f"{url}/{file}" if url else f"../{file}",
            },
        }
    )
