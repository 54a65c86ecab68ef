"""Where long names may break on paper, and as what its signs are set."""

import re
import unicodedata

import pytest

from peft_vlm_survey.data import ROOT
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


# What a command of TeX draws, where Unicode calls the sign by another word than TeX does.
DRAWN = {
    "downarrow": "DOWNWARDS ARROW",
    "rightarrow": "RIGHTWARDS ARROW",
    "leq": "LESS-THAN OR EQUAL TO",
    "geq": "GREATER-THAN OR EQUAL TO",
    "approx": "ALMOST EQUAL TO",
    "mdlgblkcircle": "BLACK CIRCLE",
    "mdlgwhtcircle": "WHITE CIRCLE",
    "bigtriangleup": "WHITE UP-POINTING TRIANGLE",
    "diamond": "WHITE DIAMOND",
    "mdblksquare": "BLACK SQUARE",
    "gamma": "GREEK SMALL LETTER GAMMA",
    "pi": "GREEK SMALL LETTER PI",
    "Delta": "GREEK CAPITAL LETTER DELTA",
}


def test_a_sign_that_is_set_by_a_command_is_set_as_itself():
    style = (ROOT / "_latex" / "survey.sty").read_text(encoding="utf-8")
    signs = re.findall(r"^\\newunicodechar\{(.)\}\{\\(\w+)\{\\?(.+?)\}\}$", style, re.MULTILINE)
    assert {command for _, command, _ in signs} == {
        "textsuperscript",
        "textsubscript",
        "ensuremath",
        "hphantom",
        "hspace",
    }
    for sign, command, given in signs:
        if command == "ensuremath":
            assert unicodedata.name(sign) == DRAWN[given]
        elif command.startswith("text"):
            place = command.removeprefix("text").removesuffix("script")
            assert unicodedata.decomposition(sign) == f"<{place}> {ord(given):04X}"
