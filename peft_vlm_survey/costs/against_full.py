"""Training memory against full fine-tuning of the same backbone, both steps as traced.

Full fine-tuning trains every part of the backbone once, and a head for each task if the method has one. Examples, texts,
lengths, checkpointing and options are those of the setting, and so are the bits: but with 4 or 8, which weights that are
trained cannot have, it has the 16 that it has if nothing is said.

Both are the traced middle of what a step needs on one card, and not an end of its range. What a method adds that has no
trace of its own counts by closed form.
"""

from dataclasses import replace
from typing import Any

from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.costs.count import Counts, count
from peft_vlm_survey.costs.gradient_path import acted_on
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.need import Need, highest
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.setting import Setting, default_length

FULL = next(method for method in METHODS.values() if method.whole)
# Peaks of full fine-tuning of one backbone in bytes, by setting; None if it was not traced.
Known = dict[tuple[Any, ...], float | None]


def memory_ratio(
    counts: Counts, options: Options | None = None, needed: Need | None = None, known: Known | None = None
) -> float | None:
    """Return the memory of a setting divided by that of full fine-tuning; None if either step was not traced.

    `needed` is what the setting needs, where that was worked out before, and `known` what is remembered of full
    fine-tuning of its backbone, so that many methods on one ask for it once.
    """
    run = options or Options()
    peak = needed.peak if needed is not None else highest(counts, run)
    full = None if peak is None else _peak_of_full(counts, run, {} if known is None else known)
    return None if peak is None or full is None else peak.total / full


def _peak_of_full(counts: Counts, options: Options, known: Known) -> float | None:
    """Return the peak of full fine-tuning, with a head for each task."""
    full, tasks = whole(counts.setting), counts.setting.numbers["tasks"]
    words = (frozenset(full.numbers.items()), frozenset(full.lengths.items()), full.classes)
    key = (*words, full.precision, full.checkpointing, tasks, options)
    if key not in known:
        counted = count(full)
        heads = replace(counted, trainable=counted.trainable + (tasks - 1) * counted.head)
        peak = highest(heads, options)
        known[key] = None if peak is None else peak.total
    return known[key]


def whole(setting: Setting) -> Setting:
    """Return full fine-tuning of the same backbone as a setting is asked."""
    shape, acted_name, length = setting.shape, acted_on(setting).name, setting.numbers["length"]
    classes = setting.classes if setting.method.head else None
    # What is acted on, whose length is said, may not be what full fine-tuning is told by.
    elsewhere = acted_name != shape.default
    same = ("batch", "texts", "outputs", "resolution")
    return Setting(
        method=FULL,
        variant=FULL.default,
        shape=shape,
        part="all",
        targets=(),
        numbers={
            **{name: setting.numbers[name] for name in same if name in setting.numbers},
            "tasks": 1,
            "mlp": 0,
            "classes": classes or 0,
            "length": default_length(shape, shape.default) if elsewhere else length,
        },
        switches=FULL.switches,
        classes=classes,
        bits=FULL.bits,
        precision=max(setting.precision, HALF),
        checkpointing=setting.checkpointing,
        lengths={acted_name: length} if elsewhere else {},
    )
