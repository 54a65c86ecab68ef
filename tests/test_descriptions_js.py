"""What the catalogue's explorer loads of what papers do, read as JSON."""

import json
from dataclasses import replace

import pytest

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.show.catalogue import in_order
from peft_vlm_survey.site.descriptions_js import chinese_script, descriptions_script


def read(text, name):
    assert text.startswith(f"survey.data.{name} = ") and text.endswith(";\n")
    return json.loads(text.removeprefix(f"survey.data.{name} = ").removesuffix(";\n"))


@pytest.fixture(scope="module")
def said():
    return read(descriptions_script(the_survey()), "descriptions")


def in_turn():
    """Return the keys of the papers as the catalogue has them."""
    return [paper.key for paper in in_order(the_survey(), the_survey().papers)]


def test_every_described_paper_has_its_sentence_and_its_facts_in_the_order_of_the_catalogue(said):
    names = [name for name, _, _ in said["facts"]]
    values = {name: [value for value, _ in values] for name, _, values in said["facts"]}
    assert names == list(FACTS)
    for key, summary, *facts in zip(in_turn(), said["summaries"], *said["places"], strict=True):
        found = the_survey().description(key)
        assert summary == (found.summary if found else "")
        for name, places in zip(names, facts, strict=True):
            assert tuple(values[name][place] for place in places) == (found.fact(name) if found else ())


def test_every_value_has_its_chinese_label(said):
    labels = {(name, value): zh for name, _, values in said["facts"] for value, zh in values}
    assert labels == {(term.field, term.value): term.zh for term in the_survey().vocabulary}


def test_every_described_paper_has_its_chinese_sentence():
    wanted = {found.key: found.summary_zh for found in the_survey().descriptions}
    assert read(chinese_script(the_survey()), "descriptionsZh") == wanted


def test_papers_with_numbers_in_chapters_and_with_a_licence_are_marked(said):
    survey = the_survey()
    reported = {number.method_key for number in (*survey.results, *survey.measurements)}
    cited = {citation.key for citation in survey.citations}
    for key, number, chapter, licence in zip(
        in_turn(), said["numbers"], said["chapters"], said["licences"], strict=True
    ):
        assert (number, chapter, licence) == (key in reported, key in cited, survey.paper(key).code_licence)
    for marks in ("numbers", "chapters"):
        assert {*said[marks]} == {0, 1}


@pytest.mark.parametrize("text", ["</script><b>", 'say "x"', "a\\b", "\u2028", "词元"])
def test_whatever_a_sentence_says_it_is_read_as_it_stands_and_ends_no_script(text, good):
    described = tuple(replace(found, summary=text, summary_zh=text) for found in good.descriptions)
    survey = replace(good, descriptions=described)
    script = descriptions_script(survey)
    row = [paper.key for paper in in_order(survey, survey.papers)].index("hart2022asker")
    assert read(script, "descriptions")["summaries"][row] == text
    assert read(chinese_script(survey), "descriptionsZh")["hart2022asker"] == text
