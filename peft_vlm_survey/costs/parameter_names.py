"""Names of parameters: what each means here, what libraries and their users call it, and what changes nothing that is counted."""

from collections.abc import Mapping, Sequence

from peft_vlm_survey.costs.limits import listed
from peft_vlm_survey.problems import suggest

PARAMETERS = {
    "rank": "rank of the low-rank matrices",
    "bottleneck": "width of the bottleneck",
    "reduction": "width of the layer divided by that of the bottleneck",
    "decoder_bottleneck": "width of the bottleneck in the decoder",
    "tokens": "learned tokens",
    "targets": "matrices: q,k,v,o,fc1,fc2, with a GLU gate,up,down, qkv as one, projector, vision.q and so on, or all",
    "variant": "which reading of the method",
    "layers": "adapted layers",
    "side_layers": "side layers of each stack",
    "tasks": "tasks that share the backbone",
    "bits": "bits of a stored weight; with qlora those of the backbone",
    "depth": "layers with learned tokens of their own, the first among them",
    "factor": "one of the two numbers into which a side of a matrix is split; by default the two nearest to each other",
    "frequencies": "trained entries of the spectrum of each target",
    "block": "side of a block of the rotation",
    "shots": "examples per class",
    "mlp": "hidden width of the reparameterisation",
    "phm": "factors of the hypercomplex product",
    "budget": "requested number of trained parameters, such as 400000 or 0.4M",
    "part": "language or vision; with full fine-tuning also projector or all",
    "batch": "examples of a step, for the memory",
    "texts": "with CLIP, texts per step: as many as classes, or as pairs; for the memory in GB",
    "length": "tokens of an example, text and images together, for memory and operations",
    "resolution": "pixels of the side of an image that a generator makes, for memory and operations",
    "outputs": "tokens that an encoder–decoder writes per example, by default as many as it reads; for the memory in GB",
    "precision": "bits of the frozen weights in training: 16, 8 or 4, or 32 if all is in 32 bits; for the memory in GB",
    "checkpointing": "yes if activations are computed again, the default with decoders; for the memory in GB",
}
# What a parameter is taken to be if neither the reader nor the method names a value.
UNSAID: Mapping[str, str] = {
    "bottleneck": "by the reduction",
    "reduction": "none",
    "mlp": "none",
    "layers": "by the backbone",
    "side_layers": "all",
    "factor": "the nearest",
    "targets": "k,v and fc2 or down",
}
# What libraries and their users call these.
ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "rank": ("r", "lora_r", "lora_rank"),
    "targets": ("target_modules", "lora_target", "modules"),
    "factor": ("decompose_factor", "lokr_factor"),
    "batch": ("batch_size", "bs", "per_device_train_batch_size", "micro_batch_size"),
    "length": (
        *("max_length", "max_seq_length", "max_seq_len", "seq_len", "seq_length", "cutoff_len"),
        "model_max_length",
    ),
    "checkpointing": ("gradient_checkpointing", "activation_checkpointing"),
    "precision=4": ("load_in_4bit",),
    "precision=8": ("load_in_8bit",),
    "tokens": ("num_virtual_tokens", "n_ctx"),
    "--classes N": ("classes", "num_classes", "num_labels", "n_classes"),
    "--gpu SIZE": ("gpu", "card", "vram"),
    "--backbone NAME": ("backbone", "model", "model_name_or_path"),
}
# What changes nothing that is counted.
UNCOUNTED = (
    *("alpha", "lora_alpha", "dropout", "lora_dropout", "lr", "learning_rate", "epochs", "num_train_epochs"),
    *("warmup_ratio", "weight_decay", "seed", "steps", "max_steps"),
)
# What says of images what is said here in tokens.
OF_IMAGES = ("images", "n_images", "num_images", "image_size", "max_pixels", "pixels", "frames", "num_frames")


def meant(name: str, usable: Sequence[str]) -> str:
    """Return the way out of a parameter that is none: what it is called here, that it changes nothing, or the nearest."""
    here = next((word for word, elsewhere in ELSEWHERE.items() if name.casefold() in elsewhere), "")
    if here.partition("=")[0] in usable or here.startswith("-"):
        return f"Here it is {here}."
    if name.casefold() in UNCOUNTED:
        return "Nothing that is counted depends on it: leave it out."
    if name.casefold() in OF_IMAGES:
        return "Say length: the tokens of an example, those of its images among them."
    return suggest(name, usable, listed(usable))
