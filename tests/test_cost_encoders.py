"""Whether it fits, for encoders: towers that run one behind the other, texts and outputs, and what 32 bits take."""

import json

import pytest

from peft_vlm_survey.costs import CostError, cost, shapes
from peft_vlm_survey.costs.command import run
from peft_vlm_survey.costs.fit_tested import certainties
from peft_vlm_survey.costs.need import highest, need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.priced import unseen
from peft_vlm_survey.costs.step import phases
from peft_vlm_survey.costs.traces import LOSS
from peft_vlm_survey.costs.work import work_of
from peft_vlm_survey.data import ROOT, the_survey

SHAPES = shapes(ROOT)
# On the menu, and no step was traced: towers of convolutions, detectors, and those that take long and wait for it.
UNTRACED = {"clip-rn50", "clip-rn101", "glip-t", "dit-xl2"}
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
    cases = the_survey().memory_cases
    assert found["tested"] == certainties(unseen(cases, SHAPES))["encoders"]["fits"]
    assert found["kind"].startswith("encoders; ")


def test_a_gradient_in_one_tower_of_clip_lets_the_other_run_without_one():
    work = work_of(of("coop", "clip-vit-b16"))
    assert [tower.kind for tower in work.towers] == ["frozen", "passing"]
    work = work_of(of("vpt-deep", "clip-vit-b16", "part=vision"))
    assert [tower.kind for tower in work.towers] == ["passing", "frozen"]
    assert [tower.kind for tower in work_of(of("maple", "clip-vit-b16")).towers] == ["passing", "passing"]
    assert [tower.kind for tower in work_of(of("clip-adapter", "clip-vit-b16")).towers] == ["frozen", "frozen"]
    assert [tower.kind for tower in work_of(of("full", "clip-vit-b16")).towers] == ["full", "full"]


def test_the_image_tower_before_an_encoder_decoder_runs_first_and_is_entered_where_modules_lie_in_it():
    def kinds(method, *words):
        return [tower.kind for tower in work_of(of(method, "florence-2-base", *words)).towers]

    assert kinds("lora") == ["frozen", "passing", "passing"]
    assert kinds("lora", "targets=q,v,vision.qkv") == ["passing", "passing", "passing"]
    assert kinds("full", "part=language") == ["frozen", "full", "full"]
    assert kinds("full") == ["full", "full", "full"]
    image, *text = work_of(of("lora", "florence-2-base", "targets=q,v,vision.qkv", "batch=2")).towers
    assert (image.targets, image.tokens) == (("qkv",), 2 * 577)
    assert [half.targets for half in text] == [("q", "v"), ("q", "v")]
    # What acts on the image tower alone sends its gradient through the language model, and was not traced.
    assert work_of(of("lora", "florence-2-base", "part=vision")) is None


def test_a_detector_reads_both_towers_and_a_gradient_enters_those_that_are_trained():
    def kinds(method, *words):
        return [tower.kind for tower in work_of(of(method, "groundingdino-t", *words)).towers]

    assert kinds("lora") == ["passing", "frozen", "passing"]
    assert kinds("lora", "part=vision") == ["frozen", "passing", "passing"]
    assert kinds("lora", "targets=q,v,vision.qkv") == ["passing", "passing", "passing"]
    assert kinds("full") == ["full", "full", "full"]
    assert kinds("full", "part=vision") == ["frozen", "full", "passing"]
    text, images, both = work_of(of("lora", "groundingdino-t", "targets=q,vision.v", "batch=2", "length=100")).towers
    assert (text.targets, text.tokens) == (("q",), 200)
    assert (images.targets, images.tokens) == (("v",), 2 * 66_800)
    assert both.targets == ()
    assumed = asked("lora", "--backbone", "groundingdino-t")["memory_setting"]["assumptions"]
    assert any("800 x 1,333 pixels" in one for one in assumed)


def test_a_detector_is_a_line_in_the_length_of_its_text_and_takes_all_it_reads_if_nothing_is_said():
    short, middle, long = (traced("lora", "groundingdino-t", "batch=1", f"length={n}") for n in (64, 160, 256))
    assert middle == pytest.approx((short + long) / 2, rel=1e-3)
    assert traced("lora", "groundingdino-t", "batch=1") == long
    assert traced("lora", "groundingdino-t", "batch=1", "checkpointing=yes") < long / 2
    assert work_of(of("qlora", "groundingdino-t")) is None  # with few bits no step was traced


