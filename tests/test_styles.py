"""The style sheets: what a page needs where no script has chosen a theme, and where a column stays in view."""

import re

import pytest

from peft_vlm_survey.data import ROOT

STYLES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "_static").glob("*.css"))}


def declarations(selector):
    """Return what survey.css declares for each block of exactly this selector, in order."""
    blocks = re.findall(rf"^ *{re.escape(selector)} \{{([^}}]*)\}}", STYLES["survey.css"], re.MULTILINE)
    return [[line.strip() for line in block.split(";") if line.strip()] for block in blocks]


def test_without_scripts_a_page_has_the_colours_of_the_light_or_of_what_the_reader_prefers():
    (light,) = declarations('html[data-theme="light"], html[data-theme="auto"]')
    (dark,) = declarations('html[data-theme="dark"]')
    (preferred,) = declarations('html[data-theme="auto"]')
    assert preferred == dark
    assert {line.partition(":")[0] for line in light} <= {line.partition(":")[0] for line in dark}


def test_every_colour_that_our_styles_ask_for_is_declared_without_scripts_too():
    asked = set(re.findall(r"var\((--pst-color-[a-z-]+)", "".join(STYLES.values())))
    (light,) = declarations('html[data-theme="light"], html[data-theme="auto"]')
    assert asked - {line.partition(":")[0] for line in light} == set()


def test_what_the_dark_changes_it_also_changes_where_only_the_reader_prefers_it():
    css = STYLES["survey.css"]
    for rest in re.findall(r'^html\[data-theme="dark"\]( [^{]+\{[^}]*\})', css, re.MULTILINE):
        if rest.strip().startswith("{"):
            continue
        assert f'@media (prefers-color-scheme: dark) {{ html[data-theme="auto"]{rest} }}' in css


@pytest.mark.parametrize("name", STYLES)
def test_a_cell_that_stays_in_view_leaves_the_rules_between_the_rows_uncovered(name):
    blocks = re.findall(r"td:first-child[^{}]*\{([^}]*position: sticky[^}]*)\}", STYLES[name])
    assert [block for block in blocks if "background-clip: padding-box" not in block] == []


def test_references_have_no_label():
    assert declarations(".bd-article div.citation > span.label") == [["display: none"]]
