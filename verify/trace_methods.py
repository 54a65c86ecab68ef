"""Hold the priced peak of methods that have no trace of their own against direct traces: DoRA, prompts, adapters.

Their pieces are added to the traced ones by closed form; here every layer is built, and the whole step followed.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import torch
from peft import LoraConfig, PromptTuningConfig, get_peft_model
from torch import nn

from peft_vlm_survey.costs import cost
from peft_vlm_survey.costs.need import highest
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify import decoders, traces
from verify.fakes import step
from verify.pieces import Bottleneck
from verify.trace_check import Checked

TOLERANCE = 0.03
BACKBONE, RANK, TOKENS, INNER = "llama-7b", 8, 20, 64
LENGTHS = (512, 2048)


class _Behind(nn.Module):
    """A network with a bottleneck behind it."""

    def __init__(self, network: nn.Module, width: int) -> None:
        super().__init__()
        self.network, self.adapter = network, Bottleneck(width, INNER)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.network(x)
        return y + self.adapter(y)


def _dora(model: nn.Module) -> nn.Module:
    places = decoders.places(model)
    config = LoraConfig(r=RANK, target_modules=[places["q"], places["v"]], use_dora=True)
    return get_peft_model(model, config)


def _prompt(model: nn.Module) -> nn.Module:
    config = PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=TOKENS)
    return get_peft_model(model, config)


def _adapter(model: nn.Module) -> nn.Module:
    for layer in model.model.layers:
        layer.mlp = _Behind(layer.mlp, model.config.hidden_size)
    return model


# By method and words of the command line, what is done to the model.
CHANGES: Mapping[tuple[str, str], Callable[[nn.Module], nn.Module]] = {
    ("lora", f"variant=dora rank={RANK} targets=q,v"): _dora,
    ("prompt-tuning", f"tokens={TOKENS}"): _prompt,
    ("adapter-pfeiffer", f"bottleneck={INNER}"): _adapter,
}


def look(rows: Mapping[str, Configuration], shapes: Mapping[str, Shape]) -> Iterator[Checked]:
    """Yield every method at every length, with checkpointing and without."""
    for (method, said), change in CHANGES.items():
        for tokens in LENGTHS:
            for again in (True, False):
                words = [*said.split(), "batch=1", f"length={tokens}", f"checkpointing={'yes' if again else 'no'}"]
                priced = highest(cost(method, BACKBONE, words, known=shapes), Options())
                if priced is None:
                    continue
                traced = float(traces.apart(partial(_whole, rows[BACKBONE], change, tokens, again)))
                told = f"{BACKBONE} {method} {said.split()[0]} 1 x {tokens}{', checkpointing' if again else ''}"
                states = priced.parts["states"]
                yield Checked(told=told, traced=traced, priced=priced.total - states, tolerance=TOLERANCE)


def _whole(row: Configuration, change: Callable[[nn.Module], nn.Module], tokens: int, again: bool) -> int:
    def build() -> nn.Module:
        model = decoders.language_model(row, int(row.decoder_layers))
        model.requires_grad_(False)
        model = change(model)
        if change is not _prompt:
            (model if hasattr(model, "enable_input_require_grads") else model.base_model).enable_input_require_grads()
        if again:
            model.gradient_checkpointing_enable({"use_reentrant": False})
        return model

    def loss(model: nn.Module) -> torch.Tensor:
        ids = torch.ones(1, tokens, dtype=torch.long)
        found = model(input_ids=ids, labels=ids)
        found.logits.float()  # accelerate returns all outputs in 32 bits
        return found.loss.float()

    found = step(build, loss)
    return sum(found.held) + max(found.phases.values())
