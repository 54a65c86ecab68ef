"""Count what encodes images and texts beside a denoiser, as built and as the closed form has it."""

from collections.abc import Iterator, Mapping

import diffusers
import torch
import transformers as hf
from torch import nn

from peft_vlm_survey.costs.beside_denoiser import (
    CLIP_G,
    CLIP_H,
    CLIP_L,
    CLIP_L_PROJECTED,
    FOUR,
    QWEN3_4B,
    SIXTEEN,
    T5,
    THIRTY_TWO,
)
from peft_vlm_survey.read.configurations import Configuration
from verify import decoders, diffusion


def beside(rows: Mapping[str, Configuration]) -> Iterator[tuple[str, int, int]]:
    """Yield what encodes images and texts: its name, its parameters as built, and as the closed form has them."""
    text = {
        "CLIP-L": {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12},
        "bigG": {"hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 20},
    }
    text["OpenCLIP-H"] = {
        "hidden_size": 1024,
        "intermediate_size": 4096,
        "num_hidden_layers": 23,
        "num_attention_heads": 16,
    }
    large, huge, middle = (hf.CLIPTextConfig(**sizes, projection_dim=sizes["hidden_size"]) for sizes in text.values())
    t5 = {"d_model": 4096, "d_ff": 10240, "d_kv": 64, "num_heads": 64, "num_layers": 24, "vocab_size": 32128}
    with torch.device("meta"):
        built: tuple[tuple[str, nn.Module, int], ...] = (
            ("CLIP-L", hf.CLIPTextModel(large), CLIP_L),
            ("CLIP-L with a projection", hf.CLIPTextModelWithProjection(large), CLIP_L_PROJECTED),
            ("OpenCLIP-H", hf.CLIPTextModel(middle), CLIP_H),
            ("OpenCLIP bigG", hf.CLIPTextModelWithProjection(huge), CLIP_G),
            ("T5-XXL", hf.T5EncoderModel(hf.T5Config(**t5, feed_forward_proj="gated-gelu")), T5),
            ("autoencoder of 4 channels", diffusers.AutoencoderKL(**diffusion.FOUR_CHANNELS), FOUR),
            ("autoencoder of 16 channels", diffusers.AutoencoderKL(**diffusion.SIXTEEN_CHANNELS), SIXTEEN),
            ("autoencoder of 32 channels", diffusers.AutoencoderKLFlux2(), THIRTY_TWO),
            ("Qwen3-4B", decoders.language_model(rows["qwen3-4b"], int(rows["qwen3-4b"].decoder_layers)), QWEN3_4B),
        )
    for name, model, derived in built:
        yield name, sum(p.numel() for p in model.parameters()), derived
