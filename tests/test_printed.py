"""Which chapters each document on paper holds, and what is made of them there."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx.addnodes import start_of_file, toctree
from sphinxcontrib.bibtex.nodes import raw_latex

from peft_vlm_survey.site.printed import OnPaper, held

PARTS = [("Start", ["choose", "catalogue"]), ("Foundations", ["models", "why"]), ("For reference", ["glossary"])]
INDEX = new_document("index", get_default_settings())
INDEX += [toctree("", caption=caption, includefiles=names) for caption, names in PARTS]
ENV = SimpleNamespace(
    config=SimpleNamespace(root_doc="index"),
    found_docs={"choose", "catalogue", "models", "why"},
    toctree_includes={
        "index": ["choose", "catalogue", "models", "why", "glossary", "references", "supplement"],
        "supplement": ["method"],
    },
    get_doctree=lambda _: INDEX,
)


@pytest.mark.parametrize(
    ("root", "chapters"),
    [
        ("index", ["models", "why", "choose", "catalogue", "references"]),
        ("supplement", ["method", "glossary", "references"]),
        ("cite", ["catalogue", "references"]),
    ],
)
def test_the_book_begins_with_the_foundations_and_ends_with_tools_and_reference(root, chapters):
    assert held(ENV, root) == chapters


def printed(root: str, *more: nodes.Node) -> nodes.document:
    document = new_document("", get_default_settings())
    document.settings.env = ENV
    document += [start_of_file("", nodes.section("", nodes.title("", n)), docname=n) for n in held(ENV, root)]
    document += more
    OnPaper(document).run()
    return document


def test_the_contents_name_the_parts_and_tools_are_sections_of_one_chapter():
    document = printed("index")
    assert r"\addtocontents{toc}{\protect\surveypart{Foundations}}" in document.astext()
    (chapter,) = (node for node in document.children if isinstance(node, nodes.section))
    assert [tool["docname"] for tool in chapter.findall(start_of_file)] == ["choose", "catalogue"]


def test_what_has_no_number_follows_what_has_one_and_the_supplement_has_its_own():
    document = printed("index")
    told = [node.astext() for node in document.children]
    assert told.index(r"\surveyunnumbered") > told.index("why")
    assert r"\surveysupplement" in [node.astext() for node in printed("supplement").children]


def test_the_book_lists_what_it_cites_and_no_more():
    cite = raw_latex(r"\hyperlink{cite.references:ref-one}{")
    entries = [nodes.citation("", ids=[f"ref-{name}"]) for name in ("one", "two")]
    assert [node["ids"] for node in printed("supplement", cite, *entries).findall(nodes.citation)] == [["ref-one"]]
