"""Whether transformers lets a gradient into a frozen vision tower where it computes activations again, model by model.

Its enable_input_require_grads marks the outputs of the embedding of each model within a model, the tower's too, so that what
follows is kept, or computed again, and walked back, though nothing there is trained.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import transformers as hf
from transformers.modeling_layers import GradientCheckpointingLayer

from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify import backbones, models

TOWERS = ("vision_tower", "visual", "vision_model", "image_embed")  # how towers are called within a whole model


@dataclass(frozen=True, kw_only=True)
class Entered:
    """Whether a gradient is let into a tower, as it is built and as the calculator has it, and whether its layers are computed again."""

    backbone: str
    built: bool
    expected: bool
    again: bool

    @property
    def holds(self) -> bool:
        """Return whether the calculator has it as it is."""
        return self.built == self.expected


def look(rows: tuple[Configuration, ...], known: Mapping[str, Shape]) -> Iterator[Entered]:
    """Yield every model that transformers builds here and whose language model reads a vision tower."""
    for row in rows:
        reads = "vision" in known[row.id].parts and (known[row.id].in_series or row.vision_type == "davit")
        built = (models.whole(row) or backbones.host(row)) if reads else None
        if built is None or not isinstance(built.model, hf.PreTrainedModel):
            continue
        built.model.enable_input_require_grads()
        inside = {name: module for name, module in built.model.named_modules() if _in_a_tower(name)}
        if not inside:  # the language model alone was built
            continue
        yield Entered(
            backbone=row.id,
            built=any(module._forward_hooks for module in inside.values()),
            expected=known[row.id].lets_in,
            again=any(isinstance(module, GradientCheckpointingLayer) for module in inside.values()),
        )


def _in_a_tower(name: str) -> bool:
    return any(part in TOWERS for part in name.split("."))