def test_the_tower_of_images_runs_before_a_language_model_that_looks_at_them_with_one_an_example():
    def kinds(method, *words):
        return [tower.kind for tower in work_of(of(method, "llama-3.2-11b-vision", *words)).towers]

    assert kinds("lora") == ["frozen", "passing"]
    assert kinds("qlora") == ["frozen", "few bits"]
    assert kinds("lora", "targets=q,v,vision.q") == ["passing", "passing"]
    assert kinds("full", "part=language") == ["frozen", "full"]
    assert kinds("full", "part=vision") == ["full", "passing"]
    assert kinds("full") == ["full", "full"]
    images, text = work_of(of("lora", "llama-3.2-11b-vision", "batch=2", "length=300")).towers
    assert (images.tokens, text.tokens) == (2 * 4100, 600)  # no token of the text stands for an image
    assert work_of(of("lora", "llama-3.2-11b-vision", "precision=32")) is None
    few, many = (traced("lora", "llama-3.2-11b-vision", f"batch={n}", f"length={1200 // n}") for n in (1, 4))
    assert many > few + 3 * 0.3e9  # as many tokens, and three images more
    assumed = asked("lora", "--backbone", "llama-3.2-11b-vision", "checkpointing=yes")["memory_setting"]["assumptions"]
    assert sum("four tiles" in one or "where one enters it, at 4,100 tokens" in one for one in assumed) == 2


@pytest.mark.parametrize("backbone", ["llava-1.5-7b", "gemma-3-4b", "llama-3.2-11b-vision"])
@pytest.mark.parametrize("method", ["lora", "qlora"])
def test_with_checkpointing_the_range_ends_where_a_gradient_enters_a_frozen_tower(method, backbone):
    counts = of(method, backbone, "batch=4", "checkpointing=yes")
    either, entered, frozen = (need(counts, Options(tower=word)).needed for word in ("open", "entered", "frozen"))
    assert (either.low, either.high) == (frozen.low, entered.high)
    assert frozen.high < entered.high
    assert need(counts, Options()) == need(counts, Options(tower="open"))
    part = of("full", backbone, "part=language", "checkpointing=yes", "batch=4")  # decided where the gradient leaves it
    assert need(part, Options(tower="entered")).needed.high > need(part, Options(tower="frozen")).needed.high


@pytest.mark.parametrize(
    "words",
    [
        ["lora", "llava-1.5-7b", "checkpointing=no"],
        ["lora", "llava-1.5-7b", "checkpointing=yes", "targets=q,vision.q"],
        ["full", "llava-1.5-7b", "checkpointing=yes"],
        ["lora", "qwen3-vl-8b", "checkpointing=yes"],  # whose embedding the library does not find
        ["lora", "florence-2-base", "checkpointing=yes"],
        ["lora", "llama-3.1-8b", "checkpointing=yes"],
        ["linear-probe", "llava-1.5-7b", "checkpointing=yes"],
    ],
)
def test_no_gradient_enters_a_tower_where_the_library_lets_none_in_or_it_is_there_anyway(words):
    counts = of(*words)
    assert need(counts, Options(tower="entered")) == need(counts, Options(tower="frozen")) == need(counts, Options())


def test_the_answer_says_that_a_gradient_may_enter_a_frozen_tower_and_what_it_is_without():
    words = ("lora", "--backbone", "llama-3.2-11b-vision", "checkpointing=yes", "--gpu", "24GB")
    said = {word: asked(*words, *([f"tower={word}"] if word else ())) for word in ("", "entered", "frozen")}
    told = {word: " ".join(found["memory_setting"]["assumptions"]) for word, found in said.items()}
    assert "the range begins where the frozen vision tower runs without gradients" in told[""]
    assert "a gradient enters the frozen vision tower, at 4,100 tokens an example" in told["entered"]
    assert "the vision tower is frozen and runs without gradients" in told["frozen"]
    assert "tower=frozen" in [change["words"] for change in said[""]["fit"]["changes"]]
    assert said["entered"]["fit"]["needed_gb"]["high"] > said["frozen"]["fit"]["needed_gb"]["high"] + 5


def test_a_text_is_as_long_as_there_are_positions_if_nothing_is_said():
    assert of("lora", "florence-2-base").setting.numbers["length"] == 1024
    assert of("lora", "clip-bart").setting.numbers["length"] == 512


