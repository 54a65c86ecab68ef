"""Hold the priced peak of encoders against direct traces of every layer of every tower, at settings between those of the table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

import torch
from peft import LoraConfig, get_peft_model
from torch import nn

from peft_vlm_survey.costs import cost
from peft_vlm_survey.costs.need import highest
from peft_vlm_survey.costs.options import Options, read_options
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify import encoders, traces
from verify.encoder_traces import compute_again, enter
from verify.fakes import step
from verify.trace_check import TOLERANCE, Checked


@dataclass(frozen=True, kw_only=True)
class Run:
    """A setting as the calculator is asked, and what is done to each tower: nothing, a gradient, modules, or all trained.

    `towers` names by the part (empty is the configuration's own) what is done and on how many tokens, `text` is how long a text
    is whose length is free. Of an encoder–decoder, which then is built as one, `outputs` says how many tokens are written of one.
    """

    backbone: str
    method: str
    words: str
    towers: Mapping[str, tuple[str, int]]
    text: int = encoders.SENTENCE
    outputs: int = 0
    tolerance: float = TOLERANCE


RUNS = (
    Run(
        backbone="vit-b16", method="lora", words="targets=q,v rank=16 batch=20", towers={"": ("lora q,v 16", 20 * 197)}
    ),
    Run(backbone="vit-l16", method="full", words="batch=24 weights=32", towers={"": ("full", 24 * 197)}),
    Run(
        backbone="dinov2-vitb14",
        method="lora",
        words="targets=q,v batch=12 precision=32 checkpointing=yes",
        towers={"": ("lora q,v 8", 12 * 257)},
    ),
    Run(
        backbone="roberta-base",
        method="lora",
        words="targets=q,v batch=6 length=400 precision=32",
        towers={"": ("lora q,v 8", 2400)},
        text=400,
    ),
    Run(backbone="bert-base", method="full", words="batch=6 length=300", towers={"": ("full", 1800)}, text=300),
    Run(
        backbone="gpt2-medium",
        method="lora",
        words="targets=qkv batch=3 length=500 rank=4 checkpointing=no",
        towers={"": ("lora q 4", 1500)},
        text=500,
    ),
    Run(
        backbone="gpt2",
        method="full",
        words="batch=3 length=500 checkpointing=no",
        towers={"": ("full", 1500)},
        text=500,
    ),
    Run(
        backbone="distilbert-base",
        method="lora",
        words="targets=q,v batch=6 length=300",
        towers={"": ("lora q,v 8", 1800)},
        text=300,
    ),
    Run(backbone="vit-h14", method="lora", words="targets=q,v batch=12", towers={"": ("lora q,v 8", 12 * 257)}),
    Run(
        backbone="dinov2-vitg14",
        method="lora",
        words="targets=q,v,gate,up,down batch=5",
        towers={"": ("lora q,v,gate,up,down 8", 5 * 257)},
    ),
    Run(
        backbone="t5-base",
        method="lora",
        words="targets=q,v batch=6 length=300 outputs=40",
        towers={"": ("lora q,v 8", 6)},
        text=300,
        outputs=40,
    ),
    Run(
        backbone="bart-base",
        method="full",
        words="batch=5 length=200 outputs=90 precision=32",
        towers={"": ("full", 5)},
        text=200,
        outputs=90,
        tolerance=0.04,
    ),
    Run(
        backbone="clip-vit-b16",
        method="coop",
        words="batch=30 texts=200",
        towers={"vision": ("frozen", 30 * 197), "": ("passing", 200 * 77)},
    ),
    Run(
        backbone="clip-vit-b16",
        method="clip-lora",
        words="batch=32 texts=100",
        towers={"vision": ("lora q,k,v 2", 32 * 197), "": ("lora q,k,v 2", 7700)},
    ),
    Run(
        backbone="clip-vit-b32",
        method="full",
        words="batch=100 texts=100 precision=32",
        towers={"vision": ("full", 5000), "": ("full", 7700)},
    ),
    Run(
        backbone="clip-vit-l14",
        method="lora",
        words="targets=q,v batch=10 texts=50 part=vision checkpointing=yes weights=32",
        towers={"vision": ("lora q,v 8", 2570), "": ("frozen", 3850)},
    ),
)


def look(
    rows: Mapping[str, Configuration], shapes: Mapping[str, Shape], runs: Iterable[Run] = RUNS
) -> Iterator[Checked]:
    """Yield every setting with both peaks."""
    for run in runs:
        options, words = read_options(run.words.split())
        priced = highest(cost(run.method, run.backbone, words, known=shapes), options)
        if priced is None:
            continue
        traced = float(traces.apart(partial(_peak, rows[run.backbone], run, options, words)))
        told = f"{run.backbone} {run.method} {run.words}"
        yield Checked(told=told, traced=traced, priced=priced.total - priced.parts["states"], tolerance=run.tolerance)


def _peak(row: Configuration, run: Run, options: Options, words: list[str]) -> int:
    """Return the most that a step holds, the towers one behind the other and the loss behind them all."""
    all_32 = "precision=32" in words
    wide = all_32 or options.weights == "32"
    again = "checkpointing=yes" in words
    known = {tower.part: tower for tower in encoders.towers(row, run.text)}

    def build() -> nn.Module:
        return nn.ModuleDict(
            {
                part or "own": _tower(known[part], done, wide=wide, again=again, whole=run.outputs > 0)
                for part, (done, _) in run.towers.items()
            }
        )

    def loss(model: nn.Module) -> torch.Tensor:
        found = []
        for (part, (done, tokens)), module in zip(run.towers.items(), model.values(), strict=True):
            inner = module.get_base_model() if done.startswith("lora") else module
            making = _both(run) if run.outputs else known[part].whole or known[part].loss
            with torch.set_grad_enabled(done != "frozen"):
                found.append(making(inner, tokens))
        return torch.stack(found).sum()

    traced = step(build, loss, autocast=not all_32)
    return sum(traced.held) + max(accumulate(size for _, size in traced.events))


def _both(run: Run) -> Callable[[nn.Module, int], torch.Tensor]:
    """Return a step of an encoder–decoder on so many examples."""

    def loss(model: nn.Module, examples: int) -> torch.Tensor:
        reads, writes = (torch.ones(examples, length, dtype=torch.long) for length in (run.text, run.outputs))
        found = model(input_ids=reads, decoder_input_ids=writes, labels=writes)
        found.logits.float()  # accelerate returns all outputs in 32 bits
        value: torch.Tensor = found.loss.float()
        return value

    return loss


def _tower(tower: encoders.Tower, done: str, *, wide: bool, again: bool, whole: bool) -> nn.Module:
    build = partial(tower.build, reads=tower.layers) if whole else tower.build  # type: ignore[call-arg]
    model = replace(tower, build=build).in_bits(tower.layers, torch.float32 if wide else torch.bfloat16)
    model.requires_grad_(done == "full")
    if done == "passing" or done.startswith("lora"):
        enter(model)
    if done.startswith("lora"):
        _, target, rank = done.split()
        ends = "|".join(tower.places[name] for name in target.split(","))
        model = get_peft_model(model, LoraConfig(r=int(rank), target_modules=rf".*\.({ends})", lora_dropout=0.05))
    if again and done != "frozen":
        compute_again(model)
    return model
