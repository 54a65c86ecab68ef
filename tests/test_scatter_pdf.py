"""The figures of data sets as PDF: a page of their size with nothing but outlines, the same each time."""

import io
from xml.etree import ElementTree

import pikepdf
import pytest
from test_scatter import figures_of_boards

from peft_vlm_survey.show.scatter_pdf import scatter_pdf


def figures():
    """Return the figure with most points, one of years, and one of shares."""
    found = [figure for _, figure in figures_of_boards()]
    return [
        max(found, key=lambda f: len(f.rows)),
        *(next(f for f in found if c in f.rows[0]) for c in ("year", "trained_percent")),
    ]


@pytest.mark.parametrize("place", range(3))
def test_it_is_one_page_of_the_size_of_the_figure_without_any_font(place):
    with pikepdf.open(io.BytesIO(scatter_pdf(figures()[place].svg))) as file:
        (page,) = file.pages
        assert [float(edge) for edge in page.MediaBox] == [0, 0, 510, 247.5]
        assert set(page.Resources.keys()) == {"/ExtGState"}


@pytest.mark.parametrize("place", range(3))
def test_every_point_line_and_word_is_drawn(place):
    figure = figures()[place]
    with pikepdf.open(io.BytesIO(scatter_pdf(figure.svg))) as file:
        said = [str(step.operator) for step in pikepdf.parse_content_stream(file.pages[0])]
    root = ElementTree.fromstring(figure.svg)  # noqa: S314 - our own text
    words = [text.text for text in root.findall("text")]
    letters = sum(not letter.isspace() for text in words for letter in text)
    assert said.count("S") == len(root.findall("path"))
    assert said.count("f") == len(root.findall("circle")) + letters
    assert said.count("q") == said.count("Q") == len(words)


def test_points_stand_where_the_svg_has_them():
    figure = figures()[0]
    circle = ElementTree.fromstring(figure.svg).find("circle")  # noqa: S314 - our own text
    x, y, r = (float(circle.get(name)) for name in ("cx", "cy", "r"))
    with pikepdf.open(io.BytesIO(scatter_pdf(figure.svg))) as file:
        steps = list(pikepdf.parse_content_stream(file.pages[0]))
    begun = [[float(value) for value in step.operands] for step in steps if str(step.operator) == "m"]
    assert any(abs(p - x - r) < 0.01 and abs(q - y) < 0.01 for p, q in begun)
    assert [float(value) for value in steps[0].operands] == [0.75, 0, 0, -0.75, 0, 247.5]


def test_the_bytes_are_the_same_each_time():
    assert scatter_pdf(figures()[0].svg) == scatter_pdf(figures()[0].svg)
