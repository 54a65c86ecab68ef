"""What people run on a model: the rank and targets that its makers' code has, and the whole of their script."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from peft_vlm_survey.costs.method import Method
from peft_vlm_survey.costs.shapes import Shape


@dataclass(frozen=True, kw_only=True, slots=True)
class Official:
    """How the makers of a model train it: `setting` is the default of a method there, `run` is what their script says besides.

    `source` is the repository and the files in which both were read.
    """

    setting: Mapping[str, str]
    run: Mapping[str, str] = field(default_factory=dict)
    gpus: int = 1
    source: str


_LLAVA = Official(
    setting={"rank": "128", "targets": "all"},
    run={
        "projector": "yes",
        "batch": "16",
        "length": "2048",
        "lengths": "cap",
        "checkpointing": "yes",
        "sharding": "zero3",
    },
    gpus=8,
    source="haotian-liu/LLaVA@c121f04 scripts/v1_5/finetune_lora.sh, with README.md for the cards",
)
_INTERNVL = Official(
    setting={"rank": "16", "targets": "all"},
    run={"batch": "4", "length": "8192", "lengths": "cap", "checkpointing": "yes", "sharding": "zero1"},
    gpus=2,
    source="OpenGVLab/InternVL@2410d1d internvl_chat/shell/internvl2.5/2nd_finetune/"
    "internvl2_5_8b_dynamic_res_2nd_finetune_lora.sh",
)
# Its number of cards is that of the machine.
_QWEN = Official(
    setting={"rank": "8", "targets": "q,k,v,o"},
    run={"batch": "4", "length": "4096", "lengths": "cap", "checkpointing": "yes", "sharding": "zero3"},
    gpus=8,
    source="QwenLM/Qwen3-VL@9658872 qwen-vl-finetune/README.md and qwenvl/train/train_qwen.py; "
    "checkpointing as in scripts/sft_7b.sh",
)
_SCRIPTS: Mapping[str, Official] = {
    "llava-1.5-7b": _LLAVA,
    "llava-1.5-13b": _LLAVA,
    "internvl2.5-8b": _INTERNVL,
    "qwen2.5-vl-3b": _QWEN,
    "qwen2.5-vl-7b": _QWEN,
    "qwen2.5-vl-32b": _QWEN,
    "qwen3-vl-4b": _QWEN,
    "qwen3-vl-8b": _QWEN,
}


def official(method: Method, shape: Shape) -> Official | None:
    """Return how the makers of a model train it with a method; None if no script of theirs was read."""
    return _SCRIPTS.get(shape.id) if method.as_makers_do and not method.quantised else None


def usual(method: Method, shape: Shape) -> Mapping[str, str]:
    """Return the words of a setting that stand for what is not said, where they differ from the method's own defaults.

    Trainers of multimodal models adapt all linear layers of the language model unless told otherwise (LLaMA-Factory, ms-swift);
    what does so in experts, or beside layers without full attention, is not known to be usual.
    """
    if not method.as_makers_do or not shape.in_series or shape.mixed_experts or shape.hybrid:
        return {}
    known = _SCRIPTS.get(shape.id)
    return known.setting if known else {"targets": "all"}
