"""The outer range: within which nine in ten published runs of a kind lay, whatever else their software did."""

from collections.abc import Iterable, Mapping

from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import Range
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape

FULL, SIXTEEN, FEW = "full", "16 bits", "few bits"
KINDS: Mapping[str, str] = {
    FULL: "full fine-tuning",
    SIXTEEN: "modules on weights in 16 bits",
    FEW: "modules on weights in few bits",
}
# The families of backbones. Those that are no decoders have few runs, so that each is one kind, whatever is trained.
DECODER, ENCODER, GENERATOR = "decoders", "encoders", "image generators"
FAMILIES: Mapping[str, tuple[str, ...]] = {DECODER: (*KINDS,), ENCODER: (ENCODER,), GENERATOR: (GENERATOR,)}
# What parts the runs of a kind further: that the library is stated, and how long the longest example is.
LIBRARY, LENGTH = "library", "length"
STATED: Mapping[str, str] = {LIBRARY: "the library", LENGTH: "the length of the longest example"}
# By what the lower and the upper end are multiplied. `outer_ends.py` sets them: the narrowest pair with which, each source of
# runs in turn left out, nine in ten runs of the others' making lie inside; a test asks that these are what it gives. Runs that
# state something stand apart where they are of many sources and lie closer together.
OUTER: Mapping[str, tuple[float, float]] = {
    FULL: (0.91, 1.56),
    f"{FULL}, {LENGTH}": (0.91, 1.16),
    SIXTEEN: (0.94, 1.41),
    f"{SIXTEEN}, {LIBRARY}": (1.0, 1.0),
    f"{SIXTEEN}, {LENGTH}": (0.94, 1.35),
    FEW: (0.99, 1.03),
}
# The same of other families, each of which is one kind. Around encoders nine in ten of theirs lie inside; the upper
# end is raised in tenths until a card that is told to be large enough was so for nine in ten, of which most say neither the
# software nor what was measured. Around image generators the lower end is set as those of decoders are, each source left out in
# turn, and the upper one, which that leaves where it is, as around encoders. A test asks that these are the ends.
BESIDE: Mapping[str, tuple[float, float]] = {ENCODER: (1.0, 1.3), GENERATOR: (0.92, 1.1)}
# How a kind is called where the range is told; `named` of `outer_ends.py` says of how many runs its ends are, where few set them.
NAMED: Mapping[str, str] = {**KINDS, ENCODER: ENCODER, GENERATOR: GENERATOR}
# Whose runs set the ends, as it is told.
RUNS = "runs of its kind that set it"
# What is said beside a verdict where no run of the family was priced unseen.
UNTESTED = "No verdict on a backbone of its kind was held against runs that set nothing of it."

# What is added of a backbone with experts; a test asks that there is none among the runs.
WITHOUT_EXPERTS = "None of these runs is of a backbone with experts."


def family_of(shape: Shape) -> str:
    """Return the family of a backbone; runs of another one say nothing of it."""
    if has_a_resolution(shape):
        return GENERATOR
    return DECODER if shape.decoder_only else ENCODER


def kind_of(setting: Setting) -> str:
    """Return the kind of runs that a setting belongs to."""
    family = family_of(setting.shape)
    if family != DECODER:
        return family
    if setting.method.whole:
        return FULL
    return FEW if setting.precision < HALF else SIXTEEN


def among(kind: str, stated: str) -> str:
    """Return the name of those runs of a kind that state something."""
    return f"{kind}, {stated}"


def groups_of(setting: Setting, options: Options) -> tuple[str, ...]:
    """Return the groups of runs that a setting belongs to: its kind, and those that state as much as it does."""
    kind = kind_of(setting)
    stated = {LIBRARY: bool(options.library), LENGTH: setting.says_how_long and options.lengths != "cap"}
    return (kind, *(among(kind, what) for what, is_stated in stated.items() if is_stated))


def narrowest(groups: Iterable[str], ends: Mapping[str, tuple[float, float]] = {**OUTER, **BESIDE}) -> str:
    """Return the group whose runs lie closest together."""
    return min((group for group in groups if group in ends), key=lambda group: ends[group][1] / ends[group][0])


def outer(bounds: Range, groups: Iterable[str]) -> Range:
    """Return the outer range around the one that the stated software gives."""
    below, above = {**OUTER, **BESIDE}[narrowest(groups)]
    low, high = below * bounds.low, above * bounds.high
    return Range(low, (low + high) / 2, high)
