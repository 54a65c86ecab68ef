"""Run a training step on fake tensors, and follow what it would hold on a graphics processor.

Storages are followed from the operation that makes them to the moment at which the last reference dies, in blocks of 512
bytes as PyTorch's allocator rounds them. Nothing is computed and nothing is allocated: seven billion parameters take some
megabytes.
"""

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple

import torch
import torch._subclasses.fake_tensor as fake
import torch.nn.functional as F
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

fake.CONSTANT_NUMEL_LIMIT = 1 << 20  # small whole-number inputs keep their values
MODE = FakeTensorMode(allow_non_fake_inputs=True)
PHASES = ("forward", "loss", "last_layer", "first_layer")
BLOCK = 512
# Operations that autocast computes in 32 bits on a GPU, and not on a CPU (ATen/autocast_mode.h of torch 2.13.0), by what
# becomes wide: all that they are given, or what they put out, unless its type is said.
_POWERS = ("exp", "expm1", "log", "log10", "log2", "log1p", "logsumexp", "reciprocal", "rsqrt", "pow", "__pow__")
_CURVES = ("acos", "asin", "cosh", "sinh", "tan", "erfinv", "softplus", "interpolate", "cdist", "cosine_similarity")
_NORMS = ("layer_norm", "rms_norm", "group_norm")
_LOSSES = ("cross_entropy", "nll_loss", "kl_div", "l1_loss", "smooth_l1_loss", "huber_loss", "mse_loss")
WIDE = (*_POWERS, *_CURVES, *_NORMS, *_LOSSES, "binary_cross_entropy_with_logits")
WIDE_OUT = ("prod", "softmax", "log_softmax", "cumprod", "cumsum", "sum")
FLASH_WIDTH = 256  # flash attention takes heads of at most this width
_ops = torch.ops.aten


