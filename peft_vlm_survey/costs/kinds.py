"""What a backbone reads and makes, and the kinds of training runs by which ranges of memory are calibrated."""

from collections.abc import Mapping

from peft_vlm_survey.costs.gradient_path import both_towers
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import GENERATORS

FULL, SIXTEEN, FEW = "full", "16 bits", "few bits"
DECODER, ENCODER, GENERATOR = "decoders", "encoders", "image generators"
KINDS: Mapping[str, str] = {
    FULL: "full fine-tuning",
    SIXTEEN: "modules on weights in 16 bits",
    FEW: "modules on weights in few bits",
    ENCODER: ENCODER,
    GENERATOR: GENERATOR,
}
# Backbones that are no decoders have few runs, so that each family of them is one kind, whatever is trained.
FAMILIES: Mapping[str, tuple[str, ...]] = {DECODER: (FULL, SIXTEEN, FEW), ENCODER: (ENCODER,), GENERATOR: (GENERATOR,)}


def family_of(shape: Shape) -> str:
    """Return the family of a backbone; runs of another one say nothing of it."""
    if has_a_resolution(shape):
        return GENERATOR
    return DECODER if shape.decoder_only else ENCODER


def kind_of(setting: Setting) -> str:
    """Return the kind of runs that a setting belongs to, a key of `KINDS`."""
    family = family_of(setting.shape)
    if family != DECODER:
        return family
    if setting.method.whole:
        return FULL
    return FEW if setting.precision < HALF else SIXTEEN


ALONE, SEEING, IMAGES, SCORED, PAIRS = "alone", "seeing", "images", "scored", "pairs"
TEXT, WRITES, MADE = "text", "writes", "made"
# How the part of a backbone is called that a method acts on; nothing where a backbone has one alone.
PLACES: Mapping[str, Mapping[str, str]] = {
    PAIRS: {"language": "text tower", "vision": "image tower", "both": "both towers", "all": "both towers"},
    SEEING: {
        "language": "language model",
        "vision": "vision tower",
        "both": "language model and vision tower",
        "projector": "projector",
        "all": "all of it",
    },
    MADE: {"vision": "denoiser", "all": "denoiser"},
}


def place_of(setting: Setting) -> str:
    """Return in words which part of a backbone a method acts on; empty where a backbone has one alone."""
    sort = sort_of(setting.shape)
    if len(setting.shape.parts) == 1 and sort != MADE:
        return ""
    part = "both" if setting.part != "all" and both_towers(setting) else setting.part
    return PLACES.get(sort, {}).get(part, "")


def sort_of(shape: Shape) -> str:
    """Return what a backbone reads and makes, one of the words above."""
    if shape.decoder_only:
        return SEEING if shape.in_series else ALONE
    if shape.type in (*GENERATORS, "dit"):
        return MADE
    if shape.side_by_side:
        return PAIRS
    if shape.reads_and_writes:
        return WRITES
    if shape.default == "language":
        return TEXT
    return SCORED if shape.keeps_scores else IMAGES
