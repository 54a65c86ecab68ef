"""What is assumed of a setting's training memory, and in how many bits its weights are held."""

from collections.abc import Iterator, Mapping

from peft_vlm_survey.costs.gradient_path import acted_on, beside, let_in
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import computed_again
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.step import DEEPSPEED

# What is assumed in one case.
SAYINGS: Mapping[str, str] = {
    "attention": "attention that keeps no scores",
    "scores": "attention that adds positions to its scores, and keeps them",
    "full": "{optimizer}; weights and gradients in {bits} bits, {kept}",
    "full deepspeed": "{optimizer}; weights in 16 bits, copies of them and states in 32, as in DeepSpeed",
    "modules": "{optimizer}; trained parameters in 32 bits beside frozen weights in {bits}",
    "quantised": "linear layers of all towers have {bits} bits, the rest has 16 to 32",
    "texts": "the text tower reads {texts} texts a step",
    "frozen tower": "the vision tower is frozen and runs without gradients",
    "both towers": "the gradient passes through the vision tower too, at {tokens} tokens",
    "behind": "the loss is behind the language model, so the gradient passes through it, at {tokens} tokens",
    "again": "activations are computed again, block by block (checkpointing)",
    "denoised": "activations as traced on the modules of diffusers and peft {computed}",
    "encoders open": "the range begins with the denoiser alone on the card, and ends with both encoders beside it, in use at each step",
    "encoders all": "both encoders are beside the denoiser, and each step encodes its images",
    "encoders images": "the image encoder is beside the denoiser, and each step encodes its images; texts were encoded before",
    "encoders none": "nothing is beside the denoiser: images and texts were encoded before",
    "traced": "activations as traced on the modules of transformers and peft",
    "experts": "each matrix of an expert is a linear layer, and all experts get equally many tokens",
    "looking": "an image of four tiles with each example, outside the text; its tower is not checkpointed",
    "tower open": "the range begins with a frozen vision tower without gradients, and ends with one that a gradient enters, as with checkpointing in transformers 5 ({tokens} tokens per example)",
    "tower entered": "a gradient enters the frozen vision tower, as with checkpointing in transformers 5 ({tokens} tokens per example)",
    "one": "one GPU",
    "on the card": "nothing offloaded",
    "whole": "logits whole, no fused loss",
}
# How an optimiser is called.
OPTIMIZERS: Mapping[str, str] = {
    "adamw": "AdamW",
    "8bit": "AdamW in 8 bits",
    "paged": "paged AdamW",
    "paged-8bit": "paged AdamW in 8 bits",
}
# What is said of its states with full fine-tuning, where they have not as many bits as the weights.
KEPT: Mapping[str, str] = {
    "8bit": "states in 8",
    "paged-8bit": "states in 8",
}
ALIKE = "states too"
# How the weights of a backbone are held.
HELD: Mapping[str, str] = {
    "bits": "backbone in {bits} bits",
    "wide": "backbone in 32 bits, computed in 16",
    "throughout": "all in 32 bits",
}


# How large a step is said to be.
SIZES: Mapping[str, str] = {
    "tokens": "batch {batch}, {length} tokens",
    "written": "batch {batch}, {length} tokens, {outputs} written",
    "pixels": "batch {batch}, {resolution} x {resolution} pixels",
    "images": "batch {batch}",
    "of images": "{texts} texts, {length} tokens an image",
    "of texts": "{texts} texts, {length} tokens a text",
}


def held(setting: Setting, options: Options) -> str:
    """Return a key of `HELD`: weights have as many bits as is said, or 32 which are cast to 16 where they compute."""
    if setting.precision > HALF:
        return "throughout"
    wide = options.weights == "32" and setting.precision == HALF and options.sharding not in DEEPSPEED
    return "wide" if wide else "bits"


def held_in(setting: Setting, options: Options) -> str:
    """Return in words how the weights of the backbone are held."""
    return HELD[held(setting, options)].format(bits=setting.precision)


def size_of(setting: Setting) -> str:
    """Return in words how large a step is: its examples, and the tokens or the pixels of one."""
    numbers = {name: f"{float(number):,.0f}" for name, number in setting.numbers.items()}
    if setting.shape.side_by_side:
        images = SIZES["images"].format(**numbers)
        of = "of images" if acted_on(setting).name == "vision" else "of texts"
        return f"{images}, {SIZES[of].format(**numbers)}"
    key = "pixels" if has_a_resolution(setting.shape) else "written" if setting.numbers["outputs"] else "tokens"
    return SIZES[key].format(**numbers)


def assumptions(setting: Setting, options: Options | None = None) -> tuple[str, ...]:
    """Return what is assumed of a setting's memory."""
    run = options or Options()
    tokens = next((f"{int(tower.length):,}" for tower in (*beside(setting), *let_in(setting))), "")
    filled = {
        "optimizer": OPTIMIZERS[run.optimizer],
        "kept": KEPT.get(run.optimizer, ALIKE),
        "bits": 32 if held(setting, run) == "wide" else setting.precision,
        "computed": "with all in 32 bits" if setting.precision > HALF else "under autocast",
        "tokens": tokens,
        "texts": f"{float(setting.numbers['texts']):,.0f}",
    }
    return tuple(SAYINGS[key].format(**filled) for key in _keys(setting, run))


def _keys(setting: Setting, run: Options) -> Iterator[str]:
    shape, others = setting.shape, [tower.name for tower in beside(setting)]
    yield "scores" if shape.keeps_scores else "attention"
    if setting.method.whole:
        yield "full deepspeed" if run.sharding in DEEPSPEED else "full"
    else:
        yield "modules"
    if setting.precision < HALF:
        yield "quantised"
    if "vision" in others:
        yield "both towers"
    elif "language" in others:
        yield "behind"
    elif len(shape.parts) > 1 and "vision" in shape.parts and setting.part != "vision":
        yield f"tower {run.tower}" if let_in(setting) and run.tower != "frozen" else "frozen tower"
    if computed_again(setting):
        yield "again"
    if shape.traces:
        yield from ("denoised", f"encoders {run.encoders}") if has_a_resolution(shape) else ("traced",)
        if shape.mixed_experts:
            yield "experts"
    if shape.side_by_side:
        yield "texts"
    if shape.looks:
        yield "looking"
    if run.sharding == "none":
        yield "one"
    if run.offload == "no":
        yield "on the card"
    if run.logits == "whole" and setting.tower.vocabulary:
        yield "whole"