def _up(value: int, to: int) -> int:
    return -(-value // to) * to


def _flash_backward(args: tuple[Any, ...]) -> int:
    """Count what the kernel takes inside: a 32-bit accumulator, row sums, and keys and values of every query head."""
    q, k = args[1], args[2]
    batch, heads, tokens, width = q.shape
    size = batch * heads * _up(tokens, 128) * (_up(width, 32) + 1) * 4
    shared = 2 * batch * heads * k.shape[2] * width * q.element_size() if k.shape[1] != heads else 0
    return int(size + shared)


def _efficient_backward(args: tuple[Any, ...]) -> int:
    q, k = args[1], args[2]
    batch, heads, tokens, width = q.shape
    sums = (_up(tokens, 64) + 2 * _up(k.shape[2], 64)) * width * 4 * (q.dtype != torch.float32)
    return int(batch * heads * (_up(tokens, 128) * 4 + sums))


WORKSPACE = {  # memory that a kernel takes inside, which the dispatcher never sees
    _ops._scaled_dot_product_flash_attention_backward.default: _flash_backward,
    _ops._scaled_dot_product_efficient_attention_backward.default: _efficient_backward,
}


class Peak(TorchDispatchMode):
    """Follow storages, and note the highest total of each phase of a step."""

    def __init__(self) -> None:
        super().__init__()
        self.live: dict[int, tuple[int, int]] = {}
        self.events: list[tuple[int, int]] = []
        self.total = 0
        self.gradients = 0
        self.phase = ""
        self.highest: dict[str, int] = {}
        self.tables: set[torch.Size] = set()

    def note(self, tensor: object) -> None:
        """Count the storage of a tensor from now on until it dies."""
        if not isinstance(tensor, torch.Tensor):
            return
        storage = tensor.untyped_storage()
        key, size = storage._cdata, _up(storage.nbytes(), BLOCK)
        if key in self.live or not size:
            return
        self.live[key] = len(self.events), size
        self.events.append((len(self.events), size))
        self.total += size
        weakref.finalize(storage, self._free, key).atexit = False
        self._top(0)

    def _sums_gradients(self, func: Any, args: tuple[Any, ...]) -> bool:
        """Return whether two gradients of a table become one: autograd adds to the first in place, but not on fakes."""
        if func is not _ops.add.Tensor or torch.is_grad_enabled() or self.phase in ("", "forward"):
            return False
        return all(isinstance(x, torch.Tensor) and x.shape in self.tables for x in args)

    def _free(self, key: int) -> None:
        name, size = self.live.pop(key)
        self.events.append((name, -size))
        self.total -= size

    def _top(self, extra: int) -> None:
        self.highest[self.phase] = max(self.highest.get(self.phase, 0), self.total - self.gradients + extra)

    def leave_out_gradients(self, model: nn.Module) -> None:
        """Count no gradient of a trained parameter from the moment on at which it is there."""

        def made(parameter: nn.Parameter) -> None:
            if parameter.grad is not None:
                self.gradients += _up(parameter.grad.untyped_storage().nbytes(), BLOCK)

        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.register_post_accumulate_grad_hook(made)

    def watch(self, model: nn.Module, *, uneven: bool = False) -> None:
        """Tell loss, last and first layer apart in the backward pass: the peak of each is a line of its own.

        Of layers that are uneven one in the middle may need most; they count as the first.
        """
        lists = [module for module in model.modules() if isinstance(module, nn.ModuleList)]
        layers = max(lists, key=len, default=())

        def entering(name: str) -> Callable[..., None]:
            def hook(module: nn.Module, args: object, out: Any) -> None:
                first = out[0] if isinstance(out, tuple) else out
                if isinstance(first, torch.Tensor) and first.requires_grad:
                    first.register_hook(lambda grad: setattr(self, "phase", name))

            return hook

        for at, layer in enumerate(layers):
            last = at == len(layers) - 1
            early = at == 0 or uneven
            layer.register_forward_hook(entering("last_layer" if last else "first_layer" if early else "middle"))

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if self._sums_gradients(func, args):
            func = _ops.add_.Tensor
        out = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(out):
            self.note(leaf)
        if func in WORKSPACE:
            extra, name = WORKSPACE[func](args), len(self.events)
            self.events += [(name, extra), (name, -extra)]
            self._top(extra)
        return out


def _attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    """Pick what scaled_dot_product_attention picks on a GPU: flash without a mask, else the memory-efficient kernel.

    The former takes values that are as wide as keys alone.
    """
    if torch.is_autocast_enabled("cpu"):
        query, key, value = (x.to(torch.get_autocast_dtype("cpu")) for x in (query, key, value))
    size = query.shape[-1]
    fits = size <= FLASH_WIDTH and value.shape[-1] == size
    if attn_mask is None and query.dtype != torch.float32 and fits:
        pad = -size % 8
        if pad:
            query, key, value = (F.pad(x, (0, pad)) for x in (query, key, value))
        out = _ops._scaled_dot_product_flash_attention(query, key, value, dropout_p, is_causal, scale=scale)[0]
        return out[..., :size] if pad else out
    if key.shape[1] != query.shape[1]:
        by = query.shape[1] // key.shape[1]
        key, value = key.repeat_interleave(by, 1), value.repeat_interleave(by, 1)
    if attn_mask is not None:
        attn_mask = attn_mask.expand(*query.shape[:3], key.shape[2])
    efficient = _ops._scaled_dot_product_efficient_attention
    return efficient(query, key, value, attn_mask, True, dropout_p, is_causal, scale=scale)[0]


def _dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Keep a mask of one byte, as on a GPU."""
    return torch.native_dropout(input, p, True)[0] if training and p > 0 else input


def _applied(self: nn.Module, fn: Any, recurse: bool = True, memo: Any = None) -> nn.Module:
    """Do what nn.Module._apply does without swapping tensors, which refuses fakes; ties survive."""
    memo = {} if memo is None else memo
    if recurse:
        for child in self.children():
            _applied(child, fn, memo=memo)
    for key, p in self._parameters.items():
        if p is not None:
            if id(p) not in memo:
                with torch.no_grad():
                    new = fn(p)
                memo[id(p)] = p, p if new is p else nn.Parameter(new, p.requires_grad)
            self._parameters[key] = memo[id(p)][1]
    for key, b in self._buffers.items():
        if b is not None:
            self._buffers[key] = fn(b)
    return self


def _wide(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Let an operation be given 32 bits under autocast."""

    def done(*args: Any, **how: Any) -> Any:
        if not torch.is_autocast_enabled("cpu"):
            return operation(*args, **how)
        return operation(*map(_as_wide, args), **{name: _as_wide(x) for name, x in how.items()})

    return done


def _wide_out(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Let an operation put out 32 bits under autocast, unless a type is said."""

    def done(input: Any, *args: Any, **how: Any) -> Any:
        if torch.is_autocast_enabled("cpu") and _is_half(input) and how.get("dtype") is None:
            how["dtype"] = torch.float32
        return operation(input, *args, **how)

    return done


def _as_wide(x: Any) -> Any:
    return x.float() if _is_half(x) else x


def _is_half(x: object) -> bool:
    return isinstance(x, torch.Tensor) and x.dtype in (torch.bfloat16, torch.float16)


def _of_a_gpu() -> Iterator[tuple[Any, str, Any]]:
    """Yield what a GPU does otherwise: where it stands, its name, and what takes its place."""
    yield F, "scaled_dot_product_attention", _attention
    yield F, "dropout", _dropout
    yield nn.Module, "_apply", _applied
    for names, as_on_a_gpu in ((WIDE, _wide), (WIDE_OUT, _wide_out)):
        for name in names:
            for home in (F, torch, torch.Tensor):
                if hasattr(home, name):
                    yield home, name, as_on_a_gpu(getattr(home, name))


@contextmanager
def like_a_gpu() -> Iterator[None]:
    """Take the attention and the dropout of a GPU and its list of what autocast widens, and let modules of fakes be cast."""
    changed = list(_of_a_gpu())
    kept = [(home, name, getattr(home, name)) for home, name, _ in changed]
    for home, name, operation in changed:
        setattr(home, name, operation)
    try:
        yield
    finally:
        for home, name, operation in kept:
            setattr(home, name, operation)


class Found(NamedTuple):
    """What one step holds: the most of each phase beyond the weights, the weights' storages, and all that came and went.

    `kept` is there between forward and backward pass.
    """

    phases: dict[str, int]
    held: list[int]
    events: list[tuple[int, int]]
    kept: int


def step(
    build: Callable[[], nn.Module],
    loss: Callable[[nn.Module], torch.Tensor],
    *,
    gradient: bool = True,
    autocast: bool = True,
    watch: Callable[[Peak, nn.Module], None] = Peak.watch,
) -> Found:
    """Trace one step, adapters in 32 bits beside a backbone in 16 under autocast, as transformers and peft train them.

    `watch` tells the phases of the backward pass apart.
    """
    track = Peak()
    with MODE, like_a_gpu(), track:
        model = build().train()
        for tensor in (*model.parameters(), *model.buffers()):
            track.note(tensor)
        watch(track, model)
        track.tables = {m.weight.shape for m in model.modules() if isinstance(m, nn.Embedding)}
        held, storages = track.total, [size for _, size in track.live.values()]
        track.highest.clear()
        track.events.clear()
        track.live = {key: (-1, size) for key, (_, size) in track.live.items()}
        track.phase = "forward"
        with (
            torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast),
            nullcontext() if gradient else torch.no_grad(),
        ):
            value = loss(model)
        track.phase = "loss"
        track.note(value)
        kept = track.total - held
        if gradient:
            value.backward()
    phases = {phase: max(track.highest.get(phase, 0) - held, 0) for phase in PHASES}
    return Found(phases, storages, list(track.events), kept)
