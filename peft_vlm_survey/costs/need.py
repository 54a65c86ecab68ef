"""What a setting needs on a card, and what the card then shows; for backbones whose steps were traced."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from peft_vlm_survey.costs.count import Counts
from peft_vlm_survey.costs.gradient_path import let_in, one_length
from peft_vlm_survey.costs.kinds import KINDS, kind_of
from peft_vlm_survey.costs.memory import Range
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Ends
from peft_vlm_survey.costs.step import Peak, Work, peak, phases
from peft_vlm_survey.costs.work import work_of

# What depends on the length of the examples.
MOVING = ("activations", "logits")
# What is there throughout, and so is needed at least.
LASTING = ("weights", "trained modules", "states", "encoders")


class Above(NamedTuple):
    """The upper end: what lasts, so many times the rest that does not depend on the length and that does, and some bytes."""

    fixed: float
    moving: float
    bytes: float


# The lower end is what lasts and this share of the rest; where a length is but a cap, less of what depends on it. What is not
# known of a run, such as whether few bits leave the rest in 32 or what lies beside a denoiser, widens the range by what it
# takes. `ends.py` then calibrates both ends on published runs.
FIXED = 0.85
BELOW = {"one": 0.8, "vary": 0.8, "cap": 0.4}
# What is reserved depends on whether examples differ in length: what is there for one length does not serve the next.
ABOVE = {"needed": Above(1.0, 1.15, 1.0e9), "one": Above(1.9, 1.7, 2.0e9), "vary": Above(2.5, 3.5, 2.5e9)}
# What cards reserve to talk to each other, in bytes.
SEVERAL = 0.75e9
# What a card shows beside the allocator, in bytes: CUDA's context, and at most the kernels and workspaces of libraries too.
CONTEXT, MOST = 0.5e9, 1.5e9


def highest(counts: Counts, options: Options, cards: int = 1) -> Peak | None:
    """Return the phase that decides, as traced for transformers and peft; None if the backbone was not traced."""
    work = _at_most(counts, options)
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
    work = _at_most(counts, options)
    if work is None:
        return None
    usual = phases(work, options, cards)
    bare = replace(options, encoders="none") if options.encoders == "open" else options
    low = _at_least(counts, options)
    least = usual if low is None and bare is options else phases(low or work, bare, cards)
    wide = replace(options, upcast="yes") if options.upcast == "open" and work.few else options
    most = phases(work, wide, cards, buckets=True)
    lengths = "one" if one_length(counts.setting) else options.lengths
    needed, held = (
        _ends(least, most, measure, lengths) for measure in ("needed", "vary" if lengths == "vary" else "one")
    )
    # What is needed is reserved too, and CUDA's context lies beside it.
    high = max(needed.high, held.high) + (SEVERAL if cards > 1 else 0.0)
    ends = ends_of(counts.setting)
    return Need(
        peak=max(usual, key=lambda phase: phase.total),
        needed=Range(ends.low * needed.low, ends.high * needed.high),
        reserved=Range(ends.low * needed.low, ends.high * high),
        shown=Range(ends.low * (needed.low + CONTEXT), ends.high * (high + MOST)),
    )


def ends_of(setting: Setting) -> Ends:
    """Return how published runs of its kind calibrate the range of a setting."""
    return setting.shape.ends.get(kind_of(setting), Ends())


def kind_in_words(setting: Setting) -> str:
    """Return the kind of published runs by which a range is calibrated, with how many they are."""
    return in_words(kind_of(setting), ends_of(setting))


def in_words(kind: str, ends: Ends) -> str:
    """Return a kind of published runs with how many of how many sources set its ends."""
    return f"{KINDS[kind]}; runs: {ends.runs}, sources: {ends.sources}"


def _at_most(counts: Counts, options: Options) -> Work | None:
    """Return what a step works on if a gradient enters a frozen vision tower, unless it is said that none does."""
    return work_of(counts, entered=options.tower != "frozen")


def _at_least(counts: Counts, options: Options) -> Work | None:
    """Return what a step works on if none does, where it is not known; else None."""
    return work_of(counts) if options.tower == "open" and let_in(counts.setting) else None


def _ends(least: list[Peak], most: list[Peak], measure: str, lengths: str) -> Range:
    """Return the ends of a range around traced phases: those of the phase in which each end is highest, and the middle."""
    above = ABOVE[measure]
    low = max(lasting + FIXED * fixed + BELOW[lengths] * moving for lasting, fixed, moving in map(_three, least))
    high = max(lasting + above.fixed * fixed + above.moving * moving for lasting, fixed, moving in map(_three, most))
    return Range(low, high + above.bytes)


def _three(phase: Peak) -> tuple[float, float, float]:
    """Return what lasts, and of the rest what does not depend on the length of the examples and what does."""
    lasting = sum(phase.parts.get(name, 0.0) for name in LASTING)
    moving = sum(phase.parts.get(name, 0.0) for name in MOVING)
    return lasting, phase.total - lasting - moving, moving
