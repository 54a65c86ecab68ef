"""The memory model against the published runs, and against what the evidence computed for them."""

import itertools
import statistics
from functools import cache

import pytest
from every import each

from peft_vlm_survey.costs import CostError, answer, compare, cost, memory_ratio, shapes
from peft_vlm_survey.costs.gradient_path import beside
from peft_vlm_survey.costs.memory import GB, SPANS, activations, memory_of
from peft_vlm_survey.costs.memory_assumptions import assumptions
from peft_vlm_survey.costs.options import read_options
from peft_vlm_survey.costs.published_runs import spans
from peft_vlm_survey.costs.relative_memory import activations as kept_by_one
from peft_vlm_survey.costs.relative_memory import first_order, passing
from peft_vlm_survey.data import ROOT, the_survey

SHAPES = shapes(ROOT)


@cache
def the_cases():
    return [case for case in the_survey().memory_cases if case.fitted]


@cache
def the_compared():
    return compare(the_cases(), SHAPES)


GROUPS = {
    "LitGPT tables": (29, 29),
    "LitGPT configs": (28, 27),
    "PEFT MetaMathQA": (18, 18),
    "torchtune": (15, 12),
    "Qwen-VL": (12, 12),
    "Qwen": (36, 36),
    "ms-swift VLM": (5, 4),
    "ms-swift LLM": (11, 9),
}
# Low, middle and high of some runs in GB, as the evidence has them.
RANGES = [
    ("LitGPT tables", "LoRA", "llama-7b", "1", "16", (17.4, 22.0, 27.2)),
    ("LitGPT tables", "QLoRA", "llama-7b", "1", "4", (11.5, 16.4, 24.1)),
    ("PEFT MetaMathQA", "LoRA r=32 q,v", "llama-3.2-3b", "4", "16", (14.2, 21.0, 29.0)),
    ("PEFT MetaMathQA", "Full fine-tuning", "llama-3.2-3b", "4", "16", (35.2, 43.8, 53.6)),
    ("LitGPT configs", "QLoRA", "gemma-2-9b", "1", "4", (11.8, 15.1, 20.3)),
    ("ms-swift VLM", "LoRA", "qwen2.5-vl-7b", "1", "16", (17.4, 19.7, 24.8)),
    ("ms-swift LLM", "Full fine-tuning", "qwen2.5-7b", "1", "16", (61.6, 63.9, 69.1)),
]


def test_the_model_holds_147_of_154_published_runs():
    assert (sum(one.inside for one in the_compared()), len(the_compared())) == (147, 154)


def test_its_range_is_wide():
    widths = [one.model.high / one.model.low for one in the_compared()]
    assert statistics.median(widths) == pytest.approx(1.73, abs=0.005)


@pytest.mark.parametrize("group", GROUPS)
def test_the_model_holds_as_many_runs_of_a_source_as_in_the_evidence(group):
    ours = [one for one in the_compared() if one.case.group == group]
    assert (len(ours), sum(one.inside for one in ours)) == GROUPS[group]


@pytest.mark.parametrize(("group", "method", "configuration", "batch", "bits", "expected"), RANGES)
def test_the_range_of_a_run_is_that_of_the_evidence(group, method, configuration, batch, bits, expected):
    asked = (group, method, configuration, batch, bits)
    found = next(
        one
        for one in the_compared()
        if (one.case.group, one.case.printed_method, one.case.configuration, one.case.batch, one.case.bits) == asked
    )
    assert tuple(round(value / GB, 1) for value in found.model) == expected


def test_low_middle_and_high_are_in_order():
    assert all(one.model.low < one.model.mid < one.model.high for one in the_compared())


def test_an_answer_has_low_and_high_and_never_the_middle_alone():
    found = answer(cost("lora", "llama-3.1-8b", ["batch=1", "length=512", "rank=32"], known=SHAPES))
    assert set(found["memory_gb"]) == {"low", "high"}
    assert found["memory_setting"]["assumptions"]


def test_an_answer_agrees_with_a_measured_run():
    # LitGPT prints 19.73 GB without checkpointing.
    words = ["batch=1", "length=512", "rank=32", "checkpointing=no"]
    found = answer(cost("lora", "llama-3.1-8b", words, known=SHAPES))["memory_gb"]
    assert found["low"] < 19.73 < found["high"]


def memory(method, backbone, *words):
    return memory_of(cost(method, backbone, words, known=SHAPES))


@each("backbone", lambda: [name for name, shape in SHAPES.items() if shape.total and not shape.hybrid])
@each("words", [(), ("checkpointing=yes",)])
def test_qlora_needs_no_more_than_lora_where_nothing_is_said_and_with_checkpointing(backbone, words):
    fewer, more = memory("qlora", backbone, *words), memory("lora", backbone, *words)
    assert all(four <= sixteen for four, sixteen in zip(fewer, more, strict=True))


@pytest.mark.parametrize("words", [("batch=16",), ("batch=64",), ("batch=17", "checkpointing=yes"), ("length=9000",)])
@pytest.mark.parametrize("backbone", ["vit-b16", "t5-base", "llava-1.5-7b", "llama-7b", "llama-3.1-8b"])
def test_outside_the_span_of_the_runs_qlora_needs_no_more_than_lora_without_checkpointing(backbone, words):
    words = ("checkpointing=no", *words) if words[-1] != "checkpointing=yes" else words
    fewer, more = memory("qlora", backbone, *words), memory("lora", backbone, *words)
    assert all(four <= sixteen for four, sixteen in zip(fewer, more, strict=True))
    setting = cost("qlora", backbone, words, known=SHAPES).setting
    (least, most), (fewest, longest) = SPANS["few bits", setting.checkpointing]
    tokens = setting.numbers["batch"] * setting.numbers["length"]
    inside = least <= setting.shape.total <= most and fewest <= tokens <= longest
    assert not (setting.shape.decoder_only and inside)


