"""What training keeps in memory, and where gradients run, measured on small models on a CPU."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import timm
import torch
import torch.nn.functional as F
import transformers as hf
from torch import nn
from transformers.models.t5.modeling_t5 import T5Block

from peft_vlm_survey.costs import cost
from peft_vlm_survey.costs.memory import activations as kept_of
from peft_vlm_survey.costs.relative_memory import activations, passing, scores
from peft_vlm_survey.costs.shapes import Part, Shape, Stack
from peft_vlm_survey.read.configurations import Configuration
from verify import models
from verify.pieces import Bottleneck, LowRank, Scale

# Measured against closed forms, the kept activations differ by no more than this; adapters free the first block.
TOLERANCE = {"adapter-pfeiffer": 0.08}
USUAL_TOLERANCE = 0.025
# The closed form of a ladder knows no passing buffers: a fifth less than is measured, as on the official code.
LADDER_TOLERANCE = 0.25
BATCH, LENGTH, WIDTH, LAYERS, BY = 4, 64, 256, 6, 8  # of the ladder that is measured, and its reduction


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Bytes that one step keeps for its backward pass, beside those of the closed form."""

    method: str
    measured: int
    derived: float

    @property
    def holds(self) -> bool:
        """Return whether both agree within the tolerance."""
        return abs(self.measured / self.derived - 1) <= TOLERANCE.get(self.method.split()[0], USUAL_TOLERANCE)


def kept_by_vit(shapes: Mapping[str, Shape]) -> list[Measured]:
    """Return what ViT-B/16 keeps of one image for every method that changes it differently."""
    measured = []
    for method, words, change in _CHANGES:
        torch.manual_seed(0)
        model = timm.create_model("vit_base_patch16_224", num_classes=0)
        _eager(model)
        model.requires_grad_(method == "full")
        change(model)
        counts = cost(method, "vit-b16", words, known=shapes)
        derived = 4 * float(activations(counts))
        measured.append(Measured(method=" ".join((method, *words)), measured=_kept(model), derived=derived))
    return measured


