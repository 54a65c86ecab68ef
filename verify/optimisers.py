"""Count what an optimiser holds after a step on real modules."""

import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
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
BY_WEIGHT: Mapping[str, tuple[int, Callable[[Any], torch.optim.Optimizer]]] = {
    "SGD of torch": (0, lambda some: torch.optim.SGD(some, lr=1e-3)),
    "SGD of torch with momentum": (1, lambda some: torch.optim.SGD(some, lr=1e-3, momentum=0.9)),
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
    for name, (times, made) in BY_WEIGHT.items():
        yield Held(backbone=row.id, counted=_stepped(row, made), derived=times * int(few.params), optimiser=name)


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


class _Living(TorchDispatchMode):
    """Count the bytes of tensors that are made and not given back, at their highest."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self.seen: set[int] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        given = {
            tensor.untyped_storage().data_ptr()
            for tensor in tree_leaves((args, kwargs))
            if isinstance(tensor, torch.Tensor)
        }
        for tensor in tree_leaves(out):
            if isinstance(tensor, torch.Tensor):
                storage = tensor.untyped_storage()
                if storage.data_ptr() not in given | self.seen:
                    self.seen.add(storage.data_ptr())
                    self.now += storage.nbytes()
                    self.most = max(self.most, self.now)
                    weakref.finalize(storage, self._given_back, storage.data_ptr(), storage.nbytes())
        return out

    def _given_back(self, place: int, size: int) -> None:
        self.seen.discard(place)
        self.now -= size


def temporary(dtype: torch.dtype, side: int = 2048) -> float:
    """Return how many times a matrix in 32 bits Adafactor takes in its second step beside its states."""
    parameter = nn.Parameter(torch.randn(side, side).to(dtype))
    optimiser = FACTORED["Adafactor of transformers"]([parameter])
    parameter.grad = torch.randn_like(parameter)
    optimiser.step()
    with _Living() as living:
        optimiser.step()
    return float(living.most) / (4 * side * side)
