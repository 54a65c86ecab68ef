"""Trace a training step of every tower that is no decoder: each phase is a line in the layers, and in the tokens."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch import nn
from torch.utils.checkpoint import checkpoint

from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.memory_traces import PHASES, RANK
from verify.encoders import LANGUAGE, Tower, can_be_traced, towers
from verify.fakes import Found, Peak, step
from verify.quantised import quantise

Phases = dict[str, float]
# How wide weights and what passes are: all in 16 bits but what autocast widens and what is trained, weights in 32 and the rest
# in 16 as autocast has it, all in 32, and all in 16 without autocast.
WIDTHS = ("", " mixed", " 32")
HALF = " half"
INPUTS = ("embeddings", "patch_embed", "patch_embedding", "wte", "convs.0")


def one_step(
    tower: Tower, kind: str, layers: int, tokens: int, *, again: bool, target: str = "", rank: int = RANK
) -> Found:
    """Trace one step of a tower with so many layers; `target` is a comma-separated list of matrices with LoRA."""
    base, _, width = kind.rpartition(" ") if kind.endswith((*WIDTHS[1:], HALF)) else (kind, "", "")

    def build() -> nn.Module:
        model = tower.in_bits(layers, torch.float32 if width in ("mixed", "32") else torch.bfloat16)
        if base in ("few bits", "upcast", "whole logits, few bits"):
            quantise(model)
        if base == "upcast":
            model.float()
        model.requires_grad_(base == "full")
        if base not in ("full", "frozen"):
            enter(model)
        if target:
            model = get_peft_model(model, LoraConfig(r=rank, target_modules=tower.pattern(target), lora_dropout=0.05))
        if again:
            (tower.again or compute_again)(model)
        return model

    def loss(model: nn.Module) -> torch.Tensor:
        inner = model.get_base_model() if target else model
        if base.startswith("whole logits") and tower.whole is not None:
            return tower.whole(inner, tokens)
        return tower.loss(inner, tokens)

    uneven = tower.uneven == "all" or (tower.uneven == "trained" and base == "full" and again)
    kept = []

    def watch(peak: Peak, model: nn.Module) -> None:
        peak.watch(model, uneven=uneven)
        held, inner = peak.total, model.get_base_model() if target else model
        inner.register_forward_hook(lambda *_: kept.append(peak.total - held))

    traced = step(build, loss, gradient=base != "frozen", autocast=width not in ("32", "half"), watch=watch)
    if tower.read and base != "frozen":
        traced.phases["loss"] = kept[0]
    if tower.passes and base != "frozen":
        traced.phases["loss"] = traced.kept
    if tower.ends:
        traced.phases["last_layer"] = max(traced.phases["last_layer"], traced.phases["loss"])
    return traced


def compute_again(model: nn.Module) -> None:
    """Keep what lies between the layers alone, by the library's way, or by our own where it has none."""
    if getattr(model, "supports_gradient_checkpointing", True):
        model.gradient_checkpointing_enable({"use_reentrant": False})
        return
    for layer in max((m for m in model.modules() if isinstance(m, nn.ModuleList)), key=len):
        layer.forward = partial(checkpoint, layer.forward, use_reentrant=False)


def enter(model: nn.Module) -> None:
    """Let the gradient enter what the first layer is given, as a learned token would."""

    def hook(module: nn.Module, args: object, out: Any) -> Any:
        (out[0] if isinstance(out, tuple) else out).requires_grad_(True)

    named = dict(model.named_modules())
    first = [m for name, m in named.items() if name.endswith(INPUTS)][:1]
    for module in first or [m for name, m in named.items() if name.endswith(("embed_tokens", "shared"))]:
        module.register_forward_hook(hook)


def over_all(tower: Tower, kind: str, tokens: int, *, again: bool, target: str = "") -> Phases:
    """Return the phases with all layers, from few and more."""
    few = one_step(tower, kind, tower.few, tokens, again=again, target=target).phases
    if tower.few == tower.more:
        return {phase: float(few[phase]) for phase in PHASES}
    more = one_step(tower, kind, tower.more, tokens, again=again, target=target).phases
    share = (tower.layers - tower.few) / (tower.more - tower.few)
    return {phase: few[phase] + (more[phase] - few[phase]) * share for phase in PHASES}


