"""The highest memory of a training step on one card: weights and states by closed form, the rest as traced.

A step has five phases: forward pass, gradient of the loss, backward pass in the last and in the first layer, and the
optimiser's step. Whichever needs most decides, and with few bits it may be the loading of the model before them all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from peft_vlm_survey.costs.factored_states import Factored
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.traces import FIRST, FORWARD, LAST, LOSS, NONE, Phases, Traces, added
from peft_vlm_survey.read.memory_traces import RANK

PHASES = (
    "forward pass",
    "gradient of the loss",
    "backward pass, last layer",
    "backward pass, first layer",
    "optimiser's step",
    "loading of the model",
)
STEP, LOADING = 4, 5
UPCAST = ("yes", "alone")
HALF, WHOLE = 2, 4  # bytes of a number in 16 and in 32 bits
# Bytes a parameter of AdamW's two states in 8 bits, with a 32-bit scale a block of 256.
EIGHT_BITS = 2 + 2 * 4 / 256
# What DeepSpeed gathers by default: buckets of 5e8 numbers for gradients, twice as many parameters and what it fetches ahead
# of these, and of gradients as many in 32 bits for the optimiser's step (runtime/zero/config.py). What users' files say of
# the buckets differs: 'auto', which is the width squared and next to nothing, 2e8, or the default.
BUCKET, AHEAD = 5e8, 5e7
# Of what whole logits take, with their copies in 32 bits: six bytes of ten where they stay in 16, none where they are fused.
# In pieces, as torchtune has it: two bytes of all, four of what the loss keeps of each of eight pieces, and eight of the one
# that is computed (torchtune/modules/loss/ce_chunked_output_loss.py).
LOGITS = {"whole": 1.0, "chunked": (2 + 4 + 8 / 8) / 10, "half": 0.6, "fused": 0.0}
# Bytes of a logit over words, and of what a loss makes of it, in the forward pass and where its gradient comes, with weights in
# 16 bits or under autocast, and with all in 32; traced on BERT and RoBERTa of transformers 5.24.0 with cross-entropy.
OF_WORDS = {False: (10.0, 12.0), True: (8.0, 12.0)}
# What a matrix with LoRA keeps of a scalar that it is given, in 32 bits and in 16: the scalar behind dropout, and its mask.
IN_32 = (4 + 1) / (2 + 1)
# And how much of what comes and goes in the forward pass of such a matrix is there if it is not cast before; of several
# matrices the one where it is most.
IN_32_PASSING = 1 / 2
# Of what a composed GELU keeps in 16 bits, what it keeps if autocast has its power in 32, and so all that follows.
WIDER_GELU = 2
# What is left of logits and their gradient when that of an output layer is made, by how wide weights are and what passes.
LEFT = {"": 1 / 3, " half": 1 / 3, " mixed": 1 / 2, " 32": 2 / 3}
# What Adafactor makes of a parameter in its step, in numbers: an update and what it comes from; as much again of the parameter
# and its gradient where these have 16 bits (transformers 5.24.0, optimization.py).
TEMPORARY = 2
# How much more logits take where nothing casts them to 16 bits: what they are computed in, beside their copies.
ALONE = 1.25
# What splits states over the cards, what splits gradients and what the weights too. DeepSpeed casts every weight to 16 bits,
# modules and what waits in 32 as well, and trains copies in 32 that it splits (runtime/engine.py, bf16_optimizer.py).
STATES_TOO, SPLITS, WEIGHTS_TOO = ("zero1", "zero2", "zero3", "fsdp"), ("zero2", "zero3", "fsdp"), ("zero3", "fsdp")
DEEPSPEED = ("zero1", "zero2", "zero3")


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What a step works on; sizes in parameters, `weights`, `rest`, `between` and `beside` in bytes.

    `trained` are parameters of modules, or all with full fine-tuning; `copied` are those of them that copy weights and
    keep their 16 bits, as peft does beside its modules. `rest` are the weights that keep 16 bits where the others have
    few, `inside` how many matrices of a layer of the first stage have modules, `between` the inputs of the layers, `inputs` those of their matrices, `scores` how
    many scores the attention has in all layers, `gelu` what a composed one keeps, `factored` what Adafactor holds by rows and columns, `largest` the numbers of the largest table
    of embeddings, `head` how many bytes more an output layer takes that has few bits too, `unpacked` what DoRA keeps of weights
    that it unpacks, `whole` the weights before they are packed, `words` how many logits a head over the vocabulary makes
    of an encoder, which multiplies by the `table` of its embeddings, `beside` what other towers and methods keep, `front` what of it lies in a tower that the gradient comes to later; `in_32`
    says that all is in 32 bits, `early` for how many numbers a gradient is there from the loss on, which makes that of the
    output layer, and `summed` at how many ends, that of the encoder first, another comes to a table that has one already: at
    that of the decoder too where the output layer is the table; `recast` is what autocast casts of what an encoder puts out in 32 bits, which it does in 16 too if it
    `widens` its norms.
    Beside the denoiser of a generator lie an autoencoder of `images` and encoders of `texts`; what the former takes to encode a
    batch is `encoding`. `before` and `behind` are towers that run before this one and behind it, the loss behind them all:
    of them only what they keep counts, and `trained`, which is a part of that of this one. A language model that `looks` at images may need more in a layer than where logits are made.
    A network at the `side` of so large a share of the layers is `narrower` than they are by a factor; the loss reads it.
    """

    traces: Traces
    kind: str
    tokens: float
    again: bool
    weights: float
    trained: float
    layers: float
    copied: float = 0
    full: bool = False
    targets: tuple[str, ...] = ()
    rank: float = 0
    places: float = 0
    inside: float = 0
    rest: float = 0
    between: float = 0
    inputs: float = 0
    scores: float = 0
    gelu: float = 0
    factored: Factored = field(default_factory=Factored)
    largest: float = 0
    head: float = 0
    unpacked: float = 0
    whole: float = 0
    words: float = 0
    table: float = 0
    beside: float = 0
    front: float = 0
    in_32: bool = False
    early: float = 0
    summed: int = 2
    recast: float = 0
    widens: bool = False
    images: float = 0
    texts: float = 0
    encoding: float = 0
    looks: bool = False
    side: float = 0
    narrower: float = 1
    before: tuple["Work", ...] = ()
    behind: tuple["Work", ...] = ()

    @property
    def towers(self) -> tuple["Work", ...]:
        """All towers, in the order in which they run."""
        return (*self.before, self, *self.behind)

    def made(self, at: int) -> float:
        """Return the share of the gradients that are there behind the backward pass of the tower at this place."""
        beside = sum(tower.trained for tower in (*self.before, *self.behind))
        trained = [self.trained - beside if tower is self else tower.trained for tower in self.towers]
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


