"""The highest memory of a training step on one card: weights and states by closed form, the rest as traced.

A step has five phases: forward pass, gradient of the loss, backward pass in the last and in the first layer, and the
optimiser's step. Whichever needs most decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.traces import FIRST, FORWARD, LAST, LOSS, NONE, Phases, Traces, added

PHASES = (
    "forward pass",
    "gradient of the loss",
    "backward pass, last layer",
    "backward pass, first layer",
    "optimiser's step",
)
STEP = 4
HALF, WHOLE = 2, 4  # bytes of a number in 16 and in 32 bits
# Bytes a parameter of AdamW's two states in 8 bits, with a 32-bit scale a block of 256.
EIGHT_BITS = 2 + 2 * 4 / 256
# What DeepSpeed gathers by default: buckets of 5e8 numbers for gradients and for parameters.
BUCKET = 5e8


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What a step works on; sizes in parameters, `weights` and `beside` in bytes.

    `trained` are parameters of modules, or all with full fine-tuning. `beside` is what other towers and methods keep.
    """

    traces: Traces
    kind: str
    tokens: float
    again: bool
    weights: float
    trained: float
    layers: float
    full: bool = False
    targets: tuple[str, ...] = ()
    rank: float = 0
    places: float = 0
    beside: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Peak:
    """The bytes of the phase that decides, by what takes them."""

    phase: str
    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        """All parts together."""
        return sum(self.parts.values())


def peak(work: Work, options: Options, cards: int = 1) -> Peak:
    """Return what one of several cards holds at most."""
    return max(_phases(work, options, cards), key=lambda found: found.total)


def _phases(work: Work, options: Options, cards: int) -> list[Peak]:
    wide = options.weights == "32" if work.full else options.states != "16"
    size = WHOLE if wide else HALF
    split = cards if options.sharding in ("zero2", "zero3") else 1
    held = cards if options.sharding == "zero3" else 1
    weights, modules = work.weights, 0.0 if work.full else size * work.trained
    if work.full and wide:
        weights += (WHOLE - HALF) * work.trained
    states, extra = _states(options, size)
    gradients = size * work.trained
    base = {
        "weights": weights / held,
        "trained modules": modules / held,
        "states": 0.0 if options.offload == "yes" else states * work.trained / split,
        "buckets": _buckets(work, options, gradients),
    }
    phases = _activations(work, options, casts=HALF * work.trained if wide else 0.0)
    logits = work.traces.logits(work.tokens, again=work.again) if work.kind != "frozen" else NONE
    share = 1.0 if options.logits == "whole" else 0.0
    kept = gradients / split if options.gradients == "kept" else 0.0
    made = {FORWARD: kept, LOSS: kept, LAST: kept, FIRST: gradients / split}
    found = [
        Peak(
            phase=PHASES[at],
            parts={**base, "activations": phases[at], "logits": share * logits[at], "gradients": made[at]},
        )
        for at in (FORWARD, LOSS, LAST, FIRST)
    ]
    copies = 0.0 if options.offload == "yes" else extra * work.trained / split
    found.append(Peak(phase=PHASES[STEP], parts={**base, "gradients": gradients / split, "optimiser's copies": copies}))
    return found


def _states(options: Options, size: int) -> tuple[float, float]:
    """Return the bytes of states a parameter, and what the step takes beside them."""
    if options.optimizer in ("paged", "paged-8bit"):
        return 0.0, 0.0
    if options.optimizer == "8bit":
        return EIGHT_BITS, 0.0
    return 2 * size, size if options.optimizer == "foreach" else 0.0


def _buckets(work: Work, options: Options, gradients: float) -> float:
    if options.sharding == "ddp":
        return gradients
    if options.sharding == "zero2":
        return 2 * HALF * min(BUCKET, work.trained)
    if options.sharding == "zero3":
        return HALF * min(2 * BUCKET, work.weights / HALF)
    return 0.0


def _activations(work: Work, options: Options, casts: float) -> Phases:
    kind = "upcast" if work.kind == "few bits" and options.upcast == "yes" else work.kind
    bare = work.traces.at(kind, work.tokens, again=work.again and kind != "frozen")
    if kind == "frozen":
        return tuple(phase + work.beside for phase in bare)
    low = work.traces.targets(work.targets, work.tokens, again=work.again)
    ranks = HALF * work.rank * work.tokens * work.places
    later = 0.0 if work.again else casts + ranks
    known = (casts + (0.0 if work.again else ranks), later, later, 0.0)
    beside = (work.beside, work.beside, work.beside, 0.0)
    return added(bare, low, known, beside)
