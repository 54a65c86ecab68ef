"""How much memory training takes on one GPU: a first-order model, as a range from low to high.

Weights, states of what is trained, activations, logits, a dequantised matrix, and what context and allocator take.
Assumed are attention that keeps no scores, a vision tower that is frozen and run without gradients, and tokens that
count those of images. Multi-GPU training and offloading are not modelled.
"""

from dataclasses import dataclass
from typing import NamedTuple

from survey.costs.count import Counts, evaluate, values_of
from survey.costs.shapes import Amount, Part, Shape

GB = 1e9
ASSUMPTIONS = (
    "attention that keeps no scores",
    "AdamW; trained parameters in 32 bits beside frozen weights in 16",
    "a frozen vision tower runs without gradients",
    "one GPU, nothing offloaded; no fused loss",
)


class Range(NamedTuple):
    """A low, a middle and a high value; only low and high are printed."""

    low: float
    mid: float
    high: float

    def __mul__(self, by: float) -> "Range":  # type: ignore[override]
        return Range(*(value * by for value in self))


# Bytes, or factors, from low to high; each was read off documented behaviour or off the measured cases.
CONTEXT = Range(0.3e9, 1.2e9, 3.0e9)
LOGITS = {False: Range(6, 8, 12), True: Range(0, 1, 2)}  # a logit; chunked or fused losses keep few
KEPT = {
    "checkpointed": Range(1, 1.5, 2.5),
    "compiled": Range(0.6, 1.0, 1.5),
    "16 bits": Range(0.75, 1.5, 2.2),
    "few bits": Range(1.5, 2.3, 3.5),
}
STATES = {"16": Range(8, 8, 8), "32": Range(12, 16, 16), "unknown": Range(8, 12, 16)}
COPIES = Range(8, 11, 14)  # of embedding and output layer, trained beside the frozen ones
UNQUANTISED = {"16": Range(2, 2, 2), "unknown": Range(2, 3, 4)}
FULL_STATES = {"adamw": Range(6, 6, 6), "paged-8bit": Range(0, 0.5, 2)}
DEQUANTISED = Range(0, 1, 2)
# NF4 in blocks of 64: half a byte and a 32-bit scale a block; double quantisation stores scales in bytes.
FOUR_BITS = {False: 0.5 + 4 / 64, True: 0.5 + 1 / 64 + 4 / (64 * 256)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What is to fit: numbers of parameters and tokens, and how they are held.

    `kept` are the activations that any gradient needs, `bare` those of checkpointing between layers, both per token and
    summed over the layers; `block` is `kept` of one layer.
    """

    params: float
    quantised: float = 0
    trained: float = 0
    copied: float = 0
    full: bool = False
    tokens: Range
    kept: float
    bare: float
    block: float
    vocabulary: float = 0
    largest: float = 0
    double: bool = False
    checkpointing: bool = False
    compiled: bool = False
    chunked: bool = False
    states: str = "32"
    rest: str = "unknown"
    optimizer: str = "adamw"
    bits: int = 16


def estimate(load: Load) -> Range:
    """Return the bytes that training takes."""
    return Range(*(_bytes(load, which) for which in range(3)))


def _bytes(load: Load, which: int) -> float:
    few = load.quantised > 0
    if few:
        held = FOUR_BITS[load.double] if load.bits == 4 else 1.0
        weights = load.quantised * held + UNQUANTISED[load.rest][which] * (load.params - load.quantised)
    else:
        weights = load.params * load.bits / 8
    states = (
        FULL_STATES[load.optimizer][which] * load.params
        if load.full
        else STATES[load.states][which] * load.trained + COPIES[which] * load.copied
    )
    kind = "compiled" if load.compiled else "checkpointed" if load.checkpointing else "few bits" if few else "16 bits"
    tokens, factor = load.tokens[which], KEPT[kind][which]
    activations = (
        2 * tokens * (load.bare + factor * load.block) if load.checkpointing else 2 * tokens * factor * load.kept
    )
    logits = tokens * load.vocabulary * LOGITS[load.chunked][which]
    dequantised = 2 * load.largest * DEQUANTISED[which] if few else 0
    return weights + states + activations + logits + dequantised + CONTEXT[which]


def activations(part: Part, *, full: bool) -> tuple[float, float, float]:
    """Return what a token keeps over all layers, between them alone, and in one layer; in scalars."""
    kept = bare = block = 0.0
    for stack in part.stacks:
        shared = stack.kv_heads * stack.head_width
        inner = stack.attention_width
        one = (1 if stack.parallel else 2) * stack.width + stack.attentions * (inner + 2 * shared + inner)
        one += (3 if stack.glu else 1) * stack.ffn_width
        one += 2 * stack.width + stack.ffn_width if full else 0
        kept += stack.layers * one
        bare += stack.layers * stack.width
        block = max(block, one)
    return kept, bare, block


def quantisable(shape: Shape) -> Amount:
    """Count the weights of all linear layers but the output layer, in every tower and between them."""
    matrices = [matrix for part in shape.parts.values() for matrix in part.matrices] + list(shape.projector)
    return sum(m.count * m.inputs * m.outputs for m in matrices)


def memory_of(counts: Counts) -> Range | None:
    """Return the bytes that a setting takes with its batch, length and precision; None if the backbone's size is open."""
    setting = counts.setting
    shape, part, method = setting.shape, setting.tower, setting.method
    if shape.total is None:
        return None
    kept, bare, block = activations(part, full=method.id == "full")
    tokens = float(setting.numbers["batch"] * setting.numbers["length"])
    if method.longer:
        tokens += float(setting.numbers["batch"] * setting.numbers["tokens"])
    if method.backbone_gradient == "no":
        kept = bare = block = 0.0
    few = setting.precision in (4, 8)
    load = Load(
        params=float(shape.total),
        quantised=float(quantisable(shape)) if few else 0,
        trained=float(counts.trainable),
        full=method.id == "full",
        tokens=Range(tokens, tokens, tokens),
        kept=kept + float(evaluate(setting.chosen.kept, values_of(setting))) * (method.backbone_gradient == "no"),
        bare=bare,
        block=block,
        vocabulary=float(part.vocabulary),
        largest=float(max(m.inputs * m.outputs for m in part.matrices)),
        double=True,
        checkpointing=setting.checkpointing and method.backbone_gradient != "no",
        bits=setting.precision,
    )
    return estimate(load)
