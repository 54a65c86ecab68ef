"""What was traced: lines in the tokens, matrices that add up, phases and options of a step."""

from dataclasses import replace

import pytest

from peft_vlm_survey.costs import CostError, answer, cost, shapes_of
from peft_vlm_survey.costs.need import ABOVE, BELOW, FIXED, highest, need
from peft_vlm_survey.costs.options import PRESETS, SAYS, WORDS, Options, read_options
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import SWITCHES
from peft_vlm_survey.costs.step import PHASES, STEP, phases
from peft_vlm_survey.costs.traces import added
from peft_vlm_survey.costs.work import work_of
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.memory_traces import KNOTS, LINES

SHAPES = shapes_of(the_survey().configurations, the_survey().memory_traces)  # ranges as traced, not calibrated
TRACED = [shape for shape in SHAPES.values() if shape.traces]
GB = 1e9


def of(method, backbone, *words):
    return cost(method, backbone, words, known=SHAPES)


def test_at_traced_tokens_stands_what_was_traced_and_between_them_a_line():
    for row in the_survey().memory_traces:
        if row.trace in LINES:
            shape = SHAPES[row.configuration]
            traces = shape.traces_of(row.part or shape.default)
            found = traces.at(row.trace, int(row.tokens), again=row.checkpointing == "yes")
            assert found == pytest.approx(row.phases)
    traces = SHAPES["llama-7b"].traces
    ends = [traces.at("passing", n, again=True) for n in KNOTS]
    middle = traces.at("passing", sum(KNOTS) / 2, again=True)
    assert middle == pytest.approx([(a + b) / 2 for a, b in zip(*ends, strict=True)])


def test_all_that_a_step_needs_was_traced():
    for shape in TRACED:
        for traces in (shape.traces, *shape.traces_beside.values()):
            known = {name for name, _ in traces.lines}
            assert set(LINES) <= known, shape.id
            assert {(name, True) for name in known - {"frozen"}} <= set(traces.lines), shape.id


def test_every_decoder_on_the_menu_was_traced():
    menu = {row.id for row in the_survey().configurations if row.menu == "yes" and row.type in ("decoder", "opt")}
    assert menu <= {shape.id for shape in TRACED}


def test_matrices_with_lora_add_up_and_fused_ones_count_once():
    traces = SHAPES["llama-7b"].traces
    one, other, both = (traces.targets(names, 1024, again=False) for names in (["q"], ["v"], ["q", "v"]))
    assert both == pytest.approx(added(one, other))
    assert traces.targets(["qkv"], 1024, again=False) == one
    fused = SHAPES["phi-3-mini"].traces
    assert fused.targets(["q", "k", "v"], 1024, again=False) == fused.targets(["q"], 1024, again=False)


def test_more_tokens_need_more():
    for shape in TRACED:
        for again in ("yes", "no"):
            sized = has_a_resolution(shape)
            words = [
                f"{'resolution' if sized else 'length'}={n}"
                for n in ((64, 512, 1024, 2048) if sized else (64, 512, 4096, 20000))
            ]
            found = [need(of("lora", shape.id, word, f"checkpointing={again}"), Options()).needed for word in words]
            assert [sum(one) for one in found] == sorted(map(sum, found)), shape.id


def test_the_peak_is_the_highest_of_five_phases_and_says_which():
    found = highest(of("full", "llama-7b", "length=64"), Options())
    assert found.phase == "optimiser's step"
    assert found.parts["states"] == 4 * SHAPES["llama-7b"].total
    found = highest(of("lora", "llama-7b", "length=2048"), Options())
    assert found.phase in PHASES[:2]
    # Llama-2-7B, LoRA on q and v with 2,048 tokens: traced as a whole with every layer it needs 14.89 GB.
    assert found.total == pytest.approx(14.89e9, rel=0.01)


