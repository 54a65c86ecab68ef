"""Trace a training step of every backbone that is built here, and write data/memory_traces.csv: `python -m verify.traces`.

Each phase is a line in the layers, so two and four stand for all, and a line in the tokens.
"""

import csv
import os
import sys
import time
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore")

import torch  # noqa: E402 - the libraries read their settings when they are imported
from peft import LoraConfig, get_peft_model  # noqa: E402
from torch import nn  # noqa: E402

from peft_vlm_survey.costs.towers import shape_of  # noqa: E402
from peft_vlm_survey.read.configurations import Configuration  # noqa: E402
from peft_vlm_survey.read.memory_traces import KNOTS, PHASES, RANK, MemoryTrace  # noqa: E402
from peft_vlm_survey.read.registry import TABLES  # noqa: E402
from peft_vlm_survey.read.sheets import columns_of  # noqa: E402
from verify import decoders, diffusion, diffusion_traces, encoder_traces, encoders, experts, tiled  # noqa: E402
from verify.apart import apart  # noqa: E402
from verify.fakes import Found, Peak, step  # noqa: E402
from verify.quantised import quantise  # noqa: E402

PATH = "data/memory_traces.csv"
ROOT = Path(__file__).resolve().parent.parent
FEW, MORE = 2, 4  # layers that are built, or how many times those of a period
TARGET_TOKENS = 1024
Phases = dict[str, float]


def one_step(
    row: Configuration,
    kind: str,
    layers: int,
    tokens: int,
    *,
    again: bool,
    target: str = "",
    batch: int = 1,
    rank: int = RANK,
) -> Found:
    """Trace one step of a decoder with so many layers; `target` is a comma-separated list of matrices with LoRA."""

    def build() -> nn.Module:
        model = decoders.language_model(row, layers)
        if kind in ("few bits", "upcast", "whole logits, few bits"):
            quantise(model)
        if kind == "upcast":  # what peft's prepare_model_for_kbit_training does to all that is not quantised
            model.float()
        model.requires_grad_(kind == "full")
        if tiled.looks(row):
            model.model.multi_modal_projector.requires_grad_(False)
        if target:
            places = decoders.places(model)
            modules = [places[name] for name in target.split(",")]
            model = get_peft_model(model, LoraConfig(r=rank, target_modules=modules, lora_dropout=0.05))
        if kind != "full" and kind != "frozen":
            model.enable_input_require_grads()
        if again:
            model.gradient_checkpointing_enable({"use_reentrant": False})
        return model

    def loss(model: nn.Module) -> torch.Tensor:
        ids = torch.ones(batch, tokens, dtype=torch.long)
        beside = tiled.shown(row, batch, tokens) if tiled.looks(row) else {}
        if kind.startswith("whole logits"):
            outputs = model(input_ids=ids, labels=ids, **beside)
            outputs.logits.float()  # accelerate returns all outputs in 32 bits
            return outputs.loss.float()
        inner = model.get_base_model() if target else model
        return inner.base_model(input_ids=ids, **beside).last_hidden_state.mean().float()

    watch = partial(Peak.watch, uneven=tiled.looks(row) or experts.has(row))
    return step(build, loss, gradient=kind != "frozen", autocast=True, watch=watch)


def over_all(row: Configuration, kind: str, tokens: int, *, again: bool, target: str = "", batch: int = 1) -> Phases:
    """Return the phases with all layers, from few and more."""
    few, more = _built(row)
    ends = [one_step(row, kind, n, tokens, again=again, target=target, batch=batch).phases for n in (few, more)]
    share = (int(row.decoder_layers) - few) / (more - few)
    return {phase: ends[0][phase] + (ends[1][phase] - ends[0][phase]) * share for phase in PHASES}


def _built(row: Configuration) -> tuple[int, int]:
    """Return how many layers are built: where some look at an image, with as many of these among them as among all.

    Where layers have experts, those without and some between the first and the last that have them.
    """
    if experts.has(row):
        dense = int(row.dense_layers or 0)
        return dense + FEW, dense + MORE
    return (tiled.PERIOD, 2 * tiled.PERIOD) if tiled.looks(row) else (FEW, MORE)


def _of(row: Configuration) -> Iterator[tuple[str, str, int, Phases]]:
    """Yield what is traced of a backbone: kind, whether with checkpointing, tokens, phases."""
    gradients = _gradients(row)
    for again in (False, True):
        checkpointing = "yes" if again else "no"
        for kind in ("passing", "upcast", "full"):
            for tokens in KNOTS:
                traced = over_all(row, kind, tokens, again=again)
                if kind == "full":
                    traced["first_layer"] -= gradients
                yield kind, checkpointing, tokens, traced
        bare = over_all(row, "passing", TARGET_TOKENS, again=again)
        whole = over_all(row, "whole logits", TARGET_TOKENS, again=again)
        logits = {phase: whole[phase] - bare[phase] for phase in PHASES}
        if tiled.looks(row):  # what its layers need in the forward pass has gone by then
            logits["forward"] = whole["forward"] - bare["loss"]
        yield "logits", checkpointing, TARGET_TOKENS, logits
        for target, trained in _targets(row).items():
            yield (
                target,
                checkpointing,
                TARGET_TOKENS,
                _with_lora(row, target, trained, TARGET_TOKENS, bare, again=again),
            )
    for tokens in KNOTS:
        yield "frozen", "no", tokens, over_all(row, "frozen", tokens, again=False)


