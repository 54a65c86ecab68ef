"""Denoisers of image generators from the rows of data/configurations.csv alone, and one training step of them.

As the training scripts of diffusers run them: under autocast. The image is encoded before each step, unless its latents are
kept.
"""

from collections.abc import Callable
from typing import Any

import diffusers
import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model
from torch import nn

from peft_vlm_survey.costs.beside_denoiser import BESIDE
from peft_vlm_survey.costs.names import names
from peft_vlm_survey.costs.resolution import SIDE, text_tokens
from peft_vlm_survey.costs.towers import shape_of
from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.memory_traces import RANK
from verify import models
from verify.fakes import Found, Peak, step
from verify.quantised import quantise

LATENT = 8  # pixels of the image to a side of one of its latents
# How wide weights and what passes are: all in 16 bits with what is trained in 32, weights in 32 and the rest in 16 as autocast
# has it, and all in 32.
WIDTHS = ("", " mixed", " 32")
FREQUENCIES = 6 * 256  # of the sizes that Stable Diffusion XL reads beside the text's vector


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


# Autoencoders by the channels of their latents; those of sixteen have no matrices beside.
FOUR_CHANNELS: dict[str, Any] = {
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "block_out_channels": (128, 256, 512, 512),
    "layers_per_block": 2,
}
SIXTEEN_CHANNELS = {**FOUR_CHANNELS, "latent_channels": 16, "use_quant_conv": False, "use_post_quant_conv": False}


def encoder_of_images(row: Configuration) -> nn.Module:
    """Return the autoencoder whose latents a generator reads, in the bits that diffusers' scripts hold it in."""
    dtype = torch.bfloat16 if BESIDE[row.id].image_bytes == 2 else torch.float32
    if row.type == "flux2":
        return _of_type(dtype, diffusers.AutoencoderKLFlux2)
    sizes = SIXTEEN_CHANNELS if row.type == "mmdit" else FOUR_CHANNELS
    return _of_type(dtype, lambda: diffusers.AutoencoderKL(**sizes))


def inputs(row: Configuration, batch: int, resolution: int, dtype: torch.dtype) -> dict[str, Any]:
    """Return what a denoiser is given for a batch of square images, the first of them what enters it."""
    how: dict[str, Any] = {"dtype": dtype}
    steps, pooled = torch.zeros(batch, dtype=torch.long), int(row.embedding or 0)
    shape = shape_of(row)
    side, text = resolution // LATENT, text_tokens(shape)
    if row.type == "unet":
        last = shape.parts[shape.default].stacks[-1]
        given = {
            "sample": torch.empty(batch, 4, side, side, **how),
            "timestep": steps,
            "encoder_hidden_states": torch.empty(batch, last.crossed_tokens, last.crossed, **how),
        }
        if not pooled:
            return given
        sizes = {
            "text_embeds": torch.empty(batch, pooled - FREQUENCIES, **how),
            "time_ids": torch.empty(batch, 6, **how),
        }
        return {**given, "added_cond_kwargs": sizes}
    if row.type == "flux2":
        tokens = (resolution // SIDE) ** 2
        return {
            "hidden_states": torch.empty(batch, tokens, 128, **how),
            "timestep": steps,
            "encoder_hidden_states": torch.empty(batch, text, int(row.embedding), **how),
            "img_ids": torch.zeros(tokens, 4, **how),
            "txt_ids": torch.zeros(text, 4, **how),
        }
    given = {
        "timestep": steps,
        "encoder_hidden_states": torch.empty(batch, text, 4096, **how),
        "pooled_projections": torch.empty(batch, pooled, **how),
    }
    if row.parallel != "yes":
        return {"hidden_states": torch.empty(batch, 16, side, side, **how), **given}
    tokens = (resolution // SIDE) ** 2
    places = {"img_ids": torch.zeros(tokens, 3, **how), "txt_ids": torch.zeros(text, 3, **how)}
    guidance = torch.ones(batch, **how)
    return {"hidden_states": torch.empty(batch, tokens, 64, **how), **given, **places, "guidance": guidance}


def _entrance(model: nn.Module) -> nn.Module:
    """Return the module behind which the first block lies that low-rank matrices can be in."""
    for name in ("x_embedder", "pos_embed"):
        if hasattr(model, name):
            return getattr(model, name)
    return next(module for name, module in model.named_modules() if name.endswith("proj_in"))


def _ends(model: nn.Module) -> tuple[nn.Module, nn.Module]:
    """Return the last block, of a U-Net the last stage, and the first that low-rank matrices can be in."""
    if hasattr(model, "up_blocks"):
        return model.up_blocks[-1], next(block for block in model.down_blocks if hasattr(block, "attentions"))
    last = getattr(model, "single_transformer_blocks", model.transformer_blocks)
    return last[-1], model.transformer_blocks[0]


def _watch(track: Peak, model: nn.Module) -> None:
    """Tell the backward pass of the first block from the rest of it."""

    def entering(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, args: object, out: Any) -> None:
            tensors = out if isinstance(out, tuple) else (out,)
            hidden = [tensor for tensor in tensors if isinstance(tensor, torch.Tensor) and tensor.requires_grad]
            if hidden:  # behind a text beside it
                hidden[-1].register_hook(lambda grad: setattr(track, "phase", name))

        return hook

    for block, name in zip(_ends(model), ("last_layer", "first_layer"), strict=True):
        block.register_forward_hook(entering(name))


def one_step(
    row: Configuration,
    kind: str,
    batch: int,
    resolution: int,
    *,
    again: bool,
    target: str = "",
    rank: int = RANK,
    gradients: bool = False,
) -> Found:
    """Trace one step of a denoiser; `target` is a comma-separated list of matrices with LoRA, and gradients count if asked for."""
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
            return get_peft_model(model, LoraConfig(r=rank, target_modules=pattern(row, target)))
        return model

    def loss(model: nn.Module) -> torch.Tensor:
        inner = model.get_base_model() if target else model
        predicted = inner(**inputs(row, batch, resolution, dtype), return_dict=False)[0].float()
        return F.mse_loss(predicted, torch.empty_like(predicted))

    def watched(track: Peak, model: nn.Module) -> None:
        _watch(track, model.get_base_model() if target else model)
        if not gradients:
            track.leave_out_gradients(model)

    return step(build, loss, gradient=base != "frozen", autocast=width != "32", watch=watched)


def pattern(row: Configuration, target: str) -> str:
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
            return model.encode(pixels).latent_dist.sample()

    return step(lambda: encoder_of_images(row), loss, gradient=False, watch=lambda track, model: None)