def test_without_checkpointing_runs_were_published_in_which_qlora_needs_more_than_lora():
    # So the model's factor for few bits stands where these runs lie.
    for backbone in ("tinyllama-1.1b", "phi-2"):
        found = {
            case.bits: case.gigabytes for case in the_cases() if case.configuration == backbone and case.kind == "peft"
        }
        assert found["4"] > found["16"]


def test_the_spans_are_those_of_the_published_runs():
    assert dict(SPANS) == spans(the_cases(), SHAPES)


def test_more_tokens_never_take_less_memory_at_the_end_of_the_span():
    lows = [memory("qlora", "llama-7b", "checkpointing=no", "length=1", f"batch={n}") for n in range(3900, 9000, 50)]
    assert all(
        one <= other for before, after in itertools.pairwise(lows) for one, other in zip(before, after, strict=True)
    )


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
    kept, _, _ = activations(LLAVA.parts["language"], full=False)
    logits = 1088 * 32000 * 6
    assert memory_of(counts).low > 2 * LLAVA.total + 0.75 * 2 * 1088 * kept + logits
    assert kept_by_one(counts) > passing(LLAVA.parts["language"], 1088)


def test_modules_in_both_towers_keep_the_activations_of_both():
    words = ["checkpointing=no"]
    one, both = (
        cost("lora", "llava-1.5-7b", [*words, targets], known=SHAPES)
        for targets in ("targets=all", "targets=all,vision.all")
    )
    kept, _, _ = activations(LLAVA.parts["vision"], full=False)
    assert memory_of(both).low - memory_of(one).low >= 0.75 * 2 * 576 * kept
    assert kept_by_one(both) - kept_by_one(one) >= passing(LLAVA.parts["vision"], 576)


def test_full_fine_tuning_keeps_the_activations_of_every_tower():
    for backbone in ("llava-1.5-7b", "clip-vit-b16"):
        whole, part = (cost("full", backbone, [f"part={part}"], known=SHAPES) for part in ("all", "language"))
        assert kept_by_one(whole) > kept_by_one(part) + passing(SHAPES[backbone].parts["vision"], 196)
        assert memory_ratio(whole).share == first_order(whole) == pytest.approx(1, abs=1e-3)


def test_the_projector_alone_needs_the_language_model_behind_it_and_not_the_vision_tower():
    counts = cost("full", "llava-1.5-7b", ["part=projector"], known=SHAPES)
    assert kept_by_one(counts) == passing(LLAVA.parts["language"], 1088)


def test_a_hierarchical_backbone_keeps_fewer_tokens_behind_its_first_stage():
    kept, _, _ = activations(SHAPES["swin-b"].parts["vision"], full=False)
    first = SHAPES["swin-b"].parts["vision"].stacks[0]
    assert kept < 8 * first.layers * (6 * first.width + first.ffn_width)


def test_a_unet_keeps_what_the_built_one_keeps():
    part = shapes(ROOT)["sdxl"].parts["vision"]
    kept = 2 * part.stacks[0].tokens * activations(part, full=False)[0]
    # Saved by autograd in the U-Net of diffusers 0.42.1 (verify/memory.py), a text and the sums of norms among it.
    assert kept == pytest.approx(5_323_528_960, rel=0.006)
    assert part.kept_beside * part.stacks[0].tokens * 2 > 0.8e9  # the convolutions' share


def test_keys_and_values_of_a_text_stand_beside_those_of_the_image():
    part = shapes(ROOT)["sdxl"].parts["vision"]
    assert {(m.inputs, m.of_text) for m in part.named("k")} == {(640, False), (1280, False), (2048, True)}
    with pytest.raises(CostError, match="no such matrix"):
        cost("lora", "sdxl", ["targets=qkv"], known=shapes(ROOT))


@pytest.mark.parametrize("method", ["full", "spt"])
@pytest.mark.parametrize("bits", ["4", "8"])
def test_weights_that_are_trained_cannot_be_quantised(method, bits):
    with pytest.raises(CostError, match="trains the weights that would have"):
        cost(method, "llama-3.1-8b", [f"precision={bits}"], known=SHAPES)


@pytest.mark.parametrize("method", ["norm-tuning", "lora", "prompt-tuning"])
def test_what_is_not_quantised_can_be_trained_beside_four_bits(method):
    assert memory(method, "llama-3.1-8b", "precision=4").low < memory(method, "llama-3.1-8b").low


@pytest.mark.parametrize("bits", ["1", "2", "32"])
def test_no_backbone_of_qlora_has_other_bits_than_a_library_quantises_to(bits):
    with pytest.raises(CostError, match="bits"):
        cost("qlora", "llama-3.1-8b", [f"bits={bits}"], known=SHAPES)


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
        ("states=16", "backbone in 16 bits", "trained parameters in 16 bits", "in 32"),
        ("optimizer=8bit logits=fused", "backbone in 16 bits", "AdamW in 8 bits", "fused"),
        ("offload=yes attention=eager", "backbone in 16 bits", "attention that keeps its scores", "nothing offloaded"),
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
