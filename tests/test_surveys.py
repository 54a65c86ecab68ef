"""The other surveys of the field, counted and compared."""

import dataclasses

import pytest

from peft_vlm_survey import tables
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.surveys import OTHERS

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def test_a_survey_with_an_entry_is_cited_and_another_leads_to_arxiv(good):
    first, second = (row[0] for row in tables.surveys(survey=good, **ABOUT).rows)
    assert "{cite:t}`able2020adapter`; [list](<https://github.com/able/tiny-adapters>)" in first
    assert second.startswith("[A List of \\<Small\\> Things](<https://arxiv.org/abs/2401.00001>) (Kim Jones and others")


@pytest.mark.parametrize(
    ("authors", "said"),
    [
        ((), "JST, 2024)"),
        (("Kim Jones",), "Kim Jones, JST, 2024)"),
        (("Kim Jones", "Bob Baker"), "Kim Jones and others, JST, 2024)"),
        (("Kim Jones", OTHERS), "Kim Jones and others, JST, 2024)"),
    ],
)
def test_a_survey_without_an_entry_names_its_first_author_and_that_there_are_others(authors, said, good):
    listed = (dataclasses.replace(good.surveys[1], authors=authors),)
    (row,) = tables.surveys(survey=dataclasses.replace(good, surveys=listed), **ABOUT).rows
    assert row[0].replace("\\", "").endswith(f" ({said}")


def test_surveys_are_chosen_by_key(good):
    assert [row["key"] for row in tables.surveys(keys=["able2020adapter"], survey=good, **ABOUT).data] == [
        "able2020adapter"
    ]


def test_a_survey_that_there_is_not_is_a_key_error(good):
    with pytest.raises(KeyError, match="no survey 'nobody2020nothing'"):
        tables.surveys(keys=["nobody2020nothing"], survey=good, **ABOUT)


def test_this_book_stands_last(good):
    *_, last = tables.surveys(own=True, survey=good, **ABOUT).rows
    assert (last[0], last[2]) == ("*This book*", good.edition.date[:7])


def test_every_survey_of_the_book_stands_in_the_table_of_all():
    assert len(tables.surveys(**ABOUT).rows) == len(the_survey().surveys)
