r"""Pages of reported numbers: benchmarks/<id>.html of every benchmark that has any, and datasets/<id>.html of every data set.

The roles {benchmark}`id` and {dataset}`id` lead to them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sphinx.application import Sphinx

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.export.package import LICENCE
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.show import benchmark_facts, dataset_facts
from peft_vlm_survey.show.benchmark_page import BenchmarkPages
from peft_vlm_survey.show.dataset_page import DatasetPages
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.site.metadata import json_script, meta
from peft_vlm_survey.site.pages import Page, PageRole, collected
from peft_vlm_survey.site.papers import addresses

Content = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """What sets pages of one kind apart: `names` says by id what there is a page of and what it is called.

    `content` is what a page shows, `around` what the frame needs to know of that.
    """

    name: str
    folder: str
    names: Callable[[Survey], Mapping[str, str]]
    content: Callable[[Survey, str], Content]
    around: Callable[[Survey, str, Content], Content]

    @property
    def template(self) -> str:
        """Return the template of the pages."""
        return f"{self.name}.html"

    def page(self, id: str) -> str:
        """Return the name of a page, without extension."""
        return f"{self.folder}/{id}"


class ResultRole(PageRole):
    """Link to a page of one kind, by default under its name; an unknown id is an error where it stands."""

    def __init__(self, pages: Kind) -> None:
        super().__init__()
        self.pages, self.kind = pages, pages.name

    def known(self) -> Collection[str]:
        """Return the ids of what has a page."""
        return the_survey().derived(self.pages.names)

    def page(self) -> str:
        """Return the name of the page."""
        return self.pages.page(self.target)

    def short_name(self) -> str:
        """Return what the page is of."""
        return the_survey().derived(self.pages.names)[self.target]


def _benchmarks(survey: Survey) -> Mapping[str, str]:
    measured = {number.benchmark for number in survey.results}
    return {row.benchmark: row.name for row in survey.benchmarks if row.benchmark in measured}


def _of_benchmark(survey: Survey, id: str, content: Content) -> Content:
    said = (
        f"{content['title']}: {content['numbers']} reported numbers of {content['methods']} methods, "
        "ranked only where protocol and backbone agree, each with its table."
    )
    page, metric = BENCHMARK.page(id), survey.benchmark(id).metric
    rows = data_set_script(
        survey.edition, page, content["title"], said, content["dataset"]["id"], variableMeasured=metric
    )
    return {
        "title": content["title"],
        "metatags": meta("name", "description", said) + rows,
        "sections": [
            Part("What it measures", "facts"),
            *(Part(board["heading"] or "Outside of any group", board["id"]) for board in content["boards"]),
            *([Part("Averages that do not follow", "mismatches")] if content["mismatches"] else []),
            *([Part("Values that contradict each other", "contradictions")] if content["contradictions"] else []),
            Part("Downloads", "downloads"),
        ],
    }


def _datasets(survey: Survey) -> Mapping[str, str]:
    return {row.id: row.name for row in survey.datasets}


def _of_dataset(survey: Survey, id: str, content: Content) -> Content:
    name = content["name"]
    said = (
        f"{name}: {content['numbers']} reported numbers of {content['methods']} methods in one table per comparable group, "
        "with year, venue, family, what is trained, and the table behind each number."
    )
    record = f'<link rel="alternate" type="application/json" href="{id}.json" />\n'
    rows = data_set_script(survey.edition, DATASET.page(id), f"Reported results on {name}", said, id)
    return {
        "title": name,
        "metatags": meta("name", "description", said) + record + rows,
        "has_groups": bool(content["others"]),
        "sections": [
            Part(content["opening"], "first"),
            *([Part(content["others_heading"], "others")] if content["others"] else []),
            Part("What it is", "facts"),
            Part("Downloads", "downloads"),
        ],
    }


BENCHMARK = Kind(
    name="benchmark",
    folder=benchmark_facts.FOLDER,
    names=_benchmarks,
    content=lambda survey, id: BenchmarkPages(survey).content(survey.benchmark(id)),
    around=_of_benchmark,
)
DATASET = Kind(
    name="dataset",
    folder=dataset_facts.FOLDER,
    names=_datasets,
    content=lambda survey, id: DatasetPages(survey).content(survey.dataset(id)),
    around=_of_dataset,
)
KINDS = (BENCHMARK, DATASET)


def collect(app: Sphinx, kind: Kind) -> Iterable[tuple[str, dict[str, Any], str]]:
    """Write the pages of a kind; Sphinx is left none to write."""
    frame = {
        "address": addresses(app, "../papers/"),
        "has_overview": "benchmarks" in app.env.found_docs,
        "has_results": "results" in app.env.found_docs,
        "has_compare": "compare" in app.env.found_docs,
        "has_tables": True,
        "has_citations": True,
    }

    def page(survey: Survey, id: str) -> Page:
        return Page(
            name=kind.page(id),
            content=lambda survey: kind.content(survey, id),
            around=lambda content: {**frame, **kind.around(survey, id, content)},
        )

    def pages(survey: Survey) -> Iterator[Page]:
        return (page(survey, id) for id in survey.derived(kind.names))

    collected(app, kind.folder, kind.template, pages)
    return ()


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


def setup(app: Sphinx) -> None:
    """Register the roles and the pages."""
    for kind in KINDS:
        app.add_role(kind.name, ResultRole(kind))
        app.connect("html-collect-pages", partial(collect, kind=kind))
