"""The memory model against the published runs, and against what the evidence computed for them."""

from functools import cache

import pytest

from peft_vlm_survey.costs import CostError, answer, cost, memory_ratio, shapes
from peft_vlm_survey.costs.gradient_path import beside
from peft_vlm_survey.costs.memory import activations
from peft_vlm_survey.costs.memory_assumptions import assumptions
from peft_vlm_survey.costs.need import need
from peft_vlm_survey.costs.options import Options, read_options
from peft_vlm_survey.data import ROOT, the_survey

SHAPES = shapes(ROOT)


@cache
def the_cases():
    return [case for case in the_survey().memory_cases if case.fitted]


def test_an_answer_agrees_with_a_measured_run():
    # LitGPT prints 19.73 GB without checkpointing.
    words = ["batch=1", "length=512", "rank=32", "checkpointing=no"]
    found = answer(cost("lora", "llama-3.1-8b", words, known=SHAPES))["memory_gb"]
    assert found["low"] < 19.73 < found["high"]


def memory(method, backbone, *words):
    return need(cost(method, backbone, words, known=SHAPES), Options()).needed


def test_the_states_of_full_fine_tuning_are_those_of_the_part_that_is_trained():
    projector, vision, whole = (
        memory("full", "llava-1.5-7b", f"part={part}") for part in ("projector", "vision", "all")
    )
    trained = cost("full", "llava-1.5-7b", ["part=projector"], known=SHAPES).trainable
    assert projector.low < 2 * 7.1e9 + 6 * trained + 2e9
    assert projector.low < vision.low < whole.low / 3


LLAVA = SHAPES["llava-1.5-7b"]


@pytest.mark.parametrize("method", ["lora", "full", "lst", "vpt-deep", "norm-tuning"])
def test_what_is_trained_in_the_vision_tower_is_reached_through_the_language_model(method):
    counts = cost(method, "llava-1.5-7b", ["part=vision", "checkpointing=no"], known=SHAPES)
    (other,) = beside(counts.setting)
    assert (other.name, other.length, other.trained) == ("language", 512 + 576, False)
    assert need(counts, Options()).needed.low > 2 * LLAVA.total


def test_full_fine_tuning_keeps_the_activations_of_every_tower():
    for backbone in ("llava-1.5-7b", "clip-vit-b16"):
        whole, part = (cost("full", backbone, [f"part={part}"], known=SHAPES) for part in ("all", "language"))
        assert need(whole, Options()).needed.low > need(part, Options()).needed.low
        assert memory_ratio(whole) == pytest.approx(1)


def test_a_hierarchical_backbone_keeps_fewer_tokens_behind_its_first_stage():
    kept, _, _ = activations(SHAPES["swin-b"].parts["vision"], full=False)
    first = SHAPES["swin-b"].parts["vision"].stacks[0]
    assert kept < 8 * first.layers * (6 * first.width + first.ffn_width)


def test_a_unet_keeps_what_the_built_one_keeps():
    part = shapes(ROOT)["sdxl"].parts["vision"]
    kept = 2 * part.stacks[0].tokens * activations(part, full=False)[0]
    # Saved by autograd in the U-Net of diffusers 0.42.1, a text and the sums of norms among it.
    assert kept == pytest.approx(5_323_528_960, rel=0.006)
    assert part.kept_beside * part.stacks[0].tokens * 2 > 0.8e9  # the convolutions' share


def test_keys_and_values_of_a_text_stand_beside_those_of_the_image():
    part = shapes(ROOT)["sdxl"].parts["vision"]
    assert {(m.inputs, m.of_text) for m in part.named("k")} == {(640, False), (1280, False), (2048, True)}
    with pytest.raises(CostError, match="no such matrix"):
        cost("lora", "sdxl", ["targets=qkv"], known=shapes(ROOT))


@pytest.mark.parametrize("method", ["norm-tuning", "lora", "prompt-tuning"])
def test_what_is_not_quantised_can_be_trained_beside_four_bits(method):
    assert memory(method, "llama-3.1-8b", "precision=4").low < memory(method, "llama-3.1-8b").low


def test_the_assumptions_are_those_of_the_case():
    def said(*words, method="lora", backbone="llava-1.5-7b"):
        return "; ".join(assumptions(cost(method, backbone, words, known=SHAPES).setting))

    assert "weights and gradients in 16 bits, states too" in said(method="full")
    assert "frozen" not in said(method="full")
    assert "frozen weights in 4" in said(method="qlora")
    assert "at 1,088 tokens" in said("part=vision")
    assert "vision tower" not in said(backbone="llama-7b")
    assert "checkpointing" not in said("checkpointing=no")


@pytest.mark.parametrize(
    ("words", "held", "expected", "denied"),
    [
        ("", "backbone in 16 bits", "beside frozen weights in 16", "32, computed"),
        ("weights=32", "backbone in 32 bits, computed in 16", "beside frozen weights in 32", "weights in 16"),
        ("precision=32", "all in 32 bits", "beside frozen weights in 32", "weights in 16"),
        ("weights=32 sharding=zero2", "backbone in 16 bits", "in 32 bits beside frozen weights in 16", "one GPU"),
        ("optimizer=8bit logits=fused", "backbone in 16 bits", "AdamW in 8 bits", "fused"),
        ("offload=yes", "backbone in 16 bits", "attention that keeps no scores", "nothing offloaded"),
    ],
)
def test_what_is_assumed_follows_the_words_of_the_run(words, held, expected, denied):
    options, pairs = read_options(words.split())
    found = answer(cost("lora", "llava-1.5-7b", pairs, known=SHAPES), options)["memory_setting"]
    assert found["held"] == held
    assert expected in "; ".join(found["assumptions"])
    assert denied not in "; ".join(found["assumptions"])


def test_a_backbone_of_unknown_size_has_no_memory():
    found = answer(cost("mq-det-gcp", "glip-t", known=SHAPES))
    assert (found["memory_gb"], found["memory_ratio"], found["percent"]) == (None, None, None)


def test_a_binary_unit_is_larger():
    case = next(case for case in the_cases() if case.unit == "GiB")
    assert case.gigabytes == pytest.approx(float(case.value) * 1.073741824)
