"""What the chooser asks of each method: at which settings, on which tower, for which tasks, under which printed names."""

from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.read.tasks import GROUPS

# The settings that are tried, the usual one first, the smallest last. What is not named keeps its default.
LADDERS: Mapping[str, tuple[str, ...]] = {
    "full": ("",),
    "linear-probe": ("",),
    "bitfit": ("",),
    "norm-tuning": ("",),
    # With all linear layers and the projector: as LLaVA-1.5 is tuned.
    "lora": (
        *("rank=8 targets=q,v", "rank=128 targets=q,v", "rank=128 targets=all projector=yes"),
        *(f"rank={rank} targets=q,v" for rank in (64, 16, 4, 1)),
    ),
    "qlora": ("rank=8 targets=q,v", "rank=4 targets=q,v", "rank=1 targets=q,v"),
    "bi-lora": ("rank=32 targets=q,v", "rank=1 targets=q,v"),
    "ia3": ("",),
    "ssf": ("",),
    "difffit": ("",),
    "spt": ("variant=lora budget=400000", "variant=lora budget=200000"),
    "adapter-houlsby": ("bottleneck=64", "bottleneck=8", "bottleneck=1 norms=no"),
    "adapter-pfeiffer": ("bottleneck=64", "bottleneck=8", "bottleneck=1"),
    "adaptformer": ("bottleneck=64", "bottleneck=8", "bottleneck=1"),
    "bi-adaptformer": ("bottleneck=32", "bottleneck=1"),
    "compacter": ("bottleneck=24", "bottleneck=8", "bottleneck=4 norms=no"),
    "compacter-pp": ("bottleneck=24", "bottleneck=8", "bottleneck=4 norms=no"),
    "hyperformer": ("reduction=32",),
    "hyperformer-pp": ("reduction=32",),
    "lst": ("reduction=8", "reduction=4", "reduction=16"),
    "lae": ("variant=adapter layers=5 bottleneck=5", "variant=adapter layers=1 bottleneck=1"),
    "vl-adapter": ("variant=single reduction=8", "variant=single reduction=16"),
    "vl-pet": ("variant=large", "variant=middleX", "variant=middleY", "variant=small"),
    "prompt-tuning": ("tokens=20", "tokens=1"),
    "prefix-tuning": ("tokens=20", "tokens=1"),
    "p-tuning": ("tokens=20 mlp=128",),
    "vpt-shallow": ("tokens=10", "tokens=1"),
    "vpt-deep": ("tokens=10", "tokens=100", "tokens=50", "tokens=1"),
    "llama-adapter": ("tokens=10", "tokens=1"),
    "etris-bridger": ("bottleneck=64", "bottleneck=8"),
    "mq-det-gcp": ("variant=with-selection", "variant=blocks"),
    "coop": ("tokens=16", "tokens=4"),
    "clip-adapter": ("reduction=4",),
    "tip-adapter-f": ("shots=16", "shots=1"),
}
# Tip-Adapter-F counts by classes; the chooser asks for none, so its answer states these.
CLASSES: Mapping[str, int] = {"tip-adapter-f": 100}
# The kind of tower whose tokens, layers or features a method is defined on; any, if none is named.
TOWERS: Mapping[str, str] = {
    **dict.fromkeys(("prompt-tuning", "prefix-tuning", "p-tuning", "llama-adapter"), "language"),
    **dict.fromkeys(("hyperformer", "hyperformer-pp", "vl-adapter", "vl-pet"), "language"),
    **dict.fromkeys(("vpt-shallow", "vpt-deep"), "vision"),
}
# It stores examples of every class, which is meant for a few of each.
FEW_ONLY = ("tip-adapter-f",)
# It trains a classifier alone, which answers no task whose answer a model generates.
HEAD_ONLY = ("linear-probe",)
GENERATION = (
    *("grounded dialogue", "visual question answering", "visual captioning", "video question answering"),
    *GROUPS["Multimodal instruction tuning"],
    *GROUPS["Generation"],
    "natural language generation",
    *("LLM adaptation", "quantised LLM adaptation"),
)
# Types of configurations that generate: those with a decoder of text, and diffusion.
GENERATES = ("decoder", "opt", "gpt2", "bloom", "t5", "bart", "whisper", "dit")


@dataclass(frozen=True, kw_only=True, slots=True)
class Purpose:
    """What a method was made for alone: groups of tasks of `peft_vlm_survey.read.tasks`, and categories."""

    groups: tuple[str, ...]
    categories: tuple[str, ...]


