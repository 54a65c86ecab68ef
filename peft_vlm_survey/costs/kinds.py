"""The kinds of training runs by which ranges of memory are calibrated, and the families of backbones."""

from collections.abc import Mapping

from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape

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
