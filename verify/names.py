"""Whether the names of layers that the lines give a library train what the closed form counts."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import timm
import torch
import transformers as hf
from peft import LoraConfig, get_peft_model
from torch import nn

from peft_vlm_survey.costs import Shape, cost
from peft_vlm_survey.costs.names import names, written
from peft_vlm_survey.costs.shapes import NETWORKS
from peft_vlm_survey.read.configurations import Configuration
from verify import backbones, decoders, experts


@dataclass(frozen=True, kw_only=True)
class Named:
    """What low-rank matrices on some targets train: by closed form, and in the model that has the names."""

    backbone: str
    targets: tuple[str, ...]
    code: str
    derived: int
    trained: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Return whether one of the models trains what is counted; a model of another library has no such names."""
        return self.derived in self.trained


def look(rows: Iterable[Configuration], known: Mapping[str, Shape]) -> Iterator[Named]:
    """Yield every target of the menu's backbones, and of those with experts or linear attention, alone, and all of a library's together.

    Models hold no numbers.
    """
    for row in rows:
        models = _models(row) if row.menu == "yes" or experts.has(row) or row.linear_layers else []
        for part in known[row.id].parts if models else ():
            libraries = names(known[row.id], part)
            for library in libraries:
                together = tuple(name for name in library if name.partition("_")[0] not in NETWORKS)
                for targets in (*((target,) for target in library), together):
                    yield _compared(row.id, part, targets, written(libraries, targets) or "", models, known)


def _models(row: Configuration) -> list[nn.Module]:
    if experts.has(row):  # each of which is a linear layer in the code that brings them, whose names these are
        with torch.device("meta"):
            return [experts.Whole(row, decoders.language_model(row, int(row.decoder_layers)))]
    host = backbones.host(row)
    with torch.device("meta"):
        if row.id == "blip2-opt-2.7b":
            text = hf.OPTConfig(
                hidden_size=2560,
                ffn_dim=10240,
                num_hidden_layers=32,
                num_attention_heads=32,
                word_embed_proj_dim=2560,
            )
            return [hf.Blip2ForConditionalGeneration(hf.Blip2Config(text_config=text))]
        if host is None:
            return []
        if row.id == "internvl2.5-8b":
            return [hf.InternVLForConditionalGeneration(hf.InternVLConfig(text_config=host.model.config))]
        if row.type == "vit":
            sizes = {"hidden_size": int(row.width), "num_hidden_layers": int(row.encoder_layers)}
            config = hf.ViTConfig(**sizes, intermediate_size=int(row.ffn_width), num_attention_heads=int(row.heads))
            return [host.model, hf.ViTModel(config)]
        if row.type == "dinov2":
            size = {"dinov2-vitb14": "base", "dinov2-vitl14": "large", "dinov2-vitg14": "giant"}[row.id]
            return [host.model, timm.create_model(f"vit_{size}_patch14_dinov2")]
    return [host.model]


def _compared(
    id: str, part: str, targets: tuple[str, ...], code: str, models: Iterable[nn.Module], known: Mapping[str, Shape]
) -> Named:
    words = [f"part={part}", f"targets={','.join(targets)}"]
    derived = int(cost("lora", id, words, known=known).trainable)
    trained = tuple(_trained(model, code) for model in models)
    return Named(backbone=id, targets=targets, code=code, derived=derived, trained=trained)


def _trained(model: nn.Module, code: str) -> int:
    """Return what the lines train; 0 if the model has no layer of these names."""
    try:
        with torch.device("meta"):
            adapted = get_peft_model(model, LoraConfig(r=8, target_modules=ast.literal_eval(code)))
    except ValueError:
        return 0
    trained: int = sum(p.numel() for p in adapted.parameters() if p.requires_grad)
    adapted.unload()
    return trained
