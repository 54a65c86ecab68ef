"""What is assumed of a setting's training memory, and what of it no published run vouches for."""

from collections.abc import Mapping

from peft_vlm_survey.costs.gradient_path import acted_on, beside, trains_all
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import GB, SPANS, computed_again
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting

EIGHT = 8
# What is assumed in one case, and what no published run vouches for.
SAYINGS: Mapping[str, str] = {
    "attention": "attention that keeps no scores",
    "scores": "attention that adds positions to its scores, and keeps them",
    "full": "AdamW; weights, gradients and states in {bits} bits",
    "modules": "AdamW; trained parameters in 32 bits beside frozen weights in {bits}",
    "quantised": "linear layers of all towers have {bits} bits, the rest has 16 to 32",
    "texts": "the text tower reads {texts} texts a step",
    "frozen tower": "the vision tower is frozen and runs without gradients",
    "both towers": "the gradient passes through the vision tower too, at {tokens} tokens",
    "behind": "the loss stands behind the language model, at {tokens} tokens, through which the gradient passes",
    "again": "activations are computed again, block by block (checkpointing)",
    "denoised": "what comes and goes in a step as traced on the modules of diffusers and peft under autocast; beside the denoiser "
    "lies what encodes images and texts, and each step encodes its images, unless encoders= says otherwise",
    "traced": "what comes and goes in a step as traced on the modules of transformers and peft",
    "one": "one GPU, nothing offloaded; no fused loss",
    "8 bits": "no published run has a backbone in 8 bits",
    "kind": "every published run that is listed is of a decoder, or of a vision–language model around one",
    "entered": "in no published run does a gradient enter the vision tower",
    "size": "{runs} are of backbones of {low} to {high} billion parameters",
    "tokens": "{runs} have {low} to {high} tokens a step",
    "capped": "so few bits are not taken to need more than 16",
}
RUNS = {
    "full": "published runs of full fine-tuning",
    "16 bits": "published runs of modules on a backbone in 16 bits",
    "few bits": "published runs on a backbone in 4 bits",
}


def assumptions(setting: Setting) -> tuple[str, ...]:
    """Return what is assumed of a setting's memory."""
    shape, others = setting.shape, {tower.name: tower for tower in beside(setting)}
    few = setting.precision < HALF
    keys = [
        "scores" if shape.keeps_scores else "attention",
        "full" if setting.method.whole else "modules",
        *(["quantised"] if few else []),
    ]
    if "vision" in others:
        keys.append("both towers")
    elif "language" in others:
        keys.append("behind")
    elif len(shape.parts) > 1 and "vision" in shape.parts and setting.part != "vision":
        keys.append("frozen tower")
    keys += [
        *(["again"] if computed_again(setting) else []),
        *(["denoised" if has_a_resolution(shape) else "traced"] if shape.traces else []),
        "one",
    ]
    tokens = next((f"{int(tower.length):,}" for tower in others.values()), "")
    if shape.side_by_side:
        keys.insert(-1, "texts")
    filled = {"bits": setting.precision, "tokens": tokens, "texts": f"{float(setting.numbers['texts']):,.0f}"}
    return tuple(SAYINGS[key].format(**filled) for key in keys)


def outside(setting: Setting) -> tuple[str, ...]:
    """Return in words what of a setting lies outside the span of the published runs; nothing if it lies inside."""
    shape, others = setting.shape, beside(setting)
    few = setting.precision < HALF
    said = []
    if setting.precision == EIGHT:
        said.append(SAYINGS["8 bits"])
    if not shape.decoder_only:
        said.append(SAYINGS["kind"])
    else:
        kind = "full" if trains_all(setting) else "few bits" if few else "16 bits"
        span = SPANS[kind, computed_again(setting)]
        how = f"{RUNS[kind]} {'with' if computed_again(setting) else 'without'} checkpointing"
        (least, most), (fewest, longest) = span
        if not least <= float(shape.total or 0) <= most:
            sizes = {"low": f"{least / GB:.1f}", "high": f"{most / GB:.1f}"}
            said.append(SAYINGS["size"].format(runs=how, **sizes))
        length = next((tower.length for tower in others if tower.name == "language"), setting.numbers["length"])
        if not fewest <= float(setting.numbers["batch"] * length) <= longest:
            said.append(SAYINGS["tokens"].format(runs=how, low=f"{fewest:,}", high=f"{longest:,}"))
    if said and few and not shape.traces:
        said.append(SAYINGS["capped"])
    entered = acted_on(setting).name == "vision" or any(tower.name == "vision" for tower in others)
    if shape.decoder_only and entered:
        said.append(SAYINGS["entered"])
    return tuple(said)
