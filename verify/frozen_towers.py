"""Whether transformers lets a gradient into a frozen vision tower where it computes activations again, model by model.

Its enable_input_require_grads marks the outputs of the embedding of each model within a model, the tower's too, so that what
follows is kept, or computed again, and walked back, though nothing there is trained.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
import transformers as hf
from peft import LoraConfig, get_peft_model
from torch import nn
from transformers.modeling_layers import GradientCheckpointingLayer

from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify import backbones, models

TOWERS = ("vision_tower", "visual", "vision_model", "image_embed")  # how towers are called within a whole model
PIXELS, PATCH, WIDTH, IMAGE = 56, 14, 32, 100  # of the small model


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


@dataclass(frozen=True, kw_only=True)
class Walked:
    """How often the first layer of a frozen tower runs in a step, and whether the gradient comes to it."""

    runs: int
    comes: bool


def walked(*, checkpointing: bool, without: bool = False) -> Walked:
    """Run a step of a small LLaVA with LoRA on its language model; `without` runs its tower without gradients."""
    sizes = {"intermediate_size": 2 * WIDTH, "num_hidden_layers": 3, "num_attention_heads": 2, "hidden_size": WIDTH}
    config = hf.LlavaConfig(
        text_config=hf.LlamaConfig(**sizes, vocab_size=IMAGE + 1, pad_token_id=0),
        vision_config=hf.CLIPVisionConfig(**sizes, patch_size=PATCH, image_size=PIXELS),
        image_token_id=IMAGE,
    )
    model = hf.LlavaForConditionalGeneration(config)
    tower = model.model.vision_tower
    first = next(module for module in tower.encoder.layers[0].modules() if isinstance(module, nn.Linear))
    runs, comes = [], []
    first.register_forward_hook(lambda *_: runs.append(True))
    model.model.multi_modal_projector.register_forward_hook(lambda _, __, out: comes.append(out.requires_grad))
    adapted = get_peft_model(model, LoraConfig(r=2, target_modules=r".*language_model\..*\.(q_proj|v_proj)")).train()
    if checkpointing:
        model.activation_checkpointing_enable()
    if without:
        tower.forward = torch.no_grad()(tower.forward)
    ids = torch.tensor([[IMAGE] * (PIXELS // PATCH) ** 2 + [1, 2, 3]])
    adapted(input_ids=ids, labels=ids, pixel_values=torch.zeros(1, 3, PIXELS, PIXELS)).loss.backward()
    return Walked(runs=len(runs), comes=comes == [True])