def cells_of(row: Configuration) -> Iterator[tuple[str, str, str, int, Phases]]:
    """Yield what is traced of a backbone: part, kind, whether with checkpointing, tokens, phases."""
    for tower in towers(row):
        for kind, again, tokens, traced in _of(tower):
            yield tower.part, kind, again, tokens, traced


def _of(tower: Tower) -> Iterator[tuple[str, str, int, Phases]]:
    numbers, middle = _over_layers(tower), tower.middle
    for again in (False, True):
        checkpointing = "yes" if again else "no"
        for kind in ("upcast", "passing", "full"):
            for tokens in tower.knots:
                traced = over_all(tower, kind, tokens, again=again)
                if kind == "full":
                    traced["first_layer"] -= 2 * numbers
                yield kind, checkpointing, tokens, traced
        bare = over_all(tower, "passing", middle, again=again)
        if tower.whole is not None:
            whole = over_all(tower, "whole logits", middle, again=again)
            yield "logits", checkpointing, middle, {phase: whole[phase] - bare[phase] for phase in PHASES}
        yield from ((name, checkpointing, middle, phases) for name, phases in _with_lora(tower, bare, again=again))
    for tokens in tower.knots:
        yield "frozen", "no", tokens, over_all(tower, "frozen", tokens, again=False)


def _with_lora(tower: Tower, bare: Phases, *, again: bool) -> Iterator[tuple[str, Phases]]:
    """Yield what LoRA adds on a matrix, without what is counted by its parameters and its rank."""
    tokens = tower.middle
    for name, (trained, places) in targets(tower).items():
        traced = over_all(tower, "passing", tokens, again=again, target=name)
        casts, ranks = 2 * trained, 0 if again else 2 * RANK * tokens * places * tower.fewer
        later = 0 if again else casts + ranks
        # Of what others read, what is kept is counted before autocast lets go of its copies.
        kept = casts if again and tower.read else later
        taken = {"forward": casts + ranks, "loss": kept, "last_layer": later, "first_layer": 4 * trained}
        # What a decoder computes again is gone when the gradient comes to what it read.
        often = 1.0 if again else tower.often.get(name, 1.0)
        yield name, {phase: often * (traced[phase] - bare[phase] - taken[phase]) for phase in PHASES}


def parameters(row: Configuration) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield backbone and part, and the parameters of the part as built; of those that are traced in two halves nothing."""
    if not can_be_traced(row):
        return
    built = towers(row)
    if any(tower.part == "encoder" for tower in built):
        return
    default = "vision" if row.encoder_layers and row.type not in LANGUAGE else "language"
    for tower in built:
        if tower.part in ("", "vision"):
            yield (row.id, tower.part or default), _over_layers(tower) + tower.outside


def _over_layers(tower: Tower) -> int:
    """Count the parameters of a tower with all layers."""
    few = _parameters(tower, tower.few)
    if tower.few == tower.more:
        return few
    more = _parameters(tower, tower.more)
    return few + (more - few) // (tower.more - tower.few) * (tower.layers - tower.few)


def _parameters(tower: Tower, layers: int) -> int:
    with torch.device("meta"):
        return sum(p.numel() for p in tower.build(layers).parameters())


def targets(tower: Tower) -> dict[str, tuple[int, int]]:
    """Return the matrices that can have LoRA, with the parameters that it trains there over all layers, and how many there are."""
    counts = {}
    for target in tower.places:
        numbers = []
        for layers in (tower.few, tower.more):
            with torch.device("meta"):
                model = get_peft_model(tower.build(layers), LoraConfig(r=RANK, target_modules=tower.pattern(target)))
            trained = [p.numel() for p in model.parameters() if p.requires_grad]
            numbers.append((sum(trained), len(trained) // 2))
        (few, places), (more, further) = numbers
        share = (tower.layers - tower.few) // max(tower.more - tower.few, 1)
        counts[target] = few + (more - few) * share, places + (further - places) * share
    return counts
