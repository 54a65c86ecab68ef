"""Hold the priced peak of image generators against direct traces, and what is counted beside their denoisers."""

from collections.abc import Iterator, Mapping
from functools import partial

import diffusers
import torch
import transformers as hf
from torch import nn

from peft_vlm_survey.costs import cost
from peft_vlm_survey.costs.beside_denoiser import (
    CLIP_G,
    CLIP_L,
    CLIP_L_PROJECTED,
    FOUR,
    QWEN3_4B,
    SIXTEEN,
    T5,
    THIRTY_TWO,
)
from peft_vlm_survey.costs.need import highest
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify import decoders, diffusion, traces
from verify.trace_check import Checked

TOLERANCE = 0.015
# Backbone, images, pixels of a side, checkpointing, rank, targets (none: full fine-tuning, weights in 32 bits), bits.
SETTINGS = (
    ("sdxl", 2, 768, True, 16, "q,k,v,o", 16),
    ("sdxl", 1, 896, False, 64, "q,k,v,o", 16),
    ("sdxl", 1, 1024, True, 16, "q,k,v,o", 32),
    ("sdxl", 2, 768, True, 0, "", 16),
    ("sdxl", 2, 512, False, 0, "", 16),
    ("sd3.5-large", 2, 512, False, 8, "q,k,v,o", 16),
    ("flux.1-dev", 1, 768, True, 16, "q,k,v,o,fc1,fc2", 16),
    ("flux.1-dev", 2, 768, True, 16, "q,k,v,o", 4),
    ("flux.2-klein-4b", 2, 512, True, 32, "q,k,v,o,fc1,fc2", 16),
    ("flux.2-klein-4b", 1, 768, False, 16, "q,k,v,o,fc1", 16),
)


def look(rows: Mapping[str, Configuration], shapes: Mapping[str, Shape]) -> Iterator[Checked]:
    """Yield every setting with both peaks, nothing beside the denoiser."""
    for name, batch, side, again, rank, target, bits in SETTINGS:
        method, run = ("lora", Options(encoders="none")) if target else ("full", Options(encoders="none", weights="32"))
        words = [f"batch={batch}", f"resolution={side}", f"checkpointing={'yes' if again else 'no'}"]
        words += [f"rank={rank}", f"targets={target}", f"precision={bits}"] if target else []
        priced = highest(cost(method, name, words, known=shapes), run)
        if priced is None:
            continue
        kind = {4: "few bits", 16: "passing", 32: "passing 32"}[bits] if target else "full mixed"
        how = {"again": again, "target": target, "rank": rank, "gradients": True}
        traced = float(traces.apart(partial(_whole, rows[name], kind, batch, side, how)))
        beyond = "states", "optimiser's copies"
        told = (
            f"{name} {target or 'full'} r={rank} {batch} x {side} px, {bits} bits{', checkpointing' if again else ''}"
        )
        yield Checked(
            told=told, traced=traced, priced=priced.total - sum(priced.parts.get(part, 0.0) for part in beyond)
        )


def _whole(row: Configuration, kind: str, batch: int, side: int, how: dict[str, object]) -> int:
    found = diffusion.one(row, kind, batch, side, **how)  # type: ignore[arg-type]
    return sum(found.held) + max(found.phases.values())


def beside(rows: Mapping[str, Configuration]) -> Iterator[tuple[str, int, int]]:
    """Yield what encodes images and texts: its name, its parameters as built, and as the closed form has them."""
    text = {
        "CLIP-L": {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12},
        "bigG": {"hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 20},
    }
    large, huge = (hf.CLIPTextConfig(**sizes, projection_dim=sizes["hidden_size"]) for sizes in text.values())
    t5 = {"d_model": 4096, "d_ff": 10240, "d_kv": 64, "num_heads": 64, "num_layers": 24, "vocab_size": 32128}
    with torch.device("meta"):
        built: tuple[tuple[str, nn.Module, int], ...] = (
            ("CLIP-L", hf.CLIPTextModel(large), CLIP_L),
            ("CLIP-L with a projection", hf.CLIPTextModelWithProjection(large), CLIP_L_PROJECTED),
            ("OpenCLIP bigG", hf.CLIPTextModelWithProjection(huge), CLIP_G),
            ("T5-XXL", hf.T5EncoderModel(hf.T5Config(**t5, feed_forward_proj="gated-gelu")), T5),
            ("autoencoder of 4 channels", diffusers.AutoencoderKL(**diffusion.FOUR_CHANNELS), FOUR),
            ("autoencoder of 16 channels", diffusers.AutoencoderKL(**diffusion.SIXTEEN_CHANNELS), SIXTEEN),
            ("autoencoder of 32 channels", diffusers.AutoencoderKLFlux2(), THIRTY_TWO),
            ("Qwen3-4B", decoders.language_model(rows["qwen3-4b"], int(rows["qwen3-4b"].decoder_layers)), QWEN3_4B),
        )
    for name, model, derived in built:
        yield name, sum(p.numel() for p in model.parameters()), derived
