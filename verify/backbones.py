"""Backbones as modules of timm and transformers, on the meta device, where weights take no memory."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import timm
import torch
import transformers as hf
from torch import nn

from peft_vlm_survey.read.configurations import Configuration
from verify import decoders, experts, models

# What a library calls the linear layers, by the names of the command line; the first group that matches counts.
_NAMES: Mapping[str, str] = {
    "q": r"(\.q|q_proj|\.query|to_q)$",
    "k": r"(\.k|k_proj|\.key|to_k)$",
    "v": r"(\.v|v_proj|\.value|to_v)$",
    "kv_a": r"kv_a_proj_with_mqa$",
    "kv_b": r"kv_b_proj$",
    **{name: rf"{name.replace('_', '_proj_')}$" for name in ("in_qkv", "in_z", "in_b", "in_a")},
    "out": r"linear_attn\.out_proj$",
    "qkv": r"(\.qkv|\.c_attn|query_key_value)$",
    "o": r"(Attention\.o|o_proj|(?<!linear_attn\.)out_proj|attn\.proj|attention\.(output\.)?dense|attn\.c_proj|to_out\.0|to_add_out)$",
    "gate": r"(gate_proj|wi_0)$",
    "up": r"(up_proj|wi_1)$",
    "down": r"(down_proj)$",
    "fc1": r"(\.fc1|\.wi|intermediate\.dense|mlp\.lin1|mlp\.c_fc|dense_h_to_4h|net\.0\.proj|proj_mlp|linear_in|to_qkv_mlp_proj)$",
    "fc2": r"(\.fc2|(?<!attention\.)output\.dense|mlp\.lin2|mlp\.c_proj|dense_4h_to_h|net\.2|single_transformer_blocks\.[0-9]+\.(proj_out|attn\.to_out)|linear_out)$",
}
# Where a network lies in a layer with experts.
_NETWORKS = {"dense": r"mlp\.(gate|up|down)_proj$", "routed": r"\.experts\.", "shared": r"\.shared_experts\."}
_HEADS = ("lm_head", "pooler", "classifier", "head.", "visual_projection", "text_projection")


@dataclass(frozen=True, kw_only=True)
class Host:
    """A backbone, and the prefix of the modules that a method acts on."""

    row: Configuration
    model: nn.Module
    prefix: str = ""

    def modules(self, prefix: str | None = None) -> Iterator[tuple[str, nn.Module]]:
        """Yield the modules of the part, by name."""
        wanted = self.prefix if prefix is None else prefix
        yield from ((name, module) for name, module in self.model.named_modules() if name.startswith(wanted))

    def linears(self, word: str) -> list[tuple[str, nn.Module]]:
        """Return the linear layers of one name of the command line, `vision.q` and `projector` among them."""
        if word == "projector":
            return [(n, m) for n, m in self._layers("") if "projector" in n or "visual.merger" in n]
        if word.startswith("vision."):
            return self._named(word.removeprefix("vision."), _VISION[self.row.type, self.row.vision_type])
        return self._named(word, self.prefix)

    def _named(self, word: str, prefix: str) -> list[tuple[str, nn.Module]]:
        if word == "all":
            names = _NAMES if self.row.ffn == "glu" or self.row.type == "vit" else {**_NAMES, "up": "$^"}
            return [layer for name in names for layer in self._named(name, prefix)]
        network, _, name = word.partition("_")
        if network in _NETWORKS:
            return [layer for layer in self._named(name, prefix) if re.search(_NETWORKS[network], layer[0])]
        last = {"glu": "down", "mlp": "fc2"}[self.row.ffn]
        pattern = re.compile(r"\.wo$" if self.row.type == "t5" and word == last else _NAMES[word])
        layers = [(n, m) for n, m in self._layers(prefix) if pattern.search(n)]
        return [(n, m) for n, m in layers if not any(head in n for head in _HEADS) and "merger" not in n]

    def _layers(self, prefix: str) -> Iterator[tuple[str, nn.Module]]:
        for name, module in self.modules(prefix):
            if isinstance(module, nn.Linear) or type(module).__name__ == "Conv1D":
                yield name, module

    def norms(self) -> list[nn.Module]:
        """Return the norms of the part."""
        return [m for n, m in self.modules() if "Norm" in type(m).__name__ and not any(head in n for head in _HEADS)]

    def biases(self) -> list[nn.Parameter]:
        """Return every parameter of the part that is called bias."""
        return [
            p
            for n, p in self.model.named_parameters()
            if n.startswith(self.prefix) and n.split(".")[-1] == "bias" and not any(head in n for head in _HEADS)
        ]


def sides(layer: nn.Module) -> tuple[int, int]:
    """Return inputs and outputs of a linear layer; GPT-2 keeps its matrices transposed."""
    if isinstance(layer, nn.Linear):
        return layer.in_features, layer.out_features
    return layer.weight.shape[0], layer.weight.shape[1]


_VISION = {
    ("decoder", "clip"): "model.vision_tower",
    ("decoder", "siglip"): "model.vision_tower",
    ("decoder", "tiled"): "model.vision_model",
    ("decoder", "qwen3"): "model.visual.blocks",
    ("decoder", "qwen3.5"): "model.visual.blocks",
    ("decoder", "qwen2.5"): "model.visual.blocks",
    ("decoder", "qwen2"): "model.visual.blocks",
    ("clip", "clip"): "vision_model",
}


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("; "))


def _llama(row: Configuration) -> hf.LlamaConfig:
    return hf.LlamaConfig(
        hidden_size=int(row.width),
        intermediate_size=int(row.ffn_width),
        num_hidden_layers=int(row.decoder_layers),
        num_attention_heads=int(row.heads),
        num_key_value_heads=int(row.kv_heads),
        vocab_size=int(row.vocabulary),
        tie_word_embeddings=False,
    )


def _decoder(row: Configuration) -> Host:
    if experts.has(row):
        model = experts.Whole(row, decoders.language_model(row, int(row.decoder_layers)))
        return Host(row=row, model=model, prefix="language")
    whole = models.whole(row)
    if whole is not None:
        place = whole.parts["language"][0]  # the models of the library all have it at one place
        return Host(row=row, model=whole.model, prefix="llm" if place == "llm" else "model.language_model")
    if row.vision_type == "clip":
        vision = hf.CLIPVisionConfig(
            hidden_size=int(row.vision_width),
            intermediate_size=int(row.vision_ffn_width),
            num_hidden_layers=int(row.vision_layers),
            num_attention_heads=int(row.vision_heads),
            image_size=336,
            patch_size=int(row.patch),
        )
        config = hf.LlavaConfig(vision_config=vision, text_config=_llama(row))
        return Host(row=row, model=hf.LlavaForConditionalGeneration(config), prefix="model.language_model")
    if row.vision_type:  # whose library is not installed: its language model alone
        return Host(row=row, model=hf.LlamaForCausalLM(_llama(row)), prefix="model")
    return Host(row=row, model=decoders.language_model(row, int(row.decoder_layers)), prefix="model")


def _t5(row: Configuration) -> Host:
    config = hf.T5Config(
        d_model=int(row.width),
        d_ff=int(row.ffn_width),
        d_kv=int(row.head_width),
        num_heads=int(row.heads),
        num_layers=int(row.encoder_layers),
        num_decoder_layers=int(row.decoder_layers),
        vocab_size=int(row.vocabulary),
        feed_forward_proj="gated-gelu" if row.ffn == "glu" else "relu",
    )
    return Host(row=row, model=hf.T5ForConditionalGeneration(config))


def _bart(row: Configuration) -> Host:
    config = hf.BartConfig(
        d_model=int(row.width),
        vocab_size=int(row.vocabulary),
        encoder_layers=int(row.encoder_layers),
        decoder_layers=int(row.decoder_layers),
        encoder_attention_heads=int(row.heads),
        decoder_attention_heads=int(row.heads),
        encoder_ffn_dim=int(row.ffn_width),
        decoder_ffn_dim=int(row.ffn_width),
        max_position_embeddings=int(row.positions),
    )
    return Host(row=row, model=hf.BartForConditionalGeneration(config))


def text_sizes(row: Configuration) -> dict[str, int]:
    """Return the sizes of an encoder of text as the configurations of BERT and its kind name them."""
    return {
        "hidden_size": int(row.width),
        "num_hidden_layers": int(row.encoder_layers),
        "num_attention_heads": int(row.heads),
        "intermediate_size": int(row.ffn_width),
        "vocab_size": int(row.vocabulary),
        "max_position_embeddings": int(row.positions),
    }


def _bert(row: Configuration) -> Host:
    kind = {"bert": (hf.BertConfig, hf.BertModel), "roberta": (hf.RobertaConfig, hf.RobertaModel)}[row.type]
    return Host(row=row, model=kind[1](kind[0](**text_sizes(row)), add_pooling_layer=False))


def _gpt2(row: Configuration) -> Host:
    config = hf.GPT2Config(
        n_embd=int(row.width), n_layer=int(row.decoder_layers), n_head=int(row.heads), vocab_size=int(row.vocabulary)
    )
    return Host(row=row, model=hf.GPT2LMHeadModel(config))


def _bloom(row: Configuration) -> Host:
    config = hf.BloomConfig(
        hidden_size=int(row.width),
        n_layer=int(row.decoder_layers),
        n_head=int(row.heads),
        vocab_size=int(row.vocabulary),
    )
    return Host(row=row, model=hf.BloomForCausalLM(config))


def _opt(row: Configuration) -> Host:
    config = hf.OPTConfig(
        hidden_size=int(row.width),
        word_embed_proj_dim=int(row.width),
        ffn_dim=int(row.ffn_width),
        num_hidden_layers=int(row.decoder_layers),
        num_attention_heads=int(row.heads),
        vocab_size=int(row.vocabulary),
    )
    return Host(row=row, model=hf.OPTForCausalLM(config))


def _vision(row: Configuration) -> dict[str, int]:
    return {
        "hidden_size": int(row.width),
        "num_hidden_layers": int(row.encoder_layers),
        "num_attention_heads": int(row.heads),
        "patch_size": int(row.patch),
    }


def _siglip(row: Configuration) -> Host:
    config = hf.SiglipVisionConfig(**_vision(row), intermediate_size=int(row.ffn_width), image_size=384)
    return Host(row=row, model=hf.SiglipVisionModel(config))


def _dinov2(row: Configuration) -> Host:
    return Host(
        row=row, model=hf.Dinov2Model(hf.Dinov2Config(**_vision(row), image_size=518, use_swiglu_ffn=row.ffn == "glu"))
    )


def _sam(row: Configuration) -> Host:
    step = int(row.encoder_layers) // 4
    config = hf.SamVisionConfig(
        **_vision(row), mlp_dim=int(row.ffn_width), global_attn_indexes=[step * n - 1 for n in range(1, 5)]
    )
    return Host(row=row, model=hf.SamVisionModel(config))


def _clip(row: Configuration) -> Host:
    text = {
        "hidden_size": int(row.width),
        "num_hidden_layers": int(row.decoder_layers),
        "num_attention_heads": int(row.heads),
        "intermediate_size": int(row.ffn_width),
    }
    vision = {}
    if row.vision_type == "clip":
        vision = {
            "hidden_size": int(row.vision_width),
            "num_hidden_layers": int(row.vision_layers),
            "num_attention_heads": int(row.vision_heads),
            "intermediate_size": int(row.vision_ffn_width),
            "patch_size": int(row.patch),
        }
    config = hf.CLIPConfig(text_config=text, vision_config=vision, projection_dim=int(row.embedding))
    return Host(row=row, model=hf.CLIPModel(config), prefix="text_model")


def _whole(row: Configuration) -> Host:
    whole = models.whole(row)
    if whole is None:
        raise LookupError(row.id)
    return Host(row=row, model=whole.model)


def _timm(row: Configuration) -> Host:
    names = {
        "vit-b16": "vit_base_patch16_224",
        "vit-l16": "vit_large_patch16_224",
        "vit-h14": "vit_huge_patch14_224",
        "swin-b": "swin_base_patch4_window7_224",
    }
    return Host(row=row, model=timm.create_model(names[row.id], num_classes=0))


_BUILDERS: Mapping[str, Callable[[Configuration], Host]] = {
    "vit": _timm,
    "swin": _timm,
    "decoder": _decoder,
    "mmdit": _whole,
    "flux2": _whole,
    "unet": _whole,
    "t5": _t5,
    "bart": _bart,
    "bert": _bert,
    "roberta": _bert,
    "gpt2": _gpt2,
    "bloom": _bloom,
    "opt": _opt,
    "siglip": _siglip,
    "dinov2": _dinov2,
    "dinov3": _whole,
    "sam": _sam,
    "clip": _clip,
}


def built(row: Configuration) -> Host | None:
    """Return a fresh backbone where tensors are put as things stand, or None if no library has it."""
    builder = _BUILDERS.get(row.type)
    return None if builder is None or row.vision_type in ("resnet", "swin") else builder(row)


def host(row: Configuration) -> Host | None:
    """Return a fresh backbone on the meta device, or None if no library has it."""
    with torch.device("meta"):
        return built(row)


_KEPT: dict[str, Host | None] = {}


def kept(row: Configuration) -> Host | None:
    """Return a backbone that nobody changes, built once."""
    if row.id not in _KEPT:
        _KEPT[row.id] = host(row)
    return _KEPT[row.id]
