"""The highest memory of a training step on one card: weights and states by closed form, the rest as traced.

A step has five phases: forward pass, gradient of the loss, backward pass in the last and in the first layer, and the
optimiser's step. Whichever needs most decides.
"""

from collections.abc import Iterator, Mapping
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
# What DeepSpeed gathers by default: buckets of 5e8 numbers for gradients, twice as many parameters and what it fetches ahead
# of these, and of gradients as many in 32 bits for the optimiser's step (runtime/zero/config.py). What users' files say of
# the buckets differs: 'auto', which is the width squared and next to nothing, 2e8, or the default.
BUCKET, AHEAD = 5e8, 5e7
# How many times as much a step keeps with all in 32 bits as under autocast, which has norms and scores in 32 as well: traced
# on 65 towers, where it mostly lay between 1.2 and 1.8. Logits have copies in 32 bits either way.
IN_32 = 1.5
# Of what whole logits take, with their copies in 32 bits: none where they are fused. In pieces, as torchtune has it: two
# bytes of ten for all, four for what the loss keeps of each of eight pieces, and eight for the one that is computed
# (torchtune/modules/loss/ce_chunked_output_loss.py).
LOGITS = {"whole": 1.0, "chunked": (2 + 4 + 8 / 8) / 10, "fused": 0.0}
# What splits states over the cards, what splits gradients and what the weights too. DeepSpeed casts every weight to 16 bits,
# modules and what waits in 32 as well, and trains copies in 32 that it splits (runtime/engine.py, bf16_optimizer.py).
STATES_TOO, SPLITS, WEIGHTS_TOO = ("zero1", "zero2", "zero3", "fsdp"), ("zero2", "zero3", "fsdp"), ("zero3", "fsdp")
DEEPSPEED = ("zero1", "zero2", "zero3")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """What a step works on in one tower.

    `kind` is what was traced of it: passing, full or frozen. `trained` are its parameters if all of them are trained. LoRA
    of a `rank` lies on `places` matrices with the names of `targets`. `between` are the bytes of the inputs of its layers,
    and `beside` what has no trace, of a method or of the tower. Each of `images` examples shows the tower an image whose tokens
    are none of its own. A network at the `side` of so large a share of the layers is `narrower` than they are by a factor.
    """

    traces: Traces
    kind: str
    tokens: float
    again: bool
    in_32: bool
    trained: float = 0
    targets: tuple[str, ...] = ()
    rank: float = 0
    places: float = 0
    between: float = 0
    beside: float = 0
    images: float = 1
    side: float = 0
    narrower: float = 1

    def traced(self, kind: str) -> Phases:
        """Return the bytes that a kind of step keeps."""
        wide = IN_32 if self.in_32 and kind != "logits" else 1.0
        again = self.again and self.kind != "frozen"
        phases = self.traces.at(kind, self.tokens / self.images, again=again)
        return tuple(wide * self.images * phase for phase in phases)


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What a step works on: towers in the order in which they run, the loss behind them all; `weights` and `rest` in bytes.

    `trained` are all trained parameters, `copied` those of them that copy weights and keep their 16 bits, as peft does beside
    its modules. `few` says that linear layers have few bits; `rest` are the weights that keep 16 then. `logits` are made by
    the tower at `main`. Beside the denoiser of a generator lie encoders of `images` and of `texts`.
    """

    passes: tuple[Pass, ...]
    main: int
    full: bool
    few: bool
    weights: float
    rest: float
    layers: float
    trained: float
    copied: float
    images: float = 0
    texts: float = 0

    def made(self, at: int) -> float:
        """Return the share of the gradients that are there behind the backward pass of the tower at this place."""
        trained = [tower.trained for tower in self.passes]
        trained[self.main] = self.trained - sum(trained) + trained[self.main]
        return sum(trained[at:]) / self.trained if self.trained else 0.0


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
    return max(phases(work, options, cards), key=lambda phase: phase.total)


def phases(work: Work, options: Options, cards: int = 1, *, buckets: bool = False) -> list[Peak]:
    """Return what one of several cards holds in each phase, with DeepSpeed's default `buckets` for gradients or small ones."""
    deepspeed = options.sharding in DEEPSPEED
    main = work.passes[work.main]
    wide = deepspeed or main.in_32 or not work.full or options.weights == "32"
    copied = 0.0 if deepspeed else work.copied
    trained = (WHOLE if wide else HALF) * (work.trained - copied) + HALF * copied  # in bytes
    split = cards if options.sharding in SPLITS else 1
    held = cards if options.sharding in WEIGHTS_TOO else 1
    offloaded = options.offload == "yes"
    # With the states go what they are kept for: under DeepSpeed the weights in 32 bits, under FSDP those that wait.
    away = offloaded and (deepspeed or options.sharding == "fsdp")
    # DeepSpeed computes with weights in 16 bits and trains copies in 32; its gradients have 16 until the step casts them.
    copies = WHOLE * work.trained / cards if deepspeed and not away else 0.0
    gradients = 0.0 if away else HALF * work.trained if deepspeed else trained
    states = {"adamw": 2 * trained, "8bit": EIGHT_BITS * work.trained}.get(options.optimizer, 0.0)
    base = {
        "weights": _weights(work, options, away=away) / held + (copies if work.full else 0.0),
        "trained modules": 0.0 if work.full else (HALF * work.trained if deepspeed else trained) / held + copies,
        "states": 0.0 if offloaded else states / (cards if options.sharding in STATES_TOO else 1),
        "encoders": {"images": work.images, "none": 0.0}.get(options.encoders, work.images + work.texts),
    }
    gathered = _gathered(work, options, trained, buckets=buckets)
    logits = main.traced("logits") if main.kind != "frozen" or main.side else NONE
    peaks = [
        Peak(
            phase=PHASES[at],
            parts={
                **base,
                "buckets": gathered,
                "activations": activations,
                "logits": LOGITS[options.logits] * logits[at] if loss else 0.0,
                "gradients": made * gradients / split,
            },
        )
        for at, activations, made, loss in _stages(work, options)
    ]
    group = work.trained / split
    if options.sharding == "zero3":  # which steps a group of parameters at a time
        group = min(2 * BUCKET, group)
    cast = WHOLE if options.sharding == "zero3" else HALF + WHOLE  # in 32 bits, beside those that came or without
    last = {
        # What DDP reduces stays; the rest is given back before the step.
        "buckets": gathered if options.sharding == "ddp" else 0.0,
        "gradients": gradients / split,
        "optimiser's copies": cast * group if deepspeed and not away else 0.0,
    }
    return [*peaks, Peak(phase=PHASES[STEP], parts={**base, **last})]


