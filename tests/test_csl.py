"""CSL-JSON as pandoc and citeproc-py read it."""

import json
import re
import subprocess
import unicodedata
from functools import cache

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.model import CitationStylesElement
from citeproc.source.json import CiteProcJSON

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import references_csl
from peft_vlm_survey.export.csl import csl


def item(survey, key):
    (found,) = json.loads(csl(survey, [survey.references[key]]))
    return found


def through_pandoc(text):
    command = ["pandoc", "--from=csljson", "--to=csljson", "--fail-if-warnings"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def by_key(text):
    """Return the items by key, without what pandoc's typography changes: raised digits and apostrophes."""
    plain = unicodedata.normalize("NFKC", re.sub("</?su[bp]>", "", text)).replace("’", "'")
    return {item["id"]: item for item in json.loads(plain)}


@pytest.fixture(autouse=True)
def terms_found_once(monkeypatch):
    """Let citeproc-py look a term up in its style once, and not for each item again."""
    look_up = cache(CitationStylesElement.xpath_search)
    monkeypatch.setattr(
        CitationStylesElement, "xpath_search", lambda self, *words, **named: look_up(self, *words, **named)
    )


def printed(text):
    """Return every item as citeproc-py prints it in the style that it comes with."""
    items = json.loads(text)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for one in items:
        bibliography.register(Citation([CitationItem(one["id"])]))
    return dict(zip(bibliography.keys, map(str, bibliography.bibliography()), strict=True))


def test_every_reference_has_its_item_in_order(good):
    assert [found["id"] for found in json.loads(references_csl(good))] == sorted(good.references)


SAID = {
    "garcia2021grounder": {
        "type": "paper-conference",
        "title": "Grounder: a k-shot Study of CLIP",
        "container-title": "Proceedings of the Second Conference on Small Things",
        "container-title-short": "CST",
        "issued": {"date-parts": [[2021]]},
        "page": "10-19",
        "DOI": "10.1000/small.2021.010",
        "archive_location": "2101.00010",
        "URL": "https://small.example/2021/010",
    },
    "hart2022asker": {
        "type": "article-journal",
        "title": "Asker & Answerer: 50% Fewer Weights",
        "volume": "3",
    },
    "jones2023teller": {"type": "article", "number": "arXiv:2303.00033", "publisher": "arXiv"},
    "dataset2019pictures": {"type": "document", "author": [{"literal": "The Pictures Team"}]},
}


@pytest.mark.parametrize("key", SAID)
def test_an_item_says_what_the_entry_says(good, key):
    found = item(good, key)
    assert {field: found.get(field) for field in SAID[key]} == SAID[key]


def test_the_particle_of_a_name_stands_apart(good):
    particle = {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"}
    assert item(good, "garcia2021grounder")["author"][1] == particle


def test_what_is_not_established_has_no_field(good):
    absent = {"DOI", "URL", "page", "archive", "container-title", "publisher"}
    assert absent.isdisjoint(item(good, "dataset2019pictures"))


@pytest.mark.slow
def test_pandoc_reads_every_field_as_it_is_written():
    text = references_csl(the_survey())
    assert by_key(through_pandoc(text)) == by_key(text)


@pytest.mark.parametrize(
    ("key", "citation"),
    [
        (
            "hart2022asker",
            "Hart, M. and Müller, J. (2022) “Asker & Answerer: 50% Fewer Weights”, Journal of Small Things, 3, "
            "pp. 100–120. Available at: https://arxiv.org/abs/2110.00022.",
        ),
        (
            "jones2023teller",
            "Jones, K. (2023) “Teller: Words Alone”. arXiv. Available at: https://arxiv.org/abs/2303.00033.",
        ),
    ],
)
def test_citeproc_prints_an_item(good, key, citation):
    assert printed(references_csl(good))[key] == citation


def unlike(items):
    """Return the items whose fields or signs no item before them has, which are some in a hundred."""

    def signs(said):
        return frozenset(re.sub(r"[\w\s.,:;()-]", "", json.dumps(said, ensure_ascii=False)))

    kinds = {(found["type"], frozenset(found), signs(found)): found for found in reversed(items)}
    return list(kinds.values())


@pytest.mark.parametrize("some", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_citeproc_prints_title_and_year_of_every_reference_of_the_book(some):
    references, items = the_survey().references, json.loads(references_csl(the_survey()))
    said = printed(json.dumps(unlike(items) if some else items))
    assert len(said) > 100
    silent = [
        key
        for key, text in said.items()
        if references[key].title_without_formulas[:20] not in text or str(references[key].year) not in text
    ]
    assert silent == []