def phases(work: Work, options: Options, cards: int = 1, *, most: bool = False) -> list[Peak]:
    """Return what one of several cards holds in each phase; where no word decides, what is taken at least or at most.

    That are DeepSpeed's buckets, small ones or its default, and whether DoRA keeps the weights that it unpacks.
    """
    of_words = options.predicts == "words" and work.words > 0
    deepspeed = options.sharding in DEEPSPEED
    wide = deepspeed or work.in_32 or (options.weights == "32" if work.full else options.states != "16")
    not_copied = work.trained - work.copied
    size: float = WHOLE if deepspeed else HALF
    if work.trained and not deepspeed:
        size = ((WHOLE if wide else HALF) * not_copied + HALF * work.copied) / work.trained
    split = cards if options.sharding in SPLITS else 1
    held = cards if options.sharding in WEIGHTS_TOO else 1
    offloaded = options.offload == "yes"
    # With the states go what they are kept for: under DeepSpeed the weights in 32 bits, under FSDP those that wait.
    away = offloaded and (deepspeed or options.sharding == "fsdp")
    states, extra = _states(work, options, size, most=most)
    # DeepSpeed's gradients have 16 bits until the step casts them.
    gradients = 0.0 if away else (HALF if deepspeed else size) * work.trained
    base = {
        "weights": _weights(work, options, cards, away=away),
        "trained modules": 0.0 if work.full else _modules(work, options, cards, size, away=away),
        "states": 0.0 if offloaded else states * work.trained / (cards if options.sharding in STATES_TOO else 1),
        "encoders": _encoders(work, options),
    }
    table = _table(work, options)
    gathered = _gathered(work, options, size * work.trained, buckets=most)
    reduced = _reduced(work, options, wide=most)
    casts = HALF * not_copied / held if wide and not deepspeed and not work.in_32 else 0.0
    reads = work.kind != "frozen" or work.side > 0
    logits = work.traces.logits(work.tokens, _width(work, options), again=work.again) if reads else NONE
    # Autocast keeps a copy of an output layer in 32 bits, however many tokens there are.
    lookup = HALF * work.largest if _width(work, options) == " mixed" and any(logits) else 0.0
    if of_words:
        cast = HALF * work.table if _width(work, options) == " mixed" or _upcast(work, options) else 0.0
        first = size * work.table if work.full else 0.0  # its gradient, and what comes to that from the embeddings
        logits = (*(each * work.words + cast for each in OF_WORDS[work.in_32]), first, first)
    share = LOGITS[options.logits] * (ALONE if _alone(work, options) else 1.0)
    released = options.gradients == "released" and options.sharding == "none"
    largest_share = work.factored.largest / work.trained if work.trained else 0.0
    # ZeRO-3 steps a group of parameters at a time, and a step within the backward pass one of them.
    group = min(2 * BUCKET, work.trained / split) if options.sharding == "zero3" else work.trained / split
    copies = _copies(work, options, size, extra * (largest_share * work.trained if released else group))
    if deepspeed and not away:  # gradients flat and in 32 bits beside those that came, or one group of them in 32
        copies += (WHOLE if options.sharding == "zero3" else HALF + WHOLE) * group
    peaks = [
        Peak(
            phase=PHASES[at],
            parts={
                **base,
                "buckets": gathered + reduced[at],
                "activations": held_for,
                "logits": share * left * logits[at] + (lookup if left and at in (FORWARD, LOSS) else 0.0),
                "gradients": (1.0 if options.gradients == "kept" else min(made, largest_share) if released else made)
                * gradients
                / split,
                **({"optimiser's copies": copies if made else 0.0} if released else {}),
                "embeddings": table[at],
            },
        )
        for at, held_for, made, left in _stages(work, options, casts, unpacked=most)
    ]
    last = {
        "gradients": 0.0 if released else gradients / split,
        "optimiser's copies": 0.0 if released else copies,
        "embeddings": table[STEP],
    }
    # What DDP reduces stays; the rest is given back before the step.
    peaks.append(
        Peak(phase=PHASES[STEP], parts={**base, "buckets": gathered if options.sharding == "ddp" else 0.0, **last})
    )
    if options.loading == "whole" and work.kind == "few bits":
        peaks.append(Peak(phase=PHASES[LOADING], parts={"weights": work.whole}))
    return peaks


