"""The command `peft-vlm-survey choose`, as a script and as a reader use it."""

import json
import re
from dataclasses import asdict

import pytest

from peft_vlm_survey.__main__ import main
from peft_vlm_survey.choose import RULE, choose, read_question, words
from peft_vlm_survey.choose.command import MOST
from peft_vlm_survey.data import the_survey

ASKED = ["--task", "visual question answering", "--backbone", "llava-hf/llava-1.5-7b-hf"]
WRONG = [
    ([], "no task is named.", "Name one, since a score on one task says nothing of another: choose --list names them."),
    *(
        (["--task", name], f"task '{name}' is not known.", f"{near}; peft-vlm-survey search finds papers by any words.")
        for name, near in (
            ("tea leaves", "None is near: choose --list names those with numbers"),
            ("tracking and detection", "Near are: object detection, visual tracking"),
        )
    ),
    (
        [*ASKED[:2], "--backbone", "HuggingFaceTB/SmolVLM-Instruct"],
        "backbone 'HuggingFaceTB/SmolVLM-Instruct' is not known.",
        "Of its family this is known: smolvlm-2.2b.",
    ),
    ([*ASKED[:2], "--backbone", "lava"], "backbone 'lava' is not known.", "Did you mean 'llava-1.5-7b'?"),
    ([*ASKED[:2], "--backbone", "vitb16"], "backbone 'vitb16' is not known.", "Did you mean 'vit-b16'?"),
    *(
        (
            [*ASKED, f"--max-trainable={text}"],
            f"max-trainable '{text}' is impossible.",
            "Give a share of the backbone such as 1%, or a number of parameters such as 400000 or 0.4M.",
        )
        for text in ("0", "0%", "101%", "-1", "many", "1e6", "0.5", "1 x")
    ),
    *(
        (
            [*ASKED, f"--max-stored={text}"],
            f"max-stored '{text}' is impossible.",
            "Give bytes per task, such as 5MB, 500kB or 1200000.",
        )
        for text in ("0", "5TB", "5%", "0.1")
    ),
    *(
        (
            [*ASKED, f"--max-memory={text}"],
            f"max-memory '{text}' is impossible.",
            "Give what a card has, such as 24GB, or a share of full fine-tuning such as 0.5 or 50%.",
        )
        for text in ("0%", "200%")
    ),
    (
        [*ASKED, "--max-memory=8 cows"],
        "max-memory '8 cows' is no card that is known here, and no size of one.",
        "Write its memory, such as 24GB; peft-vlm-survey cost --list names the cards that are known.",
    ),
    (
        [*ASKED, "--max-memory=0"],
        "max-memory '0' is no card that is known here, and no size of one.",
        "Write its memory, such as 24GB; peft-vlm-survey cost --list names the cards that are known.",
    ),
    (
        [*ASKED, "--max-memory=A100"],
        "max-memory 'A100' comes in several sizes.",
        "Write A100 40GB or A100 80GB.",
    ),
    ([*ASKED, "--max-stored="], "--max-stored is empty.", "Give a value, or leave the option out."),
]


def test_a_task_is_known_by_what_the_glossary_calls_it_too():
    asked = {"task": "visual question answering", "backbone": "llava-1.5-7b"}
    assert read_question(asked | {"task": "vqa"}, the_survey()) == read_question(asked, the_survey())


@pytest.mark.parametrize(("words", "message", "remedy"), WRONG, ids=[" ".join(words[-1:]) for words, _, _ in WRONG])
def test_what_is_wrong_is_said_with_the_way_out(capsys, words, message, remedy):
    assert main(["choose", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [message, f"    {remedy}"]


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("visual question anwering", "visual question answering"),
        *((name, "medical image analysis") for name in ("radiology", "pathology", "brain MRI classes")),
        *((name, "remote sensing") for name in ("satellite", "aerial images")),
        ("scienceqa", "visual question answering"),
        ("OCR of my pages", "document and chart understanding"),
    ],
)
def test_a_name_that_is_near_to_one_task_is_answered_for_it(capsys, name, task):
    assert main(["choose", "--task", task]) == 0
    answer = capsys.readouterr().out.splitlines()
    assert main(["choose", "--task", name]) == 0
    said = capsys.readouterr().out
    assert f"'{name}'" in said and f"the answer for {task}" in " ".join(said.split())
    assert answer[0] in said and len(said.splitlines()) <= 15


def test_json_is_the_whole_answer(capsys):
    assert main(["choose", *ASKED, "--licence", "--max-memory", "24 GB", "--json"]) == 0
    survey = the_survey()
    asked = {"task": ASKED[1], "backbone": "llava-1.5-7b", "licence": "yes", "max-memory": "24GB"}
    expected = asdict(choose(read_question(asked, survey), survey))
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(expected))


