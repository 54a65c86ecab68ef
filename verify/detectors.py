"""A detector that reads words: towers of text and of images, and what reads both, from a row of data/configurations.csv."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import torch
import transformers as hf
from torch import nn
from torch.utils.checkpoint import checkpoint
from transformers.models.grounding_dino import modeling_grounding_dino as library

from peft_vlm_survey.read.configurations import Configuration
from verify.backbones import text_sizes

SIDES = (800, 1333)  # pixels of the largest image that its processor makes
LONGEST = 256  # tokens of a text that are read
READ = (1, 2, 3)  # the stages of the tower of images whose answers are read, the first of all being none
Build = Callable[[], nn.Module]


def _numbers(cell: str) -> list[int]:
    return [int(part) for part in cell.split("; ")]


def config_of(row: Configuration) -> Any:
    """Return the configuration of a whole detector."""
    widths, depths, heads = (_numbers(row.row[f"vision_{name}"]) for name in ("width", "layers", "heads"))
    stages = [stage + 1 for stage in READ]  # as the library counts them
    images: Any = hf.SwinConfig(embed_dim=widths[0], depths=depths, num_heads=heads, out_indices=stages)
    words: Any = hf.BertConfig(**text_sizes(row))
    return hf.GroundingDinoConfig(backbone_config=images, text_config=words, d_model=int(row.embedding))


def whole(config: Any) -> nn.Module:
    """Return a whole detector."""
    model: nn.Module = hf.GroundingDinoForObjectDetection(config)
    return model


def text_tower(config: Any, layers: int) -> nn.Module:
    """Return the tower of text alone, with so many layers."""
    config.text_config.num_hidden_layers = layers
    model: nn.Module = hf.BertModel(config.text_config, add_pooling_layer=False)
    return model


def image_tower(config: Any) -> nn.Module:
    """Return the tower of images alone."""
    model: nn.Module = hf.SwinBackbone(config.backbone_config)
    return model


def without_towers(config: Any) -> nn.Module:
    """Return what reads both towers, given what they would put out."""
    model: Any = whole(config)
    images = config.backbone_config
    put_out = partial(_put_out, model)
    model.model.backbone.conv_encoder = _Images(put_out, images.embed_dim, images.patch_size)
    model.model.text_backbone = _Words(put_out, config.text_config.hidden_size)
    return model


def _put_out(model: nn.Module, *sizes: int) -> torch.Tensor:
    """Return what a norm puts out, which autocast has in 32 bits; it is no leaf, and nobody keeps it who does not need it."""
    dtype = torch.float32 if torch.is_autocast_enabled("cpu") else next(model.parameters()).dtype
    scalar = torch.empty((), dtype=dtype).requires_grad_(torch.is_grad_enabled())
    return scalar.expand(*sizes).clone()


class _Images(nn.Module):
    """What stands for a tower of images: features of its stages, and which of their places are of the image."""

    def __init__(self, put_out: Callable[..., torch.Tensor], width: int, patch: int) -> None:
        super().__init__()
        self.put_out, self.width, self.patch = put_out, width, patch

    def forward(self, pixels: torch.Tensor, _: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
        batch, _, *sides = pixels.shape
        outputs = []
        for stage in READ:
            places = [-(-side // (self.patch * 2**stage)) for side in sides]
            features = self.put_out(batch, self.width * 2**stage, *places)
            outputs.append((features, torch.ones(batch, *places, dtype=torch.bool)))
        return outputs


class _Words(nn.Module):
    """What stands for a tower of text."""

    def __init__(self, put_out: Callable[..., torch.Tensor], width: int) -> None:
        super().__init__()
        self.put_out, self.width = put_out, width

    def forward(self, ids: torch.Tensor, *_: Any, **__: Any) -> SimpleNamespace:
        return SimpleNamespace(last_hidden_state=self.put_out(*ids.shape, self.width))


def pixels_of(model: nn.Module, images: int) -> torch.Tensor:
    """Return so many images of the largest size."""
    return torch.empty(images, 3, *SIDES, dtype=next(model.parameters()).dtype)


def detected(model: nn.Module, images: int, text: int) -> torch.Tensor:
    """Return a loss on what is found in so many images, each with a text of so many tokens."""
    ids = torch.ones(images, text, dtype=torch.long)
    with _blindly():
        outputs = model(pixel_values=pixels_of(model, images), input_ids=ids)
        value: torch.Tensor = outputs.logits.mean().float() + outputs.pred_boxes.mean().float()
    return value


@contextmanager
def _blindly() -> Iterator[None]:
    """Ask nothing of what tensors hold: the library looks whether all is finite, and whether sizes agree."""
    finite = SimpleNamespace(all=lambda: True)
    with (
        patch.object(library, "torch_compilable_check", lambda *_: None),
        patch.object(torch, "isfinite", lambda _: finite),
    ):
        yield


def compute_again(model: Any) -> None:
    """Keep of what reads both towers what lies between its layers alone; the library has no way for it."""
    inner = getattr(model, "model", model)
    for layer in (*inner.encoder.layers, *inner.decoder.layers):
        layer.forward = partial(_again, layer.forward)


def _again(forward: Callable[..., Any], *args: Any, **how: Any) -> Any:
    with torch.device("cpu"):
        return checkpoint(forward, *args, use_reentrant=False, **how)
