"""What a reader may ask the chooser for: which task a text means, and what of it the answer leaves out."""

import pytest

from peft_vlm_survey.choose import choose, read_question
from peft_vlm_survey.choose.advice import nearest_advice
from peft_vlm_survey.choose.command import shortlist
from peft_vlm_survey.choose.near_tasks import near_tasks
from peft_vlm_survey.choose.question import taken_task
from peft_vlm_survey.choose.task_names import named_task
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.tasks import TASKS

SURVEY = the_survey()
NARROWER = [asked for asked in SURVEY.asked_tasks if asked.within]


def test_every_task_of_the_vocabulary_can_be_asked():
    assert {*TASKS} <= SURVEY.asked_tasks_by_name.keys()


def test_every_name_leads_to_its_task_however_it_is_written():
    for asked in SURVEY.asked_tasks:
        for name in (asked.task, *asked.aliases):
            assert named_task(name.upper().replace("-", " "), SURVEY) == asked.task


@pytest.mark.parametrize("asked", NARROWER, ids=lambda asked: asked.task)
def test_a_narrower_task_has_advice_of_its_own_or_of_one_like_it(asked):
    advice = nearest_advice(SURVEY, asked.task, "")
    assert advice and advice.task in (asked.task, *asked.like)


@pytest.mark.parametrize("asked", NARROWER, ids=lambda asked: asked.task)
def test_a_narrower_task_is_answered_by_its_own_groups_alone(asked):
    found = choose(read_question({"task": asked.task}, SURVEY), SURVEY)
    assert bool(found.methods) is bool(asked.protocols)


@pytest.mark.parametrize("word", ["continual", "federated", "few-shot", "medical", "video", "3D", "multilingual"])
@pytest.mark.parametrize(
    "task", ["instruction tuning", "anomaly detection", "image-text retrieval", "image restoration"]
)
def test_no_word_that_changes_a_task_is_dropped_in_silence(word, task):
    text = f"{word} {task}"
    named = named_task(text, SURVEY)
    taken, said = taken_task(text, SURVEY)
    named = named or taken
    name = " ".join([named, *SURVEY.asked_tasks_by_name[named].aliases]) if named else ""
    assert not named or word.casefold() in name.casefold() or f"“{word.casefold()}”" in said


def test_a_wider_task_is_nearer_than_those_within_it():
    assert near_tasks("satellites", SURVEY).tasks == ("remote sensing",)


def test_what_is_left_out_leads_to_its_own_task():
    near = near_tasks("federated medical image segmentation", SURVEY)
    assert near.tasks == ("medical image segmentation",)
    assert (near.left_out, near.ask_too) == (("federated",), ("federated and private adaptation",))


def test_the_name_of_a_model_changes_no_task():
    near = near_tasks("DPO for LLaVA", SURVEY)
    assert (near.tasks, near.left_out) == (("preference tuning",), ())


def test_groups_that_stand_apart_do_not_answer_the_wider_task():
    wide = choose(read_question({"task": "visual tracking"}, SURVEY), SURVEY)
    many = choose(read_question({"task": "multiple-object tracking"}, SURVEY), SURVEY)
    assert "li2024masa" in {method.key for method in many.methods}
    assert "li2024masa" not in {method.key for method in wide.methods}


def test_a_language_model_that_sees_nothing_is_tuned_as_one():
    found = choose(read_question({"task": "multimodal instruction tuning", "backbone": "llama-3.1-8b"}, SURVEY), SURVEY)
    assert found.advice.startswith("Advice on LLM adaptation")


def test_full_fine_tuning_opens_no_list_where_its_memory_may_be_too_much():
    for backbone in ("", "dinov2-vitl14"):
        asked = {"task": "semantic segmentation", "max-memory": "12GB", "backbone": backbone}
        shown = shortlist(choose(read_question(asked, SURVEY), SURVEY), 3)
        assert shown and REFERENCE not in [method.method for method in shown]


def test_what_adapts_at_test_time_needs_no_labels():
    found = choose(read_question({"task": "CLIP test-time adaptation", "data": "none"}, SURVEY), SURVEY)
    assert found.methods


def test_who_has_few_examples_is_told_what_was_measured_with_all():
    found = choose(read_question({"task": "open-vocabulary detection", "data": "few"}, SURVEY), SURVEY)
    assert shortlist(found, 3) and not found.left_out
