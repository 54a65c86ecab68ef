"""The first page's answers: counts that add up, and leaders that lead."""

import re

from peft_vlm_survey.show.counts import at_a_glance


def numbers_in(text):
    return [int(number.replace(",", "")) for number in re.findall(r"`([\d,]+)", text)]


def test_the_counts_are_those_of_the_tables(good):
    assert numbers_in(at_a_glance(survey=good)) == [
        len(good.papers),
        len(good.numbers),
        len(good.datasets),
        len(good.reported_costs),
    ]
