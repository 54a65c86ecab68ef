"""The role that leads from a count of a chapter to the papers that it counts."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from test_papers_role import Inliner

from peft_vlm_survey.site.filtered import Filtered
from peft_vlm_survey.site.state_links import StateLinks, state_link


def asked(text):
    return Filtered()("filtered", f"{{filtered}}`{text}`", text, 7, Inliner())


def resolved(node, form="html", docname="taxonomy", documents=("taxonomy", "catalogue")):
    """Return what a link becomes in a book of these chapters."""
    document = new_document("book/x.md")
    document.settings.env = env = SimpleNamespace(docname=docname, found_docs=set(documents))
    builder = SimpleNamespace(format=form, get_relative_uri=lambda here, there: f"from-{here}/{there}.html")
    document.settings.env.app = SimpleNamespace(builder=builder, env=env)
    document += nodes.paragraph("", "", node)
    StateLinks(document).run()
    return document[0][0]


def test_a_count_leads_to_the_catalogue_with_the_filters_set():
    (node,), messages = asked("1,234 <trained=tokens&part=text+encoder>")
    link = resolved(node)
    assert (type(node), messages, link.astext()) == (state_link, [], "1,234")
    assert link["refuri"] == "from-taxonomy/catalogue.html#trained=tokens&part=text+encoder"


@pytest.mark.parametrize("target", ["trained=tokenz", "trained=tokens&part=nowhere", "part=tokens", "model=%00"])
def test_a_value_outside_the_vocabulary_is_an_error_where_it_stands(target):
    made, (message,) = asked(f"12 <{target}>")
    assert made == [] and "in data/vocabulary.csv" in message.astext() and message["line"] == 7


@pytest.mark.parametrize(
    ("form", "documents"),
    [("latex", ("taxonomy", "catalogue")), ("html", ("taxonomy",))],
    ids=["paper", "no catalogue"],
)
def test_where_there_is_no_catalogue_the_count_stands_alone(form, documents):
    (node,), _ = asked("12 <trained=tokens>")
    left = resolved(node, form, documents=documents)
    assert left.astext() == "12" and list(left.findall(nodes.reference)) == []
