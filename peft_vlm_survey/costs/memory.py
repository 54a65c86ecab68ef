"""How much memory training takes on one GPU: a first-order model, as a range from low to high.

Weights, states of what is trained, activations, logits, a dequantised matrix, and what context and allocator take.
Assumed are attention that keeps no scores, and tokens that count those of images; a vision tower keeps activations only
where the gradient enters it. Multi-GPU training and offloading are not modelled.

With few bits, and without checkpointing, the published runs keep more activations than with 16: so much more that of two
with 2,048 and 4,096 tokens a step QLoRA took more than LoRA. The factor holds for what those runs span. Outside of it a
backbone with few bits is not taken to need more than the same with 16.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from peft_vlm_survey.costs.count import Counts, values_of
from peft_vlm_survey.costs.gradient_path import Tower, acted_on, beside
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Amount, Part, Shape

GB = 1e9


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


class Span(NamedTuple):
    """What published runs cover: parameters of the backbone, and tokens of a step (batch times length)."""

    params: tuple[float, float]
    tokens: tuple[float, float]


# By what is trained on how many bits, and whether with checkpointing; the sources are data/memory_cases.csv.
SPANS: Mapping[tuple[str, bool], Span] = {
    ("full", False): Span((1_100_048_384, 3_212_749_824), (2048, 8192)),
    ("full", True): Span((3_212_749_824, 8_030_261_248), (2048, 8192)),
    ("16 bits", False): Span((1_100_048_384, 13_015_864_320), (512, 4176)),
    ("16 bits", True): Span((3_085_938_688, 14_167_290_880), (256, 8192)),
    ("few bits", False): Span((1_100_048_384, 13_015_864_320), (512, 4096)),
    ("few bits", True): Span((6_738_415_616, 14_167_290_880), (256, 8192)),
}
# NF4 in blocks of 64: half a byte and a 32-bit scale a block; double quantisation stores scales in bytes.
FOUR_BITS = {False: 0.5 + 4 / 64, True: 0.5 + 1 / 64 + 4 / (64 * 256)}


class Held(NamedTuple):
    """What a tower keeps for the backward pass: scalars per token, and logits.

    `kept` are the activations that any gradient needs, `bare` those of checkpointing between layers, both summed over
    the layers; `block` is `kept` of one layer.
    """

    tokens: Range
    kept: float
    bare: float
    block: float
    vocabulary: float = 0


SAID_HYBRID = (
    "no step of {name} was traced: what layers with linear attention keep depends on the kernels that run them; weights and the "
    "optimiser's states alone take {least:.1f} GB."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What is to fit: numbers of parameters, what the towers keep, and how it is held.

    `trained` are those of the backbone with full fine-tuning, else those of the modules.
    """

    params: float
    quantised: float = 0
    trained: float = 0
    copied: float = 0
    full: bool = False
    decoder: bool = True
    towers: tuple[Held, ...]
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
    """Return the bytes that training takes, with few bits at most as much as with 16 outside the span of the runs."""
    needed = Range(*(_bytes(load, which) for which in range(3)))
    if not load.quantised:
        return needed
    (least, most), (_, tokens) = SPANS["few bits", load.checkpointing]
    plain = Range(*(_bytes(replace(load, quantised=0, bits=16), which) for which in range(3)))
    if load.decoder and load.bits == 4 and least <= load.params <= most:
        # What the longest run would take is no less with more tokens.
        longest = replace(load, towers=tuple(_at_most(held, load.towers[0].tokens, tokens) for held in load.towers))
        plain = Range(*(max(_bytes(longest, which), plain[which]) for which in range(3)))
    return Range(*(min(pair) for pair in zip(needed, plain, strict=True)))


def _at_most(held: Held, first: Range, tokens: float) -> Held:
    """Shorten what a tower holds so that the first of the towers sees no more tokens than these."""
    return held._replace(
        tokens=Range(*(number * min(1, tokens / of) for number, of in zip(held.tokens, first, strict=True)))
    )


