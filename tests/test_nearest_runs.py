"""The published runs beside an answer: of kindred backbones alone, and those held back as they were foretold."""

import dataclasses

import pytest

from peft_vlm_survey.costs import cost, nearest, published, shapes
from peft_vlm_survey.costs.nearest_runs import SAID, run_of
from peft_vlm_survey.costs.options import read_options
from peft_vlm_survey.costs.priced import as_foretold, price
from peft_vlm_survey.costs.software import OF_DECODERS, snippets
from peft_vlm_survey.costs.sorts import KINDRED, place_of, sort_of
from peft_vlm_survey.data import ROOT, the_survey

SHAPES = shapes(ROOT)
CASES = the_survey().memory_cases
RUNS = published(CASES, SHAPES)


def near(method, backbone, *words):
    options, pairs = read_options(words)
    return nearest(RUNS, cost(method, backbone, pairs, known=SHAPES).setting, options)


@pytest.mark.parametrize("backbone", ["clip-vit-b16", "vit-b16", "bert-base", "t5-base", "sdxl", "flux.1-dev"])
def test_runs_of_kindred_backbones_alone_are_named(backbone):
    found = near("lora", backbone)
    assert found
    assert {one.run.sort for one, _ in found} <= {*KINDRED[sort_of(SHAPES[backbone])]}
    assert not any(one.run.full or one.run.few for one, _ in found)


@pytest.mark.parametrize(
    ("asked", "groups"),
    [
        ("maple clip-vit-b16 batch=4 texts=1000", {"MaPLe issues"}),
        ("lora clip-vit-b16 targets=vision.q,vision.k,vision.v", {"QLORA_CLIP_IxT logs"}),
        ("full vit-l16 batch=64", {"ViT-L/16 on CIFAR-10"}),
        ("full bert-base length=128 weights=32", {"transformers documentation"}),
        ("lora roberta-base precision=32", {"RoBERTa on AG News"}),
        ("ia3 roberta-base batch=16 length=512 precision=32", {"RoBERTa on IMDB"}),
        ("full llama-3.1-8b", {"torchtune", "LitGPT tables", "torchtune runs"}),
    ],
)
def test_the_first_run_is_most_like_the_question(asked, groups):
    method, backbone, *words = asked.split()
    one, is_near = near(method, backbone, *words)[0]
    assert is_near or method == "full"
    if backbone != "llama-3.1-8b":
        assert one.case.group in groups
        assert one.run.full == (method == "full")


@pytest.mark.parametrize("asked", ["lora vit-b16 batch=64", "lora flux.1-dev"])
def test_it_is_said_when_no_run_lies_near(asked):
    method, backbone, *words = asked.split()
    assert not any(is_near for _, is_near in near(method, backbone, *words))


@pytest.mark.parametrize("asked", ["lora sam-vit-b batch=1", "lora llava-1.5-7b batch=4096", "qlora swin-b"])
def test_no_run_is_shown_that_says_nothing(asked):
    method, backbone, *words = asked.split()
    assert near(method, backbone, *words) == ()


def test_a_run_on_texts_says_nothing_of_images_alone():
    assert all(one.run.sort != "pairs" for one, _ in near("vpt-deep", "dinov2-vitb14", "batch=64"))


def test_runs_of_a_source_that_are_alike_are_shown_once():
    assert len({(one.case.group, one.run) for one in RUNS}) == len(RUNS)
    assert {case.group for case in CASES if case.command and not case.held_back} <= {one.case.group for one in RUNS}


@pytest.mark.parametrize("asked", ["lora bert-base weights=32", "full llama-7b batch=4"])
def test_runs_that_lie_near_come_first(asked):
    method, backbone, *words = asked.split()
    told = [is_near for _, is_near in near(method, backbone, *words)]
    assert told == sorted(told, reverse=True)
    assert told[0]


def test_a_run_that_lies_near_comes_before_one_that_is_more_like_the_question():
    options, pairs = read_options(["batch=4"])
    asked = run_of(cost("full", "llama-7b", pairs, known=SHAPES).setting, options)
    told = [(is_near, asked.distance(one.run)) for one, is_near in near("full", "llama-7b", "batch=4")]
    assert min(far for is_near, far in told if not is_near) < max(far for is_near, far in told if is_near)
    assert told == sorted(told, key=lambda pair: (not pair[0], pair[1]))


