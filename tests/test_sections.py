"""The sections that treat a task: which the data name, and what leads to them."""

import pytest

from peft_vlm_survey.choose.answer import notes
from peft_vlm_survey.choose.near_tasks import near_tasks
from peft_vlm_survey.choose.task_names import folded, named_task, page_data
from peft_vlm_survey.data import the_survey


def test_an_answer_names_the_section_on_its_task(good):
    assert [*notes(good, "referring segmentation", None, ())][-1] == (
        "This book treats referring segmentation in “The tasks of these papers” (index.html#tiny-tasks)."
    )
    assert "(index.html)" in [*notes(good, "visual question answering", None, ())][-1]
    assert not any("This book treats" in note for note in notes(good, "robot control", None, ()))


def test_a_task_is_known_by_its_other_names():
    assert (
        named_task("VQA", the_survey())
        == named_task("visual_question answering", the_survey())
        == "visual question answering"
    )
    assert named_task("image captioning", the_survey()) == "visual captioning"
    assert named_task("tea leaves", the_survey()) == ""


@pytest.mark.parametrize("text", ["Chest X-rays", "an MRI of the brain", "pathology"])
def test_a_term_in_a_name_leads_to_tasks(text):
    assert (named_task(text, the_survey()),) == ("medical image analysis",) or near_tasks(text, the_survey()).tasks == (
        "medical image analysis",
    )


def test_the_page_has_no_name_that_is_a_task_and_every_term_leads_somewhere():
    said = page_data(the_survey())
    assert said["called"]["vqa"] == "visual question answering"
    assert all(folded(name) == name for name in said["called"])
    assert said["near"]["x ray"].startswith("Near is: medical image analysis. This book treats")
