"""What must hold of every cost, whatever is asked."""

import csv
import io
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import examples
from hypothesis import assume, given
from hypothesis import strategies as st
from mistakes import GOOD

from peft_vlm_survey.costs import METHODS, CostError, answer, cost, memory_ratio, shapes, shapes_of
from peft_vlm_survey.costs.kinds import ENCODER, GENERATOR, family_of
from peft_vlm_survey.costs.need import highest
from peft_vlm_survey.costs.options import WORDS, Options
from peft_vlm_survey.costs.parameter_names import PARAMETERS
from peft_vlm_survey.data import ROOT
from peft_vlm_survey.read.configurations import TYPES
from peft_vlm_survey.read.registry import TABLES

CONFIGURATIONS = TABLES["configurations"]
SHAPES = shapes(ROOT)
FULL = [shape.id for shape in SHAPES.values() if shape.total is not None]
# Of the others no step was traced.
TOLD = [name for name in FULL if SHAPES[name].traces]
# What trains more the larger it is, on any backbone that the method works on.
GROWS = [
    ("bi-lora", "rank"),
    ("adapter-houlsby", "bottleneck"),
    ("adapter-pfeiffer", "bottleneck"),
    ("adaptformer", "bottleneck"),
    ("bi-adaptformer", "bottleneck"),
    ("vl-adapter", "bottleneck"),
    ("vl-pet", "bottleneck"),
    ("vl-pet", "decoder_bottleneck"),
    ("hyperformer", "bottleneck"),
    ("hyperformer-pp", "bottleneck"),
    ("lae", "bottleneck"),
    ("prompt-tuning", "tokens"),
    ("prefix-tuning", "tokens"),
    ("p-tuning", "tokens"),
    ("p-tuning", "mlp"),
    ("vpt-shallow", "tokens"),
    ("vpt-deep", "tokens"),
    ("llama-adapter", "tokens"),
    ("coop", "tokens"),
    ("tip-adapter-f", "shots"),
    ("etris-bridger", "bottleneck"),
    ("spt", "budget"),
]
backbones = st.sampled_from(sorted(SHAPES))
small = st.integers(1, 96)


@cache
def fit(method: str) -> list[str]:
    """Return the backbones that a method works on."""
    classes = "10" if method == "tip-adapter-f" else None
    found = []
    for backbone in sorted(SHAPES):
        try:
            cost(method, backbone, known=SHAPES, classes=classes)
        except CostError as error:
            if "needs" not in error.message:
                found.append(backbone)
        else:
            found.append(backbone)
    return found


def ask(method: str, backbone: str, *words: str, classes: str | None = None) -> dict:
    return answer(cost(method, backbone, words, known=SHAPES, classes=classes))


def possible(method: str, backbone: str, *words: str, classes: str | None = None) -> dict:
    """Return the answer, or leave a setting that cannot be had."""
    try:
        return ask(method, backbone, *words, classes=classes)
    except CostError:
        assume(False)
        raise


@pytest.mark.parametrize(("method", "parameter"), GROWS)
@given(data=st.data(), number=small, more=small)
def test_more_of_it_trains_more(method, parameter, data, number, more):
    backbone = data.draw(st.sampled_from(fit(method)))
    classes = "10" if method == "tip-adapter-f" else None
    words = (f"{parameter}={value}" for value in (number, number + more))
    try:
        less, larger = (cost(method, backbone, [word], known=SHAPES, classes=classes).trainable for word in words)
    except CostError:
        assume(False)
        raise
    assert less < larger


@given(backbone=backbones, rank=small)
def test_lora_grows_with_its_rank_in_proportion(backbone, rank):
    one = possible("lora", backbone, "rank=1")["trainable"]
    assert possible("lora", backbone, f"rank={rank}")["trainable"] == rank * one


@given(backbone=backbones, rank=small)
def test_lora_on_all_trains_at_least_what_lora_on_some_trains(backbone, rank):
    some = possible("lora", backbone, f"rank={rank}", "targets=o")
    assert possible("lora", backbone, f"rank={rank}", "targets=all")["trainable"] > some["trainable"]


