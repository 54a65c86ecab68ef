"""Whether it fits, for encoders: towers that run one behind the other, texts and outputs, and what 32 bits take."""

import json

import pytest

from peft_vlm_survey.costs import CostError, cost, shapes
from peft_vlm_survey.costs.command import run
from peft_vlm_survey.costs.need import highest, need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.outer import BESIDE, ENCODER, GENERATOR, NAMED, SERVED, UNTESTED, kind_of
from peft_vlm_survey.costs.step import phases
from peft_vlm_survey.costs.work import work_of
from peft_vlm_survey.data import ROOT, the_survey

SHAPES = shapes(ROOT)
# On the menu, and no step was traced: towers of convolutions, detectors, and those that take long and wait for it.
UNTRACED = {"clip-rn50", "clip-rn101", "glip-t", "groundingdino-t", "dit-xl2", "sam-vit-h"}
GB = 1e9


def of(method, backbone, *words, classes=None):
    return cost(method, backbone, words, known=SHAPES, classes=classes)


def traced(method, backbone, *words, **options):
    return highest(of(method, backbone, *words), Options(**options)).total


def asked(*words):
    code, text = run([*words, "--json"], ROOT)
    assert code == 0, text
    return json.loads(text)


@pytest.mark.parametrize("backbone", ["vit-b16", "roberta-base", "clip-vit-b16"])
def test_whether_it_fits_is_told_of_encoders(backbone):
    found = asked("lora", "--backbone", backbone, "--gpu", "11GB")["fit"]
    assert found["verdict"] == "fits"
    assert found["tested"] == UNTESTED
    assert found["kind"] == NAMED[ENCODER]


def test_a_gradient_in_one_tower_of_clip_lets_the_other_run_without_one():
    work = work_of(of("coop", "clip-vit-b16"))
    assert [tower.kind for tower in work.towers] == ["frozen", "passing"]
    work = work_of(of("vpt-deep", "clip-vit-b16", "part=vision"))
    assert [tower.kind for tower in work.towers] == ["passing", "frozen"]
    assert [tower.kind for tower in work_of(of("maple", "clip-vit-b16")).towers] == ["passing", "passing"]
    assert [tower.kind for tower in work_of(of("clip-adapter", "clip-vit-b16")).towers] == ["frozen", "frozen"]
    assert [tower.kind for tower in work_of(of("full", "clip-vit-b16")).towers] == ["full", "full"]


def test_the_number_of_classes_decides_what_a_learned_context_needs_and_the_batch_hardly_does():
    few, many = (traced("coop", "clip-vit-b16", f"texts={texts}") for texts in (100, 1000))
    assert many > 5 * few
    assert traced("coop", "clip-vit-b16", "texts=1000", "batch=64") == pytest.approx(many, rel=0.01)
    assert highest(of("coop", "clip-vit-b16", classes=1000), Options()).total == many


def test_modules_in_both_towers_keep_what_both_keep():
    text, image, both = (
        highest(of("lora", "clip-vit-b16", f"targets={targets}", *part), Options()).parts["activations"]
        for targets, part in (("q,v", []), ("q,v", ["part=vision"]), ("q,v,vision.q,vision.v", []))
    )
    assert max(text, image) < both < 1.05 * (text + image)


def test_gradients_of_the_tower_that_ran_last_are_there_first():
    found = phases(work_of(of("full", "clip-vit-b16", "texts=16")), Options())
    made = [phase.parts["gradients"] for phase in found[:-1]]
    assert made == sorted(made)
    assert made[:3] == [0, 0, 0]
    assert made[-1] == 2 * of("full", "clip-vit-b16").trainable
    # Of the two towers the text's is through first.
    assert made[3] == pytest.approx(
        2 * (of("full", "clip-vit-b16").trainable - SHAPES["clip-vit-b16"].parts["vision"].params)
    )


@pytest.mark.parametrize("method", ["full", "lora"])
def test_wider_weights_and_activations_take_more(method):
    narrow, mixed, wide = (
        traced(method, "vit-b16", "batch=64", *words, **options)
        for words, options in (([], {}), ([], {"weights": "32"}), (["precision=32"], {}))
    )
    assert narrow < mixed < wide < 2.1 * narrow


def test_all_in_32_bits_is_told_where_it_was_traced_alone():
    with pytest.raises(CostError, match="reads no texts beside its images"):
        of("lora", "vit-b16", "texts=10")
    with pytest.raises(CostError, match="is no encoder–decoder"):
        of("lora", "bert-base", "outputs=10")
    code, text = run(["lora", "--backbone", "llama-7b", "precision=32", "--gpu", "80GB"], ROOT)
    assert code == 2
    assert "no step of LLaMA-7B / Vicuna-7B was traced with all in 32 bits" in text
    assert "weights=32" in text


def test_a_decoder_that_writes_little_needs_less_than_one_that_writes_as_much_as_is_read():
    alike, little = (highest(of("lora", "t5-base", "length=512", *words), Options()) for words in ([], ["outputs=16"]))
    assert little.total < 0.7 * alike.total
    assert highest(of("lora", "t5-base", "length=512", "outputs=512"), Options()) == alike
    assert [
        tower.tokens for tower in work_of(of("lora", "bart-base", "batch=2", "length=300", "outputs=20")).towers
    ] == [600, 40]


def test_images_and_texts_of_clip_have_one_length_and_what_a_card_shows_varies_less():
    vary, one = (need(of("lora", "vit-b16"), Options(lengths=word)) for word in ("vary", "one"))
    assert vary == one
    texts = [need(of("lora", "roberta-base"), Options(lengths=word)).shown.high for word in ("vary", "one")]
    assert texts[0] > texts[1]


def test_what_is_not_said_of_clip_is_how_many_texts_it_reads():
    found = asked("coop", "--backbone", "clip-vit-b16", "--gpu", "11GB")
    assert "number of texts" in found["fit"]["unsaid"]
    assert "longest example" not in found["fit"]["unsaid"]
    assert found["memory_setting"]["texts"] == 100
    assert (
        "number of texts"
        not in asked("coop", "--backbone", "clip-vit-b16", "--classes", "10", "--gpu", "11GB")["fit"]["unsaid"]
    )


def test_of_each_kind_with_few_runs_it_is_told_how_many_set_its_ends():
    assert BESIDE.keys() == {*SERVED, GENERATOR}  # of which none set them
    for kind, (runs, sources) in SERVED.items():
        assert NAMED[kind] == f"{kind}; {runs} runs of {sources} sources"
    assert kind_of(of("qlora", "t5-base").setting) == ENCODER


def test_what_is_on_the_menu_and_was_not_traced_is_named():
    menu = {row.id for row in the_survey().configurations if row.menu == "yes"}
    assert {name for name in menu if not SHAPES[name].traces and not SHAPES[name].decoder_only} <= UNTRACED
    code, text = run(["lora", "--backbone", "glip-t", "--gpu", "80GB"], ROOT)
    assert code == 2
    assert "no step of GLIP-T was traced" in text
