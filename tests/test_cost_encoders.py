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
from peft_vlm_survey.costs.unsaid import open_in
from peft_vlm_survey.costs.work import work_of
from peft_vlm_survey.data import ROOT, the_survey

SHAPES = shapes(ROOT)
# On the menu, and no step was traced: towers of convolutions, detectors, and those that take long and wait for it.
UNTRACED = {"clip-rn50", "clip-rn101", "glip-t", "groundingdino-t", "dit-xl2"}
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
    assert [tower.kind for tower in work.passes] == ["frozen", "passing"]
    work = work_of(of("vpt-deep", "clip-vit-b16", "part=vision"))
    assert [tower.kind for tower in work.passes] == ["passing", "frozen"]
    assert [tower.kind for tower in work_of(of("maple", "clip-vit-b16")).passes] == ["passing", "passing"]
    assert [tower.kind for tower in work_of(of("clip-adapter", "clip-vit-b16")).passes] == ["frozen", "frozen"]
    assert [tower.kind for tower in work_of(of("full", "clip-vit-b16")).passes] == ["full", "full"]


def test_the_image_tower_before_an_encoder_decoder_runs_first_and_is_entered_where_modules_lie_in_it():
    def kinds(method, *words):
        return [tower.kind for tower in work_of(of(method, "florence-2-base", *words)).passes]

    assert kinds("lora") == ["frozen", "passing", "passing"]
    assert kinds("lora", "targets=q,v,vision.qkv") == ["passing", "passing", "passing"]
    assert kinds("full", "part=language") == ["frozen", "full", "full"]
    assert kinds("full") == ["full", "full", "full"]
    image, *text = work_of(of("lora", "florence-2-base", "targets=q,v,vision.qkv", "batch=2")).passes
    assert (image.targets, image.tokens) == (("qkv",), 2 * 577)
    assert [half.targets for half in text] == [("q", "v"), ("q", "v")]
    # What acts on the image tower alone sends its gradient through the language model, and was not traced.
    assert work_of(of("lora", "florence-2-base", "part=vision")) is None


def test_the_tower_of_images_runs_before_a_language_model_that_looks_at_them_with_one_an_example():
    def kinds(method, *words):
        return [tower.kind for tower in work_of(of(method, "llama-3.2-11b-vision", *words)).passes]

    assert kinds("lora") == ["frozen", "passing"]
    assert kinds("qlora") == ["frozen", "passing"]
    assert kinds("lora", "targets=q,v,vision.q") == ["passing", "passing"]
    assert kinds("full", "part=language") == ["frozen", "full"]
    assert kinds("full", "part=vision") == ["full", "passing"]
    assert kinds("full") == ["full", "full"]
    images, text = work_of(of("lora", "llama-3.2-11b-vision", "batch=2", "length=300")).passes
    assert (images.tokens, text.tokens) == (2 * 4100, 600)  # no token of the text stands for an image
    few, many = (traced("lora", "llama-3.2-11b-vision", f"batch={n}", f"length={1200 // n}") for n in (1, 4))
    assert many > few + 3 * 0.3e9  # as many tokens, and three images more
    assumed = asked("lora", "--backbone", "llama-3.2-11b-vision", "checkpointing=yes")["memory_setting"]["assumptions"]
    assert (
        sum("four tiles" in one or ("that a gradient enters" in one and "4,100 tokens" in one) for one in assumed) == 2
    )


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
    assert "the range begins with a frozen vision tower without gradients" in told[""]
    assert "(4,100 tokens per example)" in told["entered"]
    assert "the vision tower is frozen and runs without gradients" in told["frozen"]
    assert "tower=frozen" in [change["words"] for change in said[""]["fit"]["changes"]]
    assert said["entered"]["fit"]["needed_gb"]["high"] > said["frozen"]["fit"]["needed_gb"]["high"] + 5


def test_a_text_is_as_long_as_there_are_positions_if_nothing_is_said():
    assert of("lora", "florence-2-base").setting.numbers["length"] == 1024
    assert of("lora", "clip-bart").setting.numbers["length"] == 512


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


def test_numbers_of_texts_and_outputs_are_refused_where_nothing_reads_or_writes_them():
    with pytest.raises(CostError, match="reads no texts beside its images"):
        of("lora", "vit-b16", "texts=10")
    with pytest.raises(CostError, match="is no encoder–decoder"):
        of("lora", "bert-base", "outputs=10")


def test_a_decoder_that_writes_little_needs_less_than_one_that_writes_as_much_as_is_read():
    alike, little = (highest(of("lora", "t5-base", "length=512", *words), Options()) for words in ([], ["outputs=16"]))
    assert little.total < 0.7 * alike.total
    assert highest(of("lora", "t5-base", "length=512", "outputs=512"), Options()) == alike
    assert [
        tower.tokens for tower in work_of(of("lora", "bart-base", "batch=2", "length=300", "outputs=20")).passes
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
    found = of("coop", "clip-vit-b16").setting
    assert found.numbers["texts"] == 100
    assert "texts" in open_in(found, Options())
    assert "length" not in open_in(found, Options())
    assert "texts" not in open_in(of("coop", "clip-vit-b16", classes=10).setting, Options())


def test_what_is_on_the_menu_and_was_not_traced_is_named():
    menu = {row.id for row in the_survey().configurations if row.menu == "yes"}
    assert {name for name in menu if not SHAPES[name].traces and not SHAPES[name].decoder_only} <= UNTRACED
    code, text = run(["lora", "--backbone", "glip-t", "--gpu", "80GB"], ROOT)
    assert code == 2
    assert "no such step of GLIP-T was traced" in text