@given(backbone=backbones, bottleneck=small)
def test_two_adapters_a_layer_are_twice_one(backbone, bottleneck):
    one = possible("adapter-pfeiffer", backbone, f"bottleneck={bottleneck}")["trainable"]
    assert ask("adapter-houlsby", backbone, f"bottleneck={bottleneck}", "norms=no")["trainable"] == 2 * one


@given(backbone=backbones, layers=st.integers(1, 8))
def test_a_side_network_grows_with_its_layers_and_ends_at_the_whole(backbone, layers):
    less = possible("lst", backbone, f"side_layers={layers}")["trainable"]
    assert less <= ask("lst", backbone)["trainable"]


@given(method=st.sampled_from(sorted(METHODS)), backbone=backbones, tasks=st.integers(1, 9))
def test_more_tasks_never_train_less_and_never_store_more_each(method, backbone, tasks):
    one = possible(method, backbone, "tasks=1", classes="10")
    many = ask(method, backbone, f"tasks={tasks}", classes="10")
    assert one["trainable"] <= many["trainable"] <= tasks * one["trainable"]
    assert many["trainable_per_task"] * tasks == pytest.approx(many["trainable"])
    assert many["stored_bytes"] <= one["stored_bytes"] + 1e-6


@given(method=st.sampled_from(sorted(METHODS)), backbone=backbones, classes=st.integers(1, 1000))
def test_a_head_adds_the_same_for_every_further_class(method, backbone, classes):
    assume(METHODS[method].head)
    first, second, third = (
        possible(method, backbone, classes=str(number))["trainable"] for number in (classes, classes + 1, classes + 2)
    )
    assert third - second == second - first > 0


@given(method=st.sampled_from(sorted(METHODS)), backbone=st.sampled_from(FULL))
def test_a_method_trains_less_than_full_fine_tuning(method, backbone):
    # A side network or a generated adapter may outgrow a small backbone; none of those that are known do.
    found = possible(method, backbone, classes="100")
    assert 0 < found["trainable"] <= ask("full", backbone, classes="100")["trainable"]


@given(method=st.sampled_from(sorted(METHODS)), backbone=backbones)
def test_what_can_be_merged_costs_nothing_at_inference(method, backbone):
    found = possible(method, backbone, classes="10")
    assert found["mergeable"] in ("yes", "no", "partly")
    assert found["mergeable"] != "yes" or found["extra_flops_percent"] == 0
    assert found["extra_flops_percent"] is None or found["extra_flops_percent"] >= 0


@given(
    method=st.sampled_from(sorted(METHODS)),
    backbone=st.sampled_from(TOLD),
    batch=st.integers(1, 64),
    length=st.integers(16, 4096),
)
def test_memory_is_a_range_that_grows_with_batch_and_length(method, backbone, batch, length):
    words = (f"batch={batch}", f"length={length}")
    found = possible(method, backbone, *words, classes="10")
    assume(found["memory_gb"])  # of a step that was not traced there is none
    more = ask(method, backbone, f"batch={batch + 8}", f"length={length}", classes="10")
    longer = ask(method, backbone, f"batch={batch}", f"length={length + 512}", classes="10")
    low, high = found["memory_gb"]["low"], found["memory_gb"]["high"]
    assert 0 <= low < high  # in GB with one digit
    for other in (more, longer):
        assert other["memory_gb"]["low"] >= low
        assert other["memory_gb"]["high"] >= high


@given(backbone=st.sampled_from(TOLD), batch=st.integers(1, 64))
def test_no_gradient_in_the_backbone_takes_the_least_memory(backbone, batch):
    ratios = [
        possible(method, backbone, f"batch={batch}", classes="10")["memory_ratio"]
        for method in ("linear-probe", "norm-tuning", "full")
    ]
    assert ratios == sorted(ratios)
    assert ratios[-1] == pytest.approx(1, abs=0.01)


