"""Read data/configurations.csv: the shapes of pre-trained models, from which every cost is computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from survey.problems import Problem
from survey.read.sheets import Column, Row, read_records

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
# The stages of a hierarchical backbone stand in one cell.
_STAGED = ("width", "encoder_layers", "heads", "kv_heads", "ffn_width", "tokens")
_VISION_STAGED = ("vision_width", "vision_layers", "vision_heads", "vision_ffn_width")


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
        name="id", required=True, unique=True, pattern=r"[a-z0-9]+([.-][a-z0-9]+)*", form="small letters and digits"
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
    return configurations, (*problems, *_without_layers(configurations), *_stages_that_differ(configurations))


def _without_layers(configurations: tuple[Configuration, ...]) -> Iterator[Problem]:
    for shape in configurations:
        if not (shape.encoder_layers or shape.decoder_layers):
            yield shape.row.problem("neither encoder_layers nor decoder_layers is filled.", "Fill the one that it has.")


def _stages_that_differ(configurations: tuple[Configuration, ...]) -> Iterator[Problem]:
    for shape in configurations:
        for columns in (_STAGED, _VISION_STAGED):
            counts = {name: len(shape.row.parts(name)) for name in columns if shape.row[name]}
            if all(shape.row.sound(name) for name in counts) and len(set(counts.values())) > 1:
                told = ", ".join(f"{name} {count}" for name, count in counts.items())
                yield shape.row.problem(f"not one value for each stage: {told}.", "Give every one of them as many.")
