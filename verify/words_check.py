"""Hold the priced peak of encoders whose head predicts words against direct traces of all their layers."""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

import torch
import transformers as hf
from peft import LoraConfig, get_peft_model
from torch import nn
from transformers.initialization import no_init_weights

from peft_vlm_survey.costs import cost
from peft_vlm_survey.costs.need import highest
from peft_vlm_survey.costs.options import read_options
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify.encoder_traces import enter
from verify.fakes import step
from verify.peak_check import Checked

TEXT = 256
# Backbone, method and words.
RUNS = (
    ("bert-base", "full", "batch=4"),
    ("bert-base", "full", "batch=16 weights=32"),
    ("bert-base", "full", "batch=8 precision=32"),
    ("roberta-base", "full", "batch=12"),
    ("bert-large", "lora", "rank=8 targets=q batch=8"),
    ("roberta-large", "lora", "rank=8 targets=q batch=8 precision=32"),
)
TOLERANCE = 0.015  # the layer before the logits is not counted


def look(rows: Mapping[str, Configuration], known: Mapping[str, Shape]) -> Iterator[Checked]:
    """Yield every run with its traced and its priced peak, the states left out."""
    for backbone, method, words in RUNS:
        options, pairs = read_options([*words.split(), f"length={TEXT}", "predicts=words"])
        counts = cost(method, backbone, pairs, known=known)
        priced = highest(counts, options)
        if priced is None:
            raise ValueError(f"no step of {backbone} was traced")
        traced = _peak(rows[backbone], counts.setting.numbers["batch"], words, full=method == "full")
        label = f"{backbone} {method} {words}, predicting words"
        yield Checked(label=label, traced=traced, priced=priced.total - priced.parts["states"], tolerance=TOLERANCE)


def _peak(row: Configuration, batch: Any, words: str, *, full: bool) -> int:
    roberta = row.type == "roberta"
    config: Any = (hf.RobertaConfig if roberta else hf.BertConfig)(
        vocab_size=int(row.vocabulary),
        max_position_embeddings=int(row.positions),
        type_vocab_size=1 if roberta else 2,
        hidden_size=int(row.width),
        num_hidden_layers=int(row.encoder_layers),
        num_attention_heads=int(row.heads),
        intermediate_size=int(row.ffn_width),
    )
    config._attn_implementation = "sdpa"

    def build() -> nn.Module:
        with no_init_weights():
            model: Any = (hf.RobertaForMaskedLM if roberta else hf.BertForMaskedLM)(config)
        model.tie_weights()  # as it is where weights are made
        model = model.to(torch.float32 if "32" in words else torch.bfloat16)
        model.requires_grad_(full)
        if full:
            return model
        enter(model)
        lora = LoraConfig(r=8, target_modules=r".*self\.query", lora_dropout=0.05)
        return get_peft_model(model, lora)

    def loss(model: nn.Module) -> torch.Tensor:
        read = torch.ones(int(batch), TEXT, dtype=torch.long)
        outputs = model(input_ids=read, labels=read)
        outputs.logits.float()  # accelerate returns all outputs in 32 bits
        value: torch.Tensor = outputs.loss.float()
        return value

    traced = step(build, loss, autocast="precision=32" not in words)
    return sum(traced.held) + max(accumulate(size for _, size in traced.events))