def _copies(work: Work, options: Options, size: float, extra: float) -> float:
    """Return what the optimiser's step takes beside states and gradients; `extra` is that of AdamW and SGD."""
    offloaded = options.offload == "yes"
    copies = 0.0 if offloaded else extra
    if options.optimizer == "adafactor" and work.full and not offloaded:  # in 32 bits, one parameter at a time
        copies = (TEMPORARY if size >= WHOLE else 2 * TEMPORARY) * WHOLE * work.factored.largest
    return copies


def _encoders(work: Work, options: Options) -> float:
    """Return the bytes of what encodes images and texts beside a denoiser, all of them where it is not known."""
    return {"images": work.images, "none": 0.0}.get(options.encoders, work.images + work.texts)


def _weights(work: Work, options: Options, cards: int, *, away: bool) -> float:
    """Return the bytes of the weights of one card; DeepSpeed keeps those in 16 bits that compute beside those in 32."""
    held = cards if options.sharding in WEIGHTS_TOO else 1
    if options.sharding in DEEPSPEED:
        return work.weights / held + (WHOLE * work.trained / cards if work.full and not away else 0.0)
    if away:
        return 0.0
    wide = 0.0
    if options.weights == "32" and work.kind != "few bits" and not work.in_32:
        wide = (WHOLE - HALF) * (work.trained if work.full else work.weights / HALF)
    rest = work.rest if work.kind == "few bits" and options.upcast in UPCAST else 0.0
    return (work.weights + wide + rest + (work.head if _lightning(work, options) else 0.0)) / held


