import json

import pytest

from peft_vlm_survey.costs import METHODS, CostError, Method, Variant, sign
from peft_vlm_survey.costs.command import run
from peft_vlm_survey.data import ROOT
from peft_vlm_survey.pricing import cost, priced


def test_the_function_answers_what_the_command_answers():
    code, said = run(["lora", "--backbone", "vit-b16", "rank=4", "targets=q,v", "checkpointing=yes", "--json"], ROOT)
    asked = json.loads(said)
    for beside in ("others_ran", "run"):  # what the command tells beside the cost
        del asked[beside]
    assert code == 0
    assert cost("lora", "vit-b16", rank=4, targets=("q", "v"), checkpointing=True) == asked


def test_the_function_too_says_first_what_decides_the_memory():
    said = cost("coop", "clip-vit-b16")["to_say_first"]
    assert "--classes" in said
    assert not cost("coop", "clip-vit-b16", classes=1000)["to_say_first"]


def test_a_head_is_counted_with_its_classes():
    assert cost("lora", "vit-b16", classes=100)["trainable"] - cost("lora", "vit-b16")["trainable"] == 100 * 768 + 100


def test_every_method_can_be_priced_by_name():
    assert set(priced()["methods"]) == set(METHODS)


def test_a_method_that_the_book_does_not_hold_is_priced_by_its_formula():
    mine = Method(
        id="gates",
        name="Gates",
        key="",
        variants={"gates": Variant(each=sign("L") * (2 * sign("d") * sign("r") + 1))},
        parameters={"rank": "4"},
        counted=("a low-rank map and a gate a layer",),
        mergeable="no",
        backbone_gradient="yes",
    )
    assert cost(mine, "vit-b16", rank=2)["trainable"] == 12 * (2 * 768 * 2 + 1)


@pytest.mark.parametrize("question", [("lorra", "vit-b16"), ("lora", "vit-b17")])
def test_an_unknown_name_says_what_is_wrong(question):
    with pytest.raises(CostError, match="is not known"):
        cost(*question)
