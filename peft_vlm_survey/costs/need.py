"""What a setting needs on a card, and what the card then shows; for backbones whose steps were traced."""

from dataclasses import dataclass

from peft_vlm_survey.costs.count import Counts, evaluate, values_of
from peft_vlm_survey.costs.gradient_path import Tower, acted_on, beside, trains_all
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import FOUR_BITS, KEPT, Range, activations, computed_again, memory_of, quantisable
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.step import Peak, Work, peak

EIGHT = 8
# Printed by traced, the 5th, 50th and 95th of a hundred published runs that are not held back. Of full fine-tuning there
# are four with known lengths: the lower end is the trace's own, the upper that of an optimiser that takes copies.
SPREAD = {"16 bits": Range(0.80, 1.02, 1.15), "few bits": Range(0.91, 1.26, 1.45), "full": Range(0.95, 1.1, 1.35)}
# What comes and goes in a step, and so is reserved anew for each length that does not fit into what is there.
MOVING = ("activations", "logits")
# What is there throughout, and so is needed at least.
LASTING = ("weights", "trained modules", "states")
# Reserved by needed bytes of it, with checkpointing and without, as replayed steps find them (`python -m verify.reserved`).
# Lengths that grow from step to step would reserve still more, up to what the card has.
GROWTH = {
    ("one", True): Range(1.1, 1.25, 1.35),
    ("one", False): Range(1.02, 1.1, 1.15),
    ("vary", True): Range(1.3, 2.0, 2.8),
    ("vary", False): Range(1.02, 1.2, 1.85),
}
# What CUDA's context takes beside the allocator, in bytes.
CONTEXT = 0.5e9


def work_of(counts: Counts) -> Work | None:
    """Return what a step of a setting works on; None if its language model was not traced or its size is open."""
    setting = counts.setting
    shape, method = setting.shape, setting.method
    if shape.traces is None or shape.total is None:
        return None
    own, others = acted_on(setting), beside(setting)
    towers = {tower.name: tower for tower in (*others, own)}
    if shape.default not in towers:
        return None
    main = towers.pop(shape.default)
    tokens = float(setting.numbers["batch"] * main.length)
    if method.longer and main is own:
        tokens += float(setting.numbers["batch"] * setting.numbers["tokens"])
    again = computed_again(setting)
    low = method.low_rank
    few = setting.precision < HALF
    full = trains_all(setting)
    entered = method.backbone_gradient != "no" or main is not own
    own_names = tuple(name for name in setting.targets if name != "projector" and "." not in name)
    targets = own_names if low and main is own else ()
    places = sum(matrix.count for name in targets for matrix in main.part.named(name))
    return Work(
        traces=shape.traces,
        kind="full" if full else "frozen" if not entered else "few bits" if few else "passing",
        tokens=tokens,
        again=again,
        weights=_weights(setting),
        trained=float(counts.trainable),
        layers=float(main.part.layers),
        full=method.whole,
        targets=targets,
        rank=float(setting.numbers.get("rank", 0)) if targets else 0.0,
        places=float(places),
        beside=sum(_by_form(tower, setting) for tower in towers.values()) + _of_method(setting, tokens, main, low=low),
    )


def _weights(setting: Setting) -> float:
    total = float(setting.shape.total or 0)
    if setting.precision >= HALF:
        return 2 * total
    quantised = float(quantisable(setting.shape))
    return quantised * (1.0 if setting.precision == EIGHT else FOUR_BITS[True]) + 2 * (total - quantised)


def _by_form(tower: Tower, setting: Setting) -> float:
    """Return what a tower keeps that was not traced, by the closed form's middle."""
    tokens = float(setting.numbers["batch"] * (tower.part.stacks[0].tokens or tower.length))
    kept, bare, block = activations(tower.part, full=tower.trained)
    if computed_again(setting):
        return 2 * tokens * (bare + KEPT["checkpointed"].mid * block)
    return 2 * tokens * KEPT["16 bits"].mid * kept


def _of_method(setting: Setting, tokens: float, main: Tower, *, low: bool) -> float:
    """Return what a method keeps beside what any gradient needs; with checkpointing that of one layer."""
    form = setting.chosen.kept
    if setting.method.whole:
        return 0.0
    kept = float(evaluate(form, values_of(setting)))
    if low:  # its matrices are traced; DoRA keeps their outputs too
        kept = kept - float(evaluate(setting.method.variants[setting.method.default].kept, values_of(setting)))
    return 2 * tokens * kept / (float(main.part.layers) if computed_again(setting) else 1.0)


def highest(counts: Counts, options: Options, cards: int = 1) -> Peak | None:
    """Return the phase that decides, as traced for transformers and peft; None if the backbone was not traced."""
    work = work_of(counts)
    return None if work is None else peak(work, options, cards)


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What a run takes of one card, in bytes: what its tensors need, and what the allocator then reserves."""

    peak: Peak
    needed: Range
    shown: Range


def need(counts: Counts, options: Options, cards: int = 1) -> Need | None:
    """Return what a setting needs and what a card then shows; None if the backbone was not traced."""
    found = highest(counts, options, cards)
    if found is None:
        return None
    setting = counts.setting
    kind = "full" if trains_all(setting) else "few bits" if setting.precision < HALF else "16 bits"
    spread = SPREAD[kind]
    moving = sum(found.parts.get(name, 0.0) for name in MOVING)
    growth = GROWTH[options.lengths, computed_again(setting)]
    lasting = sum(found.parts.get(name, 0.0) for name in LASTING)
    needed = Range(*(max(found.total * factor, lasting) for factor in spread))
    shown = Range(*(low + moving * (more - 1) + CONTEXT for low, more in zip(needed, growth, strict=True)))
    return Need(peak=found, needed=needed, shown=shown)


def memory_needed(counts: Counts) -> Range | None:
    """Return what a run needs on one card with what is usual, in bytes; by closed form where nothing was traced."""
    found = need(counts, Options())
    return memory_of(counts) if found is None else found.needed
