"""Hold the priced peak of a step against direct traces of it, every layer built, at settings between those of the table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from peft_vlm_survey.costs import cost
from peft_vlm_survey.costs.need import highest
from peft_vlm_survey.costs.options import read_options
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify.apart import apart
from verify.whole_steps import changed, decoder, detector, encoder, generator, looking

TOLERANCE = 0.015
# What is priced and no part of a step that is traced: the optimiser's, and the weights around a language model.
BEYOND = ("states", "optimiser's copies")


@dataclass(frozen=True, kw_only=True)
class Run:
    """A setting as the calculator is asked, and what traces a step of it from the configuration and the words."""

    backbone: str
    method: str
    words: str
    traced: Callable[[Configuration, Mapping[str, str]], int]
    tolerance: float = TOLERANCE


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The peak of a setting in bytes, without the optimiser's states: traced with every layer, and by the table."""

    label: str
    traced: float
    priced: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Return whether both agree within the tolerance."""
        return abs(self.priced / self.traced - 1) <= self.tolerance


def _decoders() -> Iterator[Run]:
    for backbone, words in (
        ("llama-7b", "batch=1 length=700 checkpointing=yes rank=16 targets=q,v"),
        ("llama-7b", "batch=2 length=900 checkpointing=no targets=q,k,v,o,gate,up,down"),
        ("llama-3.1-8b", "batch=1 length=3000 checkpointing=yes rank=64 targets=q,k,v,o,gate,up,down precision=4"),
        ("qwen2.5-3b", "batch=3 length=500 checkpointing=no rank=32 targets=q,v"),
        ("qwen2.5-1.5b", "batch=1 length=700 checkpointing=no rank=16 targets=q,v"),
        ("qwen2.5-0.5b", "batch=2 length=600 checkpointing=yes targets=q,k,v,o,gate,up,down precision=4"),
        ("qwen2-vl-2b", "batch=2 length=700 checkpointing=no targets=q,v"),
        ("qwen2-vl-2b", "batch=1 length=1800 checkpointing=yes tower=frozen rank=16 targets=q,k,v,o,gate,up,down"),
        ("qwen2-vl-2b", "batch=3 length=400 checkpointing=yes tower=frozen rank=64 targets=v,down"),
        ("qwen3-0.6b", "batch=4 length=400 checkpointing=no targets=q,k,v,o,gate,up,down"),
        ("smollm2-360m", "batch=4 length=500 checkpointing=no rank=16 targets=q,v"),
        ("gemma-2-2b", "batch=1 length=1500 checkpointing=yes targets=q,v"),
        ("gemma-3-1b", "batch=2 length=600 checkpointing=no targets=q,k,v,o,gate,up,down"),
        ("phi-2", "batch=2 length=600 checkpointing=no targets=q,v"),
        ("phi-2", "batch=2 length=600 checkpointing=no targets=q,v states=16"),
        ("opt-6.7b", "batch=1 length=1500 checkpointing=yes targets=q,v"),
        ("falcon-7b", "batch=1 length=900 checkpointing=no targets=qkv states=16"),
        ("deepseek-vl2-tiny", "batch=2 length=700 checkpointing=yes rank=16 targets=q,k,v,o"),
        ("deepseek-vl2-tiny", "batch=1 length=900 checkpointing=no rank=16 targets=q,k,v,o,gate,up,down"),
        ("deepseek-vl2-small", "batch=1 length=700 checkpointing=yes rank=16 targets=q,kv_a,kv_b,o"),
    ):
        yield Run(backbone=backbone, method="lora", words=words, traced=decoder)


def _methods() -> Iterator[Run]:
    """Yield methods that have no trace of their own: their pieces are added to the traced ones by closed form."""
    for method, words in (
        ("lora", "variant=dora rank=8 targets=q,v"),
        ("prompt-tuning", "tokens=20"),
        ("adapter-pfeiffer", "bottleneck=64"),
    ):
        for length in (512, 2048):
            for again in ("yes", "no"):
                setting = f"{words} batch=1 length={length} checkpointing={again}"
                step = partial(changed, method)
                yield Run(backbone="llama-7b", method=method, words=setting, traced=step, tolerance=0.03)


def _encoders() -> Iterator[Run]:
    """Yield runs of towers: by the part (empty is the configuration's own) what is done to each and on how many tokens.

    Done is nothing, a gradient, modules, or all is trained; an encoder–decoder is built as one if it is said how much is written.
    """
    for backbone, method, words, towers in (
        ("vit-b16", "lora", "targets=q,v rank=16 batch=20", {"": ("lora q,v 16", 20 * 197)}),
        ("vit-b16", "full", "batch=20", {"": ("full", 20 * 197)}),
        ("vit-b16", "lora", "targets=q,v batch=20 states=16", {"": ("lora q,v 8", 20 * 197)}),
        ("vit-l16", "full", "batch=24 weights=32", {"": ("full", 24 * 197)}),
        (
            "dinov2-vitb14",
            "lora",
            "targets=q,v batch=12 precision=32 checkpointing=yes",
            {"": ("lora q,v 8", 12 * 257)},
        ),
        (
            "dinov2-vitb14",
            "lora",
            "targets=q,k,v,o,fc1,fc2 batch=12 precision=32",
            {"": ("lora q,k,v,o,fc1,fc2 8", 12 * 257)},
        ),
        ("roberta-base", "lora", "targets=q,v batch=6 length=400 precision=32", {"": ("lora q,v 8", 2400)}),
        ("bert-base", "full", "batch=6 length=300", {"": ("full", 1800)}),
        ("gpt2-medium", "lora", "targets=qkv batch=3 length=500 rank=4 checkpointing=no", {"": ("lora q 4", 1500)}),
        ("gpt2-medium", "full", "batch=3 length=500 precision=32 checkpointing=no", {"": ("full", 1500)}),
        ("gpt2", "full", "batch=3 length=500 checkpointing=no", {"": ("full", 1500)}),
        ("distilbert-base", "lora", "targets=q,v batch=6 length=300", {"": ("lora q,v 8", 1800)}),
        ("vit-h14", "lora", "targets=q,v batch=12", {"": ("lora q,v 8", 12 * 257)}),
        (
            "dinov2-vitg14",
            "lora",
            "targets=q,v,gate,up,down batch=5",
            {"": ("lora q,v,gate,up,down 8", 5 * 257)},
        ),
        ("t5-base", "lora", "targets=q,v batch=6 length=300 outputs=40", {"": ("lora q,v 8", 6)}),
        ("t5-base", "full", "batch=6 length=300 outputs=60 precision=32", {"": ("full", 6)}),
        ("bart-base", "full", "batch=5 length=200 outputs=90 precision=32", {"": ("full", 5)}),
        ("bart-base", "full", "batch=5 length=200 outputs=90 weights=32", {"": ("full", 5)}),
        ("sam-vit-b", "lora", "targets=qkv batch=3", {"": ("lora q 8", 3 * 4096)}),
        ("t5-large", "lora", "targets=q,v batch=4 length=200 outputs=40", {"": ("lora q,v 8", 4)}),
        ("sam-vit-b-whole", "lora", "targets=qkv batch=2", {"": ("lora q 8", 2 * 4096)}),
        ("sam-vit-h-whole", "lora", "targets=qkv batch=2", {"": ("lora q 8", 2 * 4096)}),
        *(
            (name, "full", "batch=1 checkpointing=yes", {"": ("full", 4096)})
            for name in ("sam-vit-b", "sam-vit-l", "sam-vit-h", "sam-vit-b-whole", "sam-vit-h-whole")
        ),
        ("sam2.1-hiera-t", "lora", "targets=qkv batch=3", {"": ("lora q 8", 3 * 65_536)}),
        *(
            (
                name,
                "lora",
                f"targets=qkv,o,fc1,fc2 rank={rank} batch={batch} checkpointing=yes{more}",
                {"": (f"lora q,o,fc1,fc2 {rank}", batch * 65_536)},
            )
            for name, rank, batch, more in (
                ("sam2.1-hiera-t", 16, 3, ""),
                ("sam2.1-hiera-t", 64, 3, ""),
                ("sam2.1-hiera-t", 16, 2, " precision=32"),
                ("sam2.1-hiera-l", 16, 1, ""),
            )
        ),
        ("sam2.1-hiera-t", "full", "batch=3 checkpointing=yes", {"": ("full", 3 * 65_536)}),
        ("sam2.1-hiera-t", "lora", "targets=qkv,o rank=32 batch=2", {"": ("lora q,o 32", 2 * 65_536)}),
        ("sam2.1-hiera-l", "full", "batch=2 weights=32", {"": ("full", 2 * 65_536)}),
        ("mt0-large", "full", "batch=4 length=200 outputs=40", {"": ("full", 4)}),
        (
            "mt0-large",
            "lora",
            "targets=q,v batch=16 length=300 outputs=40 checkpointing=yes",
            {"": ("lora q,v 8", 16)},
        ),
        (
            "mt0-large",
            "lora",
            "targets=q,k,v,o,gate,up,down rank=16 batch=8 length=512 outputs=64 checkpointing=yes",
            {"": ("lora q,k,v,o,gate,up,down 16", 8)},
        ),
        ("t0-3b", "lora", "targets=q,v batch=4 length=200 outputs=40", {"": ("lora q,v 8", 4)}),
        (
            "florence-2-base",
            "lora",
            "targets=q,v batch=4 length=640 outputs=60",
            {"vision": ("frozen", 4 * 577), "": ("lora q,v 8", 4)},
        ),
        (
            "florence-2-base",
            "full",
            "batch=4 length=640 outputs=60 weights=32",
            {"vision": ("full", 4 * 577), "": ("full", 4)},
        ),
        (
            "florence-2-base",
            "full",
            "part=language batch=4 length=640 outputs=60",
            {"vision": ("frozen", 4 * 577), "": ("full", 4)},
        ),
        ("swin-b", "full", "batch=20 weights=32", {"": ("full", 20 * 3136)}),
        ("swin-l", "lora", "targets=q,v batch=20", {"": ("lora q,v 8", 20 * 3136)}),
        *(
            (
                name,
                "lora",
                f"targets=q,k,v,o,fc1,fc2 rank=16 batch={batch} checkpointing=yes{more}",
                {"": ("lora q,k,v,o,fc1,fc2 16", batch * tokens)},
            )
            for name, batch, tokens, more in (
                ("swin-l", 20, 3136, ""),
                ("vit-b16", 64, 197, ""),
                ("vit-b16", 64, 197, " precision=32"),
            )
        ),
        *(
            (
                name,
                "lora",
                f"targets=q,k,v,o,fc1,fc2 rank=16 batch=16 length=512 outputs={written} checkpointing=yes{how}",
                {"": ("lora q,k,v,o,fc1,fc2 16", 16)},
            )
            for name in ("t5-base", "bart-base")
            for written, how in ((16, ""), (64, " precision=32"))
        ),
        *(
            (
                "sam-vit-b",
                "lora",
                f"targets=qkv,o,fc1,fc2 rank=16 batch=2 checkpointing=yes {how}",
                {"": ("lora q,o,fc1,fc2 16", 2 * 4096)},
            )
            for how in ("precision=32", "states=16")
        ),
        (
            "clip-vit-l14-336",
            "lora",
            "targets=q,k,v,o,fc1,fc2 batch=20 texts=50 part=vision checkpointing=yes precision=32",
            {"vision": ("lora q,k,v,o,fc1,fc2 8", 20 * 577), "": ("frozen", 3850)},
        ),
        (
            "clip-vit-b16",
            "coop",
            "batch=30 texts=200",
            {"vision": ("frozen", 30 * 197), "": ("passing", 200 * 77)},
        ),
        (
            "clip-vit-b16",
            "clip-lora",
            "batch=32 texts=100",
            {"vision": ("lora q,k,v 2", 32 * 197), "": ("lora q,k,v 2", 7700)},
        ),
        (
            "clip-vit-b32",
            "full",
            "batch=100 texts=100 precision=32",
            {"vision": ("full", 5000), "": ("full", 7700)},
        ),
        (
            "clip-vit-l14",
            "lora",
            "targets=q,v batch=10 texts=50 part=vision checkpointing=yes weights=32",
            {"vision": ("lora q,v 8", 2570), "": ("frozen", 3850)},
        ),
    ):
        yield Run(backbone=backbone, method=method, words=words, traced=partial(encoder, towers))


def _detectors() -> Iterator[Run]:
    """Yield runs of a detector, by what is done to each part; all of it has no name."""
    for method, words, done in (
        ("full", "batch=2 length=200", {"": "full"}),
        ("full", "batch=2 length=200 checkpointing=yes", {"": "full"}),
        ("full", "batch=1 length=256 weights=32", {"": "full"}),
        ("full", "part=vision batch=2", {"vision": "full"}),
        ("lora", "targets=q,v batch=2 length=64", {"language": "lora q,v 8"}),
        ("lora", "targets=q,v rank=16 batch=2 length=200 checkpointing=yes", {"language": "lora q,v 16"}),
        ("lora", "targets=q,v part=vision batch=2", {"vision": "lora q,v 8"}),
        (
            "lora",
            "targets=q,v,vision.q,vision.v batch=3 length=128 checkpointing=yes",
            {"language": "lora q,v 8", "vision": "lora q,v 8"},
        ),
    ):
        yield Run(backbone="groundingdino-t", method=method, words=words, traced=partial(detector, done))


def _looking() -> Iterator[Run]:
    """Yield runs of a language model that looks at images, by what is done to each part; its tower of images runs before it."""
    every = "q,k,v,o,gate,up,down"
    for method, words, done in (
        ("lora", "batch=1 length=512 checkpointing=yes targets=q,v tower=frozen", {"language": "lora q,v 8"}),
        ("lora", "batch=2 length=512 checkpointing=yes targets=q,v tower=entered", {"language": "lora q,v 8"}),
        (
            "lora",
            f"batch=2 length=900 checkpointing=no targets={every} rank=16",
            {"language": f"lora {every} 16"},
        ),
        ("lora", "batch=4 length=300 checkpointing=no targets=k,v", {"language": "lora k,v 8"}),
        (
            "lora",
            f"batch=4 length=700 checkpointing=yes precision=4 targets={every} rank=16 tower=frozen",
            {"language": f"lora {every} 16"},
        ),
        ("lora", "batch=2 length=500 checkpointing=no precision=4 targets=q,v", {"language": "lora q,v 8"}),
        ("full", "part=language batch=3 length=600 checkpointing=no", {"language": "full"}),
        (
            "full",
            "batch=2 length=600 checkpointing=yes",
            {"language": "full", "vision": "full", "projector": "full"},
        ),
        (
            "lora",
            "batch=2 length=500 checkpointing=yes targets=q,v,vision.q,vision.v",
            {"language": "lora q,v 8", "vision": "lora q,v 8"},
        ),
    ):
        yield Run(backbone="llama-3.2-11b-vision", method=method, words=words, traced=partial(looking, done))


def _generators() -> Iterator[Run]:
    """Yield runs of denoisers, nothing beside them."""
    for backbone, method, words in (
        ("sdxl", "lora", "batch=2 resolution=768 checkpointing=yes rank=16 targets=q,k,v,o"),
        ("sdxl", "lora", "batch=1 resolution=896 checkpointing=no rank=64 targets=q,k,v,o"),
        ("sdxl", "lora", "batch=1 resolution=1024 checkpointing=yes rank=16 targets=q,k,v,o precision=32"),
        ("sdxl", "full", "batch=2 resolution=768 checkpointing=yes weights=32"),
        ("sdxl", "full", "batch=2 resolution=512 checkpointing=no weights=32"),
        ("sd1.5", "lora", "batch=2 resolution=768 checkpointing=yes rank=16 targets=q,k,v,o"),
        ("sd1.5", "lora", "batch=3 resolution=512 checkpointing=no rank=64 targets=q,k,v,o"),
        ("sd2.1", "full", "batch=3 resolution=512 checkpointing=yes weights=32"),
        ("sd2.1", "lora", "batch=1 resolution=768 checkpointing=no rank=8 targets=q,v precision=32"),
        ("sd3.5-large", "lora", "batch=2 resolution=512 checkpointing=no targets=q,k,v,o"),
        ("flux.1-dev", "lora", "batch=1 resolution=768 checkpointing=yes rank=16 targets=q,k,v,o,fc1,fc2"),
        ("flux.1-dev", "lora", "batch=2 resolution=768 checkpointing=yes rank=16 targets=q,k,v,o precision=4"),
        ("flux.2-klein-4b", "lora", "batch=2 resolution=512 checkpointing=yes rank=32 targets=q,k,v,o,fc1,fc2"),
        ("flux.2-klein-4b", "lora", "batch=1 resolution=768 checkpointing=no rank=16 targets=q,k,v,o,fc1"),
    ):
        yield Run(backbone=backbone, method=method, words=f"{words} encoders=none", traced=generator)


def _around(shape: Shape) -> float:
    """Return the bytes in 16 bits of the frozen weights around a language model, which is built alone."""
    return float(2 * (shape.total - shape.parts[shape.default].params)) if shape.total else 0.0


RUNS = (*_decoders(), *_methods(), *_encoders(), *_detectors(), *_looking(), *_generators())


def look(
    rows: Mapping[str, Configuration], shapes: Mapping[str, Shape], runs: Iterable[Run] = RUNS
) -> Iterator[Checked]:
    """Yield every setting with both peaks."""
    for run in runs:
        options, words = read_options(run.words.split())
        priced = highest(cost(run.method, run.backbone, words, known=shapes), options)
        if priced is None:
            raise LookupError(f"{run.backbone}: no such step was traced: {run.method} {run.words}")
        setting = dict(word.split("=", 1) for word in run.words.split())
        traced = float(apart(partial(run.traced, rows[run.backbone], setting)))
        beyond = sum(priced.parts.get(part, 0.0) for part in BEYOND)
        if run.traced is decoder:
            beyond += _around(shapes[run.backbone])
        label = f"{run.backbone} {run.method} {run.words}"
        yield Checked(label=label, traced=traced, priced=priced.total - beyond, tolerance=run.tolerance)
