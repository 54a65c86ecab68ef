"""What a step keeps by closed form: activations of a layer, weights in few bits, and the least that what was not traced takes."""

from typing import NamedTuple

from peft_vlm_survey.costs.answer_types import Ends
from peft_vlm_survey.costs.count import Counts
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Amount, Part, Shape

GB = 1e9


class Range(NamedTuple):
    """A low and a high value, in bytes."""

    low: float
    high: float

    @property
    def in_gb(self) -> Ends:
        """Both ends as the JSON has them."""
        return {"low": in_gb(self.low), "high": in_gb(self.high)}


def in_gb(size: float) -> float:
    """Return bytes in GB, with one digit."""
    return round(size / GB, 1)


# How much more is kept than the activations of the closed form, where a tower was not traced.
KEPT = 1.5
# NF4 in blocks of 64, with scales in bytes (double quantisation): bytes a weight.
FOUR_BITS = 0.5 + 1 / 64 + 4 / (64 * 256)
# Bytes of a trained parameter: of a module with its states in 32 bits, and of all in 16 the states alone, with the gradient.
MODULES, STATES = 12, 6
SAID_UNTRACED = "no such step of {name} was traced{why}; weights and the optimiser's states alone take {least:.1f} GB."
LINEAR = ": what layers with linear attention keep depends on the kernels that run them"


def activations(part: Part, *, full: bool) -> tuple[float, float, float]:
    """Return what a token keeps over all layers, between them alone, and in one layer; in scalars.

    In a hierarchical backbone it is a token of the first stage, with its share of the fewer ones behind it.
    """
    kept, bare, block = float(part.kept_beside), float(part.bare_beside), 0.0
    for stack in part.stacks:
        share = float(stack.tokens) / float(part.stacks[0].tokens) if stack.tokens else 1.0
        norms = 1 if stack.parallel else 3 if stack.crossed else 2
        attended = stack.attention_width + stack.keys_and_values + stack.mixed_width
        layer = norms * stack.width + stack.latent + stack.attentions * attended
        layer -= stack.keys_and_values if stack.crossed else 0  # of a text, which is short
        layer += (3 if stack.glu else 1) * stack.inner_width
        layer += (3 if stack.crossed else 2) * stack.width + stack.inner_width if full else 0
        kept += share * stack.layers * layer
        bare += share * stack.layers * stack.width
        block = max(block, share * layer)
    return kept, bare, block


def quantisable(shape: Shape) -> Amount:
    """Count the weights of all linear layers but the output layer, in every tower and between them."""
    matrices = [matrix for part in shape.parts.values() for matrix in part.matrices] + list(shape.projector)
    return sum(m.count * m.inputs * m.outputs for m in matrices)


def weights(setting: Setting) -> float:
    """Return the bytes of the weights of a backbone; with few bits, what is no linear layer keeps 16."""
    total = float(setting.shape.total or 0)
    if setting.precision >= HALF:
        return setting.precision / 8 * total
    quantised = float(quantisable(setting.shape))
    return quantised * (1.0 if setting.precision == 8 else FOUR_BITS) + 2 * (total - quantised)


def without_what_passes(counts: Counts) -> tuple[str, ...]:
    """Return in words what weights and the optimiser's states take, for a step that was not traced."""
    setting = counts.setting
    if setting.shape.total is None:
        return ()
    least = weights(setting) + (STATES if setting.method.whole else MODULES) * float(counts.trainable)
    why = LINEAR if setting.shape.hybrid else ""
    return (SAID_UNTRACED.format(name=setting.shape.name, why=why, least=least / GB),)


def computed_again(setting: Setting) -> bool:
    """Return whether activations are computed again; where no gradient enters there are none."""
    return setting.checkpointing and setting.method.backbone_gradient != "no"
