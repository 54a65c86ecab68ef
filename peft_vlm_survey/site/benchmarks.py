r"""A page for every benchmark that has numbers, benchmarks/<id>.html, and the role {benchmark}`id` that leads to it."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache, partial
from typing import Any

from sphinx.application import Sphinx

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.show.benchmark_facts import (
    FOLDER,
)
from peft_vlm_survey.show.benchmark_page import BenchmarkPages
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.site.metadata import meta
from peft_vlm_survey.site.pages import Page, PageRole
from peft_vlm_survey.site.papers import Address
from peft_vlm_survey.site.result_pages import data_set_script, frame_of, write_pages

TEMPLATE = "benchmark.html"


@cache
def measured() -> frozenset[str]:
    """Return the ids of the benchmarks that have a page."""
    return frozenset(number.benchmark for number in the_survey().results)


def page_of(benchmark: str) -> str:
    """Return the name of a benchmark's page, without extension."""
    return f"{FOLDER}/{benchmark}"


class BenchmarkRole(PageRole):
    """Link to a benchmark's page, by default under its name; an unknown id is an error where it stands."""

    kind = "benchmark"

    def known(self) -> Collection[str]:
        """Return the ids of the benchmarks that have a page."""
        return measured()

    def page(self) -> str:
        """Return the name of the benchmark's page."""
        return page_of(self.target)

    def short_name(self) -> str:
        """Return the benchmark's name."""
        return the_survey().benchmark(self.target).name


def collect(app: Sphinx) -> tuple[()]:
    """Write the pages; Sphinx is left none to write."""

    def pages(survey: Survey, address: Address) -> Iterator[Page]:
        for row in survey.benchmarks:
            if row.benchmark in measured():
                around = partial(_around, app, survey, row, address)
                yield Page(name=page_of(row.benchmark), content=partial(_content, row), around=around)

    return write_pages(app, FOLDER, TEMPLATE, pages)


def _content(benchmark: Benchmark, survey: Survey) -> dict[str, Any]:
    return BenchmarkPages(survey).content(benchmark)


def _around(
    app: Sphinx, survey: Survey, benchmark: Benchmark, address: Address, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the frame needs to know of a page."""
    return {
        **frame_of(app, address),
        "title": content["title"],
        "metatags": head(survey, benchmark, content),
        "sections": _sections(content),
    }


def _sections(content: Mapping[str, Any]) -> list[Part]:
    return [
        Part("What it measures", "facts"),
        *(Part(board["heading"] or "Outside of any group", board["id"]) for board in content["boards"]),
        *([Part("Averages that do not follow", "mismatches")] if content["mismatches"] else []),
        *([Part("Values that contradict each other", "contradictions")] if content["contradictions"] else []),
        Part("Downloads", "downloads"),
    ]


def description(benchmark: Benchmark, content: Mapping[str, Any]) -> str:
    """Return one sentence on a benchmark's page; no two pages share it."""
    return (
        f"{content['title']}: {content['numbers']} reported numbers of {content['methods']} methods, "
        "ranked only where protocol and backbone agree, each with its table."
    )


def head(survey: Survey, benchmark: Benchmark, content: Mapping[str, Any]) -> str:
    """Return the tags of a page: its description, and its rows as schema.org describes a data set."""
    said = description(benchmark, content)
    page = page_of(benchmark.benchmark)
    rows = data_set_script(
        survey.edition, page, content["title"], said, content["dataset"]["id"], variableMeasured=benchmark.metric
    )
    return meta("name", "description", said) + rows


def setup(app: Sphinx) -> None:
    """Register the role and the pages."""
    app.add_role("benchmark", BenchmarkRole())
    app.connect("html-collect-pages", collect)