def _modules(work: Work, options: Options, cards: int, size: float, *, away: bool) -> float:
    """Return the bytes of trained modules of one card; DeepSpeed keeps those in 16 bits that compute beside those in 32."""
    held = cards if options.sharding in WEIGHTS_TOO else 1
    if options.sharding not in DEEPSPEED:
        return size * work.trained / held
    return HALF * work.trained / held + (0.0 if away else WHOLE * work.trained / cards)


def _lightning(work: Work, options: Options) -> bool:
    return work.kind == "few bits" and options.quantiser == "lightning"


def _table(work: Work, options: Options) -> tuple[float, ...]:
    """Return what Lightning's way takes in each phase: the output layer unpacked, and gradients of a table that stay."""
    if not _lightning(work, options):
        return (0.0,) * len(PHASES)
    largest = HALF * work.largest
    return (2 * largest, 2 * largest, largest, 2 * largest, largest)


def _upcast(work: Work, options: Options) -> bool:
    """Return whether what is not computed in 16 bits has 32: with few bits beside these, else because all weights have."""
    if options.sharding in DEEPSPEED:
        return False
    if work.kind == "few bits":
        return options.upcast in UPCAST
    # FSDP computes in 16 bits by itself, unless autocast does.
    by_autocast = work.kind == "passing" or (
        work.kind == "full" and (options.sharding != "fsdp" or options.upcast == "yes")
    )
    return by_autocast and options.weights == "32"


def _alone(work: Work, options: Options) -> bool:
    """Return whether all that passes has 32 bits, since the rest has them and autocast is off."""
    return work.kind == "few bits" and options.upcast == "alone" and options.sharding not in DEEPSPEED


def _states(work: Work, options: Options, size: float, *, most: bool) -> tuple[float, float]:
    """Return the bytes of states a parameter, and what the step takes beside them.

    SGD is that of torch 2.13.0, which goes through all parameters at once and with a decay of weights adds these to copies of
    the gradients (optim/sgd.py).
    """
    if options.optimizer == "adafactor":
        numbers = work.factored.states(work.trained) if work.full else work.trained / max(work.rank, 1)
        return WHOLE * numbers / work.trained if work.trained else 0.0, 0.0
    if options.optimizer in ("sgd", "sgd-momentum"):
        return size if options.optimizer == "sgd-momentum" else 0.0, size if most else 0.0
    if options.optimizer in ("paged", "paged-8bit"):
        return 0.0, 0.0
    if options.optimizer == "8bit":
        return EIGHT_BITS, 0.0
    return 2 * size, size if options.optimizer == "foreach" else 0.0


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


