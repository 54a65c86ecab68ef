"""What a setting needs on a card, and what the card then shows; for backbones whose steps were traced."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from peft_vlm_survey.costs.beside_denoiser import BESIDE
from peft_vlm_survey.costs.count import Counts, values_of
from peft_vlm_survey.costs.gradient_path import Tower, acted_on, beside, both_towers, of_part, one_length
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.low_rank_states import Projected, projected
from peft_vlm_survey.costs.memory import FOUR_BITS, KEPT, Range, activations, computed_again, memory_of, quantisable
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.quantities import passed
from peft_vlm_survey.costs.relative_memory import scores
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Part, Shape
from peft_vlm_survey.costs.step import HALF as HALF_BYTES
from peft_vlm_survey.costs.step import WHOLE, Peak, Work, peak, phases
from peft_vlm_survey.read.memory_traces import ENCODING

EIGHT = 8
# Whose GELU transformers 5.24.0 composes of elementary steps (gelu_new), and how many results it keeps beside its input.
COMPOSED, STEPS = ("phi-1.5", "phi-2"), 3
# What depends on the length of the examples.
MOVING = ("activations", "logits")
# What is there throughout, and so is needed at least.
LASTING = ("weights", "trained modules", "states", "encoders")


class Above(NamedTuple):
    """The upper end: what lasts, so many times the rest that does not depend on the length and that does, and some bytes."""

    fixed: float
    moving: float
    bytes: float


# The lower end is what lasts and this share of the rest; where a length is but a cap, less of what depends on it. All were
# chosen among runs that are not held back, every source counting by the root of its runs; with one source after the other
# left out, 84 to 86 in a hundred of them lie in the range that the others set. What is not known of a run, such as whether few
# bits leave the rest in 32 or how large DeepSpeed's buckets are, widens the range by what it takes, and not these ends.
FIXED = 0.85
BELOW = {"one": 0.8, "vary": 0.8, "cap": 0.4}
# What is reserved depends on whether examples differ in length: what is there for one length does not serve the next.
ABOVE = {"needed": Above(1.0, 1.15, 1.0e9), "one": Above(1.9, 1.7, 2.0e9), "vary": Above(2.5, 3.5, 2.5e9)}
# What cards reserve to talk to each other, in bytes.
SEVERAL = 0.75e9
# What a card shows beside the allocator, in bytes: CUDA's context, and at most the kernels and workspaces of libraries too.
CONTEXT, MOST = 0.5e9, 1.5e9


def work_of(counts: Counts) -> Work | None:
    """Return what a step of a setting works on; None if what it asks for was not traced or its size is open."""
    setting = counts.setting
    shape, method = setting.shape, setting.method
    own = acted_on(setting)
    passed = {tower.name: tower for tower in (*beside(setting), own)}
    name = own.name if shape.side_by_side else shape.default
    if shape.total is None or name not in passed:
        return None
    main = passed.pop(name)
    passes = {name: _pass(setting, main, entered=method.backbone_gradient != "no" or main is not own)}
    if shape.side_by_side:  # the other tower runs too, whether or not a gradient passes through it
        for other in shape.parts:
            if other != name:
                tower = passed.pop(other, None) or of_part(setting, other)
                passes[other] = _pass(setting, tower, entered=tower.trained or both_towers(setting))
    if any(one is None for one in passes.values()):
        return None
    few = setting.precision < HALF
    work = passes[name]
    order = [name for name in ("vision", "language") if name in passes] if shape.side_by_side else [name]
    return replace(
        work,
        weights=_weights(setting),
        trained=float(counts.trainable),
        copied=float(main.part.embeddings)
        if method.low_rank and main is own and setting.switches.get("embeddings")
        else 0.0,
        full=method.whole,
        rest=2 * (float(shape.total) - float(quantisable(shape))),
        projected=projected(shape, setting.part) if method.whole else Projected(),
        head=_head(setting, main) if few else 0.0,
        largest=float(main.part.vocabulary * main.part.embedded_width),
        unpacked=_unpacked(setting, main, work.targets) / (work.layers if work.again else 1.0) if few else 0.0,
        whole=2 * float(shape.total),
        beside=sum(_by_form(tower, setting) for tower in passed.values())
        + _of_method(setting, work.tokens, main, low=method.low_rank),
        before=tuple(passes[one] for one in order[: order.index(name)]),
        behind=tuple(passes[one] for one in order[order.index(name) + 1 :]),
        **_encoders(setting, work),
    )


def _encoders(setting: Setting, work: Work) -> dict[str, float]:
    """Return what lies beside the denoiser of a generator: the bytes of what encodes images and texts, and what encoding takes."""
    beside = BESIDE.get(setting.shape.id)
    if beside is None:
        return {}
    image, text = (WHOLE, WHOLE) if work.in_32 else (beside.image_bytes, HALF_BYTES)
    traced = work.traces.at(ENCODING, work.tokens, again=False)[0] * image / beside.image_bytes
    return {"images": float(image * beside.image), "texts": float(text * beside.texts), "encoding": traced}


def _pass(setting: Setting, tower: Tower, *, entered: bool) -> Work | None:
    """Return what a step works on in one tower, without what belongs to the step as a whole; None if it was not traced."""
    shape, method, part = setting.shape, setting.method, tower.part
    few, wide = setting.precision < HALF, setting.precision > HALF
    kind = "full" if tower.trained else "frozen" if not entered else "few bits" if few else "passing"
    traces = shape.traces_of(tower.name)
    if traces is None or (wide and not traces.has(f"{kind} 32")):
        return None
    mine = tower.name == acted_on(setting).name
    more = float(tower.examples * setting.numbers["tokens"]) if method.longer and mine else 0.0
    tokens, first = tower.traced_tokens + more, tower.tokens + more
    bytes_of_one = WHOLE if wide else HALF_BYTES
    targets = _targets(setting, tower) if method.low_rank else ()
    return Work(
        traces=traces,
        kind=kind,
        tokens=tokens,
        again=computed_again(setting),
        weights=0.0,
        trained=float(part.params) if tower.trained else 0.0,
        layers=float(part.layers),
        targets=targets,
        rank=float(setting.numbers.get("rank", 0)) if targets else 0.0,
        places=_places(shape, tower, targets),
        between=bytes_of_one * first * activations(part, full=False)[1],
        inputs=bytes_of_one * first * _inputs(tower, setting),
        scores=0.0 if shape.keeps_scores else float(tower.examples) * scores(part, float(tower.length)),
        gelu=gelu_of(shape, part) * tokens,
        in_32=wide,
    )


def _places(shape: Shape, tower: Tower, targets: tuple[str, ...]) -> float:
    """Return how many matrices have modules; in a generator those that fewer tokens pass count for less."""
    if has_a_resolution(shape):
        return float(passed(tower.part, targets, tower.length) / tower.length)
    return float(sum(matrix.count for name in targets for matrix in tower.part.named(name)))


def _targets(setting: Setting, tower: Tower) -> tuple[str, ...]:
    """Return the matrices of a tower that have modules, by their names in it."""
    if tower.name == acted_on(setting).name:
        return tuple(name for name in setting.targets if name != "projector" and "." not in name)
    if not setting.shape.side_by_side:
        return ()
    prefix = f"{tower.name}."
    return tuple(name.removeprefix(prefix) for name in setting.targets if name.startswith(prefix))


def _weights(setting: Setting) -> float:
    total = float(setting.shape.total or 0)
    if setting.precision >= HALF:
        return setting.precision / 8 * total
    quantised = float(quantisable(setting.shape))
    return quantised * (1.0 if setting.precision == EIGHT else FOUR_BITS[True]) + 2 * (total - quantised)


def gelu_of(shape: Shape, part: Part) -> float:
    """Return the bytes that a composed GELU keeps of a token over all layers, beside what one kernel keeps."""
    return float(2 * STEPS * sum(s.layers * s.ffn_width for s in part.stacks)) if shape.id in COMPOSED else 0.0


def _head(setting: Setting, main: Tower) -> float:
    """Return how many bytes more an output layer takes that has few bits too; one of its own where it was the table's."""
    numbers = float(main.part.vocabulary * main.part.embedded_width)
    row = setting.shape.configuration
    tied = row is not None and row.tied == "yes"
    return numbers * ((1.0 if setting.precision == EIGHT else FOUR_BITS[True]) - (0.0 if tied else 2.0))