@pytest.mark.parametrize(("tokens", "again", "traced"), [(512, "no", 16.42), (2048, "no", 25.10), (512, "yes", 13.87)])
def test_peaks_are_those_that_the_evidence_traced_with_every_layer(tokens, again, traced):
    found = highest(of("lora", "llama-7b", f"length={tokens}", f"checkpointing={again}"), Options())
    # The evidence drops nothing out, and so keeps inputs of LoRA in 32 bits; here they are dropped out and kept in 16.
    assert found.total == pytest.approx(traced * GB, rel=0.025)


@pytest.mark.parametrize(
    ("method", "words", "word", "sign"),
    [
        ("lora", ["length=4096"], {"logits": "fused"}, -1),
        ("full", [], {"optimizer": "8bit"}, -1),
        ("full", [], {"optimizer": "paged-8bit"}, -1),
        ("full", [], {"offload": "yes"}, -1),
        ("full", [], {"weights": "32"}, 1),
        ("qlora", [], {"upcast": "yes"}, 1),
    ],
)
def test_a_word_of_a_run_saves_or_costs_memory(method, words, word, sign):
    counts = of(method, "llama-3.1-8b", *words)
    assert sign * (highest(counts, Options(**word)).total - highest(counts, Options()).total) > 0


def test_sharding_splits_what_it_says():
    counts = of("lora", "llama-7b", "rank=64", "targets=all")
    alone, ddp, zero2, zero3, fsdp = (
        highest(counts, Options(sharding=word), cards=8) for word in ("none", "ddp", "zero2", "zero3", "fsdp")
    )
    assert ddp.parts["states"] == alone.parts["states"] == 8 * zero2.parts["states"] == 8 * fsdp.parts["states"]
    assert zero2.parts["weights"] == alone.parts["weights"] == 8 * zero3.parts["weights"] == 8 * fsdp.parts["weights"]
    assert ddp.total > alone.total > zero3.total > fsdp.total


def test_deepspeed_trains_in_32_bits_beside_the_weights_that_compute_and_can_take_both_off_the_card():
    counts = of("full", "llama-7b")
    number = counts.trainable
    for word, split in (("zero2", 1), ("zero3", 8)):
        found = highest(counts, Options(sharding=word), cards=8)
        assert found.parts["weights"] == 2 * number / split + 4 * number / 8
        assert found.parts["states"] == 8 * number / 8
        assert found == highest(counts, Options(sharding=word, weights="32"), cards=8)
        without = highest(counts, Options(sharding=word, offload="yes"), cards=8)
        assert without.parts["weights"] == 2 * number / split
        assert without.parts["states"] == without.parts["gradients"] == 0


def test_under_fsdp_what_lies_between_checkpointed_layers_has_32_bits():
    short, long = (of("lora", "llama-3.1-8b", f"length={length}", "checkpointing=yes") for length in (1024, 2048))
    more = [
        highest(long, Options(sharding=word)).parts["activations"]
        - highest(short, Options(sharding=word)).parts["activations"]
        for word in ("none", "fsdp")
    ]
    assert more[1] - more[0] == pytest.approx(2 * 1024 * 32 * 4096, rel=0.1)


def test_no_gradient_needs_the_least():
    head, lora = (need(of(method, "llama-7b", "length=2048"), Options()) for method in ("linear-probe", "lora"))
    assert sum(head.needed) < sum(lora.needed)
    assert work_of(of("linear-probe", "llama-7b")).passes[0].kind == "frozen"


def test_a_backbone_without_traces_has_no_range_and_what_weights_and_states_take():
    counts = of("lora", "dit-xl2")
    assert need(counts, Options()) is None
    told = answer(counts)
    assert told["memory_gb"] is None
    assert "weights and the optimiser's states alone take 1.4 GB" in told["warnings"][-1]


def test_lengths_that_vary_make_a_card_show_more_and_need_no_more():
    counts = of("lora", "qwen-7b", "length=2048")
    one, vary = (need(counts, Options(lengths=word)) for word in ("one", "vary"))
    assert one.needed == vary.needed
    assert one.shown.high < vary.shown.high
    assert one.needed.high < one.shown.high


