"""The files of the figures on collected pages: they follow the figure of the page, and go with it."""

from types import SimpleNamespace

import pytest

from peft_vlm_survey.show.result_page import files_of
from peft_vlm_survey.show.scatter import Scatter, standalone
from peft_vlm_survey.show.scatter_pdf import scatter_pdf
from peft_vlm_survey.site.figure_files import FIGURES, FORMS, Figures


def figure(word):
    svg = f'<svg class="scatter" viewBox="0 0 680 330" role="img">\n<text x="10" y="20">{word}</text>\n</svg>'
    return Scatter(svg=svg, caption=f"A figure of {word}", rows=({"word": word},))


@pytest.fixture
def draft(tmp_path):
    """Return a function that writes a draft with these pages, and a word in the figure of each that was made anew."""

    def write(pages, **words):
        figures = Figures(SimpleNamespace(outdir=tmp_path, doctreedir=tmp_path), "things")
        (tmp_path / FIGURES / "things").mkdir(parents=True, exist_ok=True)
        figures.pages += pages
        figures.drawn |= {page: {files_of("things", page, "g"): figure(word)} for page, word in words.items()}
        figures.write()
        return sorted(path.name for path in (tmp_path / FIGURES / "things").iterdir())

    return write


def read(folder, page):
    return [(folder / f"{files_of('things', page, 'g')}.{form}").read_bytes() for form in FORMS]


def test_a_figure_that_changed_is_written_in_every_form_and_the_others_are_left_alone(draft, tmp_path):
    draft(["one", "two"], one="apple", two="pear")
    before = read(tmp_path, "two")
    draft(["one", "two"], one="quince")
    quince = figure("quince")
    assert read(tmp_path, "one") == [standalone(quince.svg).encode(), scatter_pdf(quince.svg), b"word\nquince\n"]
    assert read(tmp_path, "two") == before


def test_the_files_of_a_page_that_is_gone_go_with_it(draft):
    assert draft(["one", "two"], one="apple", two="pear") == sorted(
        f"{page}-g.{form}" for page in ("one", "two") for form in FORMS
    )
    assert draft(["one"]) == sorted(f"one-g.{form}" for form in FORMS)
