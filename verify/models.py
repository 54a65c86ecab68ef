"""Today's models whole, from their rows in data/configurations.csv alone, and what their parts count.

Each is built on the meta device and taken apart by the names of its modules: language model, vision tower, projector,
and what is beside these. So each part of the closed form is held against its own count, not the sum alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import diffusers
import open_clip
import torch
import transformers as hf
from torch import nn

from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify import experts
from verify.pieces import Resampler


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A model, and the beginnings of its modules' names by part; what begins with none of them is beside the parts.

    `holds` names the part among whose modules what is beside the parts lies, where their names do not tell them apart.
    """

    model: nn.Module
    parts: Mapping[str, tuple[str, ...]]
    holds: str = ""


def _text(row: Configuration) -> dict[str, Any]:
    return {
        "hidden_size": int(row.width),
        "intermediate_size": int(row.ffn_width),
        "num_hidden_layers": int(row.decoder_layers),
        "num_attention_heads": int(row.heads),
        "num_key_value_heads": int(row.kv_heads),
        "vocab_size": int(row.vocabulary),
    }


def _seen(row: Configuration) -> dict[str, Any]:
    return {
        "hidden_size": int(row.vision_width),
        "intermediate_size": int(row.vision_ffn_width),
        "num_hidden_layers": int(row.vision_layers),
        "num_attention_heads": int(row.vision_heads),
        "patch_size": int(row.patch),
    }


def _side(row: Configuration) -> int:
    """Return the side of an image in pixels, from the learned positions."""
    return int(int(row.vision_positions) ** 0.5) * int(row.patch)


def _head(row: Configuration) -> dict[str, int]:
    return {"head_dim": int(row.head_width)}


def _tied(row: Configuration) -> bool:
    return row.tied == "yes"


_SEEING = {"language": ("model.language_model", "lm_head"), "projector": ("model.multi_modal_projector",)}
_TOWER = {**_SEEING, "vision": ("model.vision_tower",)}


def _qwen(row: Configuration) -> Whole:
    tower = {
        "hidden_size": int(row.vision_width),
        "depth": int(row.vision_layers),
        "num_heads": int(row.vision_heads),
        "intermediate_size": int(row.vision_ffn_width),
        "out_hidden_size": int(row.width),
    }
    if row.vision_type == "qwen2.5":
        older = hf.Qwen2_5_VLConfig(text_config=_text(row), vision_config=tower, tie_word_embeddings=_tied(row))
        model: nn.Module = hf.Qwen2_5_VLForConditionalGeneration(older)
    elif row.vision_type == "qwen2":
        seen = {"embed_dim": int(row.vision_width), "depth": int(row.vision_layers), "num_heads": int(row.vision_heads)}
        seen |= {"hidden_size": int(row.width)}
        oldest = hf.Qwen2VLConfig(text_config=_text(row), vision_config=seen, tie_word_embeddings=_tied(row))
        model = hf.Qwen2VLForConditionalGeneration(oldest)
    else:
        tower |= {"patch_size": int(row.patch), "num_position_embeddings": int(row.vision_positions)}
        newer = hf.Qwen3VLConfig(
            text_config=_text(row) | _head(row), vision_config=tower, tie_word_embeddings=_tied(row)
        )
        model = hf.Qwen3VLForConditionalGeneration(newer)
    merging = ("model.visual.merger", "model.visual.deepstack_merger_list")
    return Whole(model=model, parts={**_SEEING, "projector": merging, "vision": ("model.visual",)})


def _hybrid(row: Configuration) -> Whole:
    linear = {
        "linear_num_key_heads": int(row.linear_key_heads),
        "linear_num_value_heads": int(row.linear_value_heads),
        "linear_key_head_dim": int(row.linear_head_width),
        "linear_value_head_dim": int(row.linear_head_width),
        "linear_conv_kernel_dim": int(row.linear_convolution),
        "full_attention_interval": int(row.decoder_layers) // (int(row.decoder_layers) - int(row.linear_layers)),
        "tie_word_embeddings": _tied(row),
    }
    tower = {
        "hidden_size": int(row.vision_width),
        "depth": int(row.vision_layers),
        "num_heads": int(row.vision_heads),
        "intermediate_size": int(row.vision_ffn_width),
        "out_hidden_size": int(row.width),
        "patch_size": int(row.patch),
        "num_position_embeddings": int(row.vision_positions),
    }
    text = hf.Qwen3_5TextConfig(**_text(row), **_head(row), **linear)
    config = hf.Qwen3_5Config(text_config=text, vision_config=tower, tie_word_embeddings=_tied(row))
    model = hf.Qwen3_5ForConditionalGeneration(config)
    return Whole(model=model, parts={**_SEEING, "projector": ("model.visual.merger",), "vision": ("model.visual",)})


