"""Image generators: a step is asked by the side of an image, and what encodes it lies beside the denoiser."""

import pytest

from peft_vlm_survey.costs import CostError, cost, shapes
from peft_vlm_survey.costs.beside_denoiser import BESIDE
from peft_vlm_survey.costs.cards import NOT
from peft_vlm_survey.costs.command import run
from peft_vlm_survey.costs.fit_tested import certainties
from peft_vlm_survey.costs.memory import GB, activations
from peft_vlm_survey.costs.need import highest, need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.priced import unseen
from peft_vlm_survey.costs.quantities import flops_macs, passed
from peft_vlm_survey.costs.resolution import USUAL, example_tokens, has_a_resolution, part_at, text_tokens
from peft_vlm_survey.costs.unsaid import open_in
from peft_vlm_survey.costs.work import work_of
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.read.memory_traces import LINES

SHAPES = shapes(ROOT)
GENERATORS = [shape for shape in SHAPES.values() if has_a_resolution(shape)]
NAMES = [shape.id for shape in GENERATORS]


def of(method, backbone, *words):
    return cost(method, backbone, words, known=SHAPES)


@pytest.mark.parametrize(
    ("backbone", "image", "texts"),
    [
        ("sd1.5", 2 * 83_653_863, 2 * 123_060_480),
        ("sdxl", 4 * 83_653_863, 2 * (123_060_480 + 694_659_840)),
        ("sd3.5-large", 4 * 83_819_683, 2 * (123_650_304 + 694_659_840 + 4_762_310_656)),
        ("flux.1-dev", 2 * 83_819_683, 2 * (123_060_480 + 4_762_310_656)),
    ],
)
def test_beside_a_denoiser_lie_its_autoencoder_and_what_encodes_its_texts(backbone, image, texts):
    work = work_of(of("lora", backbone))
    assert (work.images, work.texts) == (image, texts)


def test_every_generator_on_the_menu_was_traced_with_what_encodes_beside_it():
    assert (
        {row.id for row in the_survey().configurations if row.type in ("mmdit", "flux2", "unet")}
        == set(NAMES)
        == set(BESIDE)
    )
    for shape in GENERATORS:
        traced = {name for name, _ in shape.traces.lines}
        assert {*LINES, "q", "v", "fc1"} <= traced, shape.id


@pytest.mark.parametrize(
    ("name", "tokens"), [("sd1.5", 0), ("sdxl", 0), ("sd3.5-large", 333), ("flux.1-dev", 512), ("flux.2-klein-4b", 512)]
)
def test_texts_stand_in_one_row_with_the_image_where_streams_meet(name, tokens):
    shape = SHAPES[name]
    assert text_tokens(shape) == tokens
    assert example_tokens(shape, 512) == 1024 + tokens
    assert of("lora", name, "resolution=512").setting.numbers["length"] == 1024 + tokens


@pytest.mark.parametrize("shape", GENERATORS, ids=NAMES)
def test_an_image_of_the_usual_side_is_the_configuration_itself(shape):
    usual, length = shape.parts[shape.default], example_tokens(shape, USUAL)
    again = part_at(shape, length)
    assert [stack.tokens for stack in again.stacks] == [stack.tokens for stack in usual.stacks]
    assert flops_macs(again, length) == flops_macs(usual, length)
    half, whole = (of("lora", shape.id, f"resolution={side}").base_flops for side in (512, 1024))
    assert 3 < whole / half < 6 if shape.type == "unet" else 2.5 < whole / half < 6


def test_one_matrix_makes_all_that_a_block_reads_of_flux_2_where_image_and_text_are_one():
    part = SHAPES["flux.2-klein-4b"].parts["vision"]
    (apart, joined) = part.named("fc1")
    assert (apart.count, apart.outputs) == (10, 2 * 9216)
    assert (joined.count, joined.outputs) == (20, 3 * 3072 + 2 * 9216)
    assert [matrix.count for matrix in part.named("q")] == [10]
    assert [matrix.count for matrix in part.named("qkv")] == [10]
    # As peft prints it of rank 32, less the last matrix of the blocks of two streams.
    printed, last = 38_338_560, 10 * 32 * (9216 + 3072)
    assert of("lora", "flux.2-klein-4b", "rank=32", "targets=q,k,v,o,fc1").trainable == printed - last


def test_matrices_count_by_the_tokens_that_pass_them():
    part = SHAPES["sdxl"].parts["vision"]
    own, of_text = 10 * 4096 + 60 * 1024, 70 * 77
    assert passed(part, ("q",), 4096) == 2 * own
    assert passed(part, ("k",), 4096) == own + of_text


@pytest.mark.parametrize(
    ("backbone", "word", "message"),
    [
        ("sdxl", "length=64", "length is impossible: what Stable Diffusion XL reads follows from its image."),
        ("vit-b16", "resolution=512", "resolution is impossible: ViT-B/16 makes no images."),
        ("flux.1-dev", "resolution=1000", "resolution '1000' is impossible: one token stands for 16 x 16 pixels."),
        ("flux.1-dev", "resolution=8192", "resolution '8192' is impossible: one token stands for 16 x 16 pixels."),
    ],
)
def test_what_is_no_size_of_an_image_is_told(backbone, word, message):
    with pytest.raises(CostError, match=message.replace("(", r"\(")):
        of("lora", backbone, word)


