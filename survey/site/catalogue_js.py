"""The catalogue as a script, for the explorer and the citation cards: a page opened from disk may not fetch a file."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from survey.data import the_survey
from survey.read.families import FAMILIES
from survey.read.papers import CATEGORIES, KINDS, Paper
from survey.read.tasks import GROUP_OF, GROUPS
from survey.read.whole import Survey
from survey.show.catalogue import in_order
from survey.site import bibtex_js

NAME = "catalogue.js"
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


def address(env: BuildEnvironment) -> str:
    """Return the script's address beside the other scripts; it changes with the text, so that no cache serves an old one."""
    return f"{NAME}?v={_digest(bibtex_js.anchors(env))}"


def catalogue_script(survey: Survey, anchors: Mapping[str, str]) -> str:
    """Return the script that sets `surveyCatalogue`.

    `fields` names the members of each row of `papers`, newest first, and of `works`, which are cited without being
    classified; `anchors` leads from an anchor of the list of references to a key; the vocabularies are in their order.
    """
    works = sorted(survey.background, key=lambda work: work.key)
    said: dict[str, str | Sequence[object]] = {
        "fields": _json(FIELDS),
        "papers": [_paper(survey, paper) for paper in in_order(survey, survey.papers)],
        "works": [_row(survey, work.key, name=work.name) for work in works],
        "anchors": _json(anchors),
        "categories": _json(CATEGORIES),
        "groups": _json(list(GROUPS.items())),
        "families": _json(FAMILIES),
        "kinds": _json(KINDS),
    }
    members = [
        f"{_json(name)}:{value if isinstance(value, str) else '[' + _lines(value) + ']'}"
        for name, value in said.items()
    ]
    return "window.surveyCatalogue = {\n" + ",\n".join(members) + "\n};\n"


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


def _lines(rows: Sequence[object]) -> str:
    return "\n" + ",\n".join(map(_json, rows)) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@cache
def _script(anchors: tuple[tuple[str, str], ...]) -> str:
    return catalogue_script(the_survey(), {anchor: key for key, anchor in anchors})


@cache
def _digest(anchors: tuple[tuple[str, str], ...]) -> str:
    return hashlib.sha256(_script(anchors).encode()).hexdigest()[:8]


def setup(app: Sphinx) -> None:
    """Write the script when the site is there."""
    app.connect("build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        path = Path(app.outdir, "_static", NAME)
        path.write_text(_script(bibtex_js.anchors(app.env)), encoding="utf-8", newline="\n")