@pytest.mark.parametrize("task", sorted(the_survey().asked_tasks_by_name))
def test_the_answer_is_one_screen(capsys, task):
    assert main(["choose", "--task", task, "--backbone", "clip-vit-b16", "--max-memory", "24GB"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 15
    assert max(map(len, lines)) <= 100


def test_text_says_what_json_says(capsys):
    assert main(["choose", *ASKED, "--explain"]) == 0
    said = capsys.readouterr().out
    assert main(["choose", *ASKED, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert said.startswith("\n".join([found["advice"], *found["notes"]]))
    for place, method in enumerate(found["methods"][:MOST], 1):
        assert f"\n{place}. {method['name']}" in said
        for text in method["lines"].values():
            assert text in said
    for number, sentence in enumerate(RULE, 1):
        assert f"{number}. {sentence}" in said
    assert f"{len(found['methods']) - MOST} more keep every limit" in said


def test_all_prints_every_method(capsys):
    assert main(["choose", *ASKED, "--all"]) == 0
    said = capsys.readouterr().out
    survey = the_survey()
    found = choose(read_question({"task": ASKED[1], "backbone": "llava-1.5-7b"}, survey), survey)
    assert f"{len(found.methods)}. {found.methods[-1].name}" in said


def test_the_list_has_tasks_and_backbones(capsys):
    assert main(["choose", "--list"]) == 0
    said = capsys.readouterr().out
    assert "  CLIP base-to-novel recognition" in said
    assert "  llava-1.5-7b: LLaVA-1.5-7B" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--backbone", "llava-1.5-7b", "--max-memory", "24GB"], True),
        (["--backbone", "llava-1.5-7b", "--max-memory", "50%"], False),
        (["--backbone", "llava-1.5-7b"], False),
        (["--max-memory", "24GB"], False),
    ],
)
def test_who_asks_what_fits_a_card_is_told_whether_it_does_with_four_bits(capsys, words, told):
    assert main(["choose", "--task", "multimodal instruction tuning", *words]) == 0
    text = capsys.readouterr().out
    assert ("(QLoRA) fits a card of 24 GB" in text) is told
    assert ("cost qlora --backbone llava-1.5-7b rank=16 targets=all --gpu 24GB" in text) is told


def test_the_list_calls_a_backbone_by_its_own_name_and_the_answer_tells_what_tables_call_it(capsys):
    assert main(["choose", "--list"]) == 0
    listed = capsys.readouterr().out
    assert "  vit-l16: ViT-L/16\n" in listed
    assert "  llama-3.1-8b: Llama-3.1-8B\n" in listed
    assert "  sdxl: SDXL\n" in listed
    assert main(["choose", "--task", "image classification", "--backbone", "swin-b"]) == 0
    assert "with Swin-B (in tables Swin-B (IN-21k)) exist for " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("limit", "told"), [("24GB", "24"), ("24", "24"), ("3090", "24"), ("1.5", "1.5"), ("1", ""), ("50%", ""), ("", "")]
)
def test_who_limits_memory_by_a_card_is_told_that_another_range_decides(capsys, limit, told):
    assert main(["choose", *ASKED, *(["--max-memory", limit] if limit else []), "--explain"]) == 0
    said = capsys.readouterr().out
    assert ("The limit on memory is a card of" in said) is bool(told)
    assert not told or words.MEMORY_LIMIT.format(gb=told) in said


def test_the_one_method_that_another_met_is_told_as_one(capsys):
    assert main(["choose", "--task", "promptable segmentation", "--backbone", "sam-vit-b", "--explain"]) == 0
    said = capsys.readouterr().out
    assert "Beats: The one method compared with it (HQ-SAM)." in said
    assert "Beats: Nothing; it is behind the one method compared with it (PA-SAM)." in said
    assert "of the 1 methods" not in said


def test_one_method_behind_the_untuned_model_is_told_in_good_english(capsys):
    assert main(["choose", "--task", "LLM adaptation", "--backbone", "Llama-3.1-8B-Instruct", "--explain"]) == 0
    assert "The untuned model scores better than 1 of these." in capsys.readouterr().out


def test_what_is_advised_is_marked_and_what_nothing_compares_has_no_place(capsys):
    assert main(["choose", "--task", "visual question answering", "--backbone", "llava-1.5-7b"]) == 0
    assert "1. LoRA [hu2022lora] (advised)" in capsys.readouterr().out
    assert main(["choose", "--task", "visual tracking"]) == 0
    assert not re.search(r"^\d\. ", capsys.readouterr().out, re.MULTILINE)