_CLIP = Purpose(
    groups=("CLIP few-shot and base-to-novel", "Image classification"), categories=("recognition", "vision")
)
PURPOSES: Mapping[str, Purpose] = {
    "etris-bridger": Purpose(groups=("Referring and grounding",), categories=("grounding",)),
    "mq-det-gcp": Purpose(groups=("Open-vocabulary perception",), categories=("grounding",)),
    "lae": Purpose(groups=("Continual and federated learning",), categories=("vision",)),
    "coop": _CLIP,
    "clip-adapter": _CLIP,
    "tip-adapter-f": _CLIP,
}
# Printed names that name one of the settings above, by its place in the ladder.
RUNGS: Mapping[str, int] = {
    **{f"{name}_32{head}": 0 for name in ("Bi-LoRA", "Bi-AdaptFormer") for head in ("", " (Bi-Head)")},
    **{f"{name}_1{head}": 1 for name in ("Bi-LoRA", "Bi-AdaptFormer") for head in ("", " (Bi-Head)")},
}
# Names of data/methods.csv whose numbers are evidence for a method at the settings above. Mixtures of two methods, other
# variants, methods without a closed form here, and models that are no methods are evidence for none.
NAMES: Mapping[str, tuple[str, ...]] = {
    "full": ("Full fine-tuning",),
    "linear-probe": ("Linear probing",),
    "bitfit": ("BitFit",),
    "lora": (
        *("LoRA", "LoRA (one a task)", "LoRA-8", "LoRA-16", "LoRA-R8", "LoRA-R16", "LoRA (16 bit)"),
        *("LoRA (rank 4)", "LoRA (rank 8)", "LoRA (rank 16)", "LoRA (rank 32)", "LoRA (rank 64)"),
        "LoRA (16 bit, rank 64)",
    ),
    "qlora": ("QLoRA", "QLoRA (4 bit, rank 64)"),
    "ia3": ("(IA)³ (default)", "(IA)³ (lr 0.001)"),
    "bi-lora": ("Bi-LoRA_32", "Bi-LoRA_32 (Bi-Head)", "Bi-LoRA_1", "Bi-LoRA_1 (Bi-Head)"),
    "ssf": ("SSF",),
    "difffit": ("DiffFit", "ControlNet + DiffFit"),
    "spt": ("SPT-LoRA",),
    "adapter-houlsby": (
        "Adapter",
        "Adapter (r=8)",
        "Adapter-8",
        "Adapter-32",
        "Adapters (one a task)",
        "Series adapter",
        "Adapter H (11.09 M)",
    ),
    "adaptformer": ("AdaptFormer",),
    "bi-adaptformer": (
        "Bi-AdaptFormer",
        "Bi-AdaptFormer_32",
        "Bi-AdaptFormer_32 (Bi-Head)",
        "Bi-AdaptFormer_1",
        "Bi-AdaptFormer_1 (Bi-Head)",
    ),
    "compacter": ("Compacter",),
    "hyperformer": ("HyperFormer",),
    "hyperformer-pp": ("HyperFormer++",),
    "lst": ("LST",),
    "lae": ("LAE (adapter)",),
    "vl-adapter": ("VL-Adapter",),
    "vl-pet": ("VL-PET-small", "VL-PET-middleX", "VL-PET-middleY", "VL-PET-large"),
    "prompt-tuning": (
        *("Prompt tuning", "Prompt tuning (default)", "Prompt tuning (lr 0.001)"),
        "Prompt tuning (vocabulary start, lr 0.001)",
    ),
    "prefix-tuning": (
        *("Prefix tuning", "Prefix tuning (lr 0.001)", "Prefix tuning (zero start, lr 0.005)"),
        "Prefix tuning (50 tokens, prefix start, lr 0.005)",
    ),
    "vpt-shallow": ("VPT-shallow", "VPT-shallow (p=1)", "VPT-shallow (p=200)"),
    "vpt-deep": ("VPT-deep", "VPT-deep (p=1)", "VPT-deep (p=200)"),
    "etris-bridger": ("ETRIS", "ETRIS (least)", "ETRIS (most)"),
    "mq-det-gcp": ("MQ-GLIP-T", "MQ-GLIP-L", "MQ-Det"),
    "coop": ("CoOp", "CoOp (16 tokens, end, unified)"),
    "clip-adapter": ("CLIP-Adapter",),
    "tip-adapter-f": ("Tip-Adapter-F",),
}
