"""The command `python -m peft_vlm_survey choose`, as a script and as a reader use it."""

import json

import pytest

from peft_vlm_survey.__main__ import main

WRONG = [
    (["--category", "groundng"], "category 'groundng' is not known.", "Did you mean 'grounding'?"),
    (
        ["--category", "xyz"],
        "category 'xyz' is not known.",
        "Use one of: grounding, qa, recognition, vision, language.",
    ),
    (
        ["--task", "visual question anwering"],
        "task 'visual question anwering' is not known.",
        "Did you mean 'visual question answering'?",
    ),
    (["--backbone", "vitb16"], "backbone 'vitb16' is not known.", "Did you mean 'vit-b16'?"),
    (
        ["--category", "language", "--task", "referring segmentation"],
        "task 'referring segmentation' has no numbers in category 'language'.",
        "Its category is grounding.",
    ),
    *(
        (
            ["--max-trainable", text],
            f"max-trainable '{text}' is impossible.",
            "Give a share of the backbone such as 1%, or a number of parameters such as 400000 or 0.4M.",
        )
        for text in ("0", "0%", "101%", "-1", "many", "1e6", "0.5", "1 x")
    ),
    *(
        (
            ["--max-stored", text],
            f"max-stored '{text}' is impossible.",
            "Give bytes a task, such as 5MB, 500kB or 1200000.",
        )
        for text in ("0", "5TB", "5%", "0.1")
    ),
    *(
        (
            ["--max-memory", text],
            f"max-memory '{text}' is impossible.",
            "Give a share of full fine-tuning, such as 0.5 or 50%.",
        )
        for text in ("0", "2", "200%", "8GB")
    ),
    *(
        (["--tasks", text], f"tasks '{text}' is impossible.", "Give a whole number above zero, at most 999999.")
        for text in ("0", "-3", "1.5", "1000000")
    ),
    (["--backbone", ""], "--backbone is empty.", "Give a value, or leave the option out."),
]


@pytest.mark.parametrize(("words", "message", "remedy"), WRONG, ids=[" ".join(words) for words, _, _ in WRONG])
def test_what_is_wrong_is_said_with_the_way_out(capsys, words, message, remedy):
    words = [f"{words[0]}={words[1]}"] if len(words) == 2 else words  # a value may begin with a dash
    assert main(["choose", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"{message}\n    {remedy}\n"


@pytest.mark.parametrize("words", [["--few-shot", "--full-data"], ["--max", "1"], ["vision"]])
def test_words_that_the_command_does_not_take_are_refused(capsys, words):
    with pytest.raises(SystemExit) as refused:
        main(["choose", *words])
    assert refused.value.code == 2
    assert "usage: python -m peft_vlm_survey choose" in capsys.readouterr().err


def test_the_answer_as_json_has_methods_reasons_evidence_and_what_is_open(capsys):
    words = ["--category", "vision", "--backbone", "vit-b16", "--max-trainable", "0.5%", "--no-slower", "--json"]
    assert main(["choose", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["question"]["trained_percent"] == 0.5
    assert found["question"]["no_slower"] is True
    first = found["methods"][0]
    assert first["reasons"] and first["evidence"] and first["not_established"] and first["reference"]
    assert all(gone["reasons"] for gone in found["left_out"])


def test_the_answer_as_text_says_the_same(capsys):
    words = ["--task", "visual question answering", "--backbone", "clip-t5", "--max-memory", "50%"]
    assert main(["choose", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["choose", *words]) == 0
    text = capsys.readouterr().out
    for place, method in enumerate(found["methods"], 1):
        assert f"{place}. {method['name']} ({method['standing']})" in text
        for reason in (*method["reasons"], *method["not_established"]):
            assert reason in text
    for gone in found["left_out"]:
        assert f"- {gone['name']}: {' '.join(gone['reasons'])}" in text
    for rule in found["rule"]:
        assert rule in text


def test_options_of_data_and_tasks_reach_the_question(capsys):
    assert main(["choose", "--few-shot", "--tasks", "4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == {
        "category": "",
        "task": "",
        "backbone": "",
        "trained_percent": None,
        "trained_number": None,
        "stored": None,
        "memory": None,
        "no_slower": False,
        "tasks": 4,
        "data": "few",
    }
    assert main(["choose", "--full-data", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["question"]["data"] == "full"


def test_without_category_and_task_the_command_asks_for_one(capsys):
    assert main(["choose", "--backbone", "vit-b16"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("neither a category nor a task is named.\n    Name one first")


def test_lines_that_run_a_method_warn_of_the_names_of_modules(capsys):
    assert main(["choose", "--task", "image classification", "--backbone", "vit-b16", "--no-slower"]) == 0
    text = capsys.readouterr().out
    assert "must be those of yours" in text


def test_the_command_explains_itself(capsys):
    with pytest.raises(SystemExit) as asked:
        main(["choose", "--help"])
    assert asked.value.code == 0
    said = capsys.readouterr().out
    for option in ("--category", "--task", "--backbone", "--max-trainable", "--max-stored", "--max-memory", "--tasks"):
        assert option in said