def _reduced(work: Work, options: Options, *, wide: bool) -> Phases:
    """Return what FSDP holds of gradients that are not split yet, and of their copies that are on the way.

    A layer's gradients come whole and are copied for the exchange (foreach_reduce of _fsdp_collectives.py), in 16 bits or
    `wide`; those of what lies outside the layers wait until the backward pass has ended.
    """
    if not work.full or options.sharding != "fsdp":
        return NONE
    copies = 1 + (WHOLE if wide else HALF) / HALF
    layer = (work.weights - work.rest) / work.layers
    return (0.0, 0.0, copies * layer + HALF * work.largest, max(copies * layer + work.rest, copies * work.rest))


def _stages(work: Work, options: Options, casts: float, *, unpacked: bool) -> Iterator[tuple[int, float, float, float]]:
    """Yield the phases of a step: which it is, activations that are held, and what shares of gradients and logits are there.

    A gradient that is there from the loss on is made when most copies of the logits are gone. The towers run one behind the other, and the gradient passes them in the opposite order; what one has kept is given back
    when it is through.
    """
    held = [_activations(tower, options, casts if tower is work else 0.0, unpacked=unpacked) for tower in work.towers]
    kept = [sum(phases[LOSS] for phases in held[:at]) for at in range(len(held) + 1)]
    encoded = 0.0 if options.encoders == "none" else work.encoding
    *earlier, last = (before + phases[FORWARD] for before, phases in zip(kept, held, strict=False))
    made = last
    if work.looks:
        earlier, made = [*earlier, last], kept[-1]
    yield FORWARD, max(encoded, made), 0.0, 1.0
    if earlier:  # before any logits are made
        yield FORWARD, max(earlier), 0.0, 0.0
    early = work.early / work.trained if work.trained else 0.0
    # With checkpointing nothing is left by then of what a decoder read.
    ended = kept[-1] - sum(_read(tower, options) for tower in work.towers[:-1] if tower.again)
    yield LOSS, ended, 0.0, 1.0
    if early:
        yield LOSS, ended, early, LEFT[_width(work, options)]
    for at in reversed(range(len(held))):
        tower = work.towers[at]
        gone = _read(tower, options) if tower.again and tower is not work else 0.0
        yield LAST, kept[at] + held[at][LAST] - gone, max(early, work.made(at + 1)), 1.0
        yield FIRST, kept[at] + held[at][FIRST], max(early, work.made(at)), 1.0
        # What comes to the table from this end lies beside its gradient at first; what was read is through.
        if early and at in range(len(held) - 2, len(held) - 2 + work.summed):
            read = sum(_read(tower, options) for tower in work.towers[:at])
            yield FIRST, kept[at] - read, work.made(at) + early, 1.0


def _read(work: Work, options: Options) -> float:
    """Return what others keep of what a tower puts out, a decoder's keys and values, with the casts that these are made of."""
    width = _width(work, options)
    return work.beside + (work.recast if width == " mixed" or (not width and work.widens) else 0.0)


def _width(work: Work, options: Options) -> str:
    """Return how what passes was traced where it is not with weights in 16 bits under autocast, which has norms in 32."""
    if work.in_32:
        return " 32"
    # FSDP computes in 16 bits by itself, unless autocast does.
    by_itself = options.sharding in DEEPSPEED or (work.full and options.sharding == "fsdp" and options.upcast != "yes")
    alone = _alone(work, options)
    half = alone or ((by_itself or options.states == "16") and not _upcast(work, options))
    width = " mixed" if options.weights == "32" and not by_itself else " half" if half else ""
    return width if work.traces.has(work.kind + width) else ""


