"""Training memory against full fine-tuning: what the ratio is of."""

import json
from itertools import pairwise

import pytest

from peft_vlm_survey.__main__ import main
from peft_vlm_survey.choose.entries import price_text
from peft_vlm_survey.choose.prices import by_form
from peft_vlm_survey.costs import cost, memory_ratio, shapes
from peft_vlm_survey.costs.against_full import whole
from peft_vlm_survey.costs.need import highest, need
from peft_vlm_survey.costs.options import Options, read_options
from peft_vlm_survey.costs.step import PHASES, phases
from peft_vlm_survey.costs.work import work_of
from peft_vlm_survey.data import ROOT, the_survey

SHAPES = shapes(ROOT)


def of(method, backbone, words="", classes=None):
    options, pairs = read_options(words.split())
    return cost(method, backbone, pairs, known=SHAPES, classes=classes), options


def peak(method, backbone, words="", classes=None):
    return highest(*of(method, backbone, words, classes)).total


@pytest.mark.parametrize(
    ("method", "backbone", "own", "shared"),
    [
        ("lora", "vit-b16", "", ""),
        ("lora", "vit-b16", "rank=16 targets=q,v", "batch=64 checkpointing=yes optimizer=8bit"),
        ("lora", "bart-base", "", "batch=5 length=200 outputs=90 precision=32"),
        ("lora", "clip-vit-b16", "part=vision", "batch=32 texts=50"),
        ("lora", "llava-1.5-7b", "part=vision", "weights=32"),
        ("lora", "flux.1-dev", "", "resolution=512 checkpointing=yes encoders=none"),
        ("full", "llava-1.5-7b", "part=language", "batch=2 logits=fused"),
        ("clip-lora", "clip-vit-b16", "", "texts=100"),
    ],
)
def test_both_steps_are_asked_alike(method, backbone, own, shared):
    found = memory_ratio(*of(method, backbone, f"{own} {shared}"))
    assert found == pytest.approx(peak(method, backbone, f"{own} {shared}") / peak("full", backbone, shared))


def test_with_few_bits_full_fine_tuning_has_those_that_it_has_if_nothing_is_said():
    found = memory_ratio(*of("qlora", "llava-1.5-7b"))
    assert found == pytest.approx(peak("qlora", "llava-1.5-7b") / peak("full", "llava-1.5-7b"))


def test_a_head_is_trained_by_both_or_by_neither():
    alike = memory_ratio(*of("lora", "vit-b16", classes="1000"))
    assert alike == pytest.approx(peak("lora", "vit-b16", classes="1000") / peak("full", "vit-b16", classes="1000"))
    coop, _ = of("coop", "clip-vit-b16", classes="1000")
    assert whole(coop.setting).classes is None
    assert whole(coop.setting).numbers["texts"] == 1000


def test_one_backbone_is_trained_for_several_tasks():
    once, thrice = (memory_ratio(*of("lora", "vit-b16", f"tasks={tasks}")) for tasks in (1, 3))
    assert thrice > once
    assert thrice * peak("full", "vit-b16") == pytest.approx(peak("lora", "vit-b16", "tasks=3"))


@pytest.mark.parametrize(("backbone", "part"), [("clip-vit-b16", "vision"), ("llava-1.5-7b", "vision")])
def test_a_length_that_is_said_of_a_part_is_that_of_full_fine_tuning_too(backbone, part):
    lengths = (100, 200, 400)
    found = [whole(of("lora", backbone, f"part={part} length={length}")[0].setting) for length in lengths]
    assert [one.lengths for one in found] == [{part: length} for length in lengths]
    assert {one.numbers["length"] for one in found} == {of("full", backbone)[0].setting.numbers["length"]}
    needs = [memory_ratio(*of("lora", backbone, f"part={part} length={length} batch=16")) for length in lengths]
    assert all(one < 1 for one in needs)
    assert all(one != two for one, two in pairwise(needs))


def test_the_command_says_of_traced_steps_that_they_were(capsys):
    main(["cost", "lora", "--backbone", "vit-b16", "--explain"])
    assert "memory ratio    0.64 of full fine-tuning (batch 16, 197 tokens)" in capsys.readouterr().out
    main(["cost", "lora", "--backbone", "vit-b16", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert round(said["memory_ratio"], 2) == 0.64


def test_what_is_known_already_changes_nothing():
    known = {}
    for method in ("lora", "bitfit", "lora"):
        counts, options = of(method, "vit-b16")
        assert memory_ratio(counts, options, need(counts, options), known) == memory_ratio(counts, options)
    assert len(known) == 1
    memory_ratio(of("lora", "vit-b16", "batch=4")[0], None, None, known)
    memory_ratio(of("lora", "vit-b16")[0], Options(optimizer="8bit"), None, known)
    assert len(known) == 3


@pytest.mark.parametrize(("id", "backbone"), [("lora", "t5-base"), ("qlora", "llama-7b")])
def test_the_chooser_tells_the_same_ratio(id, backbone):
    price = by_form(the_survey(), id, backbone, "")[0]
    assert price.memory == memory_ratio(*of(id, backbone, price.setting))
    counted, memory = price_text(price).split("; ")
    assert counted.endswith(f"calculated at {price.setting}")
    assert memory.endswith(" times the training memory of full fine-tuning")


@pytest.mark.parametrize(("method", "backbone"), [("lst", "deberta-v2-xxl"), ("lora", "dit-xl2")])
def test_what_was_not_traced_has_no_ratio(method, backbone):
    assert memory_ratio(*of(method, backbone)) is None


@pytest.mark.parametrize("again", ["yes", "no"])
def test_a_network_at_the_side_keeps_what_layers_that_are_trained_do_and_is_narrower(again):
    """Its layers are those of the backbone, and the loss reads what they put out, so that logits are made."""
    words = f"batch=8 length=256 outputs=32 checkpointing={again}"
    narrow, wide = (at_the_loss("lst", f"{words} reduction={by}") for by in (8, 4))
    full = at_the_loss("full", "batch=8 length=256 outputs=32")
    assert narrow["logits"] == full["logits"] > 0
    assert wide["activations"] - narrow["activations"] == pytest.approx(full["activations"] / 8, rel=0.1)


def at_the_loss(method, words):
    counts, options = of(method, "t5-base", words)
    return next(one.parts for one in phases(work_of(counts), options) if one.phase == PHASES[1])


def test_a_network_at_the_side_of_some_layers_keeps_their_share():
    some, every = (highest(*of("lst", "vit-b16", words)).parts["activations"] for words in ("side_layers=6", ""))
    none = highest(*of("linear-probe", "vit-b16")).parts["activations"]
    assert none < some < every
