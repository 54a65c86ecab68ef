"""Linear layers in few bits, as far as memory goes: packed bytes that are unpacked forward and backward, never kept."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from transformers.pytorch_utils import Conv1D

BLOCK = 64  # weights that share a scale
SCALES = 256  # scales that share a scale of their own


class _Unpacked(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, bias: torch.Tensor | None, shape: tuple[int, int]) -> torch.Tensor:
        ctx.shape = shape
        return F.linear(x, torch.empty(shape, dtype=x.dtype), bias)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        return grad @ torch.empty(ctx.shape, dtype=grad.dtype), None, None


class Quantised(nn.Linear):
    """A linear layer in NF4 with double quantisation; it computes in 16 bits."""

    def __init__(self, of: nn.Linear) -> None:
        nn.Module.__init__(self)
        self.in_features, self.out_features, self.bias = of.in_features, of.out_features, of.bias
        size = of.weight.numel()
        packed = size // 2 + size // BLOCK + size // BLOCK // SCALES * 4
        self.weight = nn.Parameter(torch.empty(packed, dtype=torch.uint8), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the product in the type of the input."""
        bias = None if self.bias is None else self.bias.to(torch.bfloat16)
        return _Unpacked.apply(x.to(torch.bfloat16), bias, (self.out_features, self.in_features)).to(x.dtype)


def quantise(model: nn.Module) -> nn.Module:
    """Replace every linear layer but the output layer, as bitsandbytes does it unless told otherwise, and but what T5 keeps wide."""
    for name, module in list(model.named_modules()):
        for child, layer in list(module.named_children()):
            if isinstance(layer, Conv1D):  # a linear layer that holds its matrix the other way round
                held, layer = layer, nn.Linear(*layer.weight.shape, device="meta")
                layer.bias = held.bias
            if type(layer) is nn.Linear and not f"{name}.{child}".endswith(
                ("lm_head", "embed_out", "DenseReluDense.wo")
            ):
                setattr(module, child, Quantised(layer))
    return model
