"""Language models from the rows of data/configurations.csv alone, with as many layers as one likes."""

from typing import Any

import torch
import transformers as hf
import transformers.masking_utils as masks
from torch import nn
from transformers.initialization import no_init_weights

from peft_vlm_survey.read.configurations import Configuration
from verify import experts, tiled

# transformers knows fakes, and would then build a mask of length x length that a real run does without.
masks.is_tracing = lambda tensor=None: tensor is not None and getattr(tensor, "constant", tensor) is None
masks.find_packed_sequence_indices = lambda position_ids: None

LONGEST = 16384  # so that every traced length has its positions
LLAMA_LIKE = {
    "gemma-3-": hf.Gemma3TextConfig,
    "gemma-2-": hf.Gemma2Config,
    "paligemma2-": hf.Gemma2Config,
    "gemma-": hf.GemmaConfig,
    "mistral-": hf.MistralConfig,
    "phi-3-": hf.Phi3Config,
    "phi-4-": hf.Phi3Config,
    "glm-": hf.GlmConfig,
}
# Where a matrix of the book's names is found in the modules; the first that is there, and it may hold several.
PLACES = {
    "q": ("q_proj", "qkv_proj", "query_key_value"),
    "kv_a": ("kv_a_proj_with_mqa",),
    "kv_b": ("kv_b_proj",),
    "k": ("k_proj",),
    "v": ("v_proj",),
    "o": ("o_proj", "out_proj", "self_attn.dense", "attention.dense", "self_attention.dense"),
    "gate": ("gate_proj", "gate_up_proj"),
    "up": ("up_proj",),
    "down": ("down_proj",),
    "fc1": ("fc1", "dense_h_to_4h"),
    "fc2": ("fc2", "dense_4h_to_h"),
}


def can_be_traced(row: Configuration) -> bool:
    """Return whether a row describes a decoder that transformers can build; what linear attention keeps depends on its kernels."""
    return row.type in ("decoder", "opt") and not row.linear_layers


def _config(row: Configuration, layers: int, positions: int) -> Any:
    width, heads, vocabulary, inner = (int(n) for n in (row.width, row.heads, row.vocabulary, row.ffn_width))
    rows = {"hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": heads, "vocab_size": vocabulary}
    if row.type == "opt":
        sizes = {"ffn_dim": inner, "word_embed_proj_dim": width, "max_position_embeddings": positions}
        return hf.OPTConfig(**rows, **sizes, dropout=0.0)
    if row.id.startswith("falcon-"):
        how = {"new_decoder_architecture": False, "multi_query": True, "parallel_attn": True, "bias": False}
        return hf.FalconConfig(**rows, **how)
    rows |= {"intermediate_size": inner, "max_position_embeddings": 32768}
    if row.id.startswith("stablelm-alpha-"):
        return hf.GPTNeoXConfig(**rows)
    if row.ffn == "mlp":
        return hf.PhiConfig(**rows, partial_rotary_factor=0.5)
    rows |= {"num_key_value_heads": int(row.kv_heads), "tie_word_embeddings": row.tied == "yes"}
    rows |= {"head_dim": int(row.head_width)} if int(row.head_width) * heads != width or row.head_norms else {}
    for prefix, cls in LLAMA_LIKE.items():
        if row.id.startswith(prefix):
            return cls(**rows, pad_token_id=0)
    if row.head_norms == "yes":
        return hf.Qwen3Config(**rows)
    return (hf.Qwen2Config if row.biases == "qkv" else hf.LlamaConfig)(**rows)


def _flash(module: nn.Module, query: Any, key: Any, value: Any, mask: Any, scaling: Any = None, **_: Any) -> Any:
    """Attend without keeping scores, for models that transformers gives no such attention."""
    out = nn.functional.scaled_dot_product_attention(query, key, value, None, 0.0, True, scale=scaling)
    return out.transpose(1, 2), None


hf.AttentionInterface.register("traced", _flash)
hf.AttentionMaskInterface.register("traced", masks.flash_attention_mask)


def language_model(row: Configuration, layers: int, positions: int = LONGEST) -> nn.Module:
    """Return the language model of a backbone in 16 bits, with its output layer; a table of positions is made as long as asked."""
    if tiled.looks(row):
        with no_init_weights():
            return tiled.language_model(row, layers)
    config = experts.config_of(row, layers) if row.latent_width else _config(row, layers, positions)
    config.use_cache = False
    how = "traced" if config.model_type in ("gemma2", "gemma3_text") else "sdpa"
    with no_init_weights():
        model = hf.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16, attn_implementation=how)
        if experts.has(row):
            experts.put_in(model, row)
    model.tie_weights()
    return model


def places(model: nn.Module) -> dict[str, str]:
    """Return where the matrices of the book are; fused ones stand under the first of their names."""
    linear = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    by_target = {}
    for target, names in PLACES.items():
        hits = [name for name in names if any(layer.endswith(f".{name}") for layer in linear)]
        if hits:
            by_target[target] = hits[0]
    return by_target
