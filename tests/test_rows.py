"""The rows behind every table and figure of the built book."""

import csv
import io
from functools import cache

import pytest
from bs4 import BeautifulSoup
from every import each

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.exports import rows_csv
from peft_vlm_survey.questions import answered, read_questions

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pages")]


@cache
def rows():
    return {
        question.label: answer.data
        for question, answer in answered(ROOT, the_survey())
        if question.label and getattr(answer, "data", ())
    }


@cache
def the_labels():
    return sorted(rows())


@cache
def page_of(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def asked():
    return [question for question in read_questions(ROOT) if question.label]


def test_there_are_rows_to_take_away():
    assert the_labels()


@each("label", the_labels)
def test_the_rows_behind_a_table_or_figure_are_a_file_of_the_site(site, label):
    text = (site / "downloads" / "data" / f"{label}.csv").read_text(encoding="utf-8")
    assert list(csv.DictReader(io.StringIO(text))) == [dict(row) for row in rows()[label]]
    assert text == rows_csv(rows()[label])


@each("label", the_labels)
def test_every_table_and_figure_links_to_its_rows(site, label):
    pages = [BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser") for page in site.glob("*.html")]
    (page,) = [page for page in pages if page.find(id=label)]
    assert page.find("a", href=f"downloads/data/{label}.csv")


@each("question", asked, ids=lambda question: question.label)
def test_under_every_table_and_figure_stands_the_code_that_makes_it(site, question):
    chapter = question.path.removeprefix("book/").removesuffix(".md")
    page = page_of(site / f"{chapter}.html")
    holder = page.find(id=question.label)
    below = holder.find_next(class_="rows-link")
    code = below.select_one("details.shown-code:not([open]) pre").get_text()
    assert code.strip() == f"from peft_vlm_survey import {question.door}\n\n{question.code}"
    assert below.select_one(f'details a[href="notebooks/{chapter}.ipynb"]')


@pytest.mark.parametrize(
    "name", ["results", "measurements", "origins", "benchmarks", "protocols", "mismatches", "contradictions"]
)
def test_a_download_holds_every_row_of_its_file(site, name):
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        expected = list(csv.DictReader(stream))
    with (site / "downloads" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [{column: row[column] for column in expected[0]} for row in found] == expected
