"""Trace one whole step, every layer built, from a configuration and the words that the calculator is asked with."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import Any

import torch
from peft import LoraConfig, PromptTuningConfig, get_peft_model
from torch import nn
from transformers.initialization import no_init_weights

from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.memory_traces import RANK
from verify import decoders, detectors, diffusion, encoders, tiled, traces
from verify.encoder_traces import compute_again, enter
from verify.fakes import Found, step
from verify.pieces import Bottleneck
from verify.quantised import quantise

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
    if setting.get("states") == "16":
        kind += " half"
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
    wide, half = all_32 or setting.get("weights") == "32", setting.get("states") == "16"

    def build() -> nn.Module:
        built = {}
        for part, (done, _) in towers.items():
            model = _tower(known[part], done, wide=wide, again=_again(setting), whole=written > 0 and not part)
            built[part or "own"] = model.to(torch.bfloat16) if half else model
        return nn.ModuleDict(built)

    def loss(model: nn.Module) -> torch.Tensor:
        losses = []
        for (part, (done, tokens)), module in zip(towers.items(), model.values(), strict=True):
            inner = module.get_base_model() if done.startswith("lora") else module
            making = _both(text, written) if written and not part else known[part].whole or known[part].loss
            with torch.set_grad_enabled(done != "frozen"):
                losses.append(making(inner, tokens))
        return torch.stack(losses).sum()

    return _most(step(build, loss, autocast=not (all_32 or half)))


def detector(done: Mapping[str, str], row: Configuration, setting: Words) -> int:
    """Trace a step of a whole detector; `done` names by the part what is done: modules, or all is trained of it."""
    known = {tower.part: tower for tower in encoders.towers(row)}
    all_32, half = _bits(setting) == WIDE, setting.get("states") == "16"
    wide = all_32 or setting.get("weights") == "32"

    def build() -> nn.Module:
        config = detectors.config_of(row)
        with no_init_weights():
            model: Any = detectors.whole(config)
        model = model.to(torch.float32 if wide else torch.bfloat16).requires_grad_("" in done)
        inner, towers = model.model, {"language": model.model.text_backbone, "vision": model.model.backbone}
        for part, how in done.items():
            if part and how == "full":
                towers[part].requires_grad_(True)
        ends = [_inside(known, part, how) for part, how in done.items() if how.startswith("lora")]
        if ends:
            words = inner.text_backbone.get_input_embeddings
            model.get_input_embeddings = inner.get_input_embeddings = words  # which the library asks for
            rank = next(int(how.split()[2]) for how in done.values() if how.startswith("lora"))
            model = get_peft_model(model, LoraConfig(r=rank, target_modules="|".join(ends), lora_dropout=0.05))
        if _again(setting):
            detectors.compute_again(inner)
            for part, tower in (("language", inner.text_backbone), ("vision", inner.backbone.conv_encoder.model)):
                if part in done or "" in done:
                    compute_again(tower)
        return model.to(torch.bfloat16) if half else model

    def loss(model: nn.Module) -> torch.Tensor:
        return detectors.detected(model, int(setting["batch"]), int(setting.get("length", detectors.LONGEST)))

    return _most(step(build, loss, autocast=not (all_32 or half)))


def looking(done: Mapping[str, str], row: Configuration, setting: Words) -> int:
    """Trace a step of a language model that looks at images, its tower before it; `done` names by the part what is done."""
    bits = _bits(setting)
    known = {"language": tiled.LANGUAGE, "vision": encoders.towers(row)[0].places}
    batch = int(setting["batch"])

    def build() -> nn.Module:
        with no_init_weights():
            model: Any = tiled.whole(row, int(row.decoder_layers))
        if bits == FEW:
            quantise(model)
        model.requires_grad_(False)
        inner = model.model
        parts = {"language": (inner.language_model, model.lm_head), "vision": (inner.vision_model,)}
        parts["projector"] = (inner.multi_modal_projector,)
        for part, how in done.items():
            for module in parts[part] if how == "full" else ():
                module.requires_grad_(True)
        lora = {part: how.split() for part, how in done.items() if how.startswith("lora")}
        if lora:
            ends = [
                rf".*{part}_model\..*({'|'.join(known[part][n] for n in how[1].split(','))})"
                for part, how in lora.items()
            ]
            rank = int(next(iter(lora.values()))[2])
            model = get_peft_model(model, LoraConfig(r=rank, target_modules="|".join(ends), lora_dropout=0.05))
        if _again(setting):
            model.gradient_checkpointing_enable({"use_reentrant": False})
            model.disable_input_require_grads()
        if "vision" in lora or setting.get("tower") == "entered":
            model.enable_input_require_grads()
        elif lora:  # the library lets a gradient into a frozen tower of images too, which then keeps all
            enter(inner.language_model)
        return model

    def loss(model: nn.Module) -> torch.Tensor:
        ids = torch.ones(batch, int(setting.get("length", tiled.TEXT)), dtype=torch.long)
        outputs = model(input_ids=ids, labels=ids, **tiled.shown(row, *ids.shape))
        outputs.logits.float()  # accelerate returns all outputs in 32 bits
        return outputs.loss.float()

    return _most(step(build, loss))


def _inside(known: Mapping[str, encoders.Tower], part: str, how: str) -> str:
    """Return the pattern of the matrices with LoRA in a tower of a detector."""
    within = {"language": r".*text_backbone\.", "vision": r".*conv_encoder\."}[part]
    return replace(known["" if part == "language" else part], within=within).pattern(how.split()[1])


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


class _Behind(nn.Module):
    """A network with a bottleneck behind it."""

    def __init__(self, network: nn.Module, width: int, inner: int) -> None:
        super().__init__()
        self.network, self.adapter = network, Bottleneck(width, inner)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.network(x)
        return y + self.adapter(y)


def _dora(model: nn.Module, setting: Words) -> nn.Module:
    places = decoders.places(model)
    modules = [places[name] for name in setting["targets"].split(",")]
    return get_peft_model(model, LoraConfig(r=int(setting["rank"]), target_modules=modules, use_dora=True))


def _prompt(model: nn.Module, setting: Words) -> nn.Module:
    return get_peft_model(model, PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=int(setting["tokens"])))


def _adapter(model: nn.Module, setting: Words) -> nn.Module:
    for layer in model.model.layers:
        layer.mlp = _Behind(layer.mlp, model.config.hidden_size, int(setting["bottleneck"]))
    return model


# By method what is done to a decoder.
CHANGES: Mapping[str, Callable[[nn.Module, Words], nn.Module]] = {
    "lora": _dora,
    "prompt-tuning": _prompt,
    "adapter-pfeiffer": _adapter,
}


def changed(method: str, row: Configuration, setting: Words) -> int:
    """Trace a method on a decoder that has no trace of its own: DoRA, prompts, adapters."""

    def build() -> nn.Module:
        model = decoders.language_model(row, int(row.decoder_layers))
        model.requires_grad_(False)
        model = CHANGES[method](model, setting)
        if CHANGES[method] is not _prompt:
            (model if hasattr(model, "enable_input_require_grads") else model.base_model).enable_input_require_grads()
        if _again(setting):
            model.gradient_checkpointing_enable({"use_reentrant": False})
        return model

    def loss(model: nn.Module) -> torch.Tensor:
        ids = torch.ones(int(setting["batch"]), int(setting["length"]), dtype=torch.long)
        outputs = model(input_ids=ids, labels=ids)
        outputs.logits.float()  # accelerate returns all outputs in 32 bits
        return outputs.loss.float()

    return _most(step(build, loss))
