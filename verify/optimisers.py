"""Count what an optimiser holds after a step on real modules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn
from transformers.optimization import Adafactor

from peft_vlm_survey.costs.factored_states import factored
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify import decoders

LAYERS = 1


@dataclass(frozen=True, kw_only=True)
class Held:
    """Numbers that an optimiser holds, counted and by closed form."""

    backbone: str
    counted: int
    derived: int
    optimiser: str

    @property
    def holds(self) -> bool:
        """Return whether both are equal."""
        return self.counted == self.derived


# As transformers' trainer makes it (trainer_optimizer.py); torch's own keeps as many numbers.
FACTORED: Mapping[str, Callable[[Any], torch.optim.Optimizer]] = {
    "Adafactor of transformers": lambda some: Adafactor(some, lr=1e-3, scale_parameter=False, relative_step=False),
    "Adafactor of torch": lambda some: torch.optim.Adafactor(some, lr=1e-3),
}


def states(row: Configuration, shape: Shape) -> Iterator[Held]:
    """Yield what other optimisers hold for a language model with one layer of its true size."""
    part = shape.parts[shape.default]
    few = replace(part, decoder=tuple(replace(stack, layers=LAYERS) for stack in part.decoder))
    form = factored(replace(shape, parts={shape.default: few}), shape.default)
    for name, made in FACTORED.items():
        yield Held(
            backbone=row.id,
            counted=_stepped(row, made),
            derived=int(form.states(float(few.params))),
            optimiser=name,
        )


def _with_gradients(row: Configuration) -> nn.Module:
    torch.manual_seed(0)
    model = decoders.language_model(row, LAYERS)
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.02)
        parameter.grad = torch.randn_like(parameter)
    return model


def _stepped(row: Configuration, made: Callable[[Any], torch.optim.Optimizer]) -> int:
    """Count the numbers of the states behind a step; how many steps there were is none of them."""
    optimiser = made(list(_with_gradients(row).parameters()))
    optimiser.step()
    kept = [value for state in optimiser.state.values() for value in state.values() if isinstance(value, torch.Tensor)]
    return sum(value.numel() for value in kept if value.dim())