@pytest.mark.parametrize(
    ("backbone", "batch"), [("llama-7b", 1), ("llama-7b", 128), ("qwen2.5-0.5b", 16), ("bert-base", 128)]
)
def test_no_run_is_shown_that_is_more_than_eight_times_as_large_or_as_long(backbone, batch):
    options, pairs = read_options([f"batch={batch}"])
    asked = run_of(cost("lora", backbone, pairs, known=SHAPES).setting, options)
    ratios = {
        one.case.row.line: max(max(a / b, b / a) for a, b in [(asked.size, run.size), (asked.tokens, run.tokens)])
        for one in RUNS
        if (run := one.run).sort in KINDRED[asked.sort] and not (run.full or run.few)
    }
    shown = {one.case.row.line for one, _ in near("lora", backbone, f"batch={batch}")}
    assert shown == {line for line, ratio in ratios.items() if ratio <= 8}
    assert any(ratio > 8 for ratio in ratios.values())
    assert "within eight times its size and tokens" in SAID["none"]


def test_training_the_projector_alone_is_not_like_a_run_that_trains_everything():
    assert {one.case.kind for one, _ in near("full", "llava-1.5-7b", "part=projector")} == {"peft"}
    assert {one.case.kind for one, _ in near("full", "llava-1.5-7b", "part=language")} == {"full"}


def test_a_backbone_of_unknown_size_is_like_no_run():
    assert near("mq-det-gcp", "glip-t") == ()


def test_a_run_that_is_held_back_is_shown_as_it_was_foretold_or_not_at_all():
    shown = {one.case.row.line: one for one in RUNS}
    for case in CASES:
        if case.held_back and not case.foretold:
            assert case.row.line not in shown
    held = [one for one in RUNS if one.case.held_back]
    assert held
    for one in held:
        told = as_foretold(price(one.case, SHAPES))
        assert one.calculated(SHAPES) == (told.range.low, told.range.high)
    moved = dataclasses.replace(held[0].case, foretold="1 to 2; 3 to 4; 5 to 6")
    assert dataclasses.replace(held[0], case=moved).calculated(SHAPES) == (3e9, 4e9)


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("lora clip-vit-b16", "text tower"),
        ("lora clip-vit-b16 part=vision", "image tower"),
        ("lora clip-vit-b16 targets=vision.q", "image tower"),
        ("lora clip-vit-b16 targets=q,vision.q", "both towers"),
        ("maple clip-vit-b16", "both towers"),
        ("full clip-vit-b16", "both towers"),
        ("lora qwen2.5-vl-7b", "language model"),
        ("lora qwen2.5-vl-7b part=vision", "vision tower"),
        ("full llava-1.5-7b part=projector", "projector"),
        ("lora flux.1-dev", "denoiser"),
        ("lora vit-b16", ""),
        ("lora bert-base", ""),
    ],
)
def test_the_part_that_a_method_acts_on_is_said(asked, place):
    method, backbone, *words = asked.split()
    assert place_of(cost(method, backbone, words, known=SHAPES).setting) == place


@pytest.mark.parametrize("backbone", ["flux.1-dev", "vit-b16", "clip-vit-b16", "bert-base", "t5-base"])
def test_no_trainer_of_language_models_is_named_for_other_backbones(backbone):
    setting = cost("lora", backbone, (), known=SHAPES).setting
    named = {one.library for one in snippets(the_survey(), "lora", setting=setting)}
    assert "peft" in named
    assert not named & {*OF_DECODERS}
    assert {*OF_DECODERS} <= {one.library for one in snippets(the_survey(), "lora")}


def test_no_lines_load_a_generator_by_a_class_that_has_none():
    setting = cost("qlora", "flux.1-dev", (), known=SHAPES).setting
    assert not any(
        "from_pretrained" in " ".join(one.template) for one in snippets(the_survey(), "qlora", setting=setting)
    )