@pytest.mark.parametrize(("backbone", "summed"), [("t5-large", 2), ("mt0-large", 1)])
def test_two_gradients_come_to_a_table_at_the_end_of_the_decoder_if_it_is_the_output_layer_too(backbone, summed):
    work = work_of(of("full", backbone, "batch=1", "length=64"))
    assert work.summed == summed
    made = [
        phase.parts["gradients"] for phase in phases(work, Options()) if phase.phase == "backward pass, first layer"
    ]
    assert len(made) == 2 + summed
    assert max(made) == pytest.approx(2 * (work.trained + work.early))


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


@pytest.mark.parametrize(
    ("backbone", "images", "followed"), [("swin-b", 16, 1.601), ("sam2.1-hiera-t", 1, 1.118), ("vit-b16", 16, 0.931)]
)
def test_what_bottlenecks_keep_in_stages_follows_the_tokens_of_each(backbone, images, followed):
    # Steps with a bottleneck behind every network of the blocks, followed whole in gigabytes, without states.
    words = ("bottleneck=64", f"batch={images}", "checkpointing=no")
    found = highest(of("adapter-pfeiffer", backbone, *words), Options())
    assert (found.total - found.parts.get("states", 0)) / GB == pytest.approx(followed, rel=0.2)


def test_beside_middle_layers_of_sam_that_are_computed_again_lie_the_gradients_of_those_behind():
    found = highest(of("full", "sam-vit-h", "batch=1", "checkpointing=yes"), Options())
    # Followed whole it needs 5.678 GB without the states.
    assert found.total - found.parts["states"] == pytest.approx(5.678e9, rel=0.001)
    assert found.parts["gradients"] == 2 * of("full", "sam-vit-h").trainable


def test_with_checkpointing_nothing_is_left_of_what_a_decoder_read_when_the_loss_comes():
    words = ("batch=64", "length=512", "outputs=32", "checkpointing=yes")
    work = work_of(of("lora", "clip-bart", *words))
    *_, read = work.before
    forward, _, loss, *_ = phases(work, Options())
    traced = sum(tower.traces.at("passing", tower.tokens, again=True)[LOSS] for tower in work.towers)
    assert read.beside == 2 * 2 * 64 * 512 * 768
    assert loss.parts["activations"] == pytest.approx(traced, rel=0.01)
    assert forward.parts["activations"] > traced + read.beside


def test_gradients_of_the_tower_that_ran_last_are_there_first():
    found = phases(work_of(of("full", "clip-vit-b16", "texts=16")), Options())
    made = [phase.parts["gradients"] for phase in found[:-1]]
    assert made == sorted(made)
    assert made[:4] == [0, 0, 0, 0]
    assert made[-1] == 2 * of("full", "clip-vit-b16").trainable
    # Of the two towers the text's is through first.
    assert made[4] == pytest.approx(
        2 * (of("full", "clip-vit-b16").trainable - SHAPES["clip-vit-b16"].parts["vision"].params)
    )


@pytest.mark.parametrize("method", ["full", "lora"])
def test_wider_weights_and_activations_take_more(method):
    narrow, mixed, wide = (
        traced(method, "vit-b16", "batch=64", *words, **options)
        for words, options in (([], {}), ([], {"weights": "32"}), (["precision=32"], {}))
    )
    assert narrow < mixed < wide < 2.1 * narrow


@pytest.mark.parametrize(("backbone", "more"), [("vit-b16", 1.1), ("bert-base", 1.1), ("t5-base", 1.0)])
def test_norms_have_32_bits_under_autocast_and_16_without_it_unless_the_library_composes_them(backbone, more):
    words = [] if backbone == "vit-b16" else ["length=512"]
    with_it, without = (
        highest(of("lora", backbone, "batch=64", *words), Options(states=states)).parts["activations"]
        for states in ("32", "16")
    )
    assert with_it >= more * without