def _internvl(row: Configuration) -> Whole:
    text = hf.Qwen3Config if row.head_norms == "yes" else hf.Qwen2Config
    vision = hf.InternVLVisionConfig(
        **_seen(row) | {"patch_size": [int(row.patch)] * 2, "image_size": [_side(row)] * 2}, attention_bias=True
    )
    head = _head(row) if row.head_norms == "yes" else {}
    config = hf.InternVLConfig(text_config=text(**_text(row), **head), vision_config=vision, tie_word_embeddings=False)
    return Whole(model=hf.InternVLForConditionalGeneration(config), parts=_TOWER)


def _siglip_config(row: Configuration) -> Any:
    return hf.SiglipVisionConfig(**_seen(row), image_size=_side(row), vision_use_head=False)


def _gemma(row: Configuration) -> Whole:
    text = hf.Gemma3TextConfig(**_text(row), **_head(row))
    config = hf.Gemma3Config(text_config=text, vision_config=_siglip_config(row))
    return Whole(model=hf.Gemma3ForConditionalGeneration(config), parts=_TOWER)


def _paligemma(row: Configuration) -> Whole:
    text = hf.Gemma2Config(**_text(row), **_head(row))
    config = hf.PaliGemmaConfig(text_config=text, vision_config=_siglip_config(row), projection_dim=int(row.width))
    return Whole(model=hf.PaliGemmaForConditionalGeneration(config), parts=_TOWER)


def _onevision(row: Configuration) -> Whole:
    config = hf.LlavaOnevisionConfig(
        text_config=hf.Qwen2Config(**_text(row)), vision_config=_siglip_config(row), tie_word_embeddings=False
    )
    return Whole(model=hf.LlavaOnevisionForConditionalGeneration(config), parts=_TOWER)


def _smolvlm(row: Configuration) -> Whole:
    vision = _seen(row) | {"image_size": _side(row)}
    text = hf.LlamaConfig(**_text(row), **_head(row))
    config = hf.SmolVLMConfig(text_config=text, vision_config=vision, scale_factor=3, tie_word_embeddings=False)
    parts = {
        "language": ("model.text_model", "lm_head"),
        "projector": ("model.connector",),
        "vision": ("model.vision_model",),
    }
    return Whole(model=hf.SmolVLMForConditionalGeneration(config), parts=parts)


def _llama(row: Configuration) -> Whole:
    text = hf.MllamaConfig().text_config.to_dict() | _text(row)
    vision = hf.MllamaConfig().vision_config.to_dict() | {"hidden_size": int(row.vision_width)}
    config = hf.MllamaConfig(text_config=text, vision_config=vision)
    return Whole(
        model=hf.MllamaForConditionalGeneration(config),
        parts={**_SEEING, "vision": ("model.vision_model",)},
        holds="language",
    )


def _florence(row: Configuration) -> Whole:
    sizes = {"d_model": int(row.width), "vocab_size": int(row.vocabulary)}
    sizes |= {"max_position_embeddings": int(row.positions)}
    for side in ("encoder", "decoder"):
        sizes |= {f"{side}_layers": int(row.row[f"{side}_layers"]), f"{side}_attention_heads": int(row.heads)}
        sizes |= {f"{side}_ffn_dim": int(row.ffn_width)}
    vision = hf.Florence2VisionConfig(projection_dim=int(row.width))
    config = hf.Florence2Config(text_config=hf.BartConfig(**sizes), vision_config=vision)
    return Whole(model=hf.Florence2ForConditionalGeneration(config), parts=_TOWER)


def _clip(row: Configuration) -> Whole:
    with torch.device("cpu"):  # it moves what it makes
        model = open_clip.create_model({"clip-vit-b32": "ViT-B-32"}[row.id])
    return Whole(model=model, parts={"vision": ("visual",), "beside": ("logit_scale",), "language": ("",)})


def _vision_alone(row: Configuration) -> Whole:
    sizes = {"hidden_size": int(row.width), "num_hidden_layers": int(row.encoder_layers)}
    sizes |= {"num_attention_heads": int(row.heads), "intermediate_size": int(row.ffn_width)}
    sizes |= {"patch_size": int(row.patch)}
    if row.type == "dinov3":
        settings = hf.DINOv3ViTConfig(**sizes, key_bias=row.biases == "all", num_register_tokens=4)
        return Whole(model=hf.DINOv3ViTModel(settings), parts={"vision": ("",)})
    config = hf.Siglip2VisionConfig(**sizes, num_patches=int(row.positions))
    return Whole(model=hf.Siglip2VisionModel(config), parts={"vision": ("",)})


