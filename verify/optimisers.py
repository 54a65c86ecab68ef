"""Count what an optimiser holds after a step on real modules."""

from dataclasses import dataclass, replace

import torch
from galore_torch import GaLoreAdamW
from torch import nn

from peft_vlm_survey.costs.low_rank_states import RANK, linears, of_matrices
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify import decoders

LAYERS = 1
# As transformers sets them where nothing is said (training_args.py).
USUAL = {"rank": RANK, "update_proj_gap": 200, "scale": 0.25, "proj_type": "std"}


@dataclass(frozen=True, kw_only=True)
class Held:
    """Numbers that an optimiser holds, counted and by closed form."""

    backbone: str
    counted: int
    derived: int

    @property
    def holds(self) -> bool:
        """Return whether both are equal."""
        return self.counted == self.derived


def galore(row: Configuration, shape: Shape) -> Held:
    """Return what GaLore's AdamW holds for a language model with one layer of its true size."""
    torch.manual_seed(0)
    model = decoders.language_model(row, LAYERS)
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.02)
        parameter.grad = torch.randn_like(parameter)
    inside = [m.weight for n, m in model.named_modules() if isinstance(m, nn.Linear) and ".layers." in n]
    known = {id(weight) for weight in inside}
    others = [p for p in model.parameters() if id(p) not in known]
    optimiser = GaLoreAdamW([{"params": others}, {"params": inside, **USUAL}], no_deprecation_warning=True)
    optimiser.step()
    counted = 0
    for state in optimiser.state.values():
        counted += state["exp_avg"].numel() + state["exp_avg_sq"].numel()
        counted += state["projector"].ortho_matrix.numel() if "projector" in state else 0
    part = shape.parts[shape.default]
    few = replace(part, decoder=tuple(replace(stack, layers=LAYERS) for stack in part.decoder))
    found = of_matrices(linears(few))
    return Held(
        backbone=row.id,
        counted=counted,
        derived=int(2 * (few.params - found.weights) + found.numbers),
    )
