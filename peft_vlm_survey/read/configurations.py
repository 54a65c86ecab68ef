"""Read data/configurations.csv: the shapes of pre-trained models, from which every cost is computed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Row, column

TYPES = (
    *("vit", "siglip", "dinov2", "dinov3", "hiera", "sam", "swin", "dit", "mmdit", "flux2", "unet", "bert"),
    *("distilbert", "roberta", "deberta", "gpt2", "bloom", "opt", "decoder", "t5", "bart", "whisper"),
    *("clip",),
)
VISION_TYPES = (
    *("clip", "resnet", "swin", "qwen2", "qwen2.5", "qwen3", "qwen3.5", "internvit", "eva", "siglip", "siglip-timm"),
    *("tiled", "davit"),
)
GENERATORS = ("mmdit", "flux2", "unet")
HIERARCHICAL = ("swin", "hiera", "davit", "mmdit", "flux2", "unet")
_COUNT = "[1-9][0-9]*"
_WHOLE = "a whole number above zero"
_ENCODER = ("encoder_layers",)
_DECODER = ("decoder_layers", "vocabulary")
_PATCHES = (*_ENCODER, "patch", "tokens", "outside")
# What a type cannot be counted without, besides what every row has.
NEEDS: dict[str, tuple[str, ...]] = {
    "vit": _PATCHES,
    "siglip": _PATCHES,
    "dinov2": _PATCHES,
    "dinov3": _PATCHES,
    "hiera": _PATCHES,
    "sam": _PATCHES,
    "swin": _PATCHES,
    "dit": _PATCHES,
    "mmdit": (*_PATCHES, "embedding"),
    "flux2": (*_PATCHES, "embedding"),
    "unet": (*_ENCODER, "tokens", "features", "outside"),
    "bert": (*_ENCODER, "outside"),
    "distilbert": (*_ENCODER, "outside"),
    "roberta": (*_ENCODER, "outside"),
    "deberta": (*_ENCODER, "outside"),
    "gpt2": (*_DECODER, "positions"),
    "bloom": _DECODER,
    "opt": (*_DECODER, "positions"),
    "decoder": _DECODER,
    "clip": (*_DECODER, "positions", "embedding", "vision_type", "vision_width"),
    "t5": (*_ENCODER, *_DECODER),
    "bart": (*_ENCODER, *_DECODER, "outside"),
    "whisper": (*_ENCODER, *_DECODER, "outside"),
}
# What a decoder has all of or nothing: experts, keys and values that are made of one short vector, and layers with linear
# attention.
_EXPERTS = ("experts", "experts_used", "expert_width")
_LATENT = ("latent_width", "rotated_width", "value_width")
_LINEAR = ("linear_layers", "linear_key_heads", "linear_value_heads", "linear_head_width", "linear_convolution")
_TOGETHER = ((_EXPERTS, ("shared_width", "dense_layers", "router_biases")), (_LATENT, ()), (_LINEAR, ()))
_TOWER = ("vision_width", "vision_layers", "vision_heads", "vision_ffn_width", "vision_ffn", "vision_outside")
# The stages of a hierarchical backbone stand in one cell.
_STAGED = ("width", "encoder_layers", "heads", "kv_heads", "ffn_width", "tokens")
_VISION_STAGED = _TOWER[:4]


def _number(*, required: bool = False) -> Any:
    return column(required=required, pattern=_COUNT, form=_WHOLE)


def _stages(*, required: bool = False) -> Any:
    return column(
        required=required,
        pattern=rf"{_COUNT}(; {_COUNT})*",
        form="a whole number above zero, or one for each stage",
    )


# What may be counted outside the blocks of a tower; see data/README.md.
OUTSIDE = (
    *("embeddings", "embedding_norms", "norms", "biases", "positions", "other", "width", "macs", "once", "kept"),
    "bare",
)
WITHOUT_BIASES = " without biases"
_LAYER = f"{_COUNT} x {_COUNT} x {_COUNT}({WITHOUT_BIASES})?"


def _outside() -> Any:
    pair = f"({'|'.join(OUTSIDE)})={_COUNT}"
    return column(pattern=rf"{pair}(; {pair})*", form=f"name=count for some of {', '.join(OUTSIDE)}")


# What kind of model a configuration is that no table has under a name of its own: without a vision tower, and with one.
_KINDS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("decoder", "gpt2", "bloom", "opt"), ("LLM", "MLLM")),
    **dict.fromkeys(("t5", "bart"), ("encoder-decoder LM", "fusion VLM")),
    **dict.fromkeys(("bert", "distilbert", "roberta", "deberta"), ("encoder LM", "detector")),
    **dict.fromkeys(("vit", "dinov2", "dinov3", "swin"), ("vision transformer", "vision transformer")),
    **dict.fromkeys(("clip", "siglip"), ("dual-encoder VLM", "dual-encoder VLM")),
    **dict.fromkeys(("sam", "hiera"), ("promptable segmenter", "promptable segmenter")),
    "dit": ("other image generator", "other image generator"),
    **dict.fromkeys(("mmdit", "unet", "flux2"), ("text-to-image diffusion", "text-to-image diffusion")),
    "whisper": ("audio model", "audio model"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """One row of configurations.csv; every number as text, stages separated by `; `, empty where not established."""

    id: str = column(
        required=True,
        unique=True,
        pattern=r"[a-z0-9]+([.-][a-z0-9]+)*",
        form="an id of small letters, digits, full stops and hyphens",
    )
    name: str = column(required=True, unique=True)
    type: str = column(required=True, words=TYPES)
    menu: str = column(required=True, words=("yes", "no"))
    width: str = _stages(required=True)
    encoder_layers: str = _stages()
    decoder_layers: str = _number()
    heads: str = _stages(required=True)
    kv_heads: str = _stages(required=True)
    head_width: str = _stages(required=True)
    ffn_width: str = _stages(required=True)
    ffn: str = column(required=True, words=("mlp", "glu"))
    norm: str = column(required=True, words=("layer", "rms", "none"))
    block_norms: str = _number()
    parallel: str = column(words=("yes", "no"))
    biases: str = column(required=True, words=("all", "none", "qkv", "not-k", "not-qkv"))
    head_norms: str = column(words=("yes", "no"))
    output_biases: str = column(words=("yes", "no"))
    fused_qkv: str = column(required=True, words=("yes", "no"))
    latent_width: str = _number()
    rotated_width: str = _number()
    value_width: str = _number()
    experts: str = _number()
    experts_used: str = _number()
    expert_width: str = _number()
    shared_width: str = _number()
    dense_layers: str = _number()
    router_biases: str = column(words=("yes", "no"))
    gated_attention: str = column(words=("yes", "no"))
    linear_layers: str = _number()
    linear_key_heads: str = _number()
    linear_value_heads: str = _number()
    linear_head_width: str = _number()
    linear_convolution: str = _number()
    patch: str = _number()
    tokens: str = _stages()
    resolution: str = _number()
    vocabulary: str = _number()
    positions: str = _number()
    tied: str = column(words=("yes", "no"))
    embedding: str = _number()
    outside: str = _outside()
    vision_type: str = column(words=VISION_TYPES)
    vision_width: str = _stages()
    vision_layers: str = _stages()
    vision_heads: str = _stages()
    vision_ffn_width: str = _stages()
    vision_ffn: str = column(words=("mlp", "glu"))
    vision_positions: str = _number()
    vision_tokens: str = _number()
    vision_outside: str = _outside()
    features: str = _number()
    projector: str = column(
        pattern=rf"{_LAYER}(; {_LAYER})*", form="sizes such as 1 x 1024 x 4096: how many layers, inputs, outputs"
    )
    projector_beside: str = _number()
    beside_params: str = _number()
    total_params: str = _number()
    reference: tuple[str, ...] = column(leads="references")
    source: str = column(required=True)
    built_with: str
    note: str
    row: Row

    @property
    def kind_of_model(self) -> str:
        """What kind of model it is, if no row of data/backbones.csv says it."""
        alone, with_vision = _KINDS[self.type]
        return with_vision if self.vision_type else alone


def _incomplete(configurations: tuple[Configuration, ...]) -> Iterator[Problem]:
    for shape in configurations:
        if not (shape.row.sound("type") and shape.row.sound("vision_type")):
            continue
        for name in needed(shape):
            if not shape.row[name]:
                yield shape.row.problem(
                    f"{name} is empty, and type '{shape.type}' cannot be counted without it.",
                    "Fill it from the source of the configuration.",
                )


def needed(shape: Configuration) -> tuple[str, ...]:
    """Return the columns that a row must fill because of its type and the type of its vision tower."""
    tower = () if shape.vision_type in ("", "resnet") else _TOWER
    patches = ("patch",) if shape.vision_type not in ("", "resnet", "swin", "davit") else ()
    together = (name for all_of, beside in _TOGETHER if _begun(shape, (*all_of, *beside)) for name in all_of)
    return tuple(dict.fromkeys((*NEEDS[shape.type], *tower, *patches, *together)))


def _begun(shape: Configuration, names: tuple[str, ...]) -> bool:
    """Return whether any of these columns is filled in."""
    return any(getattr(shape, name) for name in names)


def _experts_that_cannot_be(configurations: tuple[Configuration, ...]) -> Iterator[Problem]:
    for shape in configurations:
        every = tuple(name for all_of, beside in _TOGETHER for name in (*all_of, *beside))
        if not _begun(shape, every) or not all(shape.row.sound(name) for name in (*every, "type", "decoder_layers")):
            continue
        if shape.type != "decoder":
            filled = next(name for name in every if getattr(shape, name))
            yield shape.row.problem(
                f"{filled} is filled in, and type '{shape.type}' is counted without it.", "Only decoder has one."
            )
        parts = (("experts_used", "experts"), ("dense_layers", "decoder_layers"), ("linear_layers", "decoder_layers"))
        for part, whole in parts:
            few, many = getattr(shape, part), getattr(shape, whole)
            if few and many and int(few) > int(many):
                yield shape.row.problem(f"{part} {few} is more than {whole} {many}.", "Read the source again.")


def _stages_that_differ(configurations: tuple[Configuration, ...]) -> Iterator[Problem]:
    for shape in configurations:
        beside = shape.type not in HIERARCHICAL and shape.vision_type == "swin"  # whose stages the tokens are of
        own, other = (_STAGED[:-1], (*_VISION_STAGED, _STAGED[-1])) if beside else (_STAGED, _VISION_STAGED)
        for columns, hierarchical in (
            (own, shape.type in HIERARCHICAL),
            (other, shape.vision_type in HIERARCHICAL),
        ):
            counts = {name: len(shape.row.parts(name)) for name in columns if shape.row[name]}
            if not all(shape.row.sound(name) for name in (*counts, "type", "vision_type")):
                continue
            counted = ", ".join(f"{name} {count}" for name, count in counts.items())
            if len(set(counts.values())) > 1:
                yield shape.row.problem(f"not one value for each stage: {counted}.", "Give every one of them as many.")
            elif not hierarchical and max(counts.values(), default=1) > 1:
                yield shape.row.problem(
                    f"several stages where there is one: {counted}.", f"Only {', '.join(HIERARCHICAL)} have stages."
                )


def _images_that_are_not_made(configurations: tuple[Configuration, ...]) -> Iterator[Problem]:
    for shape in configurations:
        if shape.resolution and shape.row.sound("type") and shape.type not in GENERATORS:
            yield shape.row.problem(
                f"resolution is filled in, and type '{shape.type}' makes no images.",
                f"Only {', '.join(GENERATORS)} have one.",
            )


RULES = (
    _incomplete,
    _experts_that_cannot_be,
    _images_that_are_not_made,
    _stages_that_differ,
)