def _sam(row: Configuration) -> Whole:
    step = int(row.encoder_layers) // 4
    vision = hf.SamVisionConfig(
        hidden_size=int(row.width),
        num_hidden_layers=int(row.encoder_layers),
        num_attention_heads=int(row.heads),
        mlp_dim=int(row.ffn_width),
        global_attn_indexes=[step * n - 1 for n in range(1, 5)],
    )
    model = hf.SamModel(hf.SamConfig(vision_config=vision))
    # The random matrix of positions is a parameter here, and no parameter in the official code.
    del model.shared_image_embedding, model.prompt_encoder.shared_embedding
    return Whole(model=model, parts={"vision": ("vision_encoder",)})


def _sam2(row: Configuration) -> Whole:
    def numbers(cell: str) -> list[int]:
        return [int(part) for part in cell.split("; ")]

    widths, heads = numbers(row.width), numbers(row.heads)
    backbone = hf.Sam2HieraDetConfig(
        hidden_size=widths[0],
        num_attention_heads=heads[0],
        blocks_per_stage=numbers(row.encoder_layers),
        embed_dim_per_stage=widths,
        num_attention_heads_per_stage=heads,
    )
    vision = hf.Sam2VisionConfig(backbone_config=backbone, backbone_channel_list=widths[::-1])
    model = hf.Sam2Model(hf.Sam2Config(vision_config=vision))
    return Whole(model=model, parts={"vision": ("vision_encoder.backbone",)})


def _phi(row: Configuration) -> Whole:
    seen = hf.Phi4MultimodalConfig().vision_config.to_dict() | _seen(row) | {"image_size": _side(row)}
    config = hf.Phi4MultimodalConfig(**_text(row), vision_config=seen, tie_word_embeddings=_tied(row))
    model = hf.Phi4MultimodalForCausalLM(config)
    model.tie_weights()
    image = "model.embed_tokens_extend.image_embed"
    parts = {
        "beside": (f"{image}.img_processor.head", "model.embed_tokens_extend.audio_embed"),
        "language": ("model.embed_tokens.", "model.layers", "model.norm", "lm_head"),
        "projector": (f"{image}.img_projection",),
        "vision": (f"{image}.img_processor",),
    }
    return Whole(model=model, parts=parts)


def _minicpm(row: Configuration) -> Whole:
    model = nn.Module()
    model.llm = hf.Qwen2ForCausalLM(hf.Qwen2Config(**_text(row), tie_word_embeddings=_tied(row)))
    model.vpm = hf.SiglipVisionModel(_siglip_config(row))
    model.resampler = Resampler(64, int(row.width), int(row.heads), int(row.vision_width))
    return Whole(model=model, parts={"language": ("llm",), "projector": ("resampler",), "vision": ("vpm",)})


def _with_experts(row: Configuration) -> Whole:
    parts = {name: (name,) for name in ("language", "projector", "vision")}
    return Whole(model=experts.Whole(row, experts.language_model(row, int(row.decoder_layers))), parts=parts)


def _streams(row: Configuration) -> dict[str, Any]:
    """Return how FLUX has its layers: some with streams of their own for image and text, the others with one for both."""
    streams, alone = (int(layers) for layers in row.encoder_layers.split("; "))
    return {
        "num_layers": streams // 2,
        "num_single_layers": alone,
        "attention_head_dim": int(row.head_width),
        "num_attention_heads": int(row.heads.split("; ")[0]),
    }


def _flux(row: Configuration) -> Whole:
    model = diffusers.FluxTransformer2DModel(
        **_streams(row), pooled_projection_dim=int(row.embedding), guidance_embeds=True
    )
    return Whole(model=model, parts={"beside": ("time_text_embed.guidance_embedder",), "vision": ("",)})


def _flux2(row: Configuration) -> Whole:
    model = diffusers.Flux2Transformer2DModel(
        **_streams(row), joint_attention_dim=int(row.embedding), guidance_embeds=False
    )
    return Whole(model=model, parts={"vision": ("",)})


def _sd3(row: Configuration) -> Whole:
    streams, last = (int(layers) for layers in row.encoder_layers.split("; "))
    heads = int(row.heads.split("; ")[0])
    model = diffusers.SD3Transformer2DModel(
        patch_size=int(row.patch),
        num_layers=(streams + last) // 2,
        attention_head_dim=int(row.head_width),
        num_attention_heads=heads,
        caption_projection_dim=heads * int(row.head_width),
        pooled_projection_dim=int(row.embedding),
        qk_norm="rms_norm",
    )
    return Whole(model=model, parts={"vision": ("",)})


def _sd1(row: Configuration) -> Whole:
    model = diffusers.UNet2DConditionModel(
        sample_size=64,
        block_out_channels=tuple(int(width) for width in row.width.split("; ")),
        attention_head_dim=int(row.heads.split("; ")[0]),  # which diffusers takes for their number
        cross_attention_dim=int(row.features),
    )
    return Whole(model=model, parts={"vision": ("",)})


