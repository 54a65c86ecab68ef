"""Sentences that say what the figures of the field show: each follows the papers, and names no family by itself."""

from dataclasses import replace

import pytest

from peft_vlm_survey import tables


def copies(survey, key, many, *, year, **changes):
    """Return a survey with more papers like one of it, of one year, each with the changes given."""
    (paper,) = [paper for paper in survey.papers if paper.key == key]
    more = tuple(replace(paper, key=f"{key}{place}{year}", **changes) for place in range(many))
    dated = replace(survey.references[key], fields={**survey.references[key].fields, "year": str(year)})
    references = {**survey.references, **{new.key: dated for new in more}}
    return replace(survey, papers=(*survey.papers, *more), references=references)


def test_the_families_that_hold_most_papers_are_named_by_their_number(good):
    grown = copies(copies(good, "ivey2022seer", 3, year=2024), "ivey2022seer", 5, year=2025)
    said = str(tables.families_grown(survey=grown))
    assert "*side-tuning* (9)" in said
    assert "*side-tuning* from 3 to 5 papers" in said
    assert "No other family has more than 1 paper in any year." in said


def test_the_commonest_family_of_a_group_follows_the_papers(good):
    assert "- *Adapter*: Referring and grounding" in str(tables.families_led(survey=good))
    turned = copies(good, "garcia2021grounder", 2, year=2022, family="hybrid")
    assert "- *Hybrid*: Referring and grounding\n" in str(tables.families_led(survey=turned))


def test_a_family_that_is_nearly_as_common_is_named_beside_the_first(good):
    assert "Image classification (closely followed by adapter)" in str(tables.families_led(survey=good))


def test_how_much_later_the_other_categories_came_is_counted_from_language(good):
    later = copies(good, "jones2023teller", 1, year=2025, category="qa")
    assert "*reparameterisation* 2.0 to 2.0" in str(tables.families_dated("reparameterisation", survey=later))


@pytest.mark.parametrize(("family", "fault"), [("adaptor", KeyError), ("prompt", ValueError)])
def test_a_family_that_is_unknown_or_has_too_few_papers_is_refused(family, fault, good):
    with pytest.raises(fault):
        tables.families_dated(family, survey=good)


def test_preprints_are_counted_apart_from_venues(good):
    assert str(tables.venues_led(survey=good)) == (
        "1 of 4 papers (25.0 %) are listed as preprints; CST and JST hold 3 (75.0 %).\n"
    )


def test_the_share_with_code_is_told_for_the_first_and_the_last_whole_year(good):
    coded = copies(copies(good, "garcia2021grounder", 10, year=2023), "garcia2021grounder", 10, year=2025, code="")
    after = copies(coded, "garcia2021grounder", 20, year=2026)
    assert str(tables.code_known(survey=after)) == "The share went, for grounding from 100 % in 2023 to 0 % in 2025.\n"


def test_gains_above_some_points_are_counted_by_data_set(good):
    none, some = (str(tables.gains_counted(more=more, survey=good)) for more in (100, -100))
    assert none.startswith("In 0 of the 2 ")
    assert none.endswith("over it.\n")
    assert some.startswith("In 2 of the 2 ")
    assert "over it: " in some


def test_numbers_left_out_are_counted_by_what_their_reason_begins_with(good):
    (number,) = good.left_out
    reasons = (
        "the same number as line 3",
        "outside the book's scope: a model",
        "a gain without its base",
        "a typing error",
    )
    found = tuple(replace(number, reason=reason) for reason in reasons)
    said = str(tables.left_out_counted(survey=replace(good, left_out=found)))
    assert said.startswith("Of 4 such numbers, 1 are the same numbers met twice, 1 are outside the book's scope, ")
    assert said.endswith("and 1 have a reason of their own.\n")
