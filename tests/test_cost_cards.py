"""Whether a run fits on cards of one size, and what to change first."""

import json
from dataclasses import replace

import pytest

from peft_vlm_survey.costs import CostError, cost, shapes
from peft_vlm_survey.costs.card_names import GIB, written
from peft_vlm_survey.costs.cards import FITS, MAY, NOT, Cards, read_cards, verdict
from peft_vlm_survey.costs.command import run
from peft_vlm_survey.costs.memory import Range
from peft_vlm_survey.costs.need import SEVERAL, need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.priced import priced
from peft_vlm_survey.data import ROOT, the_survey


def asked(*words):
    code, text = run([*words, "--json"], ROOT)
    assert code == 0, text
    return json.loads(text)


@pytest.mark.parametrize("size", ["24GB", "24 GB", "24gb", "24 GiB", "24G", "24", " 24.0 gigabytes "])
def test_a_card_is_read_as_people_write_it(size):
    assert read_cards(size) == Cards(size=24 * GIB)


NAMES = {
    "3090": 24,
    "RTX 3090": 24,
    "NVIDIA GeForce RTX 3090": 24,
    "rtx3080-10GB": 10,
    "4090": 24,
    "RTX 4090 Laptop GPU": 16,
    "A6000": 48,
    "NVIDIA RTX 6000 Ada Generation": 48,
    "A100-40G": 40,
    "NVIDIA A100-SXM4-80GB": 80,
    "NVIDIA H100 80GB HBM3": 80,
    "H100": 80,
    "Tesla T4": 16,
    "V100-32GB": 32,
    "L4": 24,
    "A10G": 24,
    "4060 Ti 16GB": 16,
    "MI250": 64,
    "AMD Instinct MI300X": 192,
    "7900 XTX": 24,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_known_by_its_names(name):
    assert read_cards(name, known=the_survey().cards).size == NAMES[name] * GIB


@pytest.mark.parametrize("name", ["A100", "V100", "3080", "RTX 4060 Ti"])
def test_a_name_with_several_sizes_asks_which(name):
    with pytest.raises(CostError, match="several sizes") as told:
        read_cards(name, known=the_survey().cards)
    first = told.value.remedy.removeprefix("Write ").partition(" or ")[0]
    assert read_cards(first, known=the_survey().cards).size


def test_every_card_is_known_by_what_is_written_of_it():
    cards = the_survey().cards
    for card in cards:
        for name, size in zip(written(card), card.memory_gb, strict=True):
            assert read_cards(name, known=cards).size == int(size) * GIB
            assert read_cards(name, known=cards).note == card.note


def test_a_card_that_is_two_devices_says_so():
    found = asked("lora", "--backbone", "llava-1.5-7b", "--gpu", "MI250")["fit"]
    assert found["gpu_gib"] == 64
    assert "two devices" in found["gpu_note"]
    assert "two devices" in run(["lora", "--backbone", "llava-1.5-7b", "--gpu", "MI250"], ROOT)[1]


@pytest.mark.parametrize(
    ("size", "number"),
    [
        ("big", "1"),
        ("0GB", "1"),
        ("2 24GB", "1"),
        ("9999", "1"),
        ("RTX 9999", "1"),
        ("24MB", "1"),
        ("24GB", "0"),
        ("24GB", "two"),
    ],
)
def test_what_is_no_card_is_told(size, number):
    with pytest.raises(CostError):
        read_cards(size, number)


@pytest.mark.parametrize(("low", "high", "word"), [(10, 12, FITS), (20, 26, MAY), (26, 30, NOT)])
def test_it_fits_may_fit_or_does_not(low, high, word):
    assert verdict(Range(low * 1e9, high * 1e9), Cards(size=24 * GIB)) == word


def test_full_fine_tuning_of_seven_billion_does_not_fit_and_what_helps_is_named():
    found = asked("full", "--backbone", "llama-7b", "--gpu", "24GB", "--gpus", "4")["fit"]
    assert (found["verdict"], found["gpus"], found["sharding"]) == (NOT, 4, "ddp")
    assert next(iter(found["parts_gb"])) == "states"
    assert any("zero3" in change["words"] for change in found["changes"])
    assert all(change["verdict"] != NOT for change in found["changes"])


def test_each_change_does_what_it_says():
    words = ["lora", "--backbone", "llava-1.5-7b", "batch=8", "length=2048", "checkpointing=no", "targets=all"]
    found = asked(*words, "--gpu", "24GB")["fit"]
    assert found["verdict"] == NOT
    for change in found["changes"]:
        said = dict(word.split("=") for word in change["words"].split())
        kept = [word for word in words if word.split("=")[0] not in said]
        again = asked(*kept, *change["words"].split(), "--gpu", "24GB")["fit"]
        assert again["needed_gb"] == change["needed_gb"]
        assert again["verdict"] == change["verdict"]


def test_qlora_of_seven_billion_fits_on_a_card_of_24_gb():
    found = asked("qlora", "--backbone", "llava-1.5-7b", "targets=all", "--gpu", "24GB")["fit"]
    assert (found["verdict"], found["changes"]) == (FITS, [])


def test_a_card_has_its_gib_and_an_answer_says_so():
    code, text = run(["lora", "--backbone", "llama-7b", "--gpu", "24GB", "--gpus", "2", "--explain"], ROOT)
    assert code == 0
    assert "a card has 25.8 GB (24 GiB)" in text
    assert "on 2 cards of 24 GB, all on each" in text
    assert "1 GB is 10^9 bytes" in text


def test_cards_without_a_size_are_told():
    code, text = run(["lora", "--backbone", "llama-7b", "--gpus", "2"], ROOT)
    assert code == 2
    assert "--gpu" in text


def test_options_change_what_is_needed_and_stand_in_the_answer():
    plain, less = (asked("full", "--backbone", "llama-7b", *more) for more in ([], ["optimizer=8bit"]))
    assert less["memory_gb"]["high"] < plain["memory_gb"]["high"]
    assert less["memory_setting"]["options"]["optimizer"] == "8bit"
    assert plain["memory_shown_gb"]["high"] > plain["memory_gb"]["high"]
    assert plain["memory_peak"]["phase"] == "optimiser's step"


def test_a_source_is_held_back_whole_or_not_at_all():
    roles = {}
    for case in the_survey().memory_cases:
        roles.setdefault(case.group, set()).add(case.role)
    assert all(len(found) == 1 for found in roles.values()), roles


def test_a_length_that_is_but_a_cap_lowers_the_lower_end_alone():
    counts = cost("lora", "llama-3.1-8b", ["batch=1", "length=4096"], known=shapes(ROOT))
    one, vary, cap = (need(counts, replace(Options(), lengths=word)) for word in ("one", "vary", "cap"))
    assert cap.needed.low < vary.needed.low == one.needed.low
    assert cap.needed.high == vary.needed.high == one.needed.high
    assert cap.shown.high == one.shown.high < vary.shown.high
    for found in (one, vary, cap):
        assert found.needed.low < found.shown.low
        assert found.needed.high < found.shown.high


def test_where_the_rest_may_be_held_in_32_bits_the_range_holds_both():
    counts = cost("qlora", "llama-3.1-8b", ["targets=all"], known=shapes(ROOT))
    either, no, yes = (need(counts, Options(upcast=word)) for word in ("open", "no", "yes"))
    assert either.peak == no.peak
    for told in ("needed", "shown"):
        assert getattr(either, told).low == getattr(no, told).low < getattr(yes, told).low
        assert getattr(either, told).high == getattr(yes, told).high > getattr(no, told).high
    # The matrices outside the layers have 2 * 128256 * 4096 parameters, two bytes more each.
    assert yes.peak.parts["weights"] - no.peak.parts["weights"] > 2 * 2 * 128256 * 4096
    sixteen = cost("lora", "llama-3.1-8b", [], known=shapes(ROOT))
    assert need(sixteen, Options(upcast="yes")) == need(sixteen, Options())


def test_what_lengths_that_differ_add_depends_on_the_length():
    wide = []
    for length in (128, 8192):
        counts = cost("full", "llama-3.1-8b", [f"length={length}", "checkpointing=yes", "batch=4"], known=shapes(ROOT))
        one, vary = (need(counts, Options(lengths=word)).shown.high for word in ("one", "vary"))
        wide.append(vary / one)
    assert 1 < wide[0] < wide[1]


def test_cards_that_talk_to_each_other_reserve_more():
    counts = cost("lora", "llama-3.1-8b", [], known=shapes(ROOT))
    one, two = (need(counts, Options(), cards) for cards in (1, 2))
    assert two.needed == one.needed
    upper = counts.setting.shape.ends["16 bits"].high
    assert two.reserved.high - one.reserved.high == pytest.approx(upper * SEVERAL)


LORA = ("lora", "llama-3.1-8b", ["targets=all", "length=2048", "checkpointing=no"])
QLORA = ("qlora", "llama-3.1-8b", ["targets=all", "length=2048", "checkpointing=no"])


@pytest.mark.parametrize(
    ("asked", "word", "least", "most"),
    [
        # The matrices outside the layers in 32 bits, and what passes: more than under autocast.
        (QLORA, {"upcast": "yes"}, 2 * 2 * 128256 * 4096, 3 * 8.03e9),
        # Eight billion weights, two bytes more each, and what they compute.
        (LORA, {"weights": "32"}, 2 * 8.03e9, 3 * 8.03e9),
    ],
)
def test_what_a_script_does_otherwise_is_priced(asked, word, least, most):
    method, backbone, words = asked
    counts = cost(method, backbone, [*words, "batch=1"], known=shapes(ROOT))
    usual, other = (need(counts, replace(Options(upcast="no"), **more)).peak.total for more in ({}, word))
    assert 0.999 * least <= other - usual <= 1.001 * most if least > 0 else least <= other - usual <= most


def test_embeddings_beside_modules_keep_their_bits():
    modules, both = (
        cost("lora", "qwen-7b", ["targets=q,v", f"embeddings={word}"], known=shapes(ROOT)) for word in ("no", "yes")
    )
    copies = both.trainable - modules.trainable
    one, more = (need(counts, Options()).peak.parts for counts in (modules, both))
    # Two bytes a copy, and twice as many for its states.
    assert more["trained modules"] - one["trained modules"] == pytest.approx(2 * copies)
    assert more["states"] - one["states"] == pytest.approx(4 * copies)


def test_every_command_of_a_published_run_can_be_priced():
    survey = the_survey()
    with_command = [case for case in survey.memory_cases if case.command]
    assert len(priced(survey.memory_cases, shapes(ROOT))) == len(with_command)
