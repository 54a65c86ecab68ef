"""What the pages of benchmarks and of data sets share: both show reported numbers, with a figure and a download of their rows."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sphinx.application import Sphinx

from peft_vlm_survey.export.package import LICENCE
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.show.scatter import STYLE, Scatter
from peft_vlm_survey.site.figure_files import Figures
from peft_vlm_survey.site.metadata import json_script
from peft_vlm_survey.site.pages import Page, collected
from peft_vlm_survey.site.papers import Address, addresses


def result_page(
    figures: Figures,
    name: str,
    pages: Callable[[Survey], Any],
    row: object,
    around: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> Page:
    """Return the page of a benchmark or a data set, with its figures."""

    def show(survey: Survey) -> tuple[dict[str, Any], Mapping[str, Scatter]]:
        shown = pages(survey)
        return shown.content(row), shown.figures

    return figures.page(name, show, around)


def write_pages(
    app: Sphinx, folder: str, template: str, pages: Callable[[Survey, Figures, Address], Iterator[Page]]
) -> tuple[()]:
    """Write the pages of a folder and the files of their figures; Sphinx is left none to write."""
    figures, address = Figures(app, folder), addresses(app, "../papers/")
    if collected(app, folder, template, lambda survey: pages(survey, figures, address)):
        figures.write()
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
        "figure_style": STYLE,
    }


def data_set_script(edition: Edition, page: str, name: str, said: str, **more: str) -> str:
    """Return the rows of a page as schema.org describes a data set; `page` is its place without extension."""
    url, file = edition.url, f"downloads/{page}.csv"
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
