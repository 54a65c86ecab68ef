import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import example, given
from hypothesis import strategies as st
from myst_parser.docutils_ import Parser

from peft_vlm_survey.show.markup import Markup, align_decimals, cite, escape, escape_title, is_number, link
from peft_vlm_survey.show.table import Table

CONFIG = yaml.safe_load((Path(__file__).parent.parent / "_config.yml").read_text(encoding="utf-8"))
EXTENSIONS = CONFIG["parse"]["myst_enable_extensions"]
# What a source file may hold: the readers refuse control characters.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1).filter(str.strip)
MARKUP = (
    st.lists(
        st.sampled_from(
            [
                *("<script>", "</b>", "$", "$$", "|", "`", "``", "{cite}`x`", "{ref}", "\\", "\\input{x}", "*"),
                *("**", "_", "[", "](", ")", "!", "#", "-", "+", "1.", ">", "~~", "&amp;", "&#38;", "<https://a.b>"),
                *("https://a.b", "www.a.b", ":", ":::", "(x)=", "{x}", "[^1]", "%", "---", "===", "@", "'", '"'),
                *("a", " "),
            ]
        ),
        min_size=1,
    )
    .map("".join)
    .filter(str.strip)
)
ANYTHING = TEXT | MARKUP


def parse(text: str) -> nodes.document:
    settings = {"myst_enable_extensions": EXTENSIONS, "report_level": 5, "halt_level": 5, "_disable_config": True}
    return publish_doctree(text, parser=Parser(), settings_overrides=settings)


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def table(**changes) -> Table:
    said = {
        "header": ["A", "B"],
        "rows": [["1", "x"], ["2.5", "y"]],
        "widths": [1, 2],
        "caption": "A caption.",
        "label": "tbl-a",
    }
    return Table(**{**said, **changes})


@pytest.mark.parametrize(
    "text",
    [
        *("<script>alert(1)</script>", r"\input{/etc/passwd}", "$x$", "a | b", "`code`", "{cite}`able2020adapter`"),
        *("# heading", "- item", "1. item", "&lt;b&gt;", "https://a.example", "[a](javascript:b)", "*a* _b_"),
        *("![a](b)", "% comment", ":::{note}", "a\\", "+++", "---", "[^1]: x", "(a)=", "> quote"),
    ],
)
def test_whatever_is_typed_prints_as_text(text):
    document = parse(escape(text))
    assert [node.astext() for node in document.findall(nodes.Text)] == [text]


@given(ANYTHING)
@example("a\\|b")
def test_arbitrary_text_prints_as_that_text(text):
    (paragraph,) = parse(escape(text)).children
    assert isinstance(paragraph, nodes.paragraph)
    assert paragraph.astext() == on_one_line(text)


@given(ANYTHING)
def test_arbitrary_text_becomes_no_markup(text):
    (paragraph,) = parse(escape(text)).children
    assert all(isinstance(child, nodes.Text) for child in paragraph.children)


@given(ANYTHING, ANYTHING)
@example("\\", "|")
def test_arbitrary_cells_of_a_table_print_as_that_text(first, second):
    document = parse(str(table(rows=[[escape(first), escape(second)], [escape(second), escape(first)]])))
    cells = [entry.astext() for entry in document.findall(nodes.entry)]
    assert cells[2:] == [on_one_line(text) for text in (first, second, second, first)]


@given(ANYTHING)
def test_an_arbitrary_header_prints_as_that_text(text):
    document = parse(str(table(header=["A", escape(text)])))
    assert [entry.astext() for entry in document.findall(nodes.entry)][1] == on_one_line(text)


@given(ANYTHING)
def test_the_arbitrary_text_of_a_link_prints_as_that_text(text):
    (reference,) = parse(link(text, "https://a.example/b")).findall(nodes.reference)
    assert reference.astext() == on_one_line(text)


@given(ANYTHING.filter(lambda text: "$" not in text))
def test_a_title_without_a_formula_prints_as_that_text(text):
    title = on_one_line(text)
    assert parse(f"**{escape_title(title)}**").astext() == title


@given(ANYTHING.filter(lambda text: "$" not in text), ANYTHING.filter(lambda text: "$" not in text))
def test_the_text_around_a_formula_prints_as_that_text(before, after):
    title = f"{on_one_line(before)} $k$ {on_one_line(after)}"
    assert parse(escape_title(title)).astext() == title.replace("$", "")


