import base64
import hashlib
import os
import re
import subprocess
import sys
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from PIL import Image

from peft_vlm_survey import figures
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.style import COLOURS, SETTINGS

FIGURES = {
    "architectures": lambda survey: figures.architectures(),
    "modules": lambda survey: figures.modules(),
    "generators": lambda survey: figures.generators(),
    "rerun_ranges": lambda survey: figures.rerun_ranges(survey=survey),
    "gains": lambda survey: figures.gains("asker-table1", method="Asker", reference="Full fine-tuning", survey=survey),
    "tradeoff": lambda survey: figures.tradeoff("asker-table1", y="tinyqa", survey=survey),
    "tradeoff in memory": lambda survey: figures.tradeoff("asker-table1", y="tinyqa", x="memory", survey=survey),
}
ELSEWHERE = ("rerun_ranges",)
DRAW_ALL = f"""
import hashlib, sys
from pathlib import Path
from peft_vlm_survey import figures
from peft_vlm_survey.data import load
good = load(Path(sys.argv[1]))
for name in {ELSEWHERE}:
    figure = getattr(figures, name)(survey=good)
    print(hashlib.sha256(figure.svg.encode() + figure.pdf).hexdigest())
"""


@pytest.fixture(scope="module", params=list(FIGURES))
def draw(request, good):
    return partial(FIGURES[request.param], good)


@pytest.fixture(scope="module")
def drawn(draw):
    """Return a figure of which every form was drawn, and where its axes stood when the first was."""
    figure = draw()
    assert figure.svg
    places = [axes.get_position().bounds for axes in figure.canvas.axes]
    assert figure.pdf and figure.png
    return figure, places


@pytest.fixture(scope="module")
def figure(drawn):
    return drawn[0]


@pytest.fixture(scope="module")
def laid_out(drawn):
    return drawn[1]


def test_versions_count_papers_of_each_version_that_have_a_preprint():
    survey = the_survey()
    keys = ("kirillov2023sam", "ravi2025sam2", "carion2025sam3")
    names = {survey.name(key) for key in keys}
    counted = {row["key"] for row in figures.versions(*keys, survey=survey).data}
    assert counted == {
        paper.key
        for paper in survey.papers
        if names & {*paper.backbones} and "eprint" in survey.references[paper.key].fields
    }


def test_versions_need_the_month_of_each_model(good):
    with pytest.raises(KeyError, match="no arXiv number"):
        figures.versions("dataset2019pictures", survey=good)


def test_known_and_new_classes_are_plotted_for_each_method_of_a_protocol_once():
    survey = the_survey()
    data = figures.known_and_new("clip-b2n-quoted", named=["Zero-shot CLIP", "CoOp"], survey=survey).data
    assert {row["benchmark"] for row in data} == {"b2n-average-base", "b2n-average-novel"}
    assert {"zhou2022coop", "khattak2023maple"} <= {row["method_key"] for row in data}


@pytest.mark.parametrize(("protocol", "name"), [("nowhere", "CoOp"), ("clip-b2n-quoted", "nobody")])
def test_known_and_new_classes_need_a_protocol_and_methods_that_are_there(protocol, name):
    with pytest.raises(KeyError, match=name):
        figures.known_and_new(protocol, named=[name], survey=the_survey())


def test_a_figure_drawn_twice_has_the_same_bytes_whatever_form_is_drawn_first(draw, figure):
    forms = draw().draw
    assert forms("png") == figure.png
    assert forms("pdf") == figure.pdf
    assert forms("svg").decode() == figure.svg


def test_a_figure_is_laid_out_as_matplotlib_lays_it_out(draw, figure):
    """What is laid out once for all forms looks as if matplotlib had drawn the SVG by itself."""
    canvas, raw = draw().canvas, BytesIO()
    with matplotlib.rc_context(SETTINGS):
        canvas.savefig(raw, format="svg", metadata={"Date": None, "Creator": None})
    assert raw.getvalue().decode() == figure.svg


