"""The first page's answers: counts that add up, and leaders that lead."""

import re

from peft_vlm_survey.compare.dataset_tables import tables_by_dataset
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.start import at_a_glance, tiles


def numbers_in(text):
    return [int(number.replace(",", "")) for number in re.findall(r"`([\d,]+)", text)]


def test_the_counts_are_those_of_the_tables(good):
    assert numbers_in(at_a_glance(survey=good)) == [
        len(good.papers),
        len(good.numbers),
        len(good.datasets),
        len(good.reported_costs),
    ]


def test_the_papers_of_the_tiles_are_all_papers():
    survey = the_survey()
    counted = re.findall(r"\{filtered\}`([\d,]+) papers <category=(\w+)>`", tiles(survey=survey))
    assert [category for _, category in counted] == list(CATEGORIES)
    assert sum(int(count.replace(",", "")) for count, _ in counted) == len(survey.papers)


def test_who_a_tile_names_has_the_best_value_of_its_group():
    survey = the_survey()
    said = tiles(survey=survey).replace("\\", "")
    named = re.findall(
        r"\{dataset\}`([\w-]+)`: .*?, (\d+(?:\.\d+)?)(?:\u00a0%|\u00a0of\u00a01)? \(best of (\d+)(?: on .*?)? by [^)]+\)",
        said,
    )
    assert len(named) >= len(CATEGORIES)
    for dataset, value, _ in named:
        group = tables_by_dataset(survey)[dataset][0]
        values = [line.value(group.main) for line in group.lines if line.rank]
        best = max(values) if group.main.direction == "higher" else min(values)
        assert value == short(str(best))


def test_where_no_paper_leads_the_best_method_of_a_paper_is_named_after_it():
    survey = the_survey()
    said = tiles(survey=survey).replace("\\", "")
    leading = re.findall(
        r"\{dataset\}`([\w-]+)`: (.*?) \(best of \d+(?: on .*?)? by [^)]+\)(?:, then \{paper\}`.*? <(\w+)>`, ([\d.]+))?",
        said,
    )
    assert any(key for _, _, key, _ in leading)
    for dataset, leader, key, value in leading:
        assert bool(key) == ("{paper}" not in leader)
        if key:
            group = tables_by_dataset(survey)[dataset][0]
            values = [
                line.value(group.main) for line in group.lines if line.rank and line.method_key in survey.papers_by_key
            ]
            assert value == short(str(max(values) if group.main.direction == "higher" else min(values)))


def test_a_value_of_a_tile_has_a_unit_or_the_whole_that_it_is_a_fraction_of():
    survey = the_survey()
    said = tiles(survey=survey).replace("\\", "")
    shown = re.findall(r"\{dataset\}`([\w-]+)`: .*?, [\d.]+\u00a0?([^,()]*?) \(best of", said)
    mains = {dataset: tables_by_dataset(survey)[dataset][0].main for dataset, _ in shown}
    bounded = {dataset for dataset, main in mains.items() if main.unit or main.range_high == "1"}
    assert {dataset for dataset, scale in shown if scale} == bounded
    assert ("gsm8k", "of\u00a01") in shown


def test_a_tile_says_by_what_its_leaders_are_the_best():
    survey = the_survey()
    said = tiles(survey=survey).replace("\\", "")
    shown = re.findall(r"\{dataset\}`([\w-]+)`: .*? \(best of \d+(?: on .*?)? by ([^)]+)\)", said)
    assert len(shown) >= len(CATEGORIES) and ("refcoco", "IoU averaged over images") in shown
    assert all(tables_by_dataset(survey)[dataset][0].main.metric.startswith(metric) for dataset, metric in shown)


def test_a_tile_says_on_which_backbone_its_leaders_are_the_best():
    survey = the_survey()
    said = tiles(survey=survey).replace("\\", "")
    shown = dict(re.findall(r"\{dataset\}`([\w-]+)`: .*? \(best of \d+ on (.*?) by ", said))
    assert shown["gsm8k"] == "Llama-3.2-3B"
    assert all(tables_by_dataset(survey)[dataset][0].backbone == backbone for dataset, backbone in shown.items())


def test_a_family_of_data_sets_and_its_members_do_not_stand_on_one_tile():
    named = re.findall(r"\{dataset\}`([\w-]+)`", tiles(survey=the_survey()))
    assert not {"refcoco-family", "refcoco"} <= set(named)


def test_the_papers_that_came_last_are_counted_by_category(good):
    last = max(paper.added for paper in good.papers)
    came = sum(paper.added == last for paper in good.papers)
    said = str(tiles(survey=good)).partition("What is new")[2]
    assert f"\nOn {last}, {came} " in said
    assert sum(map(int, re.findall(r"(\d+) in ", said))) == came
