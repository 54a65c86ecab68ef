"""Count the operations of one forward pass of real modules, as PyTorch counts them: two for each multiply–add of a matrix product."""

from collections.abc import Callable, Mapping

import peft
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count
from transformers.initialization import no_init_weights

from peft_vlm_survey.costs.resolution import USUAL
from peft_vlm_survey.costs.setting import default_length
from peft_vlm_survey.costs.towers import shape_of
from peft_vlm_survey.read.configurations import Configuration
from verify import backbones, decoders, diffusion, encoders
from verify.fakes import MODE
from verify.pieces import Bottleneck

Pass = Callable[[nn.Module], object]
# PyTorch counts this attention on graphics processors alone.
_ATTENTION = {
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: lambda query, key, value, *_, **__: sdpa_flop_count(
        query, key, value
    )
}
_LIBRARY: Mapping[str, Callable[[int], peft.PeftConfig]] = {
    "lora": lambda rank: peft.LoraConfig(r=rank),
    "adalora": lambda rank: peft.AdaLoraConfig(init_r=rank, target_r=rank, total_step=9),
}
_BEHIND_A_BLOCK = {"adapter-houlsby": 2, "adapter-pfeiffer": 1, "adaptformer": 1}


def of_backbone(row: Configuration, words: Mapping[str, str]) -> int:
    """Return the operations of a backbone, or of the part that is named. Raises LookupError if it is not built here."""
    with torch.no_grad(), _place(row):
        return _counted(*_built(row, words))


def of_method(method: str, row: Configuration, words: Mapping[str, str]) -> int:
    """Return what the modules of a method add to that. Raises LookupError if they are not built here."""
    with torch.no_grad(), _place(row):
        model, run = _built(row, words)
        bare = _counted(model, run)
        if method in _BEHIND_A_BLOCK:
            for block in max((m for m in model.modules() if isinstance(m, nn.ModuleList)), key=len):
                for _ in range(_BEHIND_A_BLOCK[method]):
                    block.register_forward_hook(_behind(Bottleneck(int(row.width), int(words["bottleneck"]))))
        elif method == "prefix-tuning":
            config = peft.PrefixTuningConfig(num_virtual_tokens=int(words["tokens"]), task_type="CAUSAL_LM")
            model = peft.get_peft_model(model, config).eval()
        elif method in _LIBRARY and words.get("variant", method) == method:
            config = _LIBRARY[method](int(words["rank"]))
            config.target_modules = _pattern(row, model, words)
            model = peft.get_peft_model(model, config).eval()
        else:
            raise LookupError(method)
        return _counted(model, run) - bare


def _behind(adapter: nn.Module) -> Callable[..., object]:
    def hook(module: nn.Module, args: object, out: object) -> object:
        first = out[0] if isinstance(out, tuple) else out
        changed = first + adapter(first)
        return (changed, *out[1:]) if isinstance(out, tuple) else changed

    return hook


def _place(row: Configuration) -> torch.device | torch.overrides.TorchFunctionMode:
    """Return where tensors take no memory; some models ask tensors for their numbers, which the meta device has not."""
    return MODE if shape_of(row).reads_and_writes or diffusion.can_be_traced(row) else torch.device("meta")


def _built(row: Configuration, words: Mapping[str, str]) -> tuple[nn.Module, Pass]:
    if diffusion.can_be_traced(row):
        given = diffusion.inputs(row, 1, int(words.get("resolution", USUAL)), torch.float32)
        return diffusion.denoiser(row, torch.float32).eval(), lambda model: model(**given)
    shape, part = shape_of(row), words.get("part", "")
    length = int(words["length"]) if "length" in words else default_length(shape, part or shape.default)
    ids = torch.zeros(1, length, dtype=torch.long)
    if decoders.can_be_traced(row):
        return decoders.language_model(row, int(row.decoder_layers)).eval(), lambda model: model(input_ids=ids)
    if shape_of(row).reads_and_writes:
        both = backbones.built(row)
        if both is not None:
            return both.model.eval(), lambda model: model(input_ids=ids, decoder_input_ids=ids)
    towers = encoders.towers(row, length) if encoders.can_be_traced(row) else ()
    chosen = next((tower for tower in towers if tower.part == part), None)
    if chosen is None:
        raise LookupError(row.id)
    with no_init_weights():
        model = chosen.build(chosen.layers).eval()
    return model, lambda model: (chosen.whole or chosen.loss)(model, length)


def _pattern(row: Configuration, model: nn.Module, words: Mapping[str, str]) -> str | list[str]:
    if decoders.can_be_traced(row):
        places = decoders.places(model)
        return [places[name] for name in words["targets"].split(",")]
    (tower,) = (tower for tower in encoders.towers(row) if tower.part == words.get("part", ""))
    return tower.pattern(words["targets"])


def _counted(model: nn.Module, run: Pass) -> int:
    with FlopCounterMode(display=False, custom_mapping=_ATTENTION) as counter:
        run(model)
    return int(counter.get_total_flops())
