"""A page for every category, splits/<category>.html, which lists its benchmarks: every split and metric of its data sets."""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from sphinx.application import Sphinx

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.benchmark_facts import address_of
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.show.markup import NOT_ESTABLISHED
from peft_vlm_survey.show.overviews import FOLDER, TERMS, anchor_of, by_task, many
from peft_vlm_survey.site.metadata import meta
from peft_vlm_survey.site.pages import collected_by_category, other_categories

TEMPLATE = "splits.html"


def content(survey: Survey, category: str) -> dict[str, Any]:
    """Return what the page of a category shows: its benchmarks by task, and the other lists."""
    tasks = by_task(category, survey=survey)
    return {
        "label": CATEGORIES[category],
        "count": many(sum(map(len, tasks.values()))),
        "tasks": [
            {
                "heading": f"{task[:1].upper()}{task[1:]}" if task else "Task not established",
                "anchor": anchor_of(task),
                "count": many(len(listed)),
                "benchmarks": [
                    {
                        "name": benchmark.name,
                        "address": address_of(benchmark.benchmark),
                        "measures": ", ".join(filter(None, (benchmark.metric, benchmark.unit))) or NOT_ESTABLISHED,
                        "counts": astuple(counts),
                    }
                    for benchmark, counts in listed
                ],
            }
            for task, listed in tasks.items()
        ],
        "others": other_categories(category),
    }


def collect(app: Sphinx) -> tuple[()]:
    """Write the pages; Sphinx is left none to write."""
    return collected_by_category(app, FOLDER, TEMPLATE, content, _around)


def _around(app: Sphinx, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the frame needs to know of a page."""
    description = f"{content['label']}: {content['count']} by task, with how many numbers the survey holds on each."
    return {
        "title": f"Every Split and Metric: {content['label']}",
        "metatags": meta("name", "description", description),
        "has_overview": "benchmarks" in app.env.found_docs,
        "has_list": True,
        "has_tables": True,
        "terms": TERMS,
        "sections": [Part(task["heading"], task["anchor"]) for task in content["tasks"]],
    }


def setup(app: Sphinx) -> None:
    """Register the pages."""
    app.connect("html-collect-pages", collect)
