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
from verify.whole_steps import decoder, encoder, generator

TOLERANCE = 0.2  # what the range of any kind of run allows for; most are within two per cent
# What is priced and no part of a step that is traced: the optimiser's, and the weights around a language model.
BEYOND = ("states", "optimiser's copies")


@dataclass(frozen=True, kw_only=True)
class Run:
    """A setting as the calculator is asked, and what traces a step of it from the configuration and the words."""

    backbone: str
    method: str
    words: str
    traced: Callable[[Configuration, Mapping[str, str]], int]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The peak of a setting in bytes, without the optimiser's states: traced with every layer, and by the table."""

    label: str
    traced: float
    priced: float

    @property
    def holds(self) -> bool:
        """Return whether both agree within the tolerance."""
        return abs(self.priced / self.traced - 1) <= TOLERANCE


def _decoders() -> Iterator[Run]:
    for backbone, words in (
        ("llama-7b", "batch=1 length=700 checkpointing=yes rank=16 targets=q,v"),
        ("llama-3.1-8b", "batch=1 length=3000 checkpointing=yes rank=64 targets=q,k,v,o,gate,up,down precision=4"),
        ("qwen2.5-3b", "batch=3 length=500 checkpointing=no rank=32 targets=q,v"),
        ("qwen2-vl-2b", "batch=1 length=1800 checkpointing=yes tower=frozen rank=16 targets=q,k,v,o,gate,up,down"),
        ("gemma-3-1b", "batch=2 length=600 checkpointing=no targets=q,k,v,o,gate,up,down"),
        ("phi-2", "batch=2 length=600 checkpointing=no targets=q,v"),
        ("falcon-7b", "batch=1 length=900 checkpointing=no targets=qkv"),
        ("deepseek-vl2-tiny", "batch=2 length=700 checkpointing=yes rank=16 targets=q,k,v,o"),
    ):
        yield Run(backbone=backbone, method="lora", words=words, traced=decoder)


def _encoders() -> Iterator[Run]:
    """Yield runs of towers: by the part (empty is the configuration's own) what is done to each and on how many tokens.

    Done is nothing, a gradient, modules, or all is trained; an encoder–decoder is built as one if it is said how much is written.
    """
    for backbone, method, words, towers in (
        ("vit-b16", "lora", "targets=q,v rank=16 batch=20", {"": ("lora q,v 16", 20 * 197)}),
        ("vit-l16", "full", "batch=24 weights=32", {"": ("full", 24 * 197)}),
        ("dinov2-vitb14", "lora", "targets=q,v batch=12 checkpointing=yes", {"": ("lora q,v 8", 12 * 257)}),
        ("roberta-base", "lora", "targets=q,v batch=6 length=400 precision=32", {"": ("lora q,v 8", 2400)}),
        ("t5-base", "lora", "targets=q,v batch=6 length=300 outputs=40", {"": ("lora q,v 8", 6)}),
        ("bart-base", "full", "batch=5 length=200 outputs=90 weights=32", {"": ("full", 5)}),
        ("sam-vit-b", "lora", "targets=qkv batch=3", {"": ("lora q 8", 3 * 4096)}),
        ("sam2.1-hiera-t", "full", "batch=3 checkpointing=yes", {"": ("full", 3 * 65_536)}),
        ("swin-b", "full", "batch=20 weights=32", {"": ("full", 20 * 3136)}),
        (
            "florence-2-base",
            "lora",
            "targets=q,v batch=4 length=640 outputs=60",
            {"vision": ("frozen", 4 * 577), "": ("lora q,v 8", 4)},
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
    ):
        yield Run(backbone=backbone, method=method, words=words, traced=partial(encoder, towers))


def _generators() -> Iterator[Run]:
    """Yield runs of denoisers, nothing beside them."""
    for backbone, method, words in (
        ("sdxl", "lora", "batch=2 resolution=768 checkpointing=yes rank=16 targets=q,k,v,o"),
        ("sdxl", "full", "batch=2 resolution=512 checkpointing=no weights=32"),
        ("sd1.5", "lora", "batch=3 resolution=512 checkpointing=no rank=64 targets=q,k,v,o"),
        ("sd3.5-large", "lora", "batch=2 resolution=512 checkpointing=no targets=q,k,v,o"),
        ("flux.1-dev", "lora", "batch=2 resolution=768 checkpointing=yes rank=16 targets=q,k,v,o precision=4"),
        ("flux.2-klein-4b", "lora", "batch=1 resolution=768 checkpointing=no rank=16 targets=q,k,v,o,fc1"),
    ):
        yield Run(backbone=backbone, method=method, words=f"{words} encoders=none", traced=generator)


def _around(shape: Shape) -> float:
    """Return the bytes in 16 bits of the frozen weights around a language model, which is built alone."""
    return float(2 * (shape.total - shape.parts[shape.default].params)) if shape.total else 0.0


RUNS = (*_decoders(), *_encoders(), *_generators())


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
        yield Checked(label=label, traced=traced, priced=priced.total - beyond)
