"""Chapters as notebooks, and the notebooks that are written by hand, which are run here."""

import os
import re
from functools import cache

import nbformat
import pytest
from every import each
from nbclient import NotebookClient

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.export.notebooks import chapter_notebook, wheel_of, worked_notebook
from peft_vlm_survey.questions import read_questions
from peft_vlm_survey.show.markup import KEPT

CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("*.md"))
WORKED = sorted(path.stem for path in (ROOT / "notebooks").glob("*.md"))
MARKS = re.compile(r"\{[a-z:]+\}`|^:{3,}|^`{3,}\{|^\([\w-]+\)=$", re.MULTILINE)


def chapter(name):
    text = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    notebook = nbformat.reads(chapter_notebook(the_survey(), text), as_version=4)
    nbformat.validate(notebook)
    return notebook


def worked(name):
    notebook = nbformat.reads(
        worked_notebook((ROOT / "notebooks" / f"{name}.md").read_text(encoding="utf-8")), as_version=4
    )
    nbformat.validate(notebook)
    return notebook


def texts(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def run(notebook):
    """Run a notebook in a kernel, as a reader does; the first cell that fails is an error."""
    environment = {name: value for name, value in os.environ.items() if name != KEPT}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error::DeprecationWarning:__main__"}
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute(env=environment, cwd=str(ROOT))
    return notebook


@each("name", CHAPTERS)
def test_a_chapters_notebook_has_its_code_its_text_without_marks_and_how_to_install_what_it_runs_with(name):
    notebook = chapter(name)
    said, code = texts(notebook, "markdown"), texts(notebook, "code")
    asked = [q.code for q in read_questions(ROOT) if q.path == f"book/{name}.md" and q.door != "values"]
    assert [source for source in code if not source.startswith(("from ", "import "))] == asked
    assert [MARKS.findall(text) for text in said if MARKS.search(text)] == []
    assert wheel_of(the_survey().edition).rpartition("/")[2] in said[0]


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_notebook_says_how_to_install_what_it_runs_with(name):
    installed = "`pip install ./peft_vlm_survey-*.whl"
    assert installed in texts(worked(name), "markdown")[0]


def test_no_command_quotes_a_file_name_that_a_shell_has_to_complete():
    told = [*ROOT.glob("*.md"), *(ROOT / "book").glob("*.md"), *(ROOT / "notebooks").glob("*.md")]
    assert [
        path.name for path in told if re.search(r"\"[^\"\n]*\*[^\"\n]*\.whl", path.read_text(encoding="utf-8"))
    ] == []


def test_a_notebook_calls_a_table_as_the_site_does(good):
    text = "See {numref}`tbl-a`, {numref}`number %s <tbl-a>` and {ref}`there <sec-a>`.\n"
    made = nbformat.reads(chapter_notebook(good, text, {"tbl-a": "Table 4.2"}), as_version=4)
    assert texts(made, "markdown")[1] == "See Table 4.2, number 4.2 and there."


def test_a_notebook_ends_with_the_works_that_its_chapter_cites(good):
    cited = "As {cite:t}`hart2022asker` said, with {cite:p}`dataset2019pictures, ivey2022seer`.\n"
    made = nbformat.reads(chapter_notebook(good, cited), as_version=4)
    assert texts(made, "markdown")[-1].splitlines() == [
        "## References of this chapter",
        "",
        "- The Pictures Team. Ten Pictures and a Hundred Questions. 2019. `dataset2019pictures`",
        "- Mary Hart, Jörg Müller. [Asker & Answerer: 50% Fewer Weights](https://arxiv.org/abs/2110.00022). "
        "JST, 2022. `hart2022asker`",
        "- Tom Ivey, Anna Able. [Seer Looks Beside the Backbone](https://doi.org/10.1000/small.2022.030). "
        "CST, 2022. `ivey2022seer`",
    ]


def test_a_figure_keeps_its_caption(good):
    cell = "```{code-cell} python\n---\nmystnb:\n  figure:\n    caption: What is seen.\n    name: fig-a\n---\nfigures.a()\n```\n"
    made = nbformat.reads(chapter_notebook(good, cell, {"fig-a": "Figure 4.1"}), as_version=4)
    assert texts(made, "code") == ["figures.a()"]
    assert texts(made, "markdown")[-1] == "**Figure 4.1.** What is seen."


@cache
def worked_through(name):
    """Return a worked notebook that was run once for all tests."""
    return run(worked(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKED)
def test_a_worked_notebook_runs_and_shows_something(name):
    made = worked_through(name)
    shown = [cell for cell in made.cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) >= 4
    assert [out.text for cell in shown for out in cell.outputs if out.get("name") == "stderr"] == []


@pytest.mark.slow
def test_a_slip_in_a_typed_table_is_found():
    found = worked_through("check_a_table")
    told = "\n".join(out.data["text/plain"] for cell in found.cells if cell.cell_type == "code" for out in cell.outputs)
    assert re.search(r"76\.88 +75\.88 +1\.00", told)


@pytest.mark.slow
def test_the_table_that_the_text_proposes_to_type_is_compared_too():
    made = worked("check_a_table")
    (place,) = [place for place, cell in enumerate(made.cells) if "`typed = pandas" in cell.source]
    line = re.search(r"`(typed = pandas.*?)`,", made.cells[place].source)[1]
    made.cells.insert(place + 1, nbformat.v4.new_code_cell(line))
    run(made)
    (compared,) = [cell for cell in made.cells if cell.source.startswith("beside.groupby")]
    assert re.search(r"Full fine-tuning +vtab-1k-natural +[2-9]", compared.outputs[0].data["text/plain"])


@pytest.mark.slow
def test_a_chapters_notebook_runs_and_shows_tables_without_marks_of_the_books_builder():
    found = run(chapter("errata"))
    shown = [out.data["text/markdown"] for cell in found.cells if cell.cell_type == "code" for out in cell.outputs]
    assert any(text.count("\n| ") > 5 for text in shown)
    assert [MARKS.findall(text) for text in shown if MARKS.search(text)] == []
