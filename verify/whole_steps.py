"""Trace one whole step, every layer built, from a configuration and the words that the calculator is asked with."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import accumulate

import torch
from peft import LoraConfig, get_peft_model
from torch import nn

from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.memory_traces import RANK
from verify import diffusion, encoders, traces
from verify.encoder_traces import compute_again, enter
from verify.fakes import Found, step

Words = Mapping[str, str]
FEW, HALF, WIDE = 4, 16, 32  # bits


def _most(traced: Found) -> int:
    """Return the most that a step holds, its weights among it."""
    return sum(traced.held) + max(accumulate(size for _, size in traced.events))


def _again(setting: Words) -> bool:
    return setting.get("checkpointing") == "yes"


def _bits(setting: Words) -> int:
    return int(setting.get("precision", HALF))


def decoder(row: Configuration, setting: Words) -> int:
    """Trace LoRA on a decoder."""
    kind = "whole logits" if _bits(setting) == HALF else "whole logits, few bits"
    target = "q" if setting["targets"] == "qkv" else setting["targets"]
    how = {"target": target, "batch": int(setting["batch"]), "rank": int(setting.get("rank", RANK))}
    depth, length = int(row.decoder_layers), int(setting["length"])
    return _most(traces.one_step(row, kind, depth, length, again=_again(setting), **how))  # type: ignore[arg-type]


def generator(row: Configuration, setting: Words) -> int:
    """Trace LoRA on a denoiser, or all of it trained with weights in 32 bits."""
    target = setting.get("targets", "")
    kind = {4: "few bits", HALF: "passing", WIDE: "passing 32"}[_bits(setting)] if target else "full mixed"
    how = {"target": target, "rank": int(setting.get("rank", RANK)), "gradients": True}
    at = int(setting["batch"]), int(setting["resolution"])
    return _most(diffusion.one_step(row, kind, *at, again=_again(setting), **how))  # type: ignore[arg-type]


def encoder(towers: Mapping[str, tuple[str, int]], row: Configuration, setting: Words) -> int:
    """Trace a step of towers, one behind the other and the loss behind them all; those of an encoder–decoder are one.

    `towers` names by the part what is done, and on how many tokens; of an encoder–decoder, on how many examples.
    """
    all_32, written = _bits(setting) == WIDE, int(setting.get("outputs", 0))
    text = int(setting.get("length", encoders.SENTENCE))
    known = {tower.part: tower for tower in encoders.towers(row, text)}
    wide = all_32 or setting.get("weights") == "32"

    def build() -> nn.Module:
        built = {}
        for part, (done, _) in towers.items():
            whole = written > 0 and not part
            built[part or "own"] = _tower(known[part], done, wide=wide, again=_again(setting), whole=whole)
        return nn.ModuleDict(built)

    def loss(model: nn.Module) -> torch.Tensor:
        losses = []
        for (part, (done, tokens)), module in zip(towers.items(), model.values(), strict=True):
            inner = module.get_base_model() if done.startswith("lora") else module
            making = _both(text, written) if written and not part else known[part].whole or known[part].loss
            with torch.set_grad_enabled(done != "frozen"):
                losses.append(making(inner, tokens))
        return torch.stack(losses).sum()

    return _most(step(build, loss, autocast=not all_32))


def _both(reads: int, writes: int) -> Callable[[nn.Module, int], torch.Tensor]:
    """Return a step of an encoder–decoder on so many examples."""

    def loss(model: nn.Module, examples: int) -> torch.Tensor:
        read, written = (torch.ones(examples, length, dtype=torch.long) for length in (reads, writes))
        outputs = model(input_ids=read, decoder_input_ids=written, labels=written)
        outputs.logits.float()  # accelerate returns all outputs in 32 bits
        value: torch.Tensor = outputs.loss.float()
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
        config = LoraConfig(r=int(rank), target_modules=tower.pattern(target), lora_dropout=0.05)
        model = get_peft_model(model, config)
    if again and done != "frozen":
        compute_again(model)
    return model
