"""What the survey's numbers say of open problems: made-up tables with known answers."""

import dataclasses

from made_up import made

from peft_vlm_survey import tables
from peft_vlm_survey.show.counts import share

ABOUT = {"caption": "A caption.", "label": "tbl-a"}

THREE = {"one": ("p", {"A": "60.0", "B": "64.0", "C": "65.0"}), "two": ("q", {"A": "63.0"})}


def test_a_share_of_nothing_is_not_established():
    assert share(0, 0) == "–"


# Pairs


def test_methods_of_one_protocol_are_compared_and_others_are_not(good):
    printed = {"one": ("p", {"A": "60.0", "B": "64.0"}), "two": ("q", {"A": "60.0", "C": "65.0"})}
    (row,) = tables.pairs_compared(survey=made(good, printed), **ABOUT).rows
    assert row == ["Referring and grounding", "3", "3", "2", "66.7 %"]


def test_methods_on_two_backbones_are_not_compared(good):
    printed = {
        "one": ("p", {"A": "60.0", "B": "61.0"}),
        "two": ("p", {"C": "60.0", "D": "61.0"}),
    }
    survey = made(good, printed, backbones={"two": "CLIP ViT-B/16"})
    assert tables.pairs_compared(survey=survey, **ABOUT).data[0]["compared"] == "2"


def test_a_pair_that_two_protocols_compare_counts_once(good):
    printed = {name: (name, {"A": "60.0", "B": "61.0", "C": "62.0"}) for name in ("p", "q")}
    assert tables.pairs_compared(survey=made(good, printed), **ABOUT).data[0]["compared"] == "3"


def test_groups_of_few_methods_are_left_out_of_the_pairs(good):
    assert tables.pairs_compared(least=4, survey=made(good, THREE), **ABOUT).rows == []


# Selection and spread


def test_a_deviation_of_the_leader_is_counted(good):
    survey = made(good, THREE)
    best = tuple(dataclasses.replace(n, spread="0.2" if n.method == "C" else "") for n in survey.results)
    (row,) = tables.spread_reported(survey=dataclasses.replace(survey, results=best), **ABOUT).rows
    assert row == ["Grounding", "4", "0", "1", "1", "1"]


def test_a_deviation_of_another_method_is_none_of_the_leader(good):
    survey = made(good, THREE)
    others = tuple(dataclasses.replace(n, spread="0.2" if n.method == "A" else "") for n in survey.results)
    assert tables.spread_reported(survey=dataclasses.replace(survey, results=others), **ABOUT).rows[0][-1] == "0"


def test_the_first_row_of_the_tiny_survey_with_seeds_is_counted(good):
    rows = {row[0]: row[1:4] for row in tables.spread_reported(survey=good, **ABOUT).rows}
    assert rows["Question answering and captioning"] == ["10", "8", "1"]


# Backbones


def test_a_method_on_two_backbones_is_counted(good):
    survey = made(good, THREE, backbones={"two": "CLIP ViT-B/16"})
    (row,) = tables.second_backbones(least=3, survey=survey, **ABOUT).rows
    assert row == ["Referring segmentation", "4", "3", "1", "CLIP RN50", "75.0 %"]


def test_tasks_of_few_methods_are_left_out(good):
    assert tables.second_backbones(survey=made(good, THREE), **ABOUT).rows == []


# Tasks


def test_the_papers_of_a_task_are_counted_with_code_score_and_table(good):
    rows = {row["tasks"]: row for row in tables.standing(survey=good, **ABOUT).data}
    (grounding,) = [row for tasks, row in rows.items() if "referring segmentation" in tasks.split("; ")]
    assert [grounding[column] for column in ("papers", "methods", "code", "score", "table")] == ["1"] * 5
    study = tuple(dataclasses.replace(paper, kind="study", code="") for paper in good.papers)
    bare = dataclasses.replace(good, papers=study, origins=())
    (row,) = [row for row in tables.standing(survey=bare, **ABOUT).data if row["tasks"] == grounding["tasks"]]
    assert [row[column] for column in ("papers", "methods", "code", "score", "table")] == ["1", "0", "0", "0", "0"]


def test_a_paper_of_two_tasks_of_a_row_counts_once(good):
    (row, *_) = [row for row in tables.standing(survey=good, **ABOUT).data if "; " in row["tasks"]]
    both = tuple(dataclasses.replace(paper, task=tuple(row["tasks"].split("; "))) for paper in good.papers)
    (again, *_) = [
        other
        for other in tables.standing(survey=dataclasses.replace(good, papers=both), **ABOUT).data
        if other["tasks"] == row["tasks"]
    ]
    assert again["papers"] == str(len(good.papers))