@given(
    method=st.sampled_from(["linear-probe", "bitfit", "norm-tuning", "difffit", "spt", "full"]),
    backbone=st.sampled_from(TOLD),
    batch=st.integers(1, 64),
    words=st.fixed_dictionaries(
        {"precision": st.sampled_from(["16", "32"]), "checkpointing": st.sampled_from(["yes", "no"])}
    ),
    how=st.fixed_dictionaries({name: st.sampled_from(WORDS[name]) for name in ("weights", "optimizer", "logits")}),
    data=st.data(),
)
def test_what_trains_a_part_and_lets_no_more_through_needs_no_more_than_full_fine_tuning(
    method, backbone, batch, words, how, data
):
    """Where an optimiser keeps next to nothing, the modules in 32 bits outweigh that by less than two hundredths."""
    part = data.draw(st.sampled_from(["", *SHAPES[backbone].parts]))
    said = [
        f"batch={batch}",
        *(f"{name}={value}" for name, value in words.items()),
        *([f"part={part}"] if part else []),
    ]
    try:
        found = memory_ratio(cost(method, backbone, said, known=SHAPES), Options(**how))
    except CostError:
        assume(False)
    assume(found is not None)
    assert found <= (1.0 + 1e-9 if how["optimizer"] == "adamw" else 1.02)


@given(backbone=st.sampled_from(TOLD), rank=st.integers(1, 64))
def test_fewer_bits_of_a_decoder_take_less_memory(backbone, rank):
    """Of an encoder they may take more: it reads many images, and what its norms pass on in 32 bits outweighs its weights."""
    assume(SHAPES[backbone].traces and family_of(SHAPES[backbone]) not in (ENCODER, GENERATOR))
    four, eight, sixteen = (
        possible("lora", backbone, f"rank={rank}", f"precision={bits}", "checkpointing=yes")["memory_gb"]["low"]
        for bits in (4, 8, 16)
    )
    assert four <= eight <= sixteen


@given(backbone=st.sampled_from(TOLD), rank=st.integers(1, 64))
def test_fewer_bits_of_a_backbone_take_less_for_its_weights(backbone, rank):
    counts = [cost("lora", backbone, (f"rank={rank}", f"precision={bits}"), known=SHAPES) for bits in (4, 8, 16)]
    found = [highest(one, Options()) for one in counts]
    assume(all(found))
    four, eight, sixteen = (one.parts["weights"] for one in found)
    assert four < eight < sixteen


@given(bits=st.sampled_from([1, 2, 4, 8, 16, 32]), backbone=backbones)
def test_stored_bytes_follow_the_bits(bits, backbone):
    assert ask("lora", backbone, f"bits={bits}")["stored_bytes"] * 8 == ask("lora", backbone)["trainable"] * bits


@given(
    method=st.sampled_from(sorted(METHODS)),
    backbone=backbones,
    name=st.sampled_from(sorted(PARAMETERS)),
    value=st.text(max_size=6) | st.integers(-5, 10**9).map(str),
    classes=st.none() | st.text(max_size=4),
)
def test_whatever_is_asked_there_is_an_answer_or_a_reason(method, backbone, name, value, classes):
    try:
        found = ask(method, backbone, f"{name}={value}", classes=classes)
    except CostError as error:
        assert error.message.endswith(".")
        assert error.remedy.endswith((".", "?"))
    else:
        assert found["trainable"] >= 0


@examples(60)
@given(data=st.data())
def test_whatever_configuration_the_check_accepts_can_be_counted(data):
    lines = (GOOD / CONFIGURATIONS.path).read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(lines))
    row = rows[data.draw(st.integers(1, len(rows) - 1))]
    known = sorted({cell for other in rows[1:] for cell in other})
    row[data.draw(st.integers(0, len(row) - 1))] = data.draw(st.sampled_from([*known, *TYPES]) | st.text(max_size=4))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    with TemporaryDirectory() as folder:
        path = Path(folder, CONFIGURATIONS.path)
        path.parent.mkdir()
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        found, problems = CONFIGURATIONS.read(Path(folder))
    if not problems:
        known_shapes = shapes_of(found)
        for backbone in known_shapes:
            assert answer(cost("lora", backbone, ["rank=1", "targets=all"], known=known_shapes))["trainable"] > 0
