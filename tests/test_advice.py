"""The advice of the chooser: which stands for a question, and what tells that its evidence has moved."""

import dataclasses

import pytest

from peft_vlm_survey.choose.advice import advice_on, find_problems

ASKER = "one-seed | CLIP RN50 | hart2022asker | 65.9"
FULL = "one-seed | CLIP RN50 | Full fine-tuning | 66.90"


def with_advice(survey, **change):
    return dataclasses.replace(survey, advice=(dataclasses.replace(survey.advice[0], **change),))


def test_the_kind_of_the_backbone_comes_before_an_advice_for_every_kind(good):
    one = good.advice[0]
    special = dataclasses.replace(one, kinds=("MLLM",), advice="For large ones.")
    survey = dataclasses.replace(good, advice=(one, special))
    assert advice_on(survey, one.task, "MLLM") is special
    assert advice_on(survey, one.task, "CNN") is one
    assert advice_on(survey, "remote sensing", "CNN") is None
    assert advice_on(dataclasses.replace(good, advice=(special,)), one.task, "CNN") is None


def test_without_a_backbone_the_first_advice_on_the_task_stands(good):
    special = dataclasses.replace(good.advice[0], kinds=("MLLM",))
    assert advice_on(dataclasses.replace(good, advice=(special, *good.advice)), special.task, "") is special


def test_an_advice_whose_figures_stand_has_no_problem(good):
    assert not [*find_problems(good)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"evidence": (ASKER.replace("65.9", "65.8"), FULL)}, "the number of hart2022asker under 'one-seed'"),
        ({"evidence": (ASKER,)}, "the best under 'one-seed' on CLIP RN50 is Full fine-tuning (66.90)"),
        ({"evidence": (ASKER.replace("one-seed", "no-seed"), FULL)}, "no comparable number of 'hart2022asker'"),
        ({"grade": "several papers"}, "grade 'several papers', but the numbers come from one table."),
    ],
)
def test_an_advice_that_the_numbers_leave_is_told_with_its_line(change, told, good):
    (problem,) = find_problems(with_advice(good, **change))
    assert problem.message.startswith(told)
    assert (problem.path, problem.line) == ("data/advice.csv", 2)
