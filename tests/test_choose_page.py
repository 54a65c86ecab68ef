"""The lists of the page, filtered by its script, against the answers of Python."""

import json
import random

import pytest
from as_json import answer_of

from peft_vlm_survey.choose import choose, read_question
from peft_vlm_survey.choose.backbones import choices
from peft_vlm_survey.choose.contests import contests
from peft_vlm_survey.costs import CostError
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.read.tasks import TASKS
from peft_vlm_survey.site.choose_js import choose_script

SURVEY = the_survey()
OPTIONS = {
    "max-trainable": ["", "", "", "1%", "0.05%", "5 %", "420000", "0.01M", "12k", ".5%", "1e6", "0"],
    "max-stored": ["", "", "", "1MB", "10kB", "200000", "20MB", "5TB"],
    "max-memory": [
        *(
            *("", "", "", "0.5", "30%", ".7", "24GB", "24 GB", "80 GiB", "48g", "12288 MiB", "24MB", "0.1", "1"),
            *("2", "24", "0"),
        ),
        *("A100-40G", "RTX 3090", "4090", "3080", "NVIDIA H100 80GB HBM3", "MI250", "RTX 9999", "2 24GB"),
    ],
    **{name: ["", "", "yes"] for name in ("no-slower", "spares-gradient", "code", "licence")},
    "data": ["", "", "few", "full", "none"],
}
NAMES = ["llava-hf/llava-1.5-7b-hf", "openai/clip-vit-base-patch32", "google/vit-base-patch16-224-in21k", "no-model"]
SCRIPTS = ("folding.js", "unpacking.js", "names.js", "gpus.js", "choose-answer.js")
# What choose.js does with the words of its form, without the form.
ASK = """async questions => {
    const { ChooseError, answerOf, namedBackbone, readLimits, unpack } = survey;
    const lists = await unpack(survey.data.choose);
    const names = lists.backbones.map(([id, name, , , further]) => [id, [name, ...further]]);
    return questions.map(words => {
        try {
            const limits = readLimits(words, lists.cards);
            const id = words.backbone ? namedBackbone(words.backbone, names, lists) : "";
            if (id === null) { return "unknown backbone"; }
            const backbone = lists.backbones.find(([known]) => known === id) ?? null;
            return answerOf(lists, words.task, backbone, limits);
        } catch (error) { if (error instanceof ChooseError) { return error.message; } throw error; }
    });
}"""


def drawn(dice):
    tasks = sorted({contest.task for contest in contests(SURVEY)})
    return {
        "task": dice.choice([*tasks, *tasks, *tasks, *TASKS]),
        "backbone": dice.choice(["", *choices(SURVEY), *NAMES]),
        **{name: dice.choice(values) for name, values in OPTIONS.items()},
    }


DICE = random.Random("the page of the chooser")  # noqa: S311
QUESTIONS = [
    *(drawn(DICE) for _ in range(150)),
    *({"task": contest.task, "backbone": contest.group.backbone} for contest in contests(SURVEY)[::3]),
]


def in_python(words):
    """Return what the page should say, or what is wrong with the question."""
    try:
        found = choose(read_question(words, SURVEY), SURVEY)
    except CostError as error:
        return "unknown backbone" if error.message.startswith("backbone") else error.message

    def told(methods):
        return [
            [
                *(method.name, method.key, method.distance, list(map(list, method.lines.items())), list(method.about)),
                [[lines["title"], "\n".join(lines["lines"])] for lines in method.run],
            ]
            for method in methods
        ]

    return {
        "advice": found.advice,
        "notes": list(found.notes),
        "methods": told(found.methods),
        "unknown": told(found.unknown),
        "left_out": [[gone.name, list(gone.breaks)] for gone in found.left_out],
    }


@pytest.fixture(scope="module")
def script():
    return choose_script(SURVEY, ())


@pytest.fixture(scope="module")
def in_browser(chromium, script):
    page = chromium.new_page()
    for name in SCRIPTS:
        page.add_script_tag(content=(ROOT / "_static" / name).read_text(encoding="utf-8"))
    page.add_script_tag(content=script)
    found = answer_of(page, ASK, QUESTIONS)
    page.close()
    return found


def said(answer):
    if isinstance(answer, str):
        return answer

    def told(methods):
        return [[m["name"], m["key"], m["distance"], m["lines"], m["about"], m["run"]] for m in methods]

    return {
        "advice": answer["advice"],
        "notes": answer["notes"],
        "methods": told(answer["methods"]),
        "unknown": told(answer["unknown"]),
        "left_out": [[gone["name"], gone["about"]] for gone in answer["leftOut"]],
    }


def test_the_page_says_what_python_says(in_browser):
    assert len(in_browser) == len(QUESTIONS)
    for words, answer in zip(QUESTIONS, in_browser, strict=True):
        assert said(answer) == json.loads(json.dumps(in_python(words))), words


def test_the_questions_are_of_every_sort(in_browser):
    refused = [answer for answer in in_browser if isinstance(answer, str)]
    assert 10 < len(refused) < len(QUESTIONS) / 2
    assert any(answer["unknown"] for answer in in_browser if not isinstance(answer, str))
    assert any(answer["leftOut"] for answer in in_browser if not isinstance(answer, str))