def _activations(work: Work, options: Options, casts: float, *, unpacked: bool) -> Phases:
    alone, width = _alone(work, options), _width(work, options)
    kind = "upcast" if _upcast(work, options) and not alone and not width else work.kind + width
    frozen = work.kind == "frozen"
    bare = work.traces.at(kind, work.tokens, again=work.again and not frozen)
    if work.kind == "full" and kind == "upcast":  # and what is kept of all inputs besides
        traced = (work.traces.at(name, work.tokens, again=work.again) for name in ("full", "passing"))
        bare = added(bare, tuple(full - passing for full, passing in zip(*traced, strict=True)))
    if alone:  # twice the bytes of 16 bits
        bare = added(bare, bare)
    if frozen:
        return added(tuple(phase + work.beside for phase in bare), _side(work, options, casts))
    low = _low(work, width)
    if work.kind == "full" and width in (" mixed", " 32"):  # whose copies in 16 bits, if any, were traced with the rest
        casts = 0.0
    per_feature = (WHOLE if work.in_32 else HALF) * work.tokens
    ranks = per_feature * work.rank * work.places
    known = (casts + ranks, casts + ranks, casts + ranks, 0.0)
    if work.again:  # a block is computed again, and keeps its products of another rank than was traced
        inside = per_feature * (work.rank - RANK) * work.inside
        known = (casts, 0.0, inside, inside)
    # Under FSDP with modules what lies between checkpointed layers has 32 bits.
    wider = work.again and options.sharding == "fsdp" and not work.full
    held = work.kind == "few bits" and options.inputs == "kept"
    kept = _read(work, options) + (work.between if wider else 0.0) + (work.inputs if held else 0.0)
    kept += work.unpacked if unpacked else 0.0
    scores = _scores(work) if options.attention == "eager" else NONE
    return added(
        bare,
        low,
        known,
        (kept, kept, kept, work.front),
        scores,
        _gelu(work, half=width == " half") if options.gelu == "fused" else NONE,
    )


def _side(work: Work, options: Options, casts: float) -> Phases:
    """Return what a network at the side keeps: that of layers which are trained, narrower, and as many scores as these."""
    if not work.side:
        return NONE
    kind = f"full{_width(replace(work, kind='full'), options)}"
    layers = work.traces.at(kind, work.tokens, again=False)
    scores = _scores(work) if options.attention == "eager" else NONE
    kept = tuple(work.side * (phase / work.narrower + more) for phase, more in zip(layers, scores, strict=True))
    return added(kept, (casts, casts, casts, 0.0))


def _low(work: Work, width: str) -> Phases:
    """Return what LoRA adds, traced in 16 bits under autocast; with all in 32 it keeps more, and nothing that comes and goes is cast before.

    Where layers are computed again it was traced in 32 too, but of decoders and image generators; all in 16 it keeps less by as much.
    """
    one_width = work.in_32 or width == " half"
    if wide := work.traces.by_target(work.targets, work.tokens, " 32", again=work.again) if one_width else []:
        return tuple(phase if work.in_32 else phase / IN_32 for phase in added(*wide))
    each = work.traces.by_target(work.targets, work.tokens, again=work.again)
    traced = added(*each)
    if not work.in_32:
        return traced
    if work.again:
        return (*traced[:LAST], *(IN_32 * phase for phase in traced[LAST:]))
    kept = IN_32 * traced[LOSS]
    passing = max((0.0, *(matrix[FORWARD] - matrix[LOSS] for matrix in each)))
    return (kept + IN_32_PASSING * passing, kept, kept, IN_32 * traced[FIRST])


def _gelu(work: Work, *, half: bool) -> Phases:
    """Return what a GELU of one kernel spares: in all layers, or in the one that is computed again."""
    layer = (1.0 if half else WIDER_GELU) * work.gelu / work.layers
    whole = layer * work.layers
    return (0.0, 0.0, -layer, -layer) if work.again else (-whole, -whole, -whole, -layer)


def _scores(work: Work) -> Phases:
    """Return what scores take that the attention keeps: in 32 bits and cast, and as much again in the backward pass."""
    layer = (WHOLE if work.in_32 else HALF + WHOLE) * work.scores / work.layers
    kept = layer if work.again else layer * work.layers
    return (kept, 0.0 if work.again else kept, kept + layer, 2 * layer)
