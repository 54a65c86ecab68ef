"""How a training run is carried out, as far as its memory goes: what a reader may say beside method and backbone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from peft_vlm_survey.costs.limits import CostError, listed
from peft_vlm_survey.problems import suggest


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


def _word(*words: str, says: str) -> str:
    """Return the field of a word of a run: its values, the first of which is meant where nothing is said, and what it says."""
    default: str = field(default=words[0], metadata={"words": tuple(filter(None, words)), "says": says})
    return default


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The words of a run."""

    logits: str = _word(
        *("whole", "chunked", "fused"),
        says="whole: in all their copies; chunked: in 32 bits piece by piece, as in torchtune 0.3 to 0.6; fused: never "
        "stored (Liger, Cut Cross Entropy)",
    )
    upcast: str = _word(
        *("open", "no", "yes"),
        says="few bits: whether the other weights are kept in 32 bits, as by peft's prepare_model_for_kbit_training; open: "
        "the range holds both; full fine-tuning with FSDP: yes if autocast computes in 16 bits",
    )
    weights: str = _word(
        *("16", "32"),
        says="full fine-tuning: bits of weights, gradients and states, 32 in usual mixed precision; modules: bits of the "
        "frozen weights",
    )
    optimizer: str = _word(
        *("adamw", "8bit", "paged", "paged-8bit"),
        says="adamw; 8bit; paged and paged-8bit: states can leave the card",
    )
    sharding: str = _word(
        *("none", "ddp", "zero1", "zero2", "zero3", "fsdp"),
        says="what several cards divide: ddp nothing, zero1 states, zero2 gradients too, zero3 and fsdp weights too",
    )
    offload: str = _word("no", "yes", says="yes if the processor holds the states")
    encoders: str = _word(
        *("open", "all", "images", "none"),
        says="image generators, what is on the card beside the denoiser: all: what encodes images and texts; images: what "
        "encodes images; none: neither; open: the range holds all of these",
    )
    tower: str = _word(
        *("open", "entered", "frozen"),
        says="checkpointing: whether a gradient enters a frozen vision tower; entered: as in transformers since version 5 "
        "(huggingface/transformers#41993); frozen: as before; open: the range holds both",
    )
    lengths: str = _word(
        *("vary", "one", "cap"),
        says="vary: examples differ, and the given length is the longest; one: all are equally long; cap: the length is a "
        "limit",
    )
    library: str = _word("", *PRESETS, says="whose defaults are meant")


WORDS: Mapping[str, tuple[str, ...]] = {option.name: option.metadata["words"] for option in fields(Options)}
SAYS: Mapping[str, str] = {option.name: option.metadata["says"] for option in fields(Options)}


def read_options(pairs: Iterable[str]) -> tuple[Options, list[str]]:
    """Return the options among the words, and the words that are none. Raises CostError for a value that is not known.

    >>> options, rest = read_options(["rank=8", "library=trl", "optimizer=8bit"])
    >>> options.logits, options.optimizer, rest
    ('fused', '8bit', ['rank=8', 'checkpointing=yes'])
    """
    given: dict[str, str] = {}
    rest = []
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name not in WORDS:
            rest.append(pair)
        elif name in given:
            raise CostError(f"parameter '{name}' stands twice.", "Keep one of them.")
        elif value not in WORDS[name]:
            raise CostError(f"{name} '{value}' is not known.", suggest(value, WORDS[name], listed(WORDS[name])))
        else:
            given[name] = value
    if given.get("library"):
        preset = PRESETS[given["library"]].words
        given = {name: value for name, value in preset.items() if name in WORDS} | given
        named = {pair.partition("=")[0] for pair in rest}
        rest += [f"{name}={value}" for name, value in preset.items() if name not in WORDS and name not in named]
    return Options(**given), rest
