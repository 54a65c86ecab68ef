"""What libraries do unless they are told otherwise, as far as memory goes, and where it was read."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """The words that stand for a library's defaults; `source` is the text in which they were read."""

    name: str
    words: Mapping[str, str]
    source: str


PRESETS: Mapping[str, Preset] = {
    "transformers": Preset(
        name="transformers' trainer with peft",
        words={"logits": "whole"},
        source="transformers 5.24.0 and peft 0.21.2 as `make verify` runs them",
    ),
    "llama-factory": Preset(
        name="LLaMA-Factory",
        words={"checkpointing": "yes", "logits": "whole", "upcast": "no"},
        source="hiyouga/LLaMA-Factory@00577a8 src/llamafactory/hparams/model_args.py",
    ),
    "ms-swift": Preset(
        name="ms-swift",
        words={"checkpointing": "yes", "logits": "whole", "upcast": "no"},
        source="modelscope/ms-swift@0037257 swift/trainers/arguments.py; its code does not prepare quantised models",
    ),
    "trl": Preset(
        name="TRL",
        words={"checkpointing": "yes", "logits": "fused"},
        source="huggingface/trl@016013e trl/trainer/sft_config.py (chunked_nll keeps no logits)",
    ),
    "unsloth": Preset(
        name="Unsloth",
        words={"checkpointing": "yes", "logits": "fused", "upcast": "no"},
        source="unslothai/unsloth@000252c README.md (Cut Cross Entropy); that it moves checkpoints off the card is not priced",
    ),
    "diffusers": Preset(
        name="diffusers' training scripts",
        words={"checkpointing": "no", "encoders": "all"},
        source="huggingface/diffusers@58eb52c examples/dreambooth/train_dreambooth_lora_sdxl.py and _flux.py: on "
        "the card stay the autoencoder and, by names or a list that still hold them, the text encoders",
    ),
    "litgpt": Preset(
        name="LitGPT",
        words={
            "checkpointing": "no",
            "logits": "whole",
            "upcast": "no",
        },
        source="Lightning-AI/litgpt@2685705, bf16-true, read and run for evidence/memory_tracing.md",
    ),
    "torchtune": Preset(
        name="torchtune",
        words={"logits": "chunked", "upcast": "no"},
        source="torchtune 0.6.1, read and run for evidence/memory_tracing.md; of the loss meta-pytorch/torchtune@a6290a5 "
        "torchtune/modules/loss/ce_chunked_output_loss.py and recipes/configs, whose losses are not compiled unless said",
    ),
}