@pytest.mark.parametrize("formula", ["k", r"\ell_2", r"\mathcal{O}(n^2)", "a < b", "x_{10}"])
def test_a_pair_of_dollar_signs_in_a_title_is_math(formula):
    (math,) = parse(escape_title(f"A ${formula}$-shot study")).findall(nodes.math)
    assert math.astext() == formula


def test_two_formulas_of_a_title_are_math():
    assert [math.astext() for math in parse(escape_title("$a$ or $b$")).findall(nodes.math)] == ["a", "b"]


@pytest.mark.parametrize("title", ["For 5 $ only", "$$ and more", "a $"])
def test_a_dollar_sign_without_a_partner_prints_as_itself(title):
    assert parse(escape_title(title)).astext() == title


def test_text_of_several_lines_is_put_on_one():
    assert escape("a\n\n  b") == "a b"


def test_a_link_leads_to_its_address():
    (reference,) = parse(link("a", "https://a.example/b_(c)?d=e*f#g")).findall(nodes.reference)
    assert reference["refuri"] == "https://a.example/b_(c)?d=e*f#g"


def test_a_citation_is_a_role():
    assert cite("able2020adapter") == "{cite:t}`able2020adapter`"


def test_markup_and_tables_show_themselves_in_a_notebook():
    assert Markup("*a*")._repr_markdown_() == "*a*"
    assert table()._repr_markdown_() == str(table())


def test_a_table_has_caption_label_classes_widths_header_and_rows_in_order():
    document = parse(str(table(classes=["longtable"])))
    (title,), (node,), (head,), (body,) = (
        list(document.findall(kind)) for kind in (nodes.title, nodes.table, nodes.thead, nodes.tbody)
    )
    assert (title.astext(), node["names"]) == ("A caption.", ["tbl-a"])
    assert {"survey", "longtable"} <= set(node["classes"])
    assert [column["colwidth"] for column in document.findall(nodes.colspec)] == [1, 2]
    assert (head.astext().split(), body.astext().split()) == (["A", "B"], ["1", "x", "2.5", "y"])


def test_a_note_stands_below_its_table_which_else_ends_with_itself():
    lines = str(table(note="A note.")).splitlines()
    assert lines.index("A note.") > lines.index("::::")
    assert str(table()).endswith("\n::::\n")


def test_a_numeric_column_is_set_flush_right_and_no_other_is_padded():
    assert "\n| --: | :-- |\n" in str(table(numeric=frozenset([0])))
    assert "| 1 | x |" in str(table())


def test_a_row_that_lacks_a_cell_is_an_error():
    with pytest.raises(IndexError):
        str(table(rows=[["1"]]))


NUMBERS = st.from_regex(r"\A[-−]?[0-9]{1,4}(\.[0-9]{1,4})?\Z")
COLUMN = st.lists(NUMBERS | st.sampled_from(["–", "", "1.2 ± 0.3", "Table 2", "a.b"]), max_size=8)
PADDING = "\u2007\u2008"


@given(COLUMN)
def test_aligning_changes_no_printed_character(cells):
    assert [cell.rstrip(PADDING) for cell in align_decimals(cells)] == cells


@given(COLUMN)
def test_aligned_numbers_have_their_decimal_point_at_one_distance_from_the_right(cells):
    aligned = [cell for cell in align_decimals(cells) if is_number(cell.rstrip(PADDING))]
    assert len({len(cell) - len(re.match("[-−]?[0-9]+", cell).group()) for cell in aligned}) <= 1


@given(COLUMN)
def test_cells_that_are_no_numbers_are_not_padded(cells):
    assert all(
        after == before for before, after in zip(cells, align_decimals(cells), strict=True) if not is_number(before)
    )


@given(COLUMN)
def test_aligning_twice_is_aligning_once_more(cells):
    assert align_decimals([cell.rstrip(PADDING) for cell in align_decimals(cells)]) == align_decimals(cells)


@given(st.lists(st.integers(0, 9999).map(str), max_size=8))
def test_whole_numbers_alone_need_no_padding(cells):
    assert align_decimals(cells) == cells


@given(NUMBERS)
def test_every_decimal_number_is_a_number(text):
    assert is_number(text) and Decimal(text.replace("−", "-")).is_finite()


@pytest.mark.parametrize("text", ["", "–", "abc", "1.2.3", "1,5", "5 %", "nan", "inf", "1.2 ± 0.3", "--5"])
def test_other_text_is_no_number(text):
    assert not is_number(text)
