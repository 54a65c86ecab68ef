"""Language models with experts, and the whole models around them, from rows of data/configurations.csv.

The library keeps the experts of a layer as one parameter of three dimensions. The code that brings the published weights has a
linear layer for every matrix of every expert, and so have the steps that are traced here: each expert is given as many tokens
as any other, or one more.
"""

from typing import Any

import timm
import torch
import transformers as hf
from torch import nn
from transformers.models.deepseek_ocr2.modeling_deepseek_ocr2 import DeepseekOcr2TextModel

from peft_vlm_survey.read.configurations import Configuration

MERGED = 4  # tokens of the tower that the projector makes one
TOWERS = {(27, 1152): "vit_so400m_patch14_siglip_384"}  # by layers and width


def has(row: Configuration) -> bool:
    """Return whether a row describes a decoder with experts."""
    return bool(row.experts)


def _sizes(row: Configuration, layers: int) -> dict[str, Any]:
    return {
        "hidden_size": int(row.width),
        "intermediate_size": int(row.ffn_width),
        "moe_intermediate_size": int(row.expert_width),
        "num_hidden_layers": layers,
        "num_attention_heads": int(row.heads),
        "num_key_value_heads": int(row.kv_heads),
        "vocab_size": int(row.vocabulary),
        "n_routed_experts": int(row.experts),
        "n_shared_experts": int(row.shared_width) // int(row.expert_width),
        "num_experts_per_tok": int(row.experts_used),
        "first_k_dense_replace": int(row.dense_layers),
        "n_group": 1,
        "topk_group": 1,
        "use_cache": False,
    }


def _latent(row: Configuration) -> dict[str, Any]:
    return {
        "q_lora_rank": None,
        "kv_lora_rank": int(row.latent_width),
        "qk_rope_head_dim": int(row.rotated_width),
        "qk_nope_head_dim": int(row.head_width) - int(row.rotated_width),
        "v_head_dim": int(row.value_width),
    }


class _Worded(nn.Module):
    """A language model whose class of the library has no output layer."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.model = DeepseekOcr2TextModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)


def language_model(row: Configuration, layers: int) -> Any:
    """Return the library's language model: with a bias for each expert, with keys and values of one vector, or with neither."""
    sizes = _sizes(row, layers)
    if row.router_biases == "yes":
        model = hf.DeepseekV3ForCausalLM(hf.DeepseekV3Config(**sizes, **_latent(row)))
        for module in model.modules():
            if hasattr(module, "e_score_correction_bias"):  # which the models' own code has as a parameter
                bias = module._buffers.pop("e_score_correction_bias")
                module.e_score_correction_bias = nn.Parameter(bias, requires_grad=False)
        return model
    if row.latent_width:
        return hf.DeepseekV2ForCausalLM(hf.DeepseekV2Config(**sizes, **_latent(row)))
    dense = sizes.pop("first_k_dense_replace")
    kinds = ["dense"] * dense + ["sparse"] * (layers - dense)
    return _Worded(hf.DeepseekOcr2Config(text_config=sizes | {"mlp_layer_types": kinds}).text_config)


class _Network(nn.Module):
    """A gated feed-forward network."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.gate_proj, self.up_proj = (nn.Linear(width, inner, bias=False) for _ in range(2))
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what is added to the stream."""
        return self.down_proj(nn.functional.silu(self.gate_proj(x)) * self.up_proj(x))


class _Router(nn.Module):
    """A weight for each expert and feature, and a bias for each expert if asked; no linear layer, so that nothing adapts it."""

    def __init__(self, row: Configuration) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(int(row.experts), int(row.width)))
        self.used = int(row.experts_used)
        if row.router_biases == "yes":
            self.e_score_correction_bias = nn.Parameter(torch.zeros(int(row.experts)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the weights of the chosen experts for each token, in 32 bits."""
        scores = nn.functional.linear(x.float(), self.weight.float()).softmax(dim=-1, dtype=torch.float32)
        return torch.topk(scores, k=self.used, dim=-1, sorted=False)[0]


class Mixture(nn.Module):
    """Experts that are linear layers of their own, and a network beside them, as the models' own code trains them.

    Every token is repeated for each expert that it is given to; an expert reads its share of these, and what it puts out comes
    to their places. Which tokens these are depends on no number here.
    """

    def __init__(self, row: Configuration) -> None:
        super().__init__()
        width, inner = int(row.width), int(row.expert_width)
        self.used = int(row.experts_used)
        # No list of modules, as the layers are one.
        self.experts = nn.ModuleDict({str(at): _Network(width, inner) for at in range(int(row.experts))})
        self.gate = _Router(row)
        self.shared_experts = _Network(width, int(row.shared_width)) if row.shared_width else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what is added to the stream."""
        tokens = x.view(-1, x.shape[-1])
        weights = self.gate(tokens)
        given = tokens.repeat_interleave(self.used, dim=0)
        made = torch.empty_like(given)
        for at, expert in enumerate(self.experts.values()):
            rows = torch.arange(at, len(given), len(self.experts), device=x.device)
            made[rows] = expert(given[rows]).to(made.dtype)
        mixed = (made.view(*weights.shape, -1) * weights.unsqueeze(-1)).sum(dim=1).to(x.dtype).view(x.shape)
        return mixed if self.shared_experts is None else mixed + self.shared_experts(x)


def config_of(row: Configuration, layers: int) -> Any:
    """Return the configuration of a decoder whose keys and values are made of one vector, with no experts in its layers."""
    return hf.DeepseekV2Config(**_sizes(row, layers) | {"first_k_dense_replace": layers}, **_latent(row))


def put_in(model: Any, row: Configuration) -> None:
    """Let the layers of a decoder have experts in the place of their networks, but for the first if these have none."""
    for layer in model.model.layers[int(row.dense_layers or 0) :]:
        layer.mlp = Mixture(row).to(model.dtype)
    model.config.model_type = "experts"  # peft looks for the library's own by its type


class Projector(nn.Module):
    """Two layers behind tokens of a tower, of which four become one."""

    def __init__(self, vision: int, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(MERGED * vision, width), nn.GELU(), nn.Linear(width, width))


class Whole(nn.Module):
    """Tower, projector and language model by the names of the models' own code, and the two vectors that part an image."""

    def __init__(self, row: Configuration, language: nn.Module) -> None:
        super().__init__()
        width, vision = int(row.width), int(row.vision_width)
        self.vision = timm.create_model(TOWERS[int(row.vision_layers), vision], num_classes=0)
        self.projector = Projector(vision, width)
        self.image_newline, self.view_seperator = (nn.Parameter(torch.zeros(width)) for _ in range(2))
        self.language = language
