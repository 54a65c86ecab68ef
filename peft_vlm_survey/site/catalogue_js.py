"""The catalogue as a script, for the explorer and the citation cards: a page opened from disk may not fetch a file."""

from collections.abc import Mapping, Sequence

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES, KINDS, Paper
from peft_vlm_survey.read.tasks import GROUP_OF, GROUPS
from peft_vlm_survey.show.catalogue import in_order
from peft_vlm_survey.site.data_script import DataScript, compact

FIELDS = (
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


def catalogue_script(survey: Survey, anchors: Mapping[str, str]) -> str:
    """Return the script that sets `survey.data.catalogue`.

    `fields` names the columns of `papers`, newest first, and of `works`, which are cited without being classified;
    `anchors` leads from an anchor of the list of references to a key; the vocabularies are in their order.
    """
    works = sorted(survey.background, key=lambda work: work.key)
    said: dict[str, str | Sequence[object]] = {
        "fields": compact(FIELDS),
        "papers": _columns([_paper(survey, paper) for paper in in_order(survey, survey.papers)]),
        "works": _columns([_row(survey, work.key, name=work.name) for work in works]),
        "anchors": compact(anchors),
        "categories": compact(CATEGORIES),
        "groups": compact(list(GROUPS.items())),
        "families": compact(FAMILIES),
        "kinds": compact(KINDS),
    }
    members = [
        f"{compact(name)}:{value if isinstance(value, str) else '[' + _lines(value) + ']'}"
        for name, value in said.items()
    ]
    return "survey.data.catalogue = {\n" + ",\n".join(members) + "\n};\n"


def _paper(survey: Survey, paper: Paper) -> list[object]:
    return _row(
        survey,
        paper.key,
        name=paper.name,
        aliases=paper.aliases,
        category=paper.category,
        groups=tuple(dict.fromkeys(GROUP_OF[task] for task in paper.task)),
        tasks=paper.task,
        family=paper.family,
        further_families=paper.further_families,
        kind=paper.kind,
        code=paper.code,
        status=paper.status,
        added=paper.added,
        depth=paper.depth,
    )


def _row(survey: Survey, key: str, **said: object) -> list[object]:
    """Return what is known of a work in the order of FIELDS; what is not said is empty."""
    reference = survey.references[key]
    lists = dict.fromkeys(("aliases", "groups", "tasks", "further_families"), ())
    known = {
        "key": key,
        "title": reference.title_without_formulas,
        "authors": reference.authors,
        "year": reference.year,
        "venue": survey.venue(key),
        "arxiv": reference.plain("eprint"),
        "address": reference.address,
    }
    return [({**lists, **known} | said).get(name, "") for name in FIELDS]


def _columns(rows: Sequence[Sequence[object]]) -> list[Sequence[object]]:
    """Return the columns of the rows: what is alike stands together, which compresses by a sixth better."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in FIELDS]


def _lines(rows: Sequence[object]) -> str:
    return "\n" + ",\n".join(map(compact, rows)) + "\n"


SCRIPT = DataScript(
    "catalogue.js", lambda survey, anchors: catalogue_script(survey, {anchor: key for key, anchor in anchors})
)