def test_every_form_of_a_figure_has_one_layout(figure, laid_out):
    assert figure.pdf and figure.png
    assert [axes.get_position().bounds for axes in figure.canvas.axes] == laid_out


def test_a_figure_is_a_whole_vector_drawing_of_its_own_without_a_date(figure):
    svg = ElementTree.fromstring(figure.svg)  # noqa: S314 - our own
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert svg.get("width") in ("453.6pt", "281pt")  # of the text, or as a phone shows it unshrunk
    assert figure.pdf.startswith(b"%PDF-") and figure.pdf.rstrip().endswith(b"%%EOF")
    assert not re.search(r'<image|(href|src|url)\s*[=(]\s*["\']?https?:', figure.svg)
    dates = rb"CreationDate|ModDate|dc:date|20[0-9]{2}-[0-9]{2}-[0-9]{2}T"
    assert not re.search(dates, figure.svg.encode() + figure.pdf)


def test_a_figure_is_a_bitmap_of_twice_the_width_of_the_site_on_white(figure):
    with Image.open(BytesIO(figure.png)) as image:
        assert image.format == "PNG" and image.width == 1512  # the text of the site is at most 736 pixels wide
        assert image.convert("RGBA").getpixel((0, 0)) == (255, 255, 255, 255)


def test_a_figure_offers_a_notebook_svg_and_where_one_is_made_pdf(figure, monkeypatch):
    monkeypatch.delenv("SURVEY_PDF", raising=False)
    assert set(figure._repr_mimebundle_()) == {"image/svg+xml"}
    monkeypatch.setenv("SURVEY_PDF", "1")
    offered = figure._repr_mimebundle_()
    assert set(offered) == {"image/svg+xml", "application/pdf"}
    assert base64.b64decode(offered["application/pdf"]) == figure.pdf


def test_another_process_with_another_hash_seed_draws_the_same(good):
    command = [sys.executable, "-c", DRAW_ALL, str(good.root)]
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    env = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        command, env=env, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True
    )
    here = [FIGURES[name](good) for name in ELSEWHERE]
    assert done.stdout.split() == [hashlib.sha256(figure.svg.encode() + figure.pdf).hexdigest() for figure in here]


def test_other_numbers_give_another_figure(good):
    one = figures.tradeoff("asker-table1", y="tinyqa", survey=good)
    other = figures.tradeoff("asker-table1", y="tinycaptions", survey=good)
    assert one.svg != other.svg


def test_a_difference_that_two_rows_of_a_table_answer_is_not_drawn(good):
    with pytest.raises(KeyError):
        figures.gains("asker-table1", method="Asker", reference="Tiny Adapter", survey=good)


@pytest.mark.parametrize(
    "ask",
    [
        lambda good: figures.tradeoff("nowhere", y="tinyqa", survey=good),
        lambda good: figures.tradeoff("asker-table1", y="nothing", survey=good),
        lambda good: figures.tradeoff("asker-table1", y="tinyqa", x="colour", survey=good),
        lambda good: figures.tradeoff("asker-table1", y="tinyqa", x="latency", survey=good),
        lambda good: figures.gains("nowhere", method="Asker", reference="Full fine-tuning", survey=good),
        lambda good: figures.gains("asker-table1", method="Nobody", reference="Full fine-tuning", survey=good),
        lambda good: figures.gains("asker-table1", method="Asker", reference="Nobody", survey=good),
        lambda good: figures.gains("asker-table1", method="Asker", reference="Asker", backbone="T5", survey=good),
    ],
)
def test_what_the_tables_do_not_hold_cannot_be_drawn(good, ask):
    with pytest.raises(KeyError):
        ask(good)


def lightness(colour):
    """Return the CIE lightness of a colour, which is what is left of it in grey."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 116 * (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]) ** (1 / 3) - 16


def test_every_category_has_a_colour_that_differs_from_the_others_in_grey_too():
    found = sorted(lightness(COLOURS[category]) for category in CATEGORIES)
    assert min(b - a for a, b in pairwise(found)) > 9