def _bytes(load: Load, which: int) -> float:
    few = load.quantised > 0
    if few:
        held = FOUR_BITS[load.double] if load.bits == 4 else 1.0
        weights = load.quantised * held + UNQUANTISED[load.rest][which] * (load.params - load.quantised)
    else:
        weights = load.params * load.bits / 8
    states = (
        FULL_STATES[load.optimizer][which] * load.trained
        if load.full
        else STATES[load.states][which] * load.trained + COPIES[which] * load.copied
    )
    kind = "compiled" if load.compiled else "checkpointed" if load.checkpointing else "few bits" if few else "16 bits"
    factor, towers = KEPT[kind][which], load.towers
    width = max(load.bits, HALF) / 8  # bytes of a scalar that passes
    if load.checkpointing:  # one block at a time is computed again
        blocks = max((held.tokens[which] * held.block for held in towers), default=0.0)
        activations = width * (sum(held.tokens[which] * held.bare for held in towers) + factor * blocks)
    else:
        activations = width * factor * sum(held.tokens[which] * held.kept for held in towers)
    logits = sum(held.tokens[which] * held.vocabulary for held in towers) * LOGITS[load.chunked][which]
    dequantised = 2 * load.largest * DEQUANTISED[which] if few else 0
    return weights + states + activations + logits + dequantised + CONTEXT[which]


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


def memory_of(counts: Counts) -> Range | None:
    """Return the bytes that a setting takes with its batch, length and precision; None if the backbone's size is open.

    What layers with linear attention keep depends on the kernels that run them, and is not established.
    """
    setting = counts.setting
    if setting.shape.total is None or setting.shape.hybrid:
        return None
    return estimate(_load(counts, _towers(setting)))


def without_what_passes(counts: Counts) -> tuple[str, ...]:
    """Return in words what weights and the optimiser's states take where it is not established what a step keeps beside them."""
    shape = counts.setting.shape
    if shape.total is None or not shape.hybrid:
        return ()
    nothing = Held(Range(1, 1, 1), 0, 0, 0)
    least = estimate(_load(counts, (nothing,))).low - CONTEXT[0]
    return (SAID_HYBRID.format(name=shape.name, least=least / GB),)


def _load(counts: Counts, towers: tuple[Held, ...]) -> Load:
    setting = counts.setting
    shape, part = setting.shape, setting.tower
    few = setting.precision < HALF
    return Load(
        params=float(shape.total or 0),
        quantised=float(quantisable(shape)) if few else 0,
        trained=float(counts.trainable),
        full=setting.method.whole,
        decoder=shape.decoder_only,
        towers=towers,
        largest=float(max(m.inputs * m.outputs for m in part.matrices)),
        double=True,
        checkpointing=computed_again(setting),
        bits=setting.precision,
    )


def computed_again(setting: Setting) -> bool:
    """Return whether activations are computed again; where no gradient enters there are none."""
    return setting.checkpointing and setting.method.backbone_gradient != "no"


def _towers(setting: Setting) -> tuple[Held, ...]:
    """Return what the part that the method acts on keeps, and the others that the gradient passes through."""
    acted, method = acted_on(setting), setting.method
    held = [_held(tower, setting) for tower in beside(setting)]
    if method.backbone_gradient != "no":
        return (_held(acted, setting, longer=method.longer), *held)
    kept = float(setting.chosen.kept.number(values_of(setting)))
    if method.side:
        layers = float(setting.numbers["side_encoder"] + setting.numbers["side_decoder"])
        inside, _, _ = activations(acted.part, full=True)
        kept += layers / float(acted.part.layers) * inside / float(setting.numbers["reduction"])
    return (_held(acted, setting)._replace(kept=kept, bare=0, block=0), *held)


def _held(tower: Tower, setting: Setting, *, longer: bool = False) -> Held:
    tokens = tower.tokens + (float(tower.examples * setting.numbers["tokens"]) if longer else 0.0)
    kept, bare, block = activations(tower.part, full=tower.trained)
    return Held(Range(tokens, tokens, tokens), kept, bare, block, float(tower.part.vocabulary))
