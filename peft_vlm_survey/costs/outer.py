"""The outer range: within which nine in ten published runs of a kind lay, whatever else their software did."""

from collections.abc import Mapping

from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import Range
from peft_vlm_survey.costs.setting import Setting

FULL, SIXTEEN, FEW = "full", "16 bits", "few bits"
KINDS: Mapping[str, str] = {
    FULL: "full fine-tuning",
    SIXTEEN: "modules on weights in 16 bits",
    FEW: "modules on weights in few bits",
}
# By what the lower and the upper end are multiplied. `outer_ends.py` sets them: the narrowest pair with which, each source of
# runs in turn left out, nine in ten runs of the others' making lie inside; a test asks that these are what it gives.
# Libraries, cards and lengths part no kinds, so that each has runs of many sources.
OUTER: Mapping[str, tuple[float, float]] = {FULL: (0.98, 1.81), SIXTEEN: (0.77, 1.27), FEW: (1.0, 1.0)}


def kind_of(setting: Setting) -> str:
    """Return the kind of runs that a setting belongs to."""
    if setting.method.whole:
        return FULL
    return FEW if setting.precision < HALF else SIXTEEN


def outer(found: Range, kind: str) -> Range:
    """Return the outer range around the one that the stated software gives."""
    below, above = OUTER[kind]
    low, high = below * found.low, above * found.high
    return Range(low, (low + high) / 2, high)
