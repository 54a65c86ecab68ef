"""What the catalogue's explorer loads of what papers do, read as JSON."""

import gzip
import json
from dataclasses import replace

import pytest
from unpacking import unpacked_texts

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.catalogue import weightiest_first
from peft_vlm_survey.site.descriptions_js import HALVES, chinese_script, descriptions_script


def read(text, name):
    assert text.startswith(f"survey.data.{name} = ") and text.endswith(";\n")
    return json.loads(text.removeprefix(f"survey.data.{name} = ").removesuffix(";\n"))


def summaries(survey):
    """Return the summaries of both halves, read."""
    return [text for half in HALVES for text in unpacked_texts(read(descriptions_script(survey, half), half))]


def in_turn(survey):
    """Return the papers as the catalogue has them."""
    return weightiest_first(survey)


def test_the_halves_have_the_sentence_of_every_described_paper_in_the_order_of_the_catalogue():
    described = [the_survey().description(paper.key) for paper in in_turn(the_survey())]
    assert summaries(the_survey()) == [found.summary if found else "" for found in described]


def test_the_halves_are_halves():
    former, latter = (read(descriptions_script(the_survey(), half), half)["texts"] for half in HALVES)
    assert 0 <= len(former) - len(latter) <= 1


@pytest.mark.parametrize("half", HALVES)
def test_a_half_weighs_little_for_a_paper(half):
    weight = len(gzip.compress(descriptions_script(the_survey(), half).encode(), 9))
    assert weight < 65 * len(the_survey().papers) / 2


def test_every_described_paper_has_its_chinese_sentence():
    wanted = {found.key: found.summary_zh for found in the_survey().descriptions}
    assert read(chinese_script(the_survey()), "descriptionsZh") == wanted


@pytest.mark.parametrize("text", ["</script><b>", 'say "x"', "a\\b", "\u2028", "词元", "Łódź ęĀ"])
def test_whatever_a_sentence_says_it_is_read_as_it_stands_and_ends_no_script(text, good):
    described = tuple(replace(found, summary=text, summary_zh=text) for found in good.descriptions)
    survey = replace(good, descriptions=described)
    row = [paper.key for paper in in_turn(survey)].index("hart2022asker")
    assert summaries(survey)[row] == text
    assert read(chinese_script(survey), "descriptionsZh")["hart2022asker"] == text
