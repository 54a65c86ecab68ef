"""What the survey's numbers say of open problems: made-up tables with known answers."""

import dataclasses

import pytest
from made_up import made

from peft_vlm_survey import tables
from peft_vlm_survey.show.open_problems import share

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


# The reference


@pytest.mark.parametrize(
    ("method", "direction", "matched"), [("69.0", "higher", 0), ("70.0", "higher", 1), ("69.0", "lower", 1)]
)
def test_full_fine_tuning_is_matched_by_what_is_at_least_as_good(good, method, direction, matched):
    survey = made(good, {"one": ("p", {"Full fine-tuning": "70.0", "A": method})}, direction=direction)
    assert f"1 have full fine-tuning among their rows (100.0 %); in {matched} of these" in str(
        tables.references_beside(survey=survey)
    )


def test_a_benchmark_of_one_method_is_counted(good):
    said = str(tables.references_beside(survey=made(good, {"one": ("p", {"A": "60.0"})})))
    assert "On 1 of 1 benchmarks a single method has a number." in said


# Selection and spread


def test_what_was_chosen_on_the_test_set_is_counted(good):
    survey = made(good, THREE)
    first, second = survey.protocols
    chosen = dataclasses.replace(first, selection="best epoch on the test set (in the code)")
    unknown = dataclasses.replace(second, selection="")
    said = str(tables.selection_known(survey=dataclasses.replace(survey, protocols=(chosen, unknown))))
    assert "Of 2 protocols" in said
    assert (
        "established for 1 (50.0 %). In 1 of these it was the best epoch on the test set, which concerns 3 numbers"
        in said
    )


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


# Noise


def test_leads_below_what_a_rerun_moves_are_counted(good):
    said = str(tables.leads_in_noise(survey=made(good, THREE, kinds={"A": "re-run"})))
    assert "In the 1 comparable groups of at least 3 methods, 1 of 2 distances" in said
    assert "so are 1 of the 1 leads" in said


def test_leads_above_what_a_rerun_moves_are_not_counted(good):
    printed = {**THREE, "two": ("q", {"A": "60.5"})}
    said = str(tables.leads_in_noise(survey=made(good, printed, kinds={"A": "re-run"})))
    assert ("0 of 2 distances" in said, "so are 0 of the 1 leads" in said) == (True, True)


def test_notes_lead_nothing(good):
    said = str(tables.leads_in_noise(survey=made(good, THREE, kinds={"A": "re-run"}, tier="notes")))
    assert "In the 0 comparable groups" in said


@pytest.mark.parametrize("question", [tables.leads_in_noise, tables.reruns_apart])
def test_without_a_rerun_there_is_no_yardstick(good, question):
    with pytest.raises(ValueError, match="no configuration was run again"):
        question(survey=made(good, THREE))


def test_reruns_lie_as_far_apart_as_their_values(good):
    said = str(tables.reruns_apart(survey=made(good, THREE, kinds={"A": "re-run"})))
    assert said.startswith("1 numbers were run")
    assert "3.00 points apart in the median, nine of ten within 3.00, and at most 3.00 (A on TinyRef)" in said


# Backbones


def test_a_method_on_two_backbones_is_counted(good):
    survey = made(good, THREE, backbones={"two": "CLIP ViT-B/16"})
    (row,) = tables.second_backbones(least=3, survey=survey, **ABOUT).rows
    assert row == ["Referring segmentation", "4", "3", "1", "CLIP RN50", "75.0 %"]


def test_tasks_of_few_methods_are_left_out(good):
    assert tables.second_backbones(survey=made(good, THREE), **ABOUT).rows == []


def test_a_backbone_above_a_billion_parameters_is_large(good):
    survey = made(good, THREE)
    (backbone, *_) = [b for b in good.backbones if b.backbone == "CLIP RN50"]
    shape = dataclasses.replace(good.configurations[0], id="giant", total_params="1000000001")
    survey = dataclasses.replace(
        survey, backbones=(dataclasses.replace(backbone, configuration="giant"),), configurations=(shape,)
    )
    assert "established for 4 of 4 scores; 4 of these stand on more than a billion parameters, and 4 of them" in str(
        tables.large_backbones(survey=survey)
    )


def test_the_size_of_an_unknown_backbone_is_not_guessed(good):
    survey = dataclasses.replace(made(good, THREE), backbones=())
    assert "established for 0 of 4 scores" in str(tables.large_backbones(survey=survey))
