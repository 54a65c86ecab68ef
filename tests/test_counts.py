"""Named numbers that the chapters' sentences quote."""

import dataclasses

import pytest

from peft_vlm_survey import values
from peft_vlm_survey.questions import read_value, with_values


def test_what_was_judged_is_in_the_catalogue_or_left_out(good):
    counts = values.candidates(survey=good)
    assert (counts["judged"], counts["papers"], counts["left_out"], counts["until"]) == (6, 4, 2, "2026-02-03")
    assert (counts["verified"], counts["verified_share"]) == (2, "50.0 %")
    assert counts["verified"] + counts["listed"] + counts["partial"] == 4


def test_preprints_have_no_other_venue(good):
    assert values.preprints(survey=good) == {"papers": 1, "share": "25.0 %"}


def test_recall_is_that_of_the_newest_set(good):
    assert values.recall(survey=good) == {"edition": "0.10.0", "papers": 3, "held": 2, "share": "66.7 %"}


def test_measurements_are_counted_with_the_backbone_of_most(good):
    counts = values.costs_measured(survey=good)
    assert counts == {"measurements": 4, "papers": 1, "memory": 3, "backbone": "CLIP RN50", "share": "66.7 %"}
    assert values.costs_measured(survey=dataclasses.replace(good, measurements=()))["backbone"] == "no backbone"


def test_a_fact_is_known_where_it_has_a_value(good):
    assert values.fact_stated("place", survey=good) == {"methods": 2, "known": 1, "share": "50.0 %"}
    with pytest.raises(KeyError, match="no fact 'colour'"):
        values.fact_stated("colour", survey=good)


@pytest.mark.parametrize(("more", "large"), [(100, 0), (-100, 2)])
def test_gains_above_some_points_are_counted(more, large, good):
    assert values.gains_counted(more=more, survey=good) == {"groups": 2, "large": large}


def test_a_value_has_arguments_and_a_field():
    question = read_value('fact_stated("place", more=2).share')
    assert (question.name, question.arguments, question.keywords) == ("fact_stated", ("place",), {"more": 2})
    assert question.field == "share"


def test_a_sentence_quotes_large_numbers_with_separators(good):
    survey = dataclasses.replace(good, excluded=good.excluded[:1] * 1234)
    assert with_values("We left out {value}`candidates().left_out`.", survey) == "We left out 1,234."
