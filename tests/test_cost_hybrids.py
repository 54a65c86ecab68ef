"""Backbones most of whose layers have linear attention: what is counted, what a target hits, and what is not told of them."""

import re
from pathlib import Path

import pytest
from every import each

from peft_vlm_survey.costs import answer, cost, shapes
from peft_vlm_survey.costs.card_lines import fit
from peft_vlm_survey.costs.cards import Cards
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.costs.lines_to_run import lines_to_run
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.shapes import LINEAR
from peft_vlm_survey.read.registry import TABLES

ROOT = Path(__file__).resolve().parent.parent
SHAPES = shapes(ROOT)
HYBRID = [name for name, shape in SHAPES.items() if any(part.hybrid for part in shape.parts.values())]
NAMES = "in_proj_qkv,in_proj_z,in_proj_b,in_proj_a,out_proj"
# What the published weights have beside what is counted: a layer of full attention that foretells a second word, two norms before
# it and one behind, and a matrix that joins two vectors. The totals are those that the hub tells.
PUBLISHED = {
    "qwen3.5-0.8b": 873_438_784,
    "qwen3.5-2b": 2_274_069_824,
    "qwen3.5-4b": 4_659_865_088,
    "qwen3.5-9b": 9_653_104_368,
}


def ask(backbone, *words, method="lora"):
    return cost(method, backbone, words, known=SHAPES)


def test_there_are_such_backbones():
    assert set(HYBRID) == set(PUBLISHED)


@each("backbone", lambda: HYBRID)
def test_a_backbone_has_as_many_parameters_as_the_published_weights_without_the_layer_that_is_not_loaded(backbone):
    stack = SHAPES[backbone].parts["language"].stacks[-1]
    layer = sum(matrix.inputs * matrix.outputs for matrix in stack.matrices()) // 1 + 2 * stack.head_width
    beyond = 2 * stack.width**2 + 5 * stack.width
    assert SHAPES[backbone].total + layer + beyond == PUBLISHED[backbone]


@each("backbone", lambda: HYBRID)
def test_its_matrices_are_named_as_in_the_published_weights(backbone):
    assert ask(backbone, f"targets={NAMES}").setting.targets == ("in_qkv", "in_z", "in_b", "in_a", "out")
    assert set(LINEAR) < set(ask(backbone, "targets=all").setting.targets)


@each("backbone", lambda: HYBRID)
def test_who_names_full_attention_alone_is_told_in_how_many_layers_it_lies(backbone):
    layers = SHAPES[backbone].parts["language"].layers
    said, _ = answer(ask(backbone))["warnings"]
    assert f"these lie in {layers // 4} of the {layers} layers" in said
    assert "in_proj_qkv" in said
    for targets in (f"q,v,{NAMES}", "up"):
        assert not any("these lie in" in said for said in answer(ask(backbone, f"targets={targets}"))["warnings"])


def test_where_all_layers_attend_to_all_tokens_nothing_of_the_kind_is_said():
    assert answer(ask("qwen3-8b"))["warnings"] == []


@each("backbone", lambda: HYBRID)
def test_what_depends_on_the_kernels_of_linear_attention_is_not_told(backbone):
    found = answer(ask(backbone))
    for name in ("memory_ratio", "memory_gb", "extra_flops_percent_unmerged"):
        assert found[name] is None, name
    assert found["extra_flops_percent"] == 0
    with pytest.raises(CostError, match=r"no such step of .* was traced"):
        fit(ask(backbone), Options(), Cards(size=24e9), lambda words: ask(backbone))


@each("backbone", lambda: HYBRID)
@pytest.mark.parametrize(("method", "bytes_each"), [("lora", 2), ("qlora", 0.5), ("full", 8)])
def test_what_weights_and_states_take_is_told(backbone, method, bytes_each):
    said = answer(ask(backbone, method=method))["warnings"][-1]
    told = float(re.search(r"alone take ([0-9.]+) GB", said)[1])
    assert bytes_each < told * 1e9 / SHAPES[backbone].total + 0.1 < bytes_each + 0.8


@each("backbone", lambda: HYBRID)
@each("method", lambda: ("ssf", "lst", "prefix-tuning"))
def test_a_method_that_takes_all_blocks_for_alike_is_refused(backbone, method):
    with pytest.raises(CostError, match="linear attention"):
        ask(backbone, method=method)


@each("backbone", lambda: HYBRID)
def test_lines_name_the_matrices_of_linear_attention(backbone):
    software = TABLES["software"].read(ROOT)[0]
    found = lines_to_run(software, ask(backbone, "targets=in_qkv,out").setting)
    assert any(r"language_model\..*\.(in_proj_qkv|out_proj)" in line for one in found for line in one["lines"])
