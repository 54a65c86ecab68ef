"""What the built site holds for programs, held against what the package gives and against what the chapter promises."""

import json
import re

import nbformat
import pytest
from every import each

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.downloads import records
from peft_vlm_survey.export.notebooks import wheel_of
from peft_vlm_survey.questions import read_questions
from peft_vlm_survey.show.markup import Markup

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pages")]
CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("*.md"))
ASKING = [name for name in CHAPTERS if "{code-cell}" in (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")]
WORKED = sorted(path.stem for path in (ROOT / "notebooks").glob("*.md"))


def test_the_site_holds_every_record_as_the_package_gives_it(site):
    assert [
        n for n, text in the_survey().derived(records).items() if (site / n).read_text(encoding="utf-8") != text
    ] == []


def test_beside_the_pages_lies_nothing_else(site):
    beside = {path.relative_to(site).as_posix() for name in ("papers", "datasets") for path in (site / name).iterdir()}
    assert {name for name in beside if not name.endswith(".html")} == set(the_survey().derived(records))


def test_the_page_of_a_data_set_leads_to_the_same_for_programs(read_page):
    page = read_page("datasets/vtab-1k")
    assert page.head.find("link", rel="alternate", type="application/json")["href"] == "vtab-1k.json"
    assert page.find("article").find("a", href="vtab-1k.json")


def test_everything_that_llms_txt_leads_to_is_there(site):
    text = (site / "llms.txt").read_text(encoding="utf-8")
    url = the_survey().edition.url
    addresses = [address.removeprefix(f"{url}/") for address in re.findall(r"\]\(([^)]+)\)", text)]
    assert len(addresses) > len(CHAPTERS) + len(ASKING)
    assert [address for address in addresses if not (site / address).is_file()] == []


def test_llms_txt_names_every_chapter_and_says_what_it_is_about(site):
    text = (site / "llms.txt").read_text(encoding="utf-8")
    assert re.match(r"# .+\n\n> .+\n", text)
    assert [name for name in CHAPTERS if not re.search(rf"\({name}\.html\): .{{20,}}", text)] == []


@each("name", [*ASKING, *WORKED])
def test_a_notebook_is_there_and_in_its_form(name, site):
    notebook = nbformat.read(site / "notebooks" / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert any(cell.cell_type == "code" for cell in notebook.cells)


@each("name", ASKING)
def test_a_chapter_offers_its_notebook(name, read_page):
    assert read_page(name).select_one(f'.survey-downloads a[href="notebooks/{name}.ipynb"]')


def asked():
    return [question for question in read_questions(ROOT) if question.label]


@each("question", asked, ids=lambda question: question.label)
def test_below_every_table_and_figure_stands_folded_the_code_that_makes_it(question, read_page):
    chapter = question.path.removeprefix("book/").removesuffix(".md")
    place = read_page(chapter).find(id=question.label)
    if not place and isinstance(question.ask(the_survey()), Markup):
        return  # a sentence says that the table would have no row
    below = place.find_next(class_="code-link")
    code = below.select_one("details.shown-code:not([open]) pre").get_text()
    assert code.strip() == f"from peft_vlm_survey import {question.door}\n\n{question.code}"
    assert below.select_one(f'details a[href="notebooks/{chapter}.ipynb"]')


def test_a_notebook_calls_its_tables_as_the_page_does(site, read_page):
    caption = read_page("results").find(id="tbl-groups").find(class_="caption-number").get_text().strip()
    text = (site / "notebooks" / "results.ipynb").read_text(encoding="utf-8")
    assert re.search(rf"{caption} lists the groups", text)


def test_the_package_lies_where_the_chapter_says(site, read_page):
    address = wheel_of(the_survey().edition)
    assert (site / address).is_file()
    assert read_page("data_access").find("article").find("a", href=address)


def test_the_example_in_python_finds_the_leaders(site):
    text = (ROOT / "book" / "data_access.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "BOOK" in block]
    said = {"BOOK": site.as_uri()}
    exec(code, said)  # noqa: S102 (what the chapter tells readers to run)
    expected = json.loads((site / "datasets" / "vtab-1k.json").read_text(encoding="utf-8"))["groups"][0]["lines"]
    assert said["leaders"][0] == (1, expected[0]["method"])