def kept_by_unet(row: Configuration, shape: Shape) -> Measured:
    """Return what the U-Net of an image of 1,024 x 1,024 pixels keeps in 16 bits so that a gradient can pass all of it."""
    whole = models.whole(row)
    if whole is None:
        raise LookupError(row.id)
    model = whole.model.to(torch.bfloat16).requires_grad_(False)
    meta: dict[str, Any] = {"device": "meta", "dtype": torch.bfloat16}
    latents = torch.empty(1, 4, 128, 128, requires_grad=True, **meta)
    sizes = {"text_embeds": torch.empty(1, 1280, **meta), "time_ids": torch.empty(1, 6, **meta)}
    seen: dict[int, torch.Tensor] = {}

    def save(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()._cdata
        seen.setdefault(storage, tensor)
        return tensor

    weights = {p.untyped_storage()._cdata for p in model.parameters()}
    text = torch.empty(1, 77, int(row.features), **meta)
    beside = {"added_cond_kwargs": sizes} if row.embedding else {}
    with _without_scores(), torch.autograd.graph.saved_tensors_hooks(save, lambda tensor: tensor):
        model(latents, torch.zeros(1, device="meta"), text, **beside)
    measured = sum(tensor.untyped_storage().nbytes() for at, tensor in seen.items() if at not in weights)
    part = shape.parts[shape.default]
    derived = 2 * float(part.stacks[0].tokens) * kept_of(part, full=False)[0]
    return Measured(method=row.id, measured=measured, derived=derived)


class _Attending(torch.autograd.Function):
    """Attention that keeps no scores, as its kernels on a graphics processor keep none."""

    @staticmethod
    def forward(ctx: Any, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        out = torch.empty_like(q)
        ctx.save_for_backward(q, k, v, out)
        return out

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        """Never asked: what is kept is known behind the forward pass."""
        raise NotImplementedError


@contextmanager
def _without_scores() -> Iterator[None]:
    whole = F.scaled_dot_product_attention
    F.scaled_dot_product_attention = lambda q, k, v, *_, **__: _Attending.apply(q, k, v)
    try:
        yield
    finally:
        F.scaled_dot_product_attention = whole


def _eager(model: nn.Module) -> None:
    for block in model.blocks:
        block.attn.fused_attn = False  # the closed form keeps the attention's map


def _kept(model: nn.Module) -> int:
    image = torch.randn(1, 3, 224, 224)
    return _bytes_of(lambda: model(image).sum(), model)


def _nothing(model: nn.Module) -> None:
    """Leave the model as it is."""


def _bitfit(model: nn.Module) -> None:
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.endswith("bias"))


class _WithLowRank(nn.Module):
    """A fused matrix of queries, keys and values, with low-rank updates on the first and the last."""

    def __init__(self, qkv: nn.Module, rank: int) -> None:
        super().__init__()
        self.qkv = qkv
        width = qkv.in_features
        self.q, self.v = LowRank(width, width, rank), LowRank(width, width, rank)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        return torch.cat([q + self.q(x), k, v + self.v(x)], dim=-1)


def _lora(model: nn.Module) -> None:
    for block in model.blocks:
        block.attn.qkv = _WithLowRank(block.attn.qkv, 8)


class _Behind(nn.Module):
    """A network with a bottleneck behind it."""

    def __init__(self, network: nn.Module, inner: int) -> None:
        super().__init__()
        self.network, self.adapter = network, Bottleneck(network.fc1.in_features, inner)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.network(x)
        return y + self.adapter(y)


def _adapter(model: nn.Module) -> None:
    for block in model.blocks:
        block.mlp = _Behind(block.mlp, 8)


class _Scaled(nn.Module):
    """An operation with a scale and a shift behind it."""

    def __init__(self, operation: nn.Module, width: int) -> None:
        super().__init__()
        self.operation, self.scale = operation, Scale(width, shift=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.operation(x) * self.scale.gamma + self.scale.beta


def _ssf(model: nn.Module) -> None:
    width = model.embed_dim
    model.patch_embed = _Scaled(model.patch_embed, width)
    model.norm = _Scaled(model.norm, width)
    for block in model.blocks:
        block.norm1, block.norm2 = _Scaled(block.norm1, width), _Scaled(block.norm2, width)
        for network, name in ((block.attn, "qkv"), (block.attn, "proj"), (block.mlp, "fc1"), (block.mlp, "fc2")):
            linear = getattr(network, name)
            setattr(network, name, _Scaled(linear, linear.out_features))


class _Prompted(nn.Module):
    """A block before which learned tokens stand, in the place of those of the block before."""

    def __init__(self, block: nn.Module, tokens: int, width: int, *, first: bool) -> None:
        super().__init__()
        self.block, self.first, self.prompt = block, first, nn.Parameter(torch.zeros(1, tokens, width))

    def forward(self, x: torch.Tensor, **how: object) -> torch.Tensor:
        rest = x if self.first else x[:, self.prompt.shape[1] :]
        return self.block(torch.cat([self.prompt.expand(len(x), -1, -1), rest], dim=1), **how)


def _vpt_deep(model: nn.Module) -> None:
    blocks = [_Prompted(block, 50, model.embed_dim, first=i == 0) for i, block in enumerate(model.blocks)]
    model.blocks = nn.Sequential(*blocks)


_CHANGES: tuple[tuple[str, tuple[str, ...], Callable[[nn.Module], None]], ...] = (
    ("full", (), _nothing),
    ("bitfit", (), _bitfit),
    ("lora", ("rank=8",), _lora),
    ("adapter-pfeiffer", ("bottleneck=8",), _adapter),
    ("ssf", (), _ssf),
    ("vpt-deep", ("tokens=50",), _vpt_deep),
)


class Ladder(nn.Module):
    """A small T5 encoder with a ladder beside it: each rung reads what a layer of the backbone puts out."""

    def __init__(self, backbone: nn.Module, width: int, by: int, layers: int, *, detached: bool = True) -> None:
        super().__init__()
        self.backbone, self.detached = backbone, detached
        small = width // by
        self.taps = nn.ModuleList(nn.Linear(width, small) for _ in range(layers + 1))
        config = backbone.config
        narrow = hf.T5Config(
            d_model=small, d_ff=config.d_ff // by, d_kv=config.d_kv // by, num_heads=config.num_heads, dropout_rate=0.0
        )
        narrow._attn_implementation = "eager"  # the closed form keeps the attention's map
        self.rungs = nn.ModuleList(T5Block(narrow, has_relative_attention_bias=True) for _ in range(layers))
        self.gates = nn.Parameter(torch.zeros(layers))
        self.out = nn.Linear(small, width)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the side network's answer."""
        with torch.set_grad_enabled(not self.detached):
            states = self.backbone(input_ids=ids, output_hidden_states=True).hidden_states
        side = self.taps[0](states[0])
        for tap, rung, gate, state in zip(self.taps[1:], self.rungs, self.gates, states[1:], strict=True):
            mixed = torch.sigmoid(gate) * side + (1 - torch.sigmoid(gate)) * tap(state)
            side = rung(mixed)[0]
        return self.out(side)


@dataclass(frozen=True, kw_only=True)
class LadderRun:
    """What a step of a ladder does to its backbone: calls of its backward pass, and bytes kept against full tuning."""

    backward_calls: int
    side_without_gradient: int
    ratio: float
    kept: Measured

    @property
    def holds(self) -> bool:
        """Return whether no gradient enters the backbone, and what is kept agrees within the tolerance."""
        apart = abs(self.kept.measured / self.kept.derived - 1)
        return self.backward_calls == self.side_without_gradient == 0 and apart <= LADDER_TOLERANCE


def _kept_by_a_ladder() -> float:
    """Return by the closed form of LST, in bytes, what the ladder below keeps."""
    stack = Stack(
        layers=LAYERS,
        width=WIDTH,
        heads=8,
        kv_heads=8,
        head_width=32,
        ffn_width=4 * WIDTH,
        glu=False,
        norm="rms",
        biases="none",
    )
    part = Part(encoder=(stack,))
    maps = scores(part, LENGTH)
    per_example = LENGTH * (LAYERS + 1) * WIDTH + (passing(part, LENGTH) - maps) / BY + maps
    return 4 * BATCH * per_example


def ladder() -> LadderRun:
    """Return what one step of a ladder does, its backbone's gradients asked for."""
    torch.manual_seed(0)
    config = hf.T5Config(
        **{"d_model": WIDTH, "d_ff": 4 * WIDTH, "d_kv": 32, "num_heads": 8, "num_layers": LAYERS, "vocab_size": 512},
        dropout_rate=0.0,
        attn_implementation="eager",
    )
    backbone = hf.T5EncoderModel(config)
    calls = 0

    def called(*_: object) -> None:
        nonlocal calls
        calls += 1

    model = Ladder(backbone, WIDTH, BY, LAYERS)
    for module in backbone.modules():
        module.register_full_backward_hook(called)
    ids = torch.randint(0, 512, (BATCH, LENGTH))
    mine = _bytes_of(lambda: model(ids).sum(), model)
    whole = _bytes_of(lambda: backbone(input_ids=ids).last_hidden_state.sum(), backbone, step=False)
    reached = [p for p in backbone.parameters() if p.grad is not None]
    without = [n for n, p in model.named_parameters() if not n.startswith("backbone") and p.grad is None]
    return LadderRun(
        backward_calls=calls + len(reached),
        side_without_gradient=len(without),
        ratio=mine / whole,
        kept=Measured(method="lst", measured=mine, derived=_kept_by_a_ladder()),
    )


def _bytes_of(ask: Callable[[], torch.Tensor], model: nn.Module, *, step: bool = True) -> int:
    """Add up the tensors that autograd saves, each once, parameters left out; take the backward step if asked."""
    known = {p.data_ptr() for p in model.parameters()}
    seen: dict[int, torch.Tensor] = {}

    def save(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.data_ptr() not in known:
            seen[tensor.data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(save, lambda tensor: tensor):
        loss = ask()
    total: int = sum(tensor.numel() * tensor.element_size() for tensor in seen.values())
    if step:
        loss.backward()
    return total
