"""What the catalogue's explorer loads of what papers do, read as JSON."""

import json
from dataclasses import replace

import pytest

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.site.descriptions_js import chinese_script, descriptions_script


def read(text, name):
    assert text.startswith(f"survey.data.{name} = ") and text.endswith(";\n")
    return json.loads(text.removeprefix(f"survey.data.{name} = ").removesuffix(";\n"))


@pytest.fixture(scope="module")
def said():
    return read(descriptions_script(the_survey()), "descriptions")


def test_every_described_paper_is_there_with_its_sentence_and_its_facts(said):
    assert list(said["papers"]) == [found.key for found in the_survey().descriptions]
    names = [name for name, _, _ in said["facts"]]
    values = {name: [value for value, _ in values] for name, _, values in said["facts"]}
    assert names == list(FACTS)
    for found in the_survey().descriptions:
        summary, *facts = said["papers"][found.key]
        assert summary == found.summary
        for name, places in zip(names, facts, strict=True):
            assert tuple(values[name][place] for place in places) == found.fact(name)


def test_every_value_has_its_chinese_label(said):
    labels = {(name, value): zh for name, _, values in said["facts"] for value, zh in values}
    assert labels == {(term.field, term.value): term.zh for term in the_survey().vocabulary}


def test_every_described_paper_has_its_chinese_sentence():
    wanted = {found.key: found.summary_zh for found in the_survey().descriptions}
    assert read(chinese_script(the_survey()), "descriptionsZh") == wanted


def test_papers_with_numbers_in_chapters_and_with_a_licence_are_named(said):
    survey = the_survey()
    reported = {number.method_key for number in (*survey.results, *survey.measurements)}
    cited = {citation.key for citation in survey.citations}
    assert said["numbers"] == [paper.key for paper in survey.papers if paper.key in reported]
    assert said["chapters"] == [paper.key for paper in survey.papers if paper.key in cited]
    assert said["licences"] == {paper.key: paper.code_licence for paper in survey.papers if paper.code_licence}


@pytest.mark.parametrize("text", ["</script><b>", 'say "x"', "a\\b", "\u2028", "词元"])
def test_whatever_a_sentence_says_it_is_read_as_it_stands_and_ends_no_script(text, good):
    described = tuple(replace(found, summary=text, summary_zh=text) for found in good.descriptions)
    survey = replace(good, descriptions=described)
    script = descriptions_script(survey)
    assert read(script, "descriptions")["papers"]["hart2022asker"][0] == text
    assert read(chinese_script(survey), "descriptionsZh")["hart2022asker"] == text
