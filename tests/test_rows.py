"""The rows behind every table and figure of the built book."""

import csv
import io
from functools import cache
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from every import each
from PIL import Image

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.exports import rows_csv
from peft_vlm_survey.questions import answered

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


def test_there_are_rows_to_take_away():
    assert the_labels()


@each("label", the_labels)
def test_the_rows_behind_a_table_or_figure_are_a_file_of_the_site(site, label):
    text = (site / "downloads" / "data" / f"{label}.csv").read_text(encoding="utf-8")
    assert list(csv.DictReader(io.StringIO(text))) == [dict(row) for row in rows()[label]]
    assert text == rows_csv(rows()[label])


@each("label", the_labels)
def test_every_table_and_figure_links_to_its_rows(site, label):
    (page,) = [page for page in chapters(site) if page.select(f'table[id="{label}"], figure[id="{label}"]')]
    assert page.find("a", href=f"downloads/data/{label}.csv")


@cache
def chapters(site):
    """Return the chapters, each read once for all labels."""
    return [BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser") for page in sorted(site.glob("*.html"))]


@cache
def the_figures():
    return sorted(q.label for q, answer in answered(ROOT, the_survey()) if q.label and hasattr(answer, "svg"))


def test_there_are_figures_to_take_away():
    assert len(the_figures()) > 20


@each("label", the_figures)
def test_a_figure_is_given_away_by_its_name_in_every_form(site, label):
    folder = site / "downloads" / "figures"
    assert ElementTree.fromstring((folder / f"{label}.svg").read_bytes()).tag.endswith("}svg")  # noqa: S314 - our own
    assert (folder / f"{label}.pdf").read_bytes().startswith(b"%PDF-")
    with Image.open(folder / f"{label}.png") as image:
        assert image.width > 1400


@each("label", the_figures)
def test_the_files_of_a_figure_are_linked_behind_a_fold_below_it(site, label):
    (page,) = [page for page in chapters(site) if page.find("figure", id=label)]
    fold = page.find("figure", id=label).find_next("details", class_="figure-files")
    assert not fold.has_attr("open")
    links = [link["href"] for link in fold.select("a")]
    forms = [f"downloads/figures/{label}.{form}" for form in ("svg", "png", "pdf")]
    assert links == [*forms, *([f"downloads/data/{label}.csv"] if label in rows() else [])]


@pytest.mark.parametrize(
    "name", ["results", "measurements", "origins", "benchmarks", "protocols", "mismatches", "contradictions"]
)
def test_a_download_holds_every_row_of_its_file(site, name):
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        expected = list(csv.DictReader(stream))
    with (site / "downloads" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [{column: row[column] for column in expected[0]} for row in found] == expected