def test_what_adds_32_bits_to_a_matrix_with_lora_passes_once_and_is_kept_for_each():
    work = work_of(of("lora", "dinov2-vitb14", "targets=q,k,v,o,fc1,fc2", "batch=12", "precision=32"))
    each = [
        highest(of("lora", "dinov2-vitb14", f"targets={name}", "batch=12", "precision=32"), Options()).parts[
            "activations"
        ]
        for name in work.targets
    ]
    # Traced as a whole it takes 2.860 GB, states left out.
    found = highest(
        of("lora", "dinov2-vitb14", f"targets={','.join(work.targets)}", "batch=12", "precision=32"), Options()
    )
    assert found.total - found.parts["states"] == pytest.approx(2.860e9, rel=0.01)
    assert found.parts["activations"] < sum(each)


def test_the_gradient_of_a_tied_table_comes_when_copies_of_the_logits_are_gone_and_again_at_each_end():
    found = phases(work_of(of("full", "bart-base", "batch=5", "length=200", "outputs=90", "precision=32")), Options())
    loss, table = (one.parts for one in found if one.phase == "gradient of the loss")
    assert loss["gradients"] == 0
    assert table["logits"] == pytest.approx(2 / 3 * loss["logits"])
    assert table["gradients"] == 4 * 50265 * 768
    ends = [one.parts["gradients"] for one in found if one.phase == "backward pass, first layer"]
    assert [more - one for one, more in zip(ends[::2], ends[1::2], strict=True)] == pytest.approx([4 * 50265 * 768] * 2)
    # Traced as a whole it takes 1.410 GB, states left out.
    most = max(one.total - one.parts["states"] for one in found)
    assert most == pytest.approx(1.410e9, rel=0.01)


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


def test_modules_in_the_image_tower_alone_send_no_gradient_through_that_of_texts():
    named_so, said_so = (
        of("lora", "clip-vit-b16", *words.split()) for words in ("targets=vision.q,vision.v", "part=vision targets=q,v")
    )
    assert named_so.setting.part == "vision"
    assert (named_so.trainable, highest(named_so, Options())) == (said_so.trainable, highest(said_so, Options()))
    both = of("lora", "clip-vit-b16", "targets=q,v,vision.q,vision.v")
    assert highest(both, Options()).total > 1.5 * highest(said_so, Options()).total


def test_what_is_not_said_of_clip_is_how_many_texts_it_reads():
    found = asked("coop", "--backbone", "clip-vit-b16", "--gpu", "11GB")
    assert "number of texts" in found["fit"]["unsaid"]
    assert "longest example" not in found["fit"]["unsaid"]
    assert found["memory_setting"]["texts"] == 100
    assert (
        "number of texts"
        not in asked("coop", "--backbone", "clip-vit-b16", "--classes", "10", "--gpu", "11GB")["fit"]["unsaid"]
    )


def is_no_decoder(case):
    return not SHAPES[case.configuration].decoder_only


def test_what_is_on_the_menu_and_was_not_traced_is_named():
    menu = {row.id for row in the_survey().configurations if row.menu == "yes"}
    assert {name for name in menu if not SHAPES[name].traces and not SHAPES[name].decoder_only} <= UNTRACED
    code, text = run(["lora", "--backbone", "glip-t", "--gpu", "80GB"], ROOT)
    assert code == 2
    assert "no step of GLIP-T was traced" in text


@pytest.mark.parametrize(
    ("words", "bytes_of_one"), [({}, 12), ({"weights": "32"}, 12), ({"logits": "half"}, 7.2), ({"logits": "fused"}, 0)]
)
def test_a_head_over_the_vocabulary_makes_logits_of_every_token(words, bytes_of_one):
    counts = of("lora", "bert-base", "batch=16", "length=256")
    few = need(counts, Options(**words)).peak.total
    found = need(counts, Options(predicts="words", **words)).peak
    cast = 2 * 30522 * 768 if "weights" in words else 0
    assert found.parts.get("logits", 0.0) == pytest.approx(bytes_of_one * 16 * 256 * 30522 + cast, rel=1e-6)
    assert (found.total > few) == (bytes_of_one > 0)


@pytest.mark.parametrize("backbone", ["t5-base", "clip-vit-b16", "vit-b16", "llama-7b", "flux.1-dev"])
def test_what_is_no_encoder_of_text_predicts_as_before(backbone):
    counts = of("lora", backbone)
    assert need(counts, Options(predicts="words")) == need(counts, Options())


def test_it_is_said_that_words_are_predicted():
    told = asked("lora", "--backbone", "roberta-base", "predicts=words")["memory_setting"]["assumptions"]
    assert any("vocabulary" in text for text in told)
