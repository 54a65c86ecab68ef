"""What sort of backbone a setting has, by what it reads and makes, and how many tokens a step works on."""

from collections.abc import Mapping

from peft_vlm_survey.costs.gradient_path import acted_on, beside, both_towers, examples_of
from peft_vlm_survey.costs.resolution import GENERATORS
from peft_vlm_survey.costs.setting import Setting, default_length
from peft_vlm_survey.costs.shapes import Shape

ALONE, SEEING, IMAGES, TEXT, PAIRS, WRITES, MADE = "alone", "seeing", "images", "text", "pairs", "writes", "made"
# Of each sort what it has in common with others whose runs say something of it: a decoder alone or around images; an encoder
# of images, or of images and texts side by side; one of text, with a decoder or without; and what makes images.
SORTS: Mapping[str, str] = {
    ALONE: "decoders",
    SEEING: "decoders",
    IMAGES: "encoders of images",
    PAIRS: "encoders of images",
    TEXT: "encoders of text",
    WRITES: "encoders of text",
    MADE: "image generators",
}


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
    """Return what a backbone reads and makes, a key of `SORTS`."""
    if shape.decoder_only:
        return SEEING if shape.in_series else ALONE
    if shape.type in (*GENERATORS, "dit"):
        return MADE
    if shape.side_by_side:
        return PAIRS
    if shape.reads_and_writes:
        return WRITES
    return TEXT if shape.default == "language" else IMAGES


def step_tokens(setting: Setting) -> float:
    """Return the tokens that a step reads: those of both towers where two stand side by side, else those of an example times the batch."""
    shape, own = setting.shape, acted_on(setting).name
    if shape.side_by_side:
        return float(
            sum(
                examples_of(setting, part) * (setting.numbers["length"] if part == own else default_length(shape, part))
                for part in shape.parts
            )
        )
    length = next((tower.length for tower in beside(setting) if tower.name == "language"), setting.numbers["length"])
    return float(setting.numbers["batch"] * length)
