"""What the survey's numbers say of open problems: made-up tables with known answers."""

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