def _with_lora(row: Configuration, target: str, trained: int, tokens: int, bare: Phases, *, again: bool) -> Phases:
    """Return what LoRA adds on a matrix, without what is counted by its parameters and its rank."""
    traced = over_all(row, "passing", tokens, again=again, target=target)
    casts = 2 * trained
    ranks = 2 * RANK * tokens * _passed(row, target)
    known = {
        "forward": casts if again else casts + ranks,
        "loss": 0 if again else casts + ranks,
        "last_layer": 0 if again else casts + ranks,
        "first_layer": 4 * trained,
    }
    return {phase: traced[phase] - bare[phase] - known[phase] for phase in PHASES}


def _passed(row: Configuration, target: str) -> float:
    """Return how many matrices of a name a token passes: one a layer, but of experts as many as it is given to."""
    if not experts.has(row):
        return float(row.decoder_layers)
    (part,) = (tower for name, tower in shape_of(row).parts.items() if name == "language")
    return float(sum(matrix.count * matrix.share for matrix in part.named(target)))


def parameters(row: Configuration) -> int:
    """Count the parameters of a language model as built, from few and more layers, without those that a row counts beside it."""
    beside = int(row.beside_params) if tiled.looks(row) else 0
    return _over_layers(row, int(row.positions or decoders.LONGEST)) - beside


def _over_layers(row: Configuration, positions: int) -> int:
    at = _built(row)
    few, more = (_parameters(row, layers, positions) for layers in at)
    return few + (more - few) * (int(row.decoder_layers) - at[0]) // (at[1] - at[0])


def _parameters(row: Configuration, layers: int, positions: int) -> int:
    with torch.device("meta"):
        named = decoders.language_model(row, layers, positions).named_parameters()
        return sum(p.numel() for name, p in named if "projector" not in name)


def _gradients(row: Configuration) -> int:
    """Return the bytes of the gradients of all weights, in 16 bits."""
    return 2 * _over_layers(row, decoders.LONGEST)


def _targets(row: Configuration) -> dict[str, int]:
    """Return the matrices that can have LoRA, with the parameters that it trains there over all layers."""
    at = _built(row)
    few, more = (_trained(row, layers) for layers in at)
    beyond = int(row.decoder_layers) - at[0]
    return {target: few[target] + (more[target] - few[target]) * beyond // (at[1] - at[0]) for target in few}


def _trained(row: Configuration, layers: int) -> dict[str, int]:
    with torch.device("meta"):
        model = decoders.language_model(row, layers)
    linear = [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    return {
        target: RANK * sum(m.in_features + m.out_features for name, m in linear if name.endswith(f".{place}"))
        for target, place in decoders.places(model).items()
    }


def _megabytes(size: float) -> str:
    text = f"{round(size / 1e6, 3) + 0.0:.3f}"  # which makes nothing of less than nothing
    return text.rstrip("0").rstrip(".") if "." in text else text


def cells(row: Configuration) -> list[list[str]]:
    """Return the rows of a backbone as they stand in the table: megabytes with three decimals."""
    return [
        [row.id, part, kind, again, str(tokens), *(_megabytes(phases[phase]) for phase in PHASES)]
        for part, kind, again, tokens, phases in (
            _of_a_decoder(row)
            if decoders.can_be_traced(row)
            else (diffusion_traces if diffusion.can_be_traced(row) else encoder_traces).cells_of(row)
        )
    ]


def _of_a_decoder(row: Configuration) -> Iterator[tuple[str, str, str, int, Phases]]:
    yield from (("", *cell) for cell in _of(row))
    if tiled.looks(row):
        yield from encoder_traces.cells_of(row)


def main(names: list[str]) -> int:
    """Trace the backbones that are named, or all, and write the table."""
    torch.set_num_threads(1)
    path = ROOT / PATH
    kept: dict[str, list[list[str]]] = {}
    if names and path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for cell in list(csv.reader(file))[1:]:
                kept.setdefault(cell[0], []).append(cell)
    failed = 0
    rows = [
        row
        for row in TABLES["configurations"].read(ROOT)[0]
        if any(room.can_be_traced(row) for room in (decoders, diffusion, encoders))
    ]
    for row in rows:
        if names and row.id not in names:
            continue
        begun = time.monotonic()
        try:
            kept[row.id] = apart(lambda row=row: cells(row))  # type: ignore[misc]
            print(f"{row.id}: {len(kept[row.id])} rows, {time.monotonic() - begun:.0f} s", flush=True)
        except Exception as error:
            failed += 1
            print(f"{row.id}: not traced: {error}", flush=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(column.name for column in columns_of(MemoryTrace))
        out.writerows(cell for row in rows for cell in kept.get(row.id, []))
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
