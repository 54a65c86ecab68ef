"""Read data/configurations.csv: the shapes of pre-trained models, from which every cost is computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/configurations.csv"
TYPES = (
    "vit",
    "siglip",
    "dinov2",
    "sam",
    "swin",
    "dit",
    "bert",
    "roberta",
    "deberta",
    "gpt2",
    "bloom",
    "opt",
    "decoder",
    "t5",
    "bart",
    "whisper",
    "clip",
)
VISION_TYPES = ("clip", "resnet", "swin", "qwen2", "qwen2.5", "internvit", "eva")
_COUNT = "[1-9][0-9]*"
_WHOLE = "a whole number above zero"
_ENCODER = ("encoder_layers",)
_DECODER = ("decoder_layers", "vocabulary")
_PATCHES = (*_ENCODER, "patch", "tokens", "positions")
# What a type cannot be counted without, besides what every row has.
NEEDS: dict[str, tuple[str, ...]] = {
    "vit": _PATCHES,
    "siglip": _PATCHES,
    "dinov2": _PATCHES,
    "sam": _PATCHES,
    "swin": (*_ENCODER, "patch", "tokens"),
    "dit": _PATCHES,
    "bert": (*_ENCODER, "vocabulary", "positions"),
    "roberta": (*_ENCODER, "vocabulary", "positions"),
    "deberta": (*_ENCODER, "vocabulary", "positions"),
    "gpt2": (*_DECODER, "positions"),
    "bloom": _DECODER,
    "opt": (*_DECODER, "positions"),
    "decoder": _DECODER,
    "clip": (*_DECODER, "positions", "embedding", "vision_type", "vision_width"),
    "t5": (*_ENCODER, *_DECODER),
    "bart": (*_ENCODER, *_DECODER, "positions"),
    "whisper": (*_ENCODER, *_DECODER, "positions"),
}
_TOWER = ("vision_width", "vision_layers", "vision_heads", "vision_ffn_width", "vision_ffn")
# The stages of a hierarchical backbone stand in one cell.
_STAGED = ("width", "encoder_layers", "heads", "kv_heads", "ffn_width", "tokens")
_VISION_STAGED = _TOWER[:4]


def _number(name: str, *, required: bool = False) -> Column:
    return Column(name=name, required=required, pattern=_COUNT, form=_WHOLE)


def _stages(name: str, *, required: bool = False) -> Column:
    return Column(
        name=name,
        required=required,
        pattern=rf"{_COUNT}(; {_COUNT})*",
        form="a whole number above zero, or one for each stage",
    )


COLUMNS = (
    Column(
        name="id",
        required=True,
        unique=True,
        pattern=r"[a-z0-9]+([.-][a-z0-9]+)*",
        form="an id of small letters, digits, full stops and hyphens",
    ),
    Column(name="name", required=True, unique=True),
    Column(name="type", required=True, words=TYPES),
    Column(name="menu", required=True, words=("yes", "no")),
    _stages("width", required=True),
    _stages("encoder_layers"),
    _number("decoder_layers"),
    _stages("heads", required=True),
    _stages("kv_heads", required=True),
    _number("head_width", required=True),
    _stages("ffn_width", required=True),
    Column(name="ffn", required=True, words=("mlp", "glu")),
    Column(name="norm", required=True, words=("layer", "rms", "none")),
    _number("block_norms"),
    Column(name="parallel", words=("yes", "no")),
    Column(name="biases", required=True, words=("all", "none", "qkv", "not-k")),
    Column(name="fused_qkv", required=True, words=("yes", "no")),
    _number("patch"),
    _stages("tokens"),
    _number("vocabulary"),
    _number("positions"),
    Column(name="tied", words=("yes", "no")),
    _number("embedding"),
    Column(name="vision_type", words=VISION_TYPES),
    _stages("vision_width"),
    _stages("vision_layers"),
    _stages("vision_heads"),
    _stages("vision_ffn_width"),
    Column(name="vision_ffn", words=("mlp", "glu")),
    _number("vision_positions"),
    _number("features"),
    _number("total_params"),
    Column(name="reference", many=True, leads=True),
    Column(name="source", required=True),
    Column(name="built_with"),
    Column(name="note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """One row of configurations.csv; every number as text, stages separated by `; `, empty where not established."""

    id: str
    name: str
    type: str
    menu: str
    width: str
    encoder_layers: str
    decoder_layers: str
    heads: str
    kv_heads: str
    head_width: str
    ffn_width: str
    ffn: str
    norm: str
    block_norms: str
    parallel: str
    biases: str
    fused_qkv: str
    patch: str
    tokens: str
    vocabulary: str
    positions: str
    tied: str
    embedding: str
    vision_type: str
    vision_width: str
    vision_layers: str
    vision_heads: str
    vision_ffn_width: str
    vision_ffn: str
    vision_positions: str
    features: str
    total_params: str
    reference: tuple[str, ...]
    source: str
    built_with: str
    note: str
    row: Row


def read_configurations(root: Path) -> tuple[tuple[Configuration, ...], tuple[Problem, ...]]:
    """Read the configurations in the order of the file."""
    configurations, problems = read_records(root, PATH, COLUMNS, Configuration)
    return configurations, (*problems, *_incomplete(configurations), *_stages_that_differ(configurations))


def _incomplete(configurations: tuple[Configuration, ...]) -> Iterator[Problem]:
    for shape in configurations:
        if not (shape.row.sound("type") and shape.row.sound("vision_type")):
            continue
        for column in needed(shape):
            if not shape.row[column]:
                yield shape.row.problem(
                    f"{column} is empty, and type '{shape.type}' cannot be counted without it.",
                    "Fill it from the source of the configuration.",
                )


def needed(shape: Configuration) -> tuple[str, ...]:
    """Return the columns that a row must fill because of its type and the type of its vision tower."""
    tower = () if shape.vision_type in ("", "resnet") else _TOWER
    patches = ("patch",) if shape.vision_type not in ("", "resnet", "swin") else ()
    return tuple(dict.fromkeys((*NEEDS[shape.type], *tower, *patches)))


def _stages_that_differ(configurations: tuple[Configuration, ...]) -> Iterator[Problem]:
    for shape in configurations:
        for columns, hierarchical in (
            (_STAGED, shape.type == "swin"),
            (_VISION_STAGED, shape.vision_type == "swin"),
        ):
            counts = {name: len(shape.row.parts(name)) for name in columns if shape.row[name]}
            if not all(shape.row.sound(name) for name in (*counts, "type", "vision_type")):
                continue
            told = ", ".join(f"{name} {count}" for name, count in counts.items())
            if len(set(counts.values())) > 1:
                yield shape.row.problem(f"not one value for each stage: {told}.", "Give every one of them as many.")
            elif not hierarchical and max(counts.values(), default=1) > 1:
                yield shape.row.problem(f"several stages where there is one: {told}.", "Only swin has stages.")
