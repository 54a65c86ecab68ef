"""The catalogue as scripts, for the explorer and the citation cards: a page opened from disk may not fetch a file.

Each holds one list a column, since what is alike compresses better side by side. What the explorer does not show or
search stands apart: works that are cited without being classified, which only cards name, and addresses, which only an
exported table has.
"""

from collections.abc import Mapping, Sequence

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES, KINDS
from peft_vlm_survey.read.tasks import GROUPS
from peft_vlm_survey.show.catalogue import in_order
from peft_vlm_survey.site.data_script import DataScript, compact

FIELDS = (  # of an exported table, in its order; the page knows the groups from the tasks
    "key",
    "name",
    "aliases",
    "title",
    "authors",
    "year",
    "venue",
    "category",
    "groups",
    "tasks",
    "family",
    "further_families",
    "kind",
    "code",
    "arxiv",
    "address",
    "status",
    "added",
    "depth",
)


def catalogue_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.catalogue`.

    `fields` names the columns of an exported table, `papers` has those that the explorer shows or searches, newest
    paper first; the vocabularies are in their order.
    """
    papers = in_order(survey, survey.papers)
    columns = {
        **_cited(survey, {paper.key: paper.name for paper in papers}),
        "aliases": [paper.aliases for paper in papers],
        "category": [paper.category for paper in papers],
        "tasks": [paper.task for paper in papers],
        "family": [paper.family for paper in papers],
        "further_families": [paper.further_families for paper in papers],
        "kind": [paper.kind for paper in papers],
        "code": [paper.code for paper in papers],
        "status": [paper.status for paper in papers],
        "added": [paper.added for paper in papers],
        "depth": [paper.depth for paper in papers],
    }
    members = {
        "fields": compact(FIELDS),
        "papers": _lines(columns),
        "categories": compact(CATEGORIES),
        "groups": compact(list(GROUPS.items())),
        "families": compact(FAMILIES),
        "kinds": compact(KINDS),
    }
    text = ",\n".join(f"{compact(name)}:{value}" for name, value in members.items())
    return f"survey.data.catalogue = {{\n{text}\n}};\n"


def works_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.works`: the works that are cited without being classified."""
    works = sorted(survey.background, key=lambda work: work.key)
    return f"survey.data.works = {_lines(_cited(survey, {work.key: work.name for work in works}))};\n"


def addresses_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.addresses`: where each paper is found, in the order of the catalogue."""
    references = [survey.references[paper.key] for paper in in_order(survey, survey.papers)]
    columns = {
        "arxiv": [reference.plain("eprint") for reference in references],
        "address": [reference.address for reference in references],
    }
    return f"survey.data.addresses = {_lines(columns)};\n"


def _cited(survey: Survey, names: Mapping[str, str]) -> dict[str, Sequence[object]]:
    """Return what a citation says of works, given by their keys with their names: one list a column."""
    references = [survey.references[key] for key in names]
    return {
        "key": list(names),
        "name": list(names.values()),
        "title": [reference.title_without_formulas for reference in references],
        "authors": [reference.authors for reference in references],
        "year": [reference.year for reference in references],
        "venue": [survey.venue(key) for key in names],
    }


def _lines(columns: Mapping[str, Sequence[object]]) -> str:
    return "{\n" + ",\n".join(f"{compact(name)}:{compact(column)}" for name, column in columns.items()) + "\n}"


SCRIPT = DataScript("catalogue.js", lambda survey, anchors: catalogue_script(survey))
WORKS = DataScript("works.js", lambda survey, anchors: works_script(survey))
ADDRESSES = DataScript("addresses.js", lambda survey, anchors: addresses_script(survey))