def _unpacked(setting: Setting, main: Tower, targets: tuple[str, ...]) -> float:
    """Return the bytes of all weights that DoRA unpacks: it multiplies by them again, so that each is kept in 16 bits.

    peft does so unless dropout is off (peft 0.21.2, tuners/lora/dora.py); other code may not.
    """
    if setting.variant != "dora":
        return 0.0
    return 2 * float(sum(m.count * m.inputs * m.outputs for name in targets for m in main.part.named(name)))


def _inputs(tower: Tower, setting: Setting) -> float:
    """Return what the matrices of a tower are given for one token; with checkpointing those of one layer."""
    which = 2 if computed_again(setting) else 0
    return activations(tower.part, full=True)[which] - activations(tower.part, full=False)[which]


def _by_form(tower: Tower, setting: Setting) -> float:
    """Return what a tower keeps that was not traced, by the closed form's middle."""
    kept, bare, block = activations(tower.part, full=tower.trained)
    if computed_again(setting):
        return 2 * tower.tokens * (bare + KEPT["checkpointed"].mid * block)
    return 2 * tower.tokens * KEPT["16 bits"].mid * kept


def _of_method(setting: Setting, tokens: float, main: Tower, *, low: bool) -> float:
    """Return what a method keeps beside what any gradient needs; with checkpointing that of one layer."""
    form = setting.chosen.kept
    if setting.method.whole:
        return 0.0
    kept = float(form.number(values_of(setting)))
    if low:  # its matrices are traced; DoRA keeps their outputs too
        kept = kept - float(setting.method.variants[setting.method.default].kept.number(values_of(setting)))
    bytes_of_one = WHOLE if setting.precision > HALF else HALF_BYTES
    return bytes_of_one * tokens * kept / (float(main.part.layers) if computed_again(setting) else 1.0)


