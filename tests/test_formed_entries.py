"""The quick reader of the one form says what the two parsers of any BibTeX say, or nothing."""

from io import StringIO

import pytest
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat, write
from hypothesis import given
from hypothesis import strategies as st
from mistakes import GOOD, NAMES, patched

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.downloads import references_bib
from peft_vlm_survey.read.any_entries import read_any
from peft_vlm_survey.read.formed_entries import read_formed
from peft_vlm_survey.read.reference import PATH

BOOK = (ROOT / PATH).read_text(encoding="utf-8")
HEART = """@article{hart2022asker,
  author = {Hart, Mary},
  title = {{Asker}: a {$k$}-shot {Study of {CLIP}}},
  year = {2022},
}
"""
OTHER = HEART.replace("asker", "other")


def told(text):
    """Return what the quick reader reads, its lines among it, after it was held against the parsers."""
    quick = read_formed(text)
    if quick is not None:
        slow, problems = read_any(text)
        assert not problems
        assert list(quick.values()) == list(slow.values())
    return quick


def test_the_bibliographies_of_the_book_and_of_the_tiny_survey_are_read_quickly():
    assert len(told(BOOK)) > 4000
    assert told((GOOD / PATH).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n" + HEART,
        HEART.replace("@article", "@Article"),
        HEART.replace("year = {2022}", "year = 2022"),
        HEART.replace("year = {2022}", 'year = "2022"'),
        HEART.replace("{2022},\n}", "{2022}\n}"),
        HEART.replace("Hart, Mary", "Hart\nMary"),
        HEART.replace("Hart, Mary", r"Hart \{ Mary}"),
        HEART.replace("Hart, Mary", r"Hart \} {Mary"),
        HEART.replace("Hart, Mary", "Hart, Mary\\"),
        HEART.replace("Hart, Mary", "Hart} and {Mary"),
        HEART.replace("Hart, Mary", "{" * 12 + "Hart" + "}" * 12),
        HEART.replace("CLIP}}}", "CLIP}}"),
        HEART.replace("  year", "  title = {Again},\n  year"),
        HEART.replace("  year", "year"),
        HEART.replace("article", "comment"),
        HEART.replace("article", "strings"),
        HEART + "what belongs to nobody\n" + OTHER,
        HEART + HEART,
        "@article{hart2022asker,\n}\n",
    ],
)
def test_what_stands_otherwise_is_left_to_the_parsers(text):
    assert read_formed(text) is None


def test_empty_lines_between_entries_move_the_lines_of_the_next():
    assert [reference.line for reference in told(HEART + "\n\n\n" + OTHER).values()] == [1, 9]


@pytest.mark.parametrize("name", [name for name in NAMES if patched(name).get(PATH)])
def test_of_a_mistake_it_says_what_the_parsers_say_or_nothing(name):
    try:
        told(patched(name)[PATH].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", " "))
    except UnicodeDecodeError:
        return


PIECES = st.text(st.sampled_from('{}\\"@,=#%$~&_ \n\tabZé19'), max_size=8)


@given(st.data())
def test_of_any_text_it_says_what_the_parsers_say_or_nothing(data):
    text = HEART + data.draw(st.sampled_from(["", "\n", "\n\n"])) + OTHER
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(PIECES) + text[start + data.draw(st.integers(0, 3)) :]
    told(text)


@given(st.lists(PIECES.map(lambda text: text.replace("\n", "")), min_size=1, max_size=3))
def test_of_any_value_it_says_what_the_parsers_say_or_nothing(values):
    told("".join(f"@misc{{a{place},\n  title = {{{value}}},\n}}\n" for place, value in enumerate(values)))


def test_the_one_form_is_what_bibtexparser_writes():
    form = BibtexFormat()
    form.indent, form.trailing_comma, form.block_separator = "  ", True, "\n\n"
    survey = the_survey()
    entries = [
        Entry(found.type, key, [Field(name, f"{{{value}}}") for name, value in found.fields.items()])
        for key, found in sorted(survey.references.items())
    ]
    written = StringIO(write(Library(entries), form).rstrip("\n") + "\n")
    assert references_bib(survey).splitlines() == written.read().splitlines()