def test_options_are_read_out_of_the_words_and_a_library_stands_for_its_own():
    options, rest = read_options(["rank=4", "optimizer=8bit", "library=trl", "logits=whole"])
    assert (options.optimizer, options.logits, rest) == ("8bit", "whole", ["rank=4", "checkpointing=yes"])
    assert read_options(["library=trl", "checkpointing=no"])[1] == ["checkpointing=no"]
    assert read_options(["library=litgpt"])[0] == replace(Options(), library="litgpt", upcast="no")


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("optimizer=adam", "optimizer 'adam' is not known."),
        ("library=axolotl", "library 'axolotl' is not known."),
        ("upcast=maybe", "upcast 'maybe' is not known."),
    ],
)
def test_what_is_no_option_is_told(pair, message):
    with pytest.raises(CostError, match=message):
        read_options([pair])


def test_an_option_that_stands_twice_is_told():
    with pytest.raises(CostError, match="parameter 'logits' stands twice"):
        read_options(["logits=fused", "logits=whole"])


def test_every_option_is_explained_and_every_preset_has_a_source():
    assert SAYS.keys() == WORDS.keys()
    assert not set(WORDS) & set(SWITCHES)
    for preset in PRESETS.values():
        assert preset.source
        for name, word in preset.words.items():
            assert name == "checkpointing" or word in WORDS[name]


def test_what_fsdp_gathers_is_given_back_before_the_step():
    counts = of("full", "llama-3.1-8b", "batch=1", "length=256")
    options = Options(sharding="fsdp", weights="32")
    *before, step = phases(work_of(counts), options, 4)
    assert all(phase.parts["buckets"] > GB for phase in before)
    # Weights, two states and gradients, each in 32 bits.
    assert step.total == 4 * 4 * counts.trainable / 4


@pytest.mark.parametrize(
    ("sharding", "bytes_a_parameter"),
    [
        # Weights in 16 bits on every card; of its share master weights, states, and gradients as they came, flat, and cast.
        ("zero2", lambda cards: 2 + (4 + 8 + 2 + 2 + 4) / cards),
        # All split, and gradients cast: of eight cards the share of seven billion is less than a group of a billion.
        ("zero3", lambda cards: (2 + 4 + 8 + 2 + 4) / cards),
    ],
)
def test_deepspeed_holds_gradients_in_16_bits_and_casts_them_for_the_step(sharding, bytes_a_parameter):
    counts = of("full", "llama-7b", "batch=1", "length=256")
    step = phases(work_of(counts), Options(sharding=sharding), 8)[STEP]
    assert step.total == pytest.approx(bytes_a_parameter(8) * counts.trainable)


def test_the_step_of_zero3_casts_a_group_at_a_time():
    counts = of("full", "llama-7b", "batch=1", "length=256")
    step = phases(work_of(counts), Options(sharding="zero3"), 2)[STEP]
    assert step.parts["optimiser's copies"] == 4e9


def test_how_large_the_buckets_are_is_open_and_widens_the_range():
    work = work_of(of("full", "llama-7b", "batch=2", "length=4096"))
    small, large = (phases(work, Options(sharding="zero2"), 8, buckets=told)[0] for told in (False, True))
    assert large.total - small.total == 2e9


@pytest.mark.parametrize("sharding", ["none", "zero2", "zero3", "fsdp"])
def test_each_end_is_that_of_the_phase_in_which_it_is_highest(sharding):
    counts, options = of("full", "llama-7b", "batch=4", "length=2048"), Options(sharding=sharding, lengths="cap")
    found = need(counts, options, 4)
    lasting = ("weights", "trained modules", "states")
    for phase in phases(work_of(counts), options, 4):
        stays = sum(phase.parts.get(name, 0) for name in lasting)
        moving = sum(phase.parts.get(name, 0) for name in ("activations", "logits"))
        low = stays + FIXED * (phase.total - stays - moving) + BELOW["cap"] * moving
        assert found.needed.low >= low
        assert found.needed.high >= stays + ABOVE["needed"].moving * moving