def highest(counts: Counts, options: Options, cards: int = 1) -> Peak | None:
    """Return the phase that decides, as traced for transformers and peft; None if the backbone was not traced."""
    work = work_of(counts)
    return None if work is None else peak(work, options, cards)


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What a run takes of one card, in bytes: what its tensors need, what the allocator reserves, what the card shows."""

    peak: Peak
    needed: Range
    reserved: Range
    shown: Range


def need(counts: Counts, options: Options, cards: int = 1) -> Need | None:
    """Return what a setting needs and what a card then shows; None if the backbone was not traced."""
    work = work_of(counts)
    if work is None:
        return None
    least = phases(work, options, cards)
    wide = replace(options, upcast="yes") if options.upcast == "open" and work.kind == "few bits" else options
    most = phases(work, wide, cards, most=True)
    lengths = "one" if one_length(counts.setting) else options.lengths
    needed, held = (_ends(least, most, told, lengths) for told in ("needed", "vary" if lengths == "vary" else "one"))
    # What is needed is reserved too, and CUDA's context lies beside it.
    high = max(needed.high, held.high) + (SEVERAL if cards > 1 else 0.0)
    reserved = _range(needed.low, high)
    return Need(
        peak=peak(work, options, cards),
        needed=needed,
        reserved=reserved,
        shown=_range(reserved.low + CONTEXT, high + MOST),
    )


def _ends(least: list[Peak], most: list[Peak], told: str, lengths: str) -> Range:
    """Return the ends of a range around traced phases: those of the phase in which each end is highest, and the middle."""
    above = ABOVE[told]
    low = max(lasting + FIXED * fixed + BELOW[lengths] * moving for lasting, fixed, moving in map(_three, least))
    high = max(lasting + above.fixed * fixed + above.moving * moving for lasting, fixed, moving in map(_three, most))
    return _range(low, high + above.bytes)


def _range(low: float, high: float) -> Range:
    return Range(low, (low + high) / 2, high)


def _three(found: Peak) -> tuple[float, float, float]:
    """Return what lasts, and of the rest what does not depend on the length of the examples and what does."""
    lasting = sum(found.parts.get(name, 0.0) for name in LASTING)
    moving = sum(found.parts.get(name, 0.0) for name in MOVING)
    return lasting, found.total - lasting - moving, moving


def memory_needed(counts: Counts) -> Range | None:
    """Return what a run needs on one card with what is usual, in bytes; by closed form where nothing was traced."""
    found = need(counts, Options())
    return memory_of(counts) if found is None else found.needed
