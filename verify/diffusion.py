"""Denoisers of image generators from the rows of data/configurations.csv alone, and one training step of them.

As the training scripts of diffusers run them: under autocast, whose list of operations in 32 bits is that of a GPU. The
image is encoded before each step, unless its latents are kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import diffusers
import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model
from torch import nn

from peft_vlm_survey.costs.beside_denoiser import BESIDE
from peft_vlm_survey.costs.names import names
from peft_vlm_survey.costs.quantities import passed
from peft_vlm_survey.costs.resolution import SIDE, example_tokens, shape_at, text_tokens
from peft_vlm_survey.costs.towers import shape_of
from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.memory_traces import PHASES, RANK
from verify import models
from verify.fakes import Found, Peak, step
from verify.quantised import quantise

# Operations that autocast computes in 32 bits on a GPU, and not on a CPU (ATen/autocast_mode.h of torch 2.13.0).
WIDE = ("layer_norm", "group_norm", "rms_norm", "interpolate")
LATENT = 8  # pixels of the image to a side of one of its latents
# How wide weights and what passes are: all in 16 bits with what is trained in 32, weights in 32 and the rest in 16 as autocast
# has it, and all in 32.
WIDTHS = ("", " mixed", " 32")
# Images of a step, and the pixels of their side.
KNOTS = ((1, 512), (1, 1024), (4, 1024))
MIDDLE = KNOTS[1]
Phases = dict[str, float]
FREQUENCIES = 6 * 256  # of the sizes that Stable Diffusion XL reads beside the text's vector


@contextmanager
def autocast_as_on_a_gpu() -> Iterator[None]:
    """Let autocast put norms and interpolation in 32 bits."""
    kept = {name: getattr(F, name) for name in WIDE}

    def wide(operation: Callable[..., Any]) -> Callable[..., Any]:
        def done(input: torch.Tensor, *args: Any, **how: Any) -> Any:
            if not torch.is_autocast_enabled("cpu"):
                return operation(input, *args, **how)
            as_wide = {name: x.float() if _is_half(x) else x for name, x in how.items()}
            return operation(input.float(), *(x.float() if _is_half(x) else x for x in args), **as_wide)

        return done

    for name, operation in kept.items():
        setattr(F, name, wide(operation))
    try:
        yield
    finally:
        for name, operation in kept.items():
            setattr(F, name, operation)


def _is_half(x: object) -> bool:
    return isinstance(x, torch.Tensor) and x.dtype in (torch.bfloat16, torch.float16)


def can_be_traced(row: Configuration) -> bool:
    """Return whether a row is a generator whose denoiser is built here."""
    return row.id in BESIDE


def denoiser(row: Configuration, dtype: torch.dtype = torch.bfloat16) -> nn.Module:
    """Return the denoiser of a generator."""
    return _of_type(dtype, lambda: models.made(row).model)


def _of_type(dtype: torch.dtype, build: Callable[[], nn.Module]) -> nn.Module:
    torch.set_default_dtype(dtype)
    try:
        return build()
    finally:
        torch.set_default_dtype(torch.float32)


def encoder_of_images(row: Configuration) -> nn.Module:
    """Return the autoencoder whose latents a generator reads, in the bits that diffusers' scripts hold it in."""
    sizes = {
        "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4,
        "block_out_channels": (128, 256, 512, 512),
        "layers_per_block": 2,
    }
    mixed = row.type == "mmdit"  # whose latents have 16 channels and no matrices beside
    apart = {"latent_channels": 16, "use_quant_conv": False, "use_post_quant_conv": False} if mixed else {}
    dtype = torch.bfloat16 if BESIDE[row.id].image_bytes == 2 else torch.float32
    return _of_type(dtype, lambda: diffusers.AutoencoderKL(**sizes, **apart))


