"""What is left of the theme's style sheets: every rule that a page can meet, as it was."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from peft_vlm_survey.site.used_styles import used

THEME = Path(find_spec("pydata_sphinx_theme").origin).parent / "theme" / "pydata_sphinx_theme" / "static"
SHEET = (THEME / "styles" / "pydata-sphinx-theme.css").read_text(encoding="utf-8")
CLASSES = frozenset(re.findall(r"\.(-?[A-Za-z_][\w-]*)", SHEET))


def bare(sheet):
    return re.sub(r"/\*(?!!).*?\*/|\s+", "", sheet, flags=re.DOTALL)


def test_where_every_class_is_used_nothing_goes():
    assert bare(used(SHEET, CLASSES)) == bare(SHEET)


def test_a_rule_of_a_class_goes_and_stays_with_it():
    with_it, without = used(SHEET, CLASSES), used(SHEET, CLASSES - {"admonition"})
    assert ".admonition{" in with_it and not re.search(r"\.admonition(?![\w-])[^()]*\{", without)
    assert len(used(SHEET, frozenset())) < len(SHEET) / 2


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        ('@charset "UTF-8";.a{content:"}"}.b{x:1}', '@charset "UTF-8";.b{x:1}'),
        ("@font-face{src:url(a.woff)}@keyframes turn{0%{x:1}to{x:2}}", None),
        (".b:not(.a,.c){x:1}", None),
        (".a .b{x:1}", ""),
        ("@media print{.a{x:1}}", ""),
        ("[data-mode=dark] #part>p.b::after{background:url('data:image/svg+xml;a{')}", None),
    ],
)
def test_strings_brackets_and_blocks_within_blocks_are_read_as_such(sheet, left):
    assert used(sheet, frozenset({"b"})) == (sheet if left is None else left)


@pytest.mark.built
def test_what_the_licence_of_a_sheet_demands_is_left(site):
    text = (site / "_static" / "styles" / "pydata-sphinx-theme.css").read_text(encoding="utf-8")
    assert "Licensed under MIT" in text and "Font Awesome Free" in text and len(text) < len(SHEET) / 2
