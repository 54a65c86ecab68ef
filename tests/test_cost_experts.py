"""Backbones with experts: what is counted, what a target hits, and what is said of it."""

from pathlib import Path

import pytest
from every import each

from peft_vlm_survey.costs import answer, cost, shapes
from peft_vlm_survey.costs.card_lines import WITHOUT_EXPERTS
from peft_vlm_survey.costs.command import run
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.costs.lines_to_run import lines_to_run
from peft_vlm_survey.costs.names import spread
from peft_vlm_survey.costs.need import need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.shapes import GLU, NETWORKS
from peft_vlm_survey.costs.work import work_of
from peft_vlm_survey.read.registry import TABLES

ROOT = Path(__file__).resolve().parent.parent
SHAPES = shapes(ROOT)
MIXED = [name for name, shape in SHAPES.items() if any(part.mixed_experts for part in shape.parts.values())]
LATENT = [name for name in MIXED if SHAPES[name].parts["language"].latent]


def ask(backbone, *words, method="lora"):
    return cost(method, backbone, words, known=SHAPES)


def trained(backbone, *targets):
    return ask(backbone, "rank=8", f"targets={','.join(targets)}").trainable


def test_there_are_backbones_with_experts_with_keys_and_values_of_one_vector_and_without():
    assert LATENT
    assert set(MIXED) - set(LATENT)


@each("backbone", lambda: MIXED)
@each("name", lambda: GLU)
def test_a_matrix_is_counted_in_every_network_or_in_one(backbone, name):
    apart = [f"{network}_{name}" for network in NETWORKS]
    assert trained(backbone, name) == trained(backbone, *apart) == sum(trained(backbone, one) for one in apart)


def test_a_published_run_trains_what_is_counted_without_the_networks_beside_the_experts():
    # Issue 20 of deepseek-ai/DeepSeek-VL2 prints 27.5 B and 212 M; ms-swift leaves out what is called shared, and has rank 8.
    attention = ("q", "kv_a", "kv_b", "o")
    networks = [f"{network}_{name}" for network in ("dense", "routed") for name in GLU]
    assert round(trained("deepseek-vl2", *attention, *networks) / 1e6) == 212
    assert round(SHAPES["deepseek-vl2"].total / 1e9, 1) == 27.5


@each("backbone", lambda: MIXED)
def test_a_target_that_hits_every_expert_says_so_and_which_do_not(backbone):
    tower = SHAPES[backbone].parts["language"]
    others = [name for name in tower.names if name not in GLU]
    said = answer(ask(backbone, "targets=gate"))["warnings"][0]
    assert f"targets={','.join([*others, 'shared_gate'])} leave the experts as they are" in said
    assert not spread(SHAPES[backbone], "language", [*others, "shared_gate", "dense_gate"])


@each("backbone", lambda: MIXED)
def test_lines_are_given_for_targets_in_experts_since_they_train_what_is_counted(backbone):
    software = TABLES["software"].read(ROOT)[0]
    found = lines_to_run(software, ask(backbone, "targets=gate").setting)
    assert any(r"language\..*\.(gate_proj)" in line for one in found for line in one["lines"])


@each("backbone", lambda: MIXED)
def test_what_modules_add_in_experts_is_not_told_where_it_was_not_counted(backbone):
    found = answer(ask(backbone, "targets=gate"))
    assert found["extra_flops_percent_unmerged"] is None
    assert answer(ask(backbone, "targets=shared_gate"))["extra_flops_percent_unmerged"] > 0


@each("backbone", lambda: MIXED)
def test_a_whole_and_a_part_of_it_are_no_targets_together(backbone):
    with pytest.raises(CostError, match="target 'gate' holds routed_gate already"):
        ask(backbone, "targets=gate,routed_gate")


@each("backbone", lambda: LATENT)
def test_where_keys_and_values_are_made_of_one_vector_what_makes_them_stands_for_both(backbone):
    assert ask(backbone).setting.targets == ("q", "kv_b")
    assert ask(backbone, "targets=q_proj,kv_a_proj_with_mqa,kv_b_proj,o_proj").setting.targets == (
        "q",
        "kv_a",
        "kv_b",
        "o",
    )
    with pytest.raises(CostError, match="target 'v'"):
        ask(backbone, "targets=v")
    with pytest.raises(CostError, match="made of one short vector"):
        ask(backbone, method="prefix-tuning")


@each("backbone", lambda: MIXED)
@each("method", lambda: ("ssf", "lst"))
def test_a_method_that_takes_all_blocks_for_alike_is_refused(backbone, method):
    with pytest.raises(CostError, match="has experts in most of its"):
        ask(backbone, method=method)


@each("backbone", lambda: MIXED)
def test_a_token_passes_as_many_experts_as_it_is_given_to(backbone):
    tower = SHAPES[backbone].parts["language"]
    row = SHAPES[backbone].configuration
    (routed,) = tower.named("routed_up")
    assert routed.count * routed.share == int(row.experts_used) * (int(row.decoder_layers) - int(row.dense_layers))
    assert ask(backbone).base_flops < 2 * 933 * tower.params


@each("backbone", lambda: MIXED)
def test_tower_and_language_model_bear_the_names_of_the_models_own_code(backbone):
    software = TABLES["software"].read(ROOT)[0]
    found = lines_to_run(software, ask(backbone, "targets=q,vision.qkv").setting)
    assert any(
        r"language\..*\.(q_proj)" in line and r"vision\.blocks\." in line for one in found for line in one["lines"]
    )
    assert "vision.q" in answer(ask(backbone, "targets=vision.q"))["warnings"][0]


@each("backbone", lambda: [name for name in MIXED if SHAPES[name].traces])
def test_a_traced_step_says_how_experts_are_held_and_what_no_run_vouches_for(backbone):
    found = answer(ask(backbone, "targets=q,o"))["memory_setting"]
    assert any("all experts get equally many tokens" in said for said in found["assumptions"])
    assert work_of(ask(backbone, "targets=gate,up,down")) is not None


@each("backbone", lambda: [name for name in MIXED if SHAPES[name].traces])
def test_what_was_not_traced_in_experts_is_not_priced_as_if_it_added_nothing(backbone):
    assert work_of(ask(backbone, "targets=shared_gate")) is None
    assert work_of(ask(backbone, "targets=gate", "variant=dora")) is None


@each("backbone", lambda: [name for name in MIXED if not SHAPES[name].traces])
def test_where_no_step_was_traced_nobody_is_told_whether_it_fits(backbone):
    counts = ask(backbone)
    assert need(counts, Options()) is None
    code, text = run(["lora", "--backbone", backbone, "--gpu", "80GB"], ROOT)
    assert (code, text.partition("\n")[0]) == (
        2,
        f"whether it fits cannot be told: no such step of {SHAPES[backbone].name} was traced.",
    )


def test_beside_a_verdict_it_is_said_that_no_run_of_the_record_has_experts():
    cases = TABLES["memory_cases"].read(ROOT)[0]
    assert not [case.locator for case in cases if case.configuration in MIXED]
    for backbone, said in (("deepseek-vl2-tiny", True), ("qwen2-vl-2b", False)):
        code, text = run(["lora", "--backbone", backbone, "--gpu", "24GB", "--explain"], ROOT)
        (verdict,) = (line for line in text.splitlines() if line.startswith("on a card"))
        assert (code == 0 and "such verdicts were right" in verdict) or "lay in such a range" in verdict
        assert verdict.endswith(WITHOUT_EXPERTS) is said