def _inputs(row: Configuration, batch: int, resolution: int, dtype: torch.dtype) -> dict[str, Any]:
    """Return what a denoiser is given for a batch of square images, the first of them what enters it."""
    how: dict[str, Any] = {"dtype": dtype}
    steps, pooled = torch.zeros(batch, dtype=torch.long), int(row.embedding)
    shape = shape_of(row)
    side, text = resolution // LATENT, text_tokens(shape)
    if row.type == "unet":
        last = shape.parts[shape.default].stacks[-1]
        found = {
            "sample": torch.empty(batch, 4, side, side, **how),
            "timestep": steps,
            "encoder_hidden_states": torch.empty(batch, last.crossed_tokens, last.crossed, **how),
        }
        sizes = {"text_embeds": torch.empty(batch, pooled - FREQUENCIES, **how), "time_ids": torch.empty(batch, 6, **how)}
        return {**found, "added_cond_kwargs": sizes}
    found = {
        "timestep": steps,
        "encoder_hidden_states": torch.empty(batch, text, 4096, **how),
        "pooled_projections": torch.empty(batch, pooled, **how),
    }
    if row.parallel != "yes":
        return {"hidden_states": torch.empty(batch, 16, side, side, **how), **found}
    tokens = (resolution // SIDE) ** 2
    places = {"img_ids": torch.zeros(tokens, 3, **how), "txt_ids": torch.zeros(text, 3, **how)}
    guidance = torch.ones(batch, **how)
    return {"hidden_states": torch.empty(batch, tokens, 64, **how), **found, **places, "guidance": guidance}


def _entrance(model: nn.Module) -> nn.Module:
    """Return the module behind which the first block lies that low-rank matrices can be in."""
    for name in ("x_embedder", "pos_embed"):
        if hasattr(model, name):
            return getattr(model, name)  # type: ignore[no-any-return]
    return next(module for name, module in model.named_modules() if name.endswith("proj_in"))


def _ends(model: nn.Module) -> tuple[nn.Module, nn.Module]:
    """Return the last block and the first that low-rank matrices can be in."""
    if hasattr(model, "up_blocks"):
        return model.up_blocks[-1], next(block for block in model.down_blocks if hasattr(block, "attentions"))
    last = getattr(model, "single_transformer_blocks", model.transformer_blocks)
    return last[-1], model.transformer_blocks[0]


def _watch(track: Peak, model: nn.Module) -> None:
    """Tell the backward pass of the first block from the rest of it."""

    def entering(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, args: object, out: Any) -> None:
            tensors = out if isinstance(out, tuple) else (out,)
            hidden = [one for one in tensors if isinstance(one, torch.Tensor) and one.requires_grad]
            if hidden:  # behind a text beside it
                hidden[-1].register_hook(lambda grad: setattr(track, "phase", name))

        return hook

    track.leave_out_gradients(model)
    for block, name in zip(_ends(model), ("last_layer", "first_layer"), strict=True):
        block.register_forward_hook(entering(name))


def one(
    row: Configuration, kind: str, batch: int, resolution: int, *, again: bool, target: str = "", rank: int = RANK
) -> Found:
    """Trace one step of a denoiser; `target` is a comma-separated list of matrices with LoRA."""
    base, _, width = kind.rpartition(" ") if kind.endswith(WIDTHS[1:]) else (kind, "", "")
    dtype = torch.float32 if width else torch.bfloat16

    def build() -> nn.Module:
        model = denoiser(row, dtype)
        if base in ("few bits", "upcast"):
            quantise(model)
        if base == "upcast":
            model.float()
        model.requires_grad_(base == "full")
        if base not in ("full", "frozen"):
            _entrance(model).register_forward_hook(lambda module, args, out: out.requires_grad_())
        if again:
            model.enable_gradient_checkpointing()
        if target:
            return get_peft_model(model, LoraConfig(r=rank, target_modules=_pattern(row, target)))
        return model

    def loss(model: nn.Module) -> torch.Tensor:
        inner = model.get_base_model() if target else model
        predicted = inner(**_inputs(row, batch, resolution, dtype), return_dict=False)[0].float()
        return F.mse_loss(predicted, torch.empty_like(predicted))

    def watched(track: Peak, model: nn.Module) -> None:
        _watch(track, model.get_base_model() if target else model)

    with autocast_as_on_a_gpu():
        return step(build, loss, gradient=base != "frozen", autocast=width != "32", watch=watched)


def _pattern(row: Configuration, target: str) -> str:
    """Return the pattern of the names of matrices, as the lines that are given to a reader have it."""
    (libraries,) = names(shape_of(row), "vision")
    path, _ = libraries["q"]
    return rf".*{path}.*\.({'|'.join(libraries[name][1] for name in target.split(','))})"


def encoding(row: Configuration, batch: int, resolution: int) -> Found:
    """Trace how a batch of square images becomes latents, without a gradient and without autocast."""

    def loss(model: nn.Module) -> torch.Tensor:
        with torch.autocast("cpu", enabled=False):
            dtype = next(model.parameters()).dtype
            pixels = torch.empty(batch, 3, resolution, resolution, dtype=dtype)
            return model.encode(pixels).latent_dist.sample()  # type: ignore[no-any-return, operator]

    return step(lambda: encoder_of_images(row), loss, gradient=False, watch=lambda track, model: None)


def cells_of(row: Configuration) -> Iterator[tuple[str, str, str, int, Phases]]:
    """Yield what is traced of a generator: part, kind, whether with checkpointing, tokens, phases."""
    shape = shape_of(row)
    for kind, said, (batch, resolution), phases in _of(row):
        yield "", kind, said, batch * example_tokens(shape, resolution), phases


def _of(row: Configuration) -> Iterator[tuple[str, str, tuple[int, int], Phases]]:
    casts = 2 * sum(p.numel() for p in _on_meta(row).parameters())
    for again in (False, True):
        said = "yes" if again else "no"
        for kind in ("few bits", "upcast", *(f"{base}{width}" for width in WIDTHS for base in ("passing", "full"))):
            for at in KNOTS:
                found = dict(one(row, kind, *at, again=again).phases)
                if kind == "full mixed":  # what autocast makes of the weights is added where it is known how many are trained
                    for phase in ("forward", *(() if again else ("loss", "last_layer"))):
                        found[phase] -= casts
                yield kind, said, at, found
        bare = one(row, "passing", *MIDDLE, again=again).phases
        for target, (trained, ranks) in _targets(row).items():
            found = one(row, "passing", *MIDDLE, again=again, target=target).phases
            kept = 2 * trained + ranks
            known = {"forward": 2 * trained if again else kept, **dict.fromkeys(("loss", "last_layer"), 0 if again else kept)}
            yield target, said, MIDDLE, {phase: found[phase] - bare[phase] - known.get(phase, 0) for phase in PHASES}
    for width in WIDTHS:
        for at in KNOTS:
            yield f"frozen{width}", "no", at, dict(one(row, f"frozen{width}", *at, again=False).phases)
    for at in KNOTS:
        yield "encoding", "no", at, dict(encoding(row, *at).phases)


def _on_meta(row: Configuration) -> nn.Module:
    with torch.device("meta"):
        return models.made(row).model


def _targets(row: Configuration) -> dict[str, tuple[int, int]]:
    """Return the matrices that can have LoRA, with what it trains there, and the bytes of what it makes of the middle image."""
    shape = shape_of(row)
    batch, resolution = MIDDLE
    part, length = shape_at(shape, resolution).parts[shape.default], example_tokens(shape, resolution)
    found = {}
    for target in names(shape, shape.default)[0]:
        model = get_peft_model(_on_meta(row), LoraConfig(r=RANK, target_modules=_pattern(row, target)))
        trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
        found[target] = trained, 2 * RANK * batch * int(passed(part, (target,), length))
    return found