def _sd2(row: Configuration) -> Whole:
    model = diffusers.UNet2DConditionModel(
        sample_size=96,
        block_out_channels=tuple(int(width) for width in row.width.split("; ")),
        attention_head_dim=tuple(int(heads) for heads in row.heads.split("; ")),
        cross_attention_dim=int(row.features),
        use_linear_projection=True,
    )
    return Whole(model=model, parts={"vision": ("",)})


def _sdxl(row: Configuration) -> Whole:
    widths, layers, heads = (
        [int(part) for part in cell.split("; ")] for cell in (row.width, row.encoder_layers, row.heads)
    )
    passed = [blocks // attending for blocks, attending in zip(layers, (5, 6), strict=True)]
    model = diffusers.UNet2DConditionModel(
        sample_size=128,
        block_out_channels=(widths[0] // 2, *widths),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, *passed),
        attention_head_dim=(heads[0] // 2, *heads),
        cross_attention_dim=int(row.features),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=int(row.embedding),
    )
    return Whole(model=model, parts={"vision": ("",)})


# By how the tower is built, or by identifier where that says too little.
_BUILDERS: Mapping[str, Callable[[Configuration], Whole]] = {
    "qwen2-vl-2b": _qwen,
    "qwen2-vl-7b": _qwen,
    "qwen2.5-vl-3b": _qwen,
    "qwen2.5-vl-7b": _qwen,
    "qwen2.5-vl-32b": _qwen,
    "qwen3-vl-4b": _qwen,
    "qwen3-vl-8b": _qwen,
    "qwen3.5-0.8b": _hybrid,
    "qwen3.5-2b": _hybrid,
    "qwen3.5-4b": _hybrid,
    "qwen3.5-9b": _hybrid,
    "internvl3-8b": _internvl,
    "internvl3.5-8b": _internvl,
    "gemma-3-4b": _gemma,
    "gemma-3-12b": _gemma,
    "llama-3.2-11b-vision": _llama,
    "llava-onevision-7b": _onevision,
    "paligemma2-3b": _paligemma,
    "smolvlm-2.2b": _smolvlm,
    "phi-4-multimodal": _phi,
    "florence-2-base": _florence,
    "clip-vit-b32": _clip,
    "siglip2-vitb16": _vision_alone,
    "dinov3-vitb16": _vision_alone,
    "dinov3-vitl16": _vision_alone,
    "sam-vit-h-whole": _sam,
    "sam-vit-b-whole": _sam,
    "sam2.1-hiera-t": _sam2,
    "sam2.1-hiera-l": _sam2,
    "minicpm-v-2.6": _minicpm,
    "flux.1-dev": _flux,
    "flux.2-klein-4b": _flux2,
    "sd3.5-large": _sd3,
    "sd1.5": _sd1,
    "sd2.1": _sd2,
    "sdxl": _sdxl,
}


def whole(row: Configuration) -> Whole | None:
    """Return a model with all its parts, or None if it is not built here."""
    if row.id not in _BUILDERS and not experts.has(row):
        return None
    with torch.device("meta"):
        return made(row)


def made(row: Configuration) -> Whole:
    """Return a model that is built here with all its parts, on the device and in the type that are set."""
    return _with_experts(row) if experts.has(row) else _BUILDERS[row.id](row)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The parameters of one part, or of the whole, as built and by the closed form."""

    backbone: str
    part: str
    built: int
    derived: int

    @property
    def holds(self) -> bool:
        """Return whether both are equal."""
        return self.built == self.derived


def look(rows: tuple[Configuration, ...], known: Mapping[str, Shape]) -> Iterator[Counted]:
    """Yield every part of every model that is built here, and the whole beside its total."""
    for row in rows:
        built = whole(row)
        if built is None:
            continue
        shape = known[row.id]
        derived = {name: int(part.params) for name, part in shape.parts.items()}
        derived["projector"] = int(shape.projector_params)
        beside = int(shape.closed) - sum(derived.values())
        counts = _parts(built)
        for part, number in derived.items():
            held = beside if part == built.holds else 0
            if part in counts or number:
                yield Counted(backbone=row.id, part=part, built=counts.get(part, 0), derived=number + held)
        if not built.holds:
            yield Counted(backbone=row.id, part="beside", built=counts.get("beside", 0), derived=beside)
        yield Counted(backbone=row.id, part="whole", built=sum(counts.values()), derived=shape.total or 0)


def _parts(built: Whole) -> dict[str, int]:
    counts = dict.fromkeys(built.parts, 0)
    for name, parameter in built.model.named_parameters():
        part = next((p for p, starts in built.parts.items() if name.startswith(starts)), "beside")
        counts[part] = counts.get(part, 0) + parameter.numel()
    return counts
