import warnings

import pytest

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.questions import answered, find_problems, read_questions
from peft_vlm_survey.show import counts

pytestmark = [pytest.mark.xdist_group("answers"), pytest.mark.asks]

CELL = "# A\n\n```{code-cell} python\n:tags: [remove-input]\n%s\n```\n"
FIGURE = "```{code-cell} python\n---\nmystnb:\n  figure:\n    name: fig-a\n---\nfigures.papers_by_year()\n```\n"


@pytest.fixture
def chapter(tmp_path):
    (tmp_path / "book").mkdir()

    def write(text):
        (tmp_path / "book" / "a.md").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def told(root):
    return [(problem.line, problem.message) for problem in find_problems(root, the_survey())]


def test_every_question_of_the_book_has_an_answer():
    assert list(find_problems(ROOT, the_survey())) == []


def test_a_question_is_found_where_it_stands(chapter):
    (question,) = read_questions(chapter(CELL % 'tables.leads("qa", caption="c", label="tbl-a")'))
    assert (question.path, question.line, question.label) == ("book/a.md", 5, "tbl-a")


def test_a_figure_has_the_name_of_its_settings(chapter):
    (question,) = read_questions(chapter(FIGURE))
    assert (question.line, question.label) == (7, "fig-a")


def test_a_cell_that_imports_asks_nothing(chapter):
    assert list(read_questions(chapter(CELL % "from peft_vlm_survey import figures, tables"))) == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('tables.results("nowhere", caption="c", label="l")', "tables.results: no origin 'nowhere'."),
        (
            'tables.dataset_overview("groundng", caption="c", label="l")',
            "tables.dataset_overview: no category 'groundng'.",
        ),
        ('tables.lead("qa", caption="c", label="l")', "tables answers no question 'lead'."),
        ('tables.leads("qa")', "tables.leads: a table needs a caption and a label."),
    ],
)
def test_a_question_without_an_answer_is_told_with_its_place(chapter, call, message):
    assert told(chapter(CELL % call)) == [(5, message)]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("papers", "values answers no question 'papers'."),
        ("candidates().paper", "values.candidates: no number 'paper' among judged, papers, "),
        ('families("adaptor").share', "values.families: no family 'adaptor'."),
    ],
)
def test_a_value_that_cannot_be_computed_is_told_with_its_place(chapter, value, message):
    ((line, found),) = told(chapter(f"# A\n\nThere are {{value}}`{value}` papers.\n"))
    assert line == 3
    assert found.startswith(message)


def test_a_question_that_brings_a_warning_is_told(chapter, monkeypatch):
    monkeypatch.setattr(counts, "at_a_glance", lambda: warnings.warn("old data", stacklevel=1))
    assert told(chapter(CELL % "tables.at_a_glance()")) == [(5, "tables.at_a_glance: old data.")]


def test_a_question_with_an_argument_that_there_is_not_is_told(chapter):
    ((line, message),) = told(chapter(CELL % "figures.papers_by_year(colour=1)"))
    assert line == 5
    assert message.startswith("figures.papers_by_year: ")


def test_an_answer_is_worked_out_once_for_the_same_data(chapter, monkeypatch):
    asked = []
    monkeypatch.setattr(counts, "at_a_glance", lambda: asked.append("at_a_glance") or "many")
    root = chapter(CELL % "tables.at_a_glance()")
    assert (told(root), told(root), asked) == ([], [], ["at_a_glance"])
    ((_, answer),) = answered(root, the_survey())
    assert (answer, len(asked)) == ("many", 1)
