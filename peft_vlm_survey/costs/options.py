"""How a training run is carried out, as far as its memory goes: what a reader may say beside method and backbone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from peft_vlm_survey.costs.limits import CostError, listed
from peft_vlm_survey.costs.presets import PRESETS
from peft_vlm_survey.problems import suggest


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The words of a run; the first of each in `WORDS` is what is meant where nothing is said."""

    logits: str = "whole"
    upcast: str = "open"
    weights: str = "16"
    optimizer: str = "adamw"
    sharding: str = "none"
    offload: str = "no"
    encoders: str = "open"
    tower: str = "open"
    lengths: str = "vary"
    library: str = ""


WORDS: Mapping[str, tuple[str, ...]] = {
    "logits": ("whole", "chunked", "fused"),
    "upcast": ("open", "no", "yes"),
    "weights": ("16", "32"),
    "optimizer": ("adamw", "8bit", "paged", "paged-8bit"),
    "sharding": ("none", "ddp", "zero1", "zero2", "zero3", "fsdp"),
    "offload": ("no", "yes"),
    "encoders": ("open", "all", "images", "none"),
    "tower": ("open", "entered", "frozen"),
    "lengths": ("vary", "one", "cap"),
    "library": tuple(PRESETS),
}
SAYS: Mapping[str, str] = {
    "logits": "whole, in all their copies; chunked: all in 16 bits, in 32 in pieces, of which the loss keeps one copy (torchtune 0.3 to 0.6); "
    "fused: never kept (Liger, Cut Cross Entropy, chunked_nll)",
    "upcast": "with few bits, whether the rest is held in 32, as peft's prepare_model_for_kbit_training does; open: not known, and the range holds both; with full "
    "fine-tuning under FSDP, yes if autocast computes in 16 bits and not FSDP, so that what passes between layers has 32",
    "weights": "with full fine-tuning, bits of weights, gradients and states: 16, or 32 as in usual mixed precision "
    "and with DeepSpeed; with modules, bits of the frozen weights",
    "optimizer": "adamw; 8bit; paged and paged-8bit: states can leave the card",
    "sharding": "over the cards: ddp keeps all on each, zero1 splits states, as DeepSpeed does before it splits more, zero2 splits gradients and states, zero3 and fsdp the weights "
    "too; how large DeepSpeed's buckets are is open, and the range holds those of 'auto' and its default",
    "offload": "yes if the processor holds the states",
    "encoders": "with an image generator, what lies on the card beside its denoiser: all, what encodes images and what encodes "
    "texts, in each step, as the LoRA scripts of diffusers for SDXL and FLUX have it (that for SD 3 keeps the texts' where each "
    "image has its own); images, if texts are encoded before; none, if latents are kept too; open: not known, and the range holds all "
    "of them",
    "tower": "with checkpointing, whether a gradient enters a frozen vision tower that a language model reads: entered, as "
    "transformers' enable_input_require_grads lets it since version 5 with most models (huggingface/transformers#41993); frozen, "
    "with earlier versions, or where the tower runs without gradients; open: not known, and the range holds both",
    "lengths": "vary: examples differ, the longest has the length that is given, and the allocator reserves more than is "
    "needed; one: all are equally long; cap: the length is a limit, and how long the longest example is, is not known",
    "library": "whose defaults are meant",
}


def read_options(pairs: Iterable[str]) -> tuple[Options, list[str]]:
    """Return the options among the words, and the words that are none. Raises CostError for a value that is not known.

    >>> options, rest = read_options(["rank=8", "library=trl", "optimizer=8bit"])
    >>> options.logits, options.optimizer, rest
    ('fused', '8bit', ['rank=8', 'checkpointing=yes'])
    """
    names = {option.name for option in fields(Options)}
    given: dict[str, str] = {}
    rest = []
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name not in names:
            rest.append(pair)
        elif name in given:
            raise CostError(f"parameter '{name}' stands twice.", "Keep one of them.")
        elif value not in WORDS[name]:
            raise CostError(f"{name} '{value}' is not known.", suggest(value, WORDS[name], listed(WORDS[name])))
        else:
            given[name] = value
    if given.get("library"):
        preset = PRESETS[given["library"]].words
        given = {name: value for name, value in preset.items() if name in names} | given
        named = {pair.partition("=")[0] for pair in rest}
        rest += [f"{name}={value}" for name, value in preset.items() if name not in names and name not in named]
    return Options(**given), rest
