import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.bibtex.utils import split_name_list
from pybtex.richtext import Text
from pybtex.scanner import PybtexSyntaxError

from peft_vlm_survey.read.reference import Reference, letters, plain, split_names


def reference(**fields: str) -> Reference:
    return Reference(key="able2020adapter", type="misc", fields=fields, line=1)


@pytest.mark.parametrize(
    ("bibtex", "text"),
    [
        ("{CLIP} and {B}ERT", "CLIP and BERT"),
        (r"M{\"u}ller", "Müller"),
        (r"Andr{\'e}", "André"),
        (r"Fran\c{c}ois", "François"),
        ("García", "García"),
        ("Garci\u0301a", "García"),
        (r"50\% \& more", "50% & more"),
        (r"a\_b \#1", "a_b #1"),
        ("视觉", "视觉"),
        ("vision–language", "vision–language"),
        ("A  title\n   in two lines", "A title in two lines"),
        ("", ""),
    ],
)
def test_bibtex_reads_as_plain_text(bibtex, text):
    assert plain(bibtex) == text


@pytest.mark.parametrize("formula", ["$k$", r"$\mathcal{O}(n^2)$", r"$\alpha_{10}$", "$a < b$"])
def test_a_formula_is_kept_as_it_is(formula):
    assert plain(f"A {formula}-shot {{CLIP}}") == f"A {formula}-shot CLIP"


@pytest.mark.parametrize("text", ["$a$ and $b$ and $a$", "For 5 $ only"])
def test_formulas_keep_their_places_and_a_dollar_sign_alone_itself(text):
    assert plain(text) == text


@given(st.text(st.characters(categories=["L", "N"], max_codepoint=0x2FFF)))
def test_letters_and_digits_read_as_themselves(text):
    assert plain(text) == unicodedata.normalize("NFC", text)


@given(st.text(st.sampled_from("aB é視\u0301{}-'`,!?~%\\&^_#\"<>|."), max_size=12))
def test_what_is_read_fast_reads_as_the_decoder_reads_it(text):
    try:
        decoded = str(Text.from_latex(text))
    except (PybtexSyntaxError, UnicodeError):  # braces that do not match, or a command that is none
        decoded = text
    assert plain(text) == " ".join(unicodedata.normalize("NFC", decoded).split())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Able, Anna", "Anna Able"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("O'Neil, Pat", "Pat O'Neil"),
        (r"M{\"u}ller, J{\"o}rg", "Jörg Müller"),
        ("{The Pictures Team}", "The Pictures Team"),
        ("King, Jr., Martin L.", "Martin L. King Jr."),
        ("Ben Zaken, Elad", "Elad Ben Zaken"),
        ("He, 何", "何 He"),
    ],
)
def test_an_author_reads_given_name_first(written, read):
    assert reference(author=written).authors == (read,)


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Zorn, Z. and Able, A.", ("Zorn, Z.", "Able, A.")),
        ("Anderson, Andy and Brand, Andrea", ("Anderson, Andy", "Brand, Andrea")),
        ("{Barnes and Noble} and Able, Anna", ("{Barnes and Noble}", "Able, Anna")),
        ("Able, Anna\n  and Baker, Bob", ("Able, Anna", "Baker, Bob")),
        ("", ()),
    ],
)
def test_authors_are_split_at_and_outside_of_braces(authors, names):
    assert split_names(authors) == names


@pytest.mark.parametrize(
    ("authors", "short"),
    [
        ("Able, Anna", "Able"),
        ("Able, Anna and Baker, Bob", "Able and Baker"),
        ("Able, Anna and Baker, Bob and Cole, Cy", "Able et al."),
        ("van der Berg, Jan", "van der Berg"),
        ("{The Pictures Team}", "The Pictures Team"),
    ],
)
def test_a_citation_names_the_family_names(authors, short):
    assert reference(author=authors).short_authors == short


@pytest.mark.parametrize(
    ("fields", "venue"),
    [
        ({"booktitle": "Proceedings of {X}"}, "Proceedings of X"),
        ({"journal": "Journal of X"}, "Journal of X"),
        ({"institution": "X Lab"}, "X Lab"),
        ({"school": "X School"}, "X School"),
        ({"publisher": "X Press"}, "X Press"),
        ({"booktitle": "Handbook", "publisher": "X Press"}, "Handbook"),
        ({"eprint": "2001.00001"}, "arXiv"),
        ({"journal": "Journal of X", "eprint": "2001.00001"}, "Journal of X"),
        ({}, ""),
    ],
)
def test_the_venue_is_where_it_appeared(fields, venue):
    assert reference(**fields).venue == venue


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"url": "https://a.example/1", "doi": "10.1000/1", "eprint": "2001.00001"}, "https://a.example/1"),
        ({"doi": "10.1000/1", "eprint": "2001.00001"}, "https://doi.org/10.1000/1"),
        ({"eprint": "2001.00001"}, "https://arxiv.org/abs/2001.00001"),
        ({}, ""),
    ],
)
def test_the_address_is_the_publishers_then_the_doi_then_arxiv(fields, address):
    assert reference(**fields).address == address


def test_the_year_is_a_number_and_a_field_that_is_not_there_nothing():
    assert (reference(year="2020").year, reference().plain("pages"), reference().authors) == (2020, "", ())


def test_a_problem_points_at_the_entry():
    problem = Reference(key="a", type="misc", fields={}, line=12).problem("no.", "Yes.")
    assert (problem.path, problem.line) == ("references.bib", 12)


@given(
    st.lists(
        st.sampled_from(["Able, Anna", " and ", " AND ", "and", " ", "{Barnes and Noble}", "{", "}", ","]), max_size=7
    ).map("".join)
)
def test_names_are_split_as_pybtex_splits_them(authors):
    assert list(split_names(authors)) == [name for name in split_name_list(authors) if name]


def test_a_share_in_a_title_ends_no_title():
    assert letters("5% of all: one") == letters(r"5\% of All: {One}") != letters("5% of all: another")
