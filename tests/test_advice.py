"""The advice of the chooser: which stands for a question, and what tells that its evidence has moved."""

import dataclasses

import pytest

from peft_vlm_survey.choose import choose, read_question
from peft_vlm_survey.choose.advice import advice_on, advice_text, find_problems
from peft_vlm_survey.choose.command import WIDTH, shortlist
from peft_vlm_survey.choose.nearness import OTHER
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.tasks import TASKS

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
        (
            {"methods": ("hart2022asker", "nobody2020none")},
            "no comparable number of 'nobody2020none', which it advises",
        ),
        ({"grade": "several papers"}, "grade 'several papers', but the numbers come from one table."),
        ({"grade": "not compared"}, "grade 'not compared', but the numbers come from one table."),
        ({"evidence": ()}, "grade 'one table', but no evidence."),
        (
            {"grade": "not compared", "evidence": (), "methods": ("nobody2020none",)},
            "'nobody2020none', which it advises, is no paper of the catalogue.",
        ),
    ],
)
def test_an_advice_that_the_numbers_leave_is_told_with_its_line(change, told, good):
    (problem,) = find_problems(with_advice(good, **change))
    assert problem.message.startswith(told)
    assert (problem.path, problem.line) == ("data/advice.csv", 2)


def test_a_method_without_a_comparable_number_may_be_advised(good):
    key = good.papers[0].key
    assert not [*find_problems(with_advice(good, grade="not compared", evidence=(), methods=(key,)))]


def answered(task, backbone, **limits):
    return choose(read_question({"task": task, "backbone": backbone, **limits}, the_survey()), the_survey())


@pytest.mark.parametrize("advice", the_survey().advice, ids=lambda advice: f"{advice.task}, {', '.join(advice.kinds)}")
def test_an_advice_fits_three_lines_of_the_command(advice):
    kind = next(iter(advice.kinds), "")
    assert len(advice_text(the_survey(), advice.task, kind)) <= 3 * WIDTH - 15  # lines break between words


def test_what_is_advised_opens_the_list_in_its_order_and_what_breaks_a_limit_does_not():
    free = answered("CLIP base-to-novel recognition", "clip-vit-b16")
    assert [method.method for method in free.methods[:2]] == ["zheng2025hicropl", "khattak2023promptsrc"]
    assert [method.advised for method in free.methods[:3]] == [True, True, False]
    limited = answered("image classification", "vit-b16", **{"no-slower": "yes"})
    assert "he2023spt" not in [method.method for method in shortlist(limited, 3)]


def test_an_advised_method_is_shown_with_the_number_that_the_advice_rests_on():
    first = answered("image-text retrieval", "clip-vit-b32").methods[0]
    assert (first.method, "Flickr30K" in first.lines["why"]) == ("jiang2022crossmodaladapter", True)


@pytest.mark.parametrize(
    "task", ["visual captioning", "audio-visual understanding", "visual grounding", "medical report generation"]
)
def test_to_a_multimodal_llm_every_task_in_words_is_answered_from_such_models(task):
    found = answered(task, "qwen2.5-vl-7b")
    assert all(method.distance < OTHER for method in shortlist(found, 3))


def test_the_short_list_has_other_kinds_of_model_only_where_nothing_is_nearer():
    seen = set()
    for task in TASKS:
        found = answered(task, "clip-vit-b16")
        near = any(method.distance < OTHER for method in found.methods)
        for method in shortlist(found, 3):
            assert method.distance < OTHER or method.advised or not near
        seen.add(near)
    assert seen == {True, False}


def test_what_is_advised_without_a_number_stands_alone_before_other_kinds_of_model():
    found = answered("referring segmentation", "llava-1.5-7b")
    assert any("lai2024lisa" in name for name in found.unnumbered)
    assert not shortlist(found, 3)


def test_personalisation_says_nothing_of_control_or_erasure():
    for task in ("controllable generation", "concept erasure"):
        assert "gal2023textualinversion" not in [method.method for method in answered(task, "sd1.5").methods]


def test_tasks_of_applied_domains_are_not_answered_from_each_other():
    found = {method.method for method in answered("anomaly detection", "clip-vit-l14-336").methods}
    assert found
    assert not found & {"wang2024siaovd", "li2025maskadapter", "hu2026earthadapter"}
