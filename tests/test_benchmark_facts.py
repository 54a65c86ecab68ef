from dataclasses import replace
from types import SimpleNamespace

import pytest

from survey.data import the_survey
from survey.show.benchmark_facts import (
    conditions,
    contradictions_of,
    facts_of,
    mismatches_by_benchmark,
    sentence,
    titles,
)
from survey.site.benchmarks import Pages


def told(survey, name):
    return {fact.term: [part.text for part in fact.parts] for fact in facts_of(survey, survey.benchmark(name))}


def test_no_two_benchmarks_of_the_survey_share_a_title():
    named = titles(the_survey())
    assert len(set(named.values())) == len(the_survey().benchmarks)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "TinyQA"),
        ({"name": "TinyRef"}, "TinyRef (visual question answering)"),
        ({"name": "TinyRef", "task": "referring segmentation"}, "TinyRef (Ten Pictures, test, accuracy)"),
    ],
)
def test_a_shared_name_is_told_apart_by_its_task_or_its_data(changes, expected, good):
    changed = tuple(replace(b, **changes) if b.benchmark == "tinyqa" else b for b in good.benchmarks)
    assert titles(replace(good, benchmarks=changed))["tinyqa"] == expected


def test_a_sentence_says_metric_unit_data_split_and_direction(good):
    assert sentence(good.benchmark("tinyloss")) == "Loss, in nats, on Ten Pictures (test); lower is better."
    assert sentence(good.benchmark("tinymean")) == "Mean score, in %, on two tasks; higher is better."


def test_an_average_names_its_parts_and_a_part_its_averages(good):
    assert told(good, "tinymean")["It is the mean of"] == ["TinyQA", "TinyCaptions"]
    assert told(good, "tinyqa")["Averaged by"] == ["Tiny mean"]
    assert "Averaged by" not in told(good, "tinyref")


def test_a_benchmark_without_numbers_is_named_but_not_linked(good):
    facts = {fact.term: fact.parts for fact in facts_of(good, good.benchmark("tinyqa"))}
    assert [(part.text, part.address) for part in facts["Averaged by"]] == [("Tiny mean", "")]
    facts = {fact.term: fact.parts for fact in facts_of(good, good.benchmark("tinymean"))}
    assert facts["It is the mean of"][0].address == "benchmarks/tinyqa.html"


def test_an_open_range_is_said_to_be_open(good):
    assert told(good, "tinycaptions")["Possible values"] == ["0 upwards, without bound"]
    assert told(good, "tinyqa")["Possible values"] == ["0 to 100"]


def test_what_a_protocol_does_not_say_is_named(good):
    said, lacking = conditions(good.protocol("few-shot"))
    assert said[0] == ("Training", "few-shot, 16 pictures") and said[-1][0] == "Note"
    assert lacking == ("pre-training", "images", "selection")


def test_a_mismatch_concerns_the_average_and_its_printed_parts(good):
    concerned = {name: [m.benchmark for m in found] for name, found in mismatches_by_benchmark(good).items()}
    assert concerned == {name: ["tinyharmonic"] for name in ("tinyharmonic", "tinybase", "tinynew")}


def test_a_part_that_is_printed_hides_what_it_averages_itself(good):
    (mismatch,) = good.mismatches
    wrong = replace(good, mismatches=(replace(mismatch, benchmark="tinygroups"),))
    assert set(mismatches_by_benchmark(wrong)) == {"tinygroups", "tinyanimals", "tinythings"}
    unprinted = tuple(n for n in good.results if n.benchmark != "tinyanimals")
    concerned = set(mismatches_by_benchmark(replace(wrong, results=unprinted)))
    assert concerned == {"tinygroups", "tinydogs", "tinycats", "tinythings"}


def test_recorded_contradictions_reach_the_page_of_their_benchmark(good):
    found = SimpleNamespace(
        benchmark="tinyqa",
        method="Asker",
        backbone="CLIP RN50",
        printed={"asker-table1": "65.9", "asker-table2": "66.1"},
        kind="re-run",
        right="",
        reason="run again",
    )
    holder = SimpleNamespace(contradictions=(found, replace(good.mismatches[0], benchmark="tinyref")))
    assert contradictions_of(holder, "tinyqa") == (found,)
    told = Pages(good)._contradiction(found)
    assert [(table["name"], table["locator"], value) for table, value in told["values"]] == [
        ("Asker", "Table 1", "65.9"),
        ("Asker", "Table 2", "66.1"),
    ]
    assert (told["reason"], told["right"]) == ("Run again", "–")