def _weights(work: Work, options: Options, *, away: bool) -> float:
    """Return the bytes of the weights with which a step computes, over all cards that split them."""
    if options.sharding in DEEPSPEED:
        return work.weights
    if away:
        return 0.0
    if work.few:
        return work.weights + (work.rest if options.upcast == "yes" else 0.0)
    wide = options.weights == "32" and not work.passes[work.main].in_32
    return work.weights + (HALF * work.trained if work.full else work.weights) * wide


def _gathered(work: Work, options: Options, gradients: float, *, buckets: bool) -> float:
    """Return what the cards exchange during a step, in the order in which it comes: gradients, and weights as well."""
    reduced = 2 * HALF * min(BUCKET, work.trained) if buckets else 0.0
    if options.sharding == "ddp":
        return gradients
    if options.sharding == "zero2":
        return reduced
    if options.sharding == "zero3":
        return HALF * min(2 * BUCKET + AHEAD, work.weights / HALF) + reduced
    if options.sharding == "fsdp":  # what lies outside the layers, and two of these: one computes, the next comes in
        return work.rest + 2 * (work.weights - work.rest) / work.layers
    return 0.0


def _stages(work: Work, options: Options) -> Iterator[tuple[int, float, float, bool]]:
    """Yield the phases of a step: which it is, activations that are held, the share of gradients, and whether logits are there.

    The towers run one behind the other, and the gradient passes them in the opposite order; what one has kept is given back
    when it is through.
    """
    held = [_activations(work, tower, options) for tower in work.passes]
    kept = [sum(phases[LOSS] for phases in held[:at]) for at in range(len(held) + 1)]
    for at, phases in enumerate(held):
        yield FORWARD, kept[at] + phases[FORWARD], 0.0, at == len(held) - 1
    yield LOSS, kept[-1], 0.0, True
    for at in reversed(range(len(held))):
        yield LAST, kept[at] + held[at][LAST], work.made(at + 1), True
        yield FIRST, kept[at] + held[at][FIRST], work.made(at), True


def _activations(work: Work, tower: Pass, options: Options) -> Phases:
    """Return the bytes that one tower keeps in each phase."""
    if tower.kind == "frozen":
        side = tuple(tower.side * phase / tower.narrower for phase in tower.traced("full")) if tower.side else NONE
        return added(tower.traced("frozen"), (tower.beside,) * 4, side)
    bare = tower.traced(tower.kind)
    if _upcast(work, tower, options):
        bare = added(bare, tower.traced("upcast"), tuple(-phase for phase in tower.traced("passing")))
    wide = IN_32 if tower.in_32 else 1.0
    low = tuple(wide * phase for phase in tower.traces.targets(tower.targets, tower.tokens, again=tower.again))
    # What modules make of their inputs, which a block that is computed again does not keep.
    made = 0.0 if tower.again else (WHOLE if tower.in_32 else HALF) * tower.tokens * tower.rank * tower.places
    # Under FSDP with modules what lies between checkpointed layers has 32 bits.
    between = tower.between if tower.again and options.sharding == "fsdp" and not work.full else 0.0
    more = made + between + tower.beside
    return added(bare, low, (more, more, more, 0.0))


def _upcast(work: Work, tower: Pass, options: Options) -> bool:
    """Return whether what is not computed in 16 bits has 32: with few bits beside these, else because all weights have."""
    if options.sharding in DEEPSPEED or tower.in_32:
        return False
    if work.few:
        return options.upcast == "yes" or work.images > 0  # what quantised layers of a denoiser put out has 32
    # FSDP computes in 16 bits by itself, unless autocast does.
    by_itself = tower.kind == "full" and options.sharding == "fsdp" and options.upcast != "yes"
    return options.weights == "32" and not by_itself
