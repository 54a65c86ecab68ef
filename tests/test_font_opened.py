"""A PDF whose font was cut before holds the bytes of one that matplotlib draws by itself."""

import io

import matplotlib
import pytest
from matplotlib.backends import _backend_pdf_ps as subsets
from matplotlib.figure import Figure as Canvas

from peft_vlm_survey.show.font_opened import one_font_opened
from peft_vlm_survey.show.style import SETTINGS

ORDINARY = "Vision–language: 4.18 % × 1,000 → “fine-tuning” of Bałazy’s μ ≤ 1, é and ß"
LIGATURES = "fi ffl ff"
OTHERS = "Ж 中 ∮"  # letters that no figure has had: the whole font is read for them


def pdf(text):
    raw = io.BytesIO()
    with matplotlib.rc_context(SETTINGS):
        figure = Canvas(figsize=(4, 1))
        figure.text(0, 0.5, text)
        figure.savefig(raw, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    return raw.getvalue()


@pytest.mark.parametrize("text", [ORDINARY, LIGATURES, "x", f"{ORDINARY} {LIGATURES}"])
def test_the_bytes_are_those_of_matplotlib_alone(text, monkeypatch):
    alone, read, load = pdf(text), [], subsets.subset.load_font
    with one_font_opened():
        pdf(ORDINARY)  # the font is cut
        monkeypatch.setattr(subsets.subset, "load_font", lambda file, how: (read.append(file), load(file, how))[1])
        assert pdf(text) == alone
    assert read and all(isinstance(file, io.BytesIO) for file in read)  # none was read from the disk


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
def test_other_letters_are_taken_from_the_whole_font():
    alone = pdf(f"{ORDINARY} {OTHERS}")
    with one_font_opened():
        assert pdf(f"{ORDINARY} {OTHERS}") == alone


def test_matplotlib_is_left_as_it_was():
    before = subsets.get_glyphs_subset
    with pytest.raises(RuntimeError), one_font_opened():
        assert subsets.get_glyphs_subset is not before
        raise RuntimeError
    assert subsets.get_glyphs_subset is before
