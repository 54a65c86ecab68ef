from dataclasses import replace

import pytest

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.read.papers import KINDS
from peft_vlm_survey.show.facts import chapters_by_paper, facts


def told(good, key, **changed):
    known = facts(good, replace(good.paper(key), **changed)).known
    return {fact.term: ", ".join(part.text + part.after for part in fact.parts) for fact in known}


def test_the_facts_of_a_paper_are_told_in_words(good):
    assert told(good, "hart2022asker") == {
        "Kind": "method",
        "Category": "Question answering and captioning",
        "Task": "visual question answering, visual captioning (Question answering and captioning)",
        "Family": "prompt",
        "Also called": "Asker-Deep, question prompt",
        "Backbones": "CLIP RN50",
        "Benchmarks": "TinyQA, TinyCaptions",
        "Kind of model": "MLLM",
        "Trained": "tokens",
        "Part of the model": "language model",
        "Place in a block": "token sequence, every layer",
        "How it acts": "adds tokens",
        "Regime": "full data",
        "Learning signal": "labels",
        "Aims": "accuracy",
        "Gradient through the backbone": "yes",
        "Mergeable into the backbone": "partly",
        "Extra cost at inference": "tokens",
    }


def test_a_task_that_is_named_like_its_group_stands_alone(good):
    assert told(good, "ivey2022seer")["Task"] == "image classification"


def test_tasks_of_one_group_stand_together_before_its_name(good):
    tasks = ("visual captioning", "image classification", "visual question answering")
    assert told(good, "hart2022asker", task=tasks)["Task"] == (
        "visual captioning, visual question answering (Question answering and captioning), image classification"
    )


def test_further_families_are_told_apart_from_the_main_one(good):
    said = told(good, "ivey2022seer")
    assert (said["Family"], said["Further families"]) == ("side-tuning", "adapter")


def test_category_task_and_families_lead_to_their_places(good):
    parts = [part for fact in facts(good, good.paper("ivey2022seer")).known for part in fact.parts]
    addresses = [part.address for part in parts if part.address]
    assert addresses == [
        "vision.html",
        "catalogue.html#task=image+classification",
        "modules.html#family-side-tuning",
        "modules.html#family-adapter",
    ]


def test_what_was_concluded_and_not_read_says_so_once_behind_its_values(good):
    said = told(good, "garcia2021grounder")
    assert said["Part of the model"] == "image encoder, text encoder"
    assert said["Aims"] == "accuracy (inferred)"
    assert said["Mergeable into the backbone"] == "no (by construction)"


def test_a_typed_fact_leads_to_the_papers_that_share_it(good):
    (fact,) = (fact for fact in facts(good, good.paper("garcia2021grounder")).known if fact.term == "Part of the model")
    assert [part.address for part in fact.parts] == [
        "catalogue.html#part=image+encoder",
        "catalogue.html#part=text+encoder",
    ]


def test_what_is_not_established_is_named_once_and_no_fact(good):
    said = facts(good, good.paper("jones2023teller"))
    assert [fact.term for fact in said.known] == ["Kind", "Category", "Family"]
    assert said.not_established == (
        "task",
        "backbones",
        "benchmarks",
        "place in a block",
    )


@pytest.mark.parametrize("kind", ["study", "survey", "library"])
def test_what_is_no_method_lacks_no_family(kind, good):
    paper = replace(good.paper("jones2023teller"), kind=kind, family="")
    assert "family" not in facts(good, paper).not_established


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_told(kind, good):
    assert told(good, "jones2023teller", kind=kind)["Kind"] == KINDS[kind].lower()


def test_a_chapter_with_a_passage_on_a_paper_is_among_the_chapters_of_the_paper():
    chapters = chapters_by_paper(the_survey())
    core = [paper for paper in the_survey().papers if paper.depth == "core"]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md")}
    passages = [(key, name) for key in (p.key for p in core) for name, text in texts.items() if f"(sec-{key})=" in text]
    assert len(passages) == len(core)
    assert [(key, name) for key, name in passages if name not in chapters[key]] == []


def test_a_chapter_that_cites_a_work_twice_is_named_once():
    assert all(len(set(names)) == len(names) for names in chapters_by_paper(the_survey()).values())
