"""The glossary: one sense for a name, terms that lead to terms, and what Sphinx makes of it."""

import dataclasses

from peft_vlm_survey import tables
from peft_vlm_survey.data import the_survey


def entries(said):
    """Return the names and the text of every entry of the directive."""
    body = str(said).removeprefix("::::{glossary}\n").removesuffix("::::\n")
    blocks = [block.split("\n") for block in body.strip().split("\n\n")]
    return [(block[:-1], block[-1]) for block in blocks]


def test_a_term_stands_with_its_aliases_its_sense_and_its_chinese_name(good):
    assert entries(tables.glossary(survey=good))[0] == (
        ["adapter", "module"],
        "  A small network that is added and trained\\. In Chinese: 适配器. See also {term}`frozen weights`.",
    )


def test_terms_stand_in_alphabetical_order_whatever_the_order_of_the_file(good):
    turned = dataclasses.replace(good, glossary=good.glossary[::-1])
    assert tables.glossary(survey=turned) == tables.glossary(survey=good)


def test_what_a_definition_prints_is_no_markup(good):
    assert "\\<their\\> values \\& cost" in str(tables.glossary(survey=good))


def test_every_entry_of_the_books_glossary_is_a_term_with_its_definition():
    found = entries(tables.glossary())
    terms = the_survey().glossary
    assert len(found) == len(terms)
    assert sum(len(names) for names, _ in found) == sum(len(term.names) for term in terms)
    assert all(text.startswith("  ") for _, text in found)


def test_every_name_of_the_books_glossary_is_one_line_without_a_classifier():
    assert [name for names, _ in entries(tables.glossary()) for name in names if " : " in name] == []


def test_terms_and_chinese_terms_of_the_book_are_not_empty():
    assert [term.term for term in the_survey().glossary if not term.zh or not term.definition.endswith(".")] == []
