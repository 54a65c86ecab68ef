"""The rows behind every table and figure of the built book."""

import csv
import io
from collections import defaultdict
from functools import cache
from xml.etree import ElementTree

import pytest
from every import each
from PIL import Image

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.downloads import rows_csv
from peft_vlm_survey.questions import answered

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pages")]


@cache
def the_answers():
    """Return the answers that have a label by it, asked once for all tests."""
    return {question.label: answer for question, answer in answered(ROOT, the_survey()) if question.label}


@cache
def rows():
    return {label: answer.data for label, answer in the_answers().items() if getattr(answer, "data", ())}


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
def test_every_table_and_figure_links_to_its_rows(places, label):
    ((page, _),) = places[label]
    assert page.find("a", href=f"downloads/data/{label}.csv")


@pytest.fixture(scope="module")
def places(site, read_page):
    """Return where tables and figures stand by their ids, each as its page and itself."""
    found = defaultdict(list)
    for path in sorted(site.glob("*.html")):
        page = read_page(path.stem)
        for place in page.find_all(["table", "figure"], id=True):
            found[place["id"]].append((page, place))
    return found


@cache
def the_figures():
    return sorted(label for label, answer in the_answers().items() if hasattr(answer, "svg"))


def test_there_are_figures_to_take_away():
    assert the_figures()


@each("label", the_figures)
def test_a_figure_is_given_away_by_its_name_in_every_form(site, label):
    folder = site / "downloads" / "figures"
    assert ElementTree.fromstring((folder / f"{label}.svg").read_bytes()).tag.endswith("}svg")  # noqa: S314 - our own
    assert (folder / f"{label}.pdf").read_bytes().startswith(b"%PDF-")
    with Image.open(folder / f"{label}.png") as image:
        assert image.width > 1400


@each("label", the_figures)
def test_the_files_of_a_figure_are_linked_behind_a_fold_below_it(places, label):
    (figure,) = [place for _, place in places[label] if place.name == "figure"]
    fold = figure.find_next("details", class_="figure-files")
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
