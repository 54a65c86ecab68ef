"""Where the code that makes a table or figure is put: behind what belongs to it, and before the text that follows."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.questions import read_questions
from peft_vlm_survey.site.shown_code import ShownCode

NOTE = nodes.container("", classes=["table-note"])
ROWS = nodes.container("", classes=["rows-link"])
FILES = nodes.raw("", '<details class="rows-link figure-files"></details>', format="html")


@pytest.fixture
def question():
    return next(question for question in read_questions(ROOT) if question.label)


def shown(question, holder, *after):
    """Return what stands behind a table or figure of the question's chapter once its code is there."""
    document = new_document(question.path, get_default_settings())
    document.settings.env = SimpleNamespace(docname=question.path.removeprefix("book/").removesuffix(".md"), app=None)
    document += [holder, *(node.deepcopy() for node in after), nodes.paragraph("", "Text")]
    ShownCode(document).run()
    return document.children[1:]


@pytest.mark.parametrize("after", [(), (NOTE,), (ROWS,), (NOTE, ROWS), (FILES,)])
@pytest.mark.parametrize("holder", [nodes.table, nodes.figure])
def test_the_code_stands_behind_all_that_belongs_to_the_answer(question, holder, after):
    found = shown(question, holder("", ids=[question.label]), *after)
    assert len(found) == len(after) + 2
    assert found[len(after)]["classes"] == ["code-link"]


def test_the_code_is_that_of_the_chapter_with_its_import(question):
    (code, _) = shown(question, nodes.table("", ids=[question.label]))
    assert (
        code.next_node(nodes.literal_block).astext()
        == f"from peft_vlm_survey import {question.door}\n\n{question.code}"
    )


def test_a_table_that_no_question_answers_has_no_code(question):
    assert len(shown(question, nodes.table("", ids=["tbl-by-hand"]))) == 1
