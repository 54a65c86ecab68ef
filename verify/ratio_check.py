"""Hold the memory ratio against two direct traces, of a method and of full fine-tuning, every layer built."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from peft_vlm_survey.costs import cost, memory_ratio
from peft_vlm_survey.costs.need import highest
from peft_vlm_survey.costs.options import read_options
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify.apart import apart
from verify.whole_steps import detector, encoder, looking

TOLERANCE = 0.015
Tracer = Callable[[Configuration, Mapping[str, str]], int]


class Pair(NamedTuple):
    """A method with its words, the words that it shares with full fine-tuning, and what traces each."""

    backbone: str
    method: str
    own: str
    shared: str
    traced: Tracer
    whole: Tracer


class Found(NamedTuple):
    """The ratio of two steps that were traced whole, and that which is told."""

    label: str
    traced: float
    given: float

    @property
    def holds(self) -> bool:
        """Return whether both agree within the tolerance."""
        return abs(self.given / self.traced - 1) <= TOLERANCE


def _pairs() -> Iterator[Pair]:
    for backbone, own, shared, done, tokens in (
        ("vit-b16", "targets=q,v rank=16", "batch=20", "lora q,v 16", 20 * 197),
        ("vit-l16", "targets=q,v", "batch=24", "lora q,v 8", 24 * 197),
        (
            *("dinov2-vitb14", "targets=q,k,v,o,fc1,fc2", "batch=12 precision=32"),
            *("lora q,k,v,o,fc1,fc2 8", 12 * 257),
        ),
        ("bert-base", "targets=q,v", "batch=6 length=300", "lora q,v 8", 1800),
        ("t5-base", "targets=q,v", "batch=6 length=300 outputs=40", "lora q,v 8", 6),
        ("bart-base", "targets=q,v", "batch=5 length=200 outputs=90", "lora q,v 8", 5),
        ("bart-base", "targets=q,v", "batch=16 length=512 outputs=64 checkpointing=yes", "lora q,v 8", 16),
        ("gpt2-medium", "targets=qkv rank=4", "batch=3 length=500 checkpointing=no", "lora q 4", 1500),
        ("swin-b", "targets=q,v", "batch=20", "lora q,v 8", 20 * 3136),
        (
            *("sam2.1-hiera-t", "targets=qkv,o,fc1,fc2 rank=16", "batch=3 checkpointing=yes"),
            *("lora q,o,fc1,fc2 16", 3 * 65_536),
        ),
    ):
        yield _of_towers(backbone, own, shared, {"": (done, tokens)})
    clip = {"vision": ("lora q,k,v 2", 32 * 197), "": ("lora q,k,v 2", 7700)}
    yield _of_towers("clip-vit-b16", "", "batch=32 texts=100", clip, method="clip-lora")
    images = {"vision": ("lora q,v 8", 32 * 197), "": ("frozen", 3850)}
    yield _of_towers("clip-vit-b16", "targets=q,v part=vision", "batch=32 texts=50", images)
    read = {"vision": ("frozen", 4 * 577), "": ("lora q,v 8", 4)}
    yield _of_towers("florence-2-base", "targets=q,v", "batch=4 length=640 outputs=60", read)
    text, every = partial(detector, {"language": "lora q,v 8"}), partial(detector, {"": "full"})
    yield Pair("groundingdino-t", "lora", "targets=q,v", "batch=2 length=200", text, every)
    shared, seen = "batch=2 length=600 checkpointing=yes", partial(looking, {"language": "lora q,v 8"})
    all_of_it = partial(looking, dict.fromkeys(("language", "vision", "projector"), "full"))
    for bits in ("", " precision=4"):
        # The step is traced with a tower that no gradient enters, as it is if that is seen to.
        yield Pair("llama-3.2-11b-vision", "lora", f"targets=q,v{bits} tower=frozen", shared, seen, all_of_it)


def _of_towers(
    backbone: str, own: str, shared: str, towers: Mapping[str, tuple[str, int]], method: str = "lora"
) -> Pair:
    whole = {part: ("full", tokens) for part, (_, tokens) in towers.items()}
    return Pair(backbone, method, own, shared, partial(encoder, towers), partial(encoder, whole))


def look(rows: Mapping[str, Configuration], shapes: Mapping[str, Shape]) -> Iterator[Found]:
    """Yield every pair with both ratios."""
    for pair in _pairs():
        text = f"{pair.own} {pair.shared}".strip()
        options, words = read_options(text.split())
        ratio = memory_ratio(cost(pair.method, pair.backbone, words, known=shapes), options)
        if ratio is None or not ratio.traced:
            raise LookupError(f"{pair.backbone}: no such step was traced: {pair.method} {text}")
        steps = ((pair.method, text, pair.traced), ("full", pair.shared, pair.whole))
        peak, whole = (_peak(rows, shapes, pair.backbone, *step) for step in steps)
        yield Found(f"{pair.backbone} {pair.method} {text}", peak / whole, ratio.share)


def _peak(
    rows: Mapping[str, Configuration], shapes: Mapping[str, Shape], backbone: str, method: str, text: str, trace: Tracer
) -> float:
    """Return the traced peak of a step with the states of its optimiser, which no trace has."""
    options, words = read_options(text.split())
    priced = highest(cost(method, backbone, words, known=shapes), options)
    setting = dict(word.split("=", 1) for word in text.split())
    states = 0.0 if priced is None else priced.parts.get("states", 0.0)
    return float(apart(partial(trace, rows[backbone], setting))) + states
