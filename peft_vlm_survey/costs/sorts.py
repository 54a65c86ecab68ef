"""What sort of backbone a setting has, by what it reads and makes, and how many tokens a step works on."""

from collections.abc import Mapping

from peft_vlm_survey.costs.gradient_path import both_towers
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import GENERATORS

ALONE, SEEING, IMAGES, SCORED, TOWER, PAIRS = "alone", "seeing", "images", "scored", "tower", "pairs"
TEXT, WRITES, MADE, FINDS = "text", "writes", "made", "finds"
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
    FINDS: {"language": "text tower", "vision": "image tower", "both": "both towers", "all": "all of it"},
}


def place_of(setting: Setting) -> str:
    """Return in words which part of a backbone a method acts on; empty where a backbone has one alone."""
    sort = sort_of(setting.shape)
    if len(setting.shape.parts) == 1 and sort != MADE:
        return ""
    part = "both" if setting.part != "all" and both_towers(setting) else setting.part
    return PLACES.get(sort, {}).get(part, "")


def sort_of(shape: Shape) -> str:
    """Return what a backbone reads and makes, one of the sorts above."""
    if shape.decoder_only:
        return SEEING if shape.in_series else ALONE
    if shape.type in (*GENERATORS, "dit"):
        return MADE
    if shape.side_by_side:
        return PAIRS
    if shape.reads_and_writes:
        return WRITES
    if shape.detects:
        return FINDS
    if shape.default == "language":
        return TEXT
    return SCORED if shape.keeps_scores else IMAGES