@pytest.mark.parametrize("name", NAMES)
def test_what_encodes_lies_on_the_card_unless_it_is_said_that_it_does_not(name):
    counts, beside = of("lora", name, "checkpointing=yes"), BESIDE[name]
    every, images, none = (highest(counts, Options(encoders=word)) for word in ("all", "images", "none"))
    held = beside.image_bytes * beside.image
    assert every.parts["encoders"] == held + 2 * beside.texts
    assert images.parts["encoders"] == held
    assert none.parts["encoders"] == 0
    assert every.total > images.total > none.total


def test_where_it_is_not_said_what_lies_beside_the_denoiser_the_range_holds_all_of_it_and_nothing():
    counts = of("lora", "flux.1-dev", "batch=1", "resolution=512", "checkpointing=yes")
    unsaid_of, every, none = (need(counts, Options(encoders=word)) for word in ("open", "all", "none"))
    assert need(counts, Options()) == unsaid_of
    assert (unsaid_of.needed.low, unsaid_of.needed.high) == (none.needed.low, every.needed.high)
    assert unsaid_of.peak == every.peak
    assert open_in(counts.setting, Options()) == ("library", "encoders")
    assert open_in(counts.setting, Options(library="diffusers", encoders="all")) == ()


@pytest.mark.parametrize(
    ("name", "side"), [("sd1.5", 512), ("sd2.1", 768), ("sdxl", 1024), ("sd3.5-large", 1024), ("flux.1-dev", 1024)]
)
def test_if_no_side_is_said_images_are_as_large_as_those_that_a_generator_was_trained_to_make(name, side):
    said, unsaid = of("lora", name, f"resolution={side}"), of("lora", name)
    assert unsaid.setting.numbers == said.setting.numbers
    assert unsaid.base_flops == said.base_flops
    assert need(unsaid, Options(library="diffusers")) == need(said, Options(library="diffusers"))


def test_earlier_u_nets_attend_at_every_latent_and_keep_what_the_built_ones_keep():
    # Saved by autograd in the U-Nets of diffusers 0.42.1.
    for name, measured in (("sd1.5", 3_080_863_104), ("sd2.1", 2_896_051_584)):
        part = SHAPES[name].parts["vision"]
        assert [stack.tokens for stack in part.stacks] == [16384, 4096, 1024, 256]
        assert example_tokens(SHAPES[name], USUAL) == 4096
        assert [matrix.count for matrix in part.named("q")] == [10, 10, 10, 2]
        assert 2 * part.stacks[0].tokens * activations(part, full=False)[0] == pytest.approx(measured, rel=0.006)


# Traced as a whole at these settings (verify/peak_check.py), nothing beside the denoiser, states left out.
@pytest.mark.parametrize(
    ("name", "words", "traced"),
    [
        ("sdxl", "batch=2 resolution=768 checkpointing=yes rank=16 targets=q,k,v,o", 6.040),
        ("sdxl", "resolution=896 rank=64 targets=q,k,v,o", 11.711),
        ("sdxl", "resolution=1024 checkpointing=yes rank=16 targets=q,k,v,o precision=32", 11.459),
        ("sd1.5", "batch=2 resolution=768 checkpointing=yes rank=16 targets=q,k,v,o", 2.965),
        ("sd1.5", "batch=3 resolution=512 rank=64 targets=q,k,v,o", 5.364),
        ("sd2.1", "resolution=768 targets=q,v precision=32", 6.991),
        ("sd3.5-large", "batch=2 resolution=512 rank=8 targets=q,k,v,o", 27.480),
        ("flux.1-dev", "resolution=768 checkpointing=yes rank=16 targets=q,k,v,o,fc1,fc2", 25.905),
        ("flux.1-dev", "batch=2 resolution=768 checkpointing=yes rank=16 targets=q,k,v,o precision=4", 12.024),
        ("flux.2-klein-4b", "batch=2 resolution=512 checkpointing=yes rank=32 targets=q,k,v,o,fc1,fc2", 9.326),
        ("flux.2-klein-4b", "resolution=768 rank=16 targets=q,k,v,o,fc1", 18.217),
    ],
)
def test_peaks_are_those_of_direct_traces(name, words, traced):
    found = highest(of("lora", name, *words.split()), Options(encoders="none"))
    assert found.total - found.parts["states"] == pytest.approx(
        traced * GB, rel=0.2 if "precision=32" in words else 0.015
    )


def test_a_batch_costs_as_much_as_an_image_of_its_tokens_in_a_unet_and_less_in_streams_that_meet():
    four, large = (
        work_of(of("lora", "sdxl", *words)) for words in (["batch=4", "resolution=512"], ["resolution=1024"])
    )
    assert four.passes[0].tokens == large.passes[0].tokens
    four, large = (work_of(of("lora", "flux.1-dev", *w)) for w in (["batch=4", "resolution=512"], ["resolution=1024"]))
    assert four.passes[0].tokens - large.passes[0].tokens == 3 * 512


def test_the_answer_tells_the_side_of_the_image_and_what_its_range_rests_on():
    words = ["lora", "--backbone", "flux.1-dev", "resolution=512", "checkpointing=yes", "encoders=all"]
    code, text = run([*words, "--gpu", "24GB", "--explain"], ROOT)
    assert code == 0
    assert "batch 1, 512 x 512 pixels" in text
    tested = certainties(unseen(the_survey().memory_cases, SHAPES))["image generators"][NOT]
    assert f"DOES NOT FIT; certainty {tested}" in text
    assert "published runs of this kind lie inside (image generators; runs: " in text
    assert "try precision=4 encoders=none: " in text
    assert "logits" not in text.split("assumed")[0]
