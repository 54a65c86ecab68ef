"""What the chooser asks the cost model: each method at which settings, and which printed names mean them."""

from collections.abc import Mapping

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
# Names of data/methods.csv that mean a method of the cost model. Mixtures of two methods, other variants, and methods
# without a closed form mean none.
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
