"""The role that leads from a ranked table of a chapter to its first methods side by side."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from test_papers_role import Inliner

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site.side_by_side import Beside
from peft_vlm_survey.site.state_links import StateLinks, state_link
from peft_vlm_survey.tables import state_of_the_art


def asked(text):
    return Beside()("beside", f"{{beside}}`{text}`", text, 7, Inliner())


def resolved(node, form="html", documents=("recognition", "compare")):
    """Return the paragraph in which a link stood, in a book of these chapters."""
    document = new_document("book/x.md")
    document.settings.env = env = SimpleNamespace(docname="recognition", found_docs=set(documents))
    builder = SimpleNamespace(format=form, get_relative_uri=lambda here, there: f"from-{here}/{there}.html")
    document.settings.env.app = SimpleNamespace(builder=builder, env=env)
    document += nodes.paragraph("", "All of them. ", node)
    StateLinks(document).run()
    return document[0]


def test_the_methods_stand_in_the_address():
    (node,), messages = asked("maple,promptsrc")
    paragraph = resolved(node)
    (link,) = paragraph.findall(nodes.reference)
    assert (type(node), messages) == (state_link, [])
    assert link["refuri"] == "from-recognition/compare.html#m=maple,promptsrc"
    assert paragraph.astext() == "All of them. The first two side by side."


@pytest.mark.parametrize("target", ["maple,maplee", "maple", "maple,promptsrc,coop,cocoop,tcp"])
def test_what_cannot_be_set_side_by_side_is_an_error_where_it_stands(target):
    made, (message,) = asked(target)
    assert made == [] and "two to four" in message.astext() and message["line"] == 7


@pytest.mark.parametrize(
    ("form", "documents"), [("latex", ("compare",)), ("html", ())], ids=["paper", "no page that compares"]
)
def test_where_nothing_can_be_followed_nothing_is_left(form, documents):
    (node,), _ = asked("maple,promptsrc")
    assert resolved(node, form, documents).astext() == "All of them. "


def test_a_table_leads_to_its_own_first_methods():
    table = state_of_the_art("base-to-novel", caption="c", label="l", survey=the_survey())
    target = table.note.partition("{beside}`")[2].removesuffix("`")
    _, messages = asked(target)
    assert messages == [] and len(target.split(",")) == 4
