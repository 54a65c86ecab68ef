"""Trace a training step of every denoiser: each phase is a line in the tokens; all layers are built."""

from collections.abc import Iterator

import torch
from peft import LoraConfig, get_peft_model
from torch import nn

from peft_vlm_survey.costs.names import names
from peft_vlm_survey.costs.quantities import passed
from peft_vlm_survey.costs.resolution import example_tokens, shape_at
from peft_vlm_survey.costs.towers import shape_of
from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.memory_traces import PHASES, RANK
from verify import models
from verify.diffusion import one_step, pattern

# Images of a step, and the pixels of their side.
KNOTS = ((1, 512), (4, 1024))
MIDDLE = (1, 1024)
Phases = dict[str, int]


def cells_of(row: Configuration) -> Iterator[tuple[str, str, str, int, Phases]]:
    """Yield what is traced of a generator: part, kind, whether with checkpointing, tokens, phases."""
    shape = shape_of(row)
    for kind, checkpointing, (batch, resolution), phases in _of(row):
        yield "", kind, checkpointing, batch * example_tokens(shape, resolution), phases


def _of(row: Configuration) -> Iterator[tuple[str, str, tuple[int, int], Phases]]:
    for again in (False, True):
        checkpointing = "yes" if again else "no"
        for kind in ("upcast", "passing", "full"):
            for at in KNOTS:
                yield kind, checkpointing, at, dict(one_step(row, kind, *at, again=again).phases)
        bare = one_step(row, "passing", *MIDDLE, again=again).phases
        for target, (trained, ranks) in _targets(row).items():
            traced = one_step(row, "passing", *MIDDLE, again=again, target=target).phases
            kept = 2 * trained + ranks
            known = {
                "forward": 2 * trained if again else kept,
                **dict.fromkeys(("loss", "last_layer"), 0 if again else kept),
            }
            yield (
                target,
                checkpointing,
                MIDDLE,
                {phase: traced[phase] - bare[phase] - known.get(phase, 0) for phase in PHASES},
            )
    for at in KNOTS:
        yield "frozen", "no", at, dict(one_step(row, "frozen", *at, again=False).phases)


def _on_meta(row: Configuration) -> nn.Module:
    with torch.device("meta"):
        return models.made(row).model


def _targets(row: Configuration) -> dict[str, tuple[int, int]]:
    """Return the matrices that can have LoRA, with what it trains there, and the bytes of what it makes of the middle image."""
    shape = shape_of(row)
    batch, resolution = MIDDLE
    part, length = shape_at(shape, resolution).parts[shape.default], example_tokens(shape, resolution)
    counts = {}
    for target in names(shape, shape.default)[0]:
        model = get_peft_model(_on_meta(row), LoraConfig(r=RANK, target_modules=pattern(row, target)))
        trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
        counts[target] = trained, 2 * RANK * batch * int(passed(part, (target,), length))
    return counts
