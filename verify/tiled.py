"""A language model some of whose layers attend to an image that lies in tiles, from a row of data/configurations.csv.

Every fifth layer does so, the fourth of each five; the tower of images has four layers of a tile, and one of all, for each of these.
"""

from types import SimpleNamespace
from typing import Any

import torch
import transformers as hf
from torch import nn

from peft_vlm_survey.read.configurations import Configuration

UNITS = 8
# Tiles of an image, and layers of the tower that are read.
TILES, READ = 4, 6
PERIOD, LOOKS = 5, 3  # layers of which one attends to the image, and which
TEXT = 512  # tokens of a text where nothing is said
LANGUAGE = {
    **{name: rf"(self|cross)_attn\.{name}_proj" for name in "qkvo"},
    **{name: rf"mlp\.{name}_proj" for name in ("gate", "up", "down")},
}


def looks(row: Configuration) -> bool:
    """Return whether some layers of a language model attend to an image."""
    return row.vision_type == "tiled"


def _side(row: Configuration) -> int:
    return int((int(row.vision_positions) - 1) ** 0.5) * int(row.patch)


def config_of(row: Configuration, layers: int, units: int = UNITS) -> Any:
    """Return the configuration of a whole model with so many layers, and so many times five in its tower of images."""
    usual = hf.MllamaConfig()
    text = usual.text_config.to_dict() | {
        "hidden_size": int(row.width),
        "num_hidden_layers": layers,
        "num_attention_heads": int(row.heads),
        "num_key_value_heads": int(row.kv_heads),
        "intermediate_size": int(row.ffn_width),
        "vocab_size": int(row.vocabulary),
        "cross_attention_layers": list(range(LOOKS, layers, PERIOD)),
        "use_cache": False,
    }
    local = (PERIOD - 1) * units
    vision = usual.vision_config.to_dict() | {
        "hidden_size": int(row.vision_width),
        "intermediate_size": int(row.vision_ffn_width),
        "attention_heads": int(row.vision_heads),
        "image_size": _side(row),
        "num_hidden_layers": local,
        "num_global_layers": units,
        "max_num_tiles": TILES,
        "intermediate_layers_indices": [min(at, local - 1) for at in usual.vision_config.intermediate_layers_indices],
    }
    config = hf.MllamaConfig(text_config=text, vision_config=vision)
    config._attn_implementation = config.text_config._attn_implementation = "sdpa"
    config.vision_config._attn_implementation = "sdpa"
    return config


def whole(row: Configuration, layers: int, units: int = UNITS) -> nn.Module:
    """Return the whole model in 16 bits."""
    model: nn.Module = hf.MllamaForConditionalGeneration(config_of(row, layers, units))
    return model.to(torch.bfloat16)


class _Seen(nn.Module):
    """What stands for a tower of images: what it puts out, which nothing trains."""

    def __init__(self, places: int, width: int) -> None:
        super().__init__()
        self.num_patches, self.width = places, width

    def forward(self, pixel_values: torch.Tensor, **_: Any) -> SimpleNamespace:
        out = torch.empty(*pixel_values.shape[:3], self.num_patches, self.width, dtype=torch.bfloat16)
        return SimpleNamespace(last_hidden_state=out)


def language_model(row: Configuration, layers: int) -> nn.Module:
    """Return the language model in 16 bits with its projector, given what the tower of images would put out."""
    with torch.device("meta"):
        config = config_of(row, layers, 1)
    model: Any = hf.MllamaForConditionalGeneration(config)
    model.model.vision_model = _Seen(int(row.vision_positions), READ * int(row.vision_width))
    return model.to(torch.bfloat16)


def tower(row: Configuration, units: int) -> nn.Module:
    """Return the tower of images."""
    model: nn.Module = hf.models.mllama.modeling_mllama.MllamaVisionModel(config_of(row, PERIOD, units).vision_config)
    return model


def images_of(row: Configuration, images: int, dtype: torch.dtype = torch.bfloat16) -> dict[str, torch.Tensor]:
    """Return so many images with all their tiles."""
    side = _side(row)
    return {
        "pixel_values": torch.empty(images, 1, TILES, 3, side, side, dtype=dtype),
        "aspect_ratio_ids": torch.ones(images, 1, dtype=torch.long),
        "aspect_ratio_mask": torch.ones(images, 1, TILES, dtype=torch.long),
    }


def shown(row: Configuration, examples: int, tokens: int) -> dict[str, torch.Tensor]:
    """Return an image for each of so many texts of so many tokens, all of which attend to all of it."""
    mask = torch.ones(examples, tokens, 1, TILES, dtype=torch.long)
    return {**images_of(row, examples), "cross_attention_mask": mask}


def tokens_of(row: Configuration) -> int:
    """Return the tokens of an image inside its tower."""
    return int(row.vision_tokens)
