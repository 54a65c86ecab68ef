"""Where long names may break on paper."""

import pytest

from peft_vlm_survey.site.latex import breakable


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("library.example/Record/a_b-c", ["library.", "example/", "Record/", "a_", "b-", "c"]),
        ("art-0123456789abcdef0123456789", ["art-", "01234567", "89abcdef", "01234567", "89"]),
        ("reparameterisation-free", ["reparameterisation-", "free"]),
    ],
)
def test_a_long_word_breaks_behind_its_marks_and_within_long_numbers(word, pieces):
    assert breakable(word).split("\u200b") == pieces
