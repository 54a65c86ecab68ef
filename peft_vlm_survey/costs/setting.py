"""Read what a reader asks for: a method, a backbone, `name=value` pairs; and say what is impossible."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from peft_vlm_survey.costs.catalogue import find_method
from peft_vlm_survey.costs.limits import (
    CostError,
    can_be_trained,
    goes_with_blocks,
    has_a_size,
    is_possible,
    listed,
    meets_needs,
    ranks_fit,
    refused,
    targets_fit,
)
from peft_vlm_survey.costs.method import LAYERS, SWITCHES, Method, Variant
from peft_vlm_survey.costs.names import target_of
from peft_vlm_survey.costs.official import usual
from peft_vlm_survey.costs.parameter_names import PARAMETERS, meant
from peft_vlm_survey.costs.quantities import matrices_of
from peft_vlm_survey.costs.resolution import MOST, SIDE, example_tokens, has_a_resolution, shape_at, usual_side
from peft_vlm_survey.costs.shapes import GLU, LATENT, NETWORKS, Number, Part, Shape
from peft_vlm_survey.problems import suggest

COMMON = (
    "variant",
    "tasks",
    "part",
    "bits",
    "batch",
    "texts",
    "length",
    "outputs",
    "resolution",
    "precision",
    "checkpointing",
)
WHOLE = (
    *("rank", "bottleneck", "reduction", "decoder_bottleneck", "tokens", "layers", "side_layers", "tasks", "shots"),
    "factor",
    *("mlp", "phm", "depth", "block", "frequencies", "batch", "texts", "length", "outputs", "resolution"),
)
BITS = (1, 2, 4, 8, 16, 32)
PRECISIONS = (4, 8, 16, 32)
QUANTISED = (4, 8, 16)  # what a method that quantises can hold the backbone with
LANGUAGE_LENGTH = 512
DETECTOR_LENGTH = 256  # of the text that a detector reads (max_text_len of Grounding DINO)
# Decoders and the models around them are adapted one example at a time, as in most published runs, and so are generators
# of images of that size; others in batches.
BATCH, DECODER_BATCH = 16, 1
# Texts beside the images where neither their number is said nor that of the classes.
TEXTS = 100
VISION = "vision."  # before the name of a matrix that lies in the vision tower


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A question that can be answered: every parameter has its number, in `numbers` by the names of the signs' origins.

    `said` names what was given and is no default. `lengths` are those of other parts than the one that is acted on, where
    they are not what is usual.
    """

    method: Method
    variant: str
    shape: Shape
    part: str
    targets: tuple[str, ...]
    numbers: Mapping[str, Number]
    switches: Mapping[str, bool]
    classes: Fraction | None
    bits: int
    precision: int
    checkpointing: bool
    said: frozenset[str] = frozenset()
    lengths: Mapping[str, Number] = field(default_factory=dict)

    @property
    def tower(self) -> Part:
        """The part that the method acts on; of `all` the one that a method takes if nothing is said."""
        return self.shape.parts[self.part if self.part in self.shape.parts else self.shape.default]

    @property
    def says_how_long(self) -> bool:
        """Return whether the tokens of an example were said, or the image that they follow from."""
        return bool(self.said & {"length", "resolution"})

    @property
    def chosen(self) -> Variant:
        return self.method.variants[self.variant]

    @property
    def in_experts(self) -> bool:
        """Return whether modules lie in experts, each of which is given a share of the tokens."""
        return any(matrix.share != 1 for name in self.targets for matrix in matrices_of(self.shape, self.tower, name))


def read_setting(
    method: str | Method, shape: Shape, pairs: Iterable[str] = (), classes: str | int | Fraction | None = None
) -> Setting:
    """Return the setting that the words describe. Raises CostError with the first thing that is wrong."""
    known = find_method(method)
    said = _of_one_tower(shape, _pairs(known, pairs))
    given = {**(usual(known, shape) if said.get("part", shape.default) == shape.default else {}), **said}
    shape = _of_size(shape, given)
    variant = given.get("variant") or _of_layers(known, given) or default_variant(known, shape)
    _one_of("variant", variant, known.variants)
    part = _part(known, shape, given)
    tower = shape.parts[part if part in shape.parts else shape.default]
    meets_needs(known, shape, tower)
    goes_with_blocks(known, variant, shape, tower)
    has_a_size(known, shape, part)
    numbers = _numbers(known, variant, tower, given)
    number_of_classes = _classes(classes)
    is_possible(known, variant, shape, tower, numbers, number_of_classes)
    targets = _targets(known, shape, tower, given.get("targets")) if "targets" in known.parameters else ()
    ranks_fit(known, variant, shape, tower, targets, numbers)
    targets_fit(known, variant, shape, tower, targets, numbers)
    numbers["length"] = numbers.get("length") or default_length(shape, part)
    if has_a_resolution(shape):
        numbers["resolution"] = numbers.get("resolution") or usual_side(shape)
        numbers["length"] = example_tokens(shape, numbers["resolution"])
    numbers["batch"] = numbers.get("batch") or default_batch(shape)
    numbers["classes"] = number_of_classes or 0
    numbers["texts"] = _texts(shape, given, numbers)
    numbers["outputs"] = _outputs(shape, given, numbers)
    bits = _among("bits", given.get("bits"), QUANTISED if known.quantised else BITS, known.bits)
    precision = _among("precision", given.get("precision"), PRECISIONS, bits if known.quantised else 16)
    can_be_trained(known, precision)
    return Setting(
        method=known,
        variant=variant,
        shape=shape,
        part=part,
        targets=targets,
        numbers=numbers,
        switches=_switches(known, shape, given),
        classes=number_of_classes,
        bits=bits,
        precision=precision,
        checkpointing=_yes("checkpointing", given["checkpointing"]) if "checkpointing" in given else shape.decoder_only,
        said=frozenset(said),
    )


def _one_of(name: str, value: str, words: Iterable[str]) -> None:
    known = tuple(words)
    if value not in known:
        raise CostError(f"{name} '{value}' is not known.", suggest(value, known, listed(known)))


def _pairs(method: Method, pairs: Iterable[str]) -> dict[str, str]:
    usable = (*method.parameters, *method.switches, *COMMON)
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value:
            raise CostError(f"'{pair}' is not of the form name=value.", "Write, for example, rank=8.")
        if name not in usable:
            why = "" if name not in (*PARAMETERS, *SWITCHES) else f" for {method.id}"
            message = f"parameter '{name}' is not known{why}."
            raise CostError(message, meant(name, usable))
        if name in given:
            raise CostError(f"parameter '{name}' stands twice.", "Keep one of them.")
        given[name] = value
    return given


def _of_one_tower(shape: Shape, given: dict[str, str]) -> dict[str, str]:
    """Return the words with the vision tower as the part where it is one of two side by side, and alone has targets.

    The gradient does not enter the other tower then, as it would if the method acted on that.
    """
    targets = given.get("targets", "").split(",")
    if not shape.side_by_side or "part" in given or not all(name.startswith(VISION) for name in targets):
        return given
    return {**given, "part": "vision", "targets": ",".join(name.removeprefix(VISION) for name in targets)}


def _of_size(shape: Shape, given: Mapping[str, str]) -> Shape:
    """Return the backbone for images of the side that is given. Raises CostError where it goes by the other word."""
    sized = has_a_resolution(shape)
    if "length" in given and sized:
        raise refused("length", backbone=shape.name, usual=usual_side(shape))
    if "resolution" not in given:
        return shape_at(shape, usual_side(shape)) if sized else shape
    if not sized:
        raise refused("no images", backbone=shape.name)
    side = _whole("resolution", given["resolution"])
    if side % SIDE or side > MOST:
        raise refused("pixels", name="resolution", value=side, side=SIDE, most=MOST, usual=usual_side(shape))
    return shape_at(shape, side)


def _of_layers(method: Method, given: Mapping[str, str]) -> str:
    """Return the reading that acts on some layers if their number is given; empty if not, or if there is none."""
    return (
        next((name for name, variant in method.variants.items() if variant.of_layers), "") if "layers" in given else ""
    )


def default_variant(method: Method, shape: Shape) -> str:
    """Return the reading that is taken where none is named."""
    return method.default_with_vision if method.default_with_vision and "vision" in shape.parts else method.default


def _part(method: Method, shape: Shape, given: Mapping[str, str]) -> str:
    known = (*shape.parts, *(("projector",) if shape.projector_params else ()), "all")
    usable = known if method.whole else tuple(shape.parts)
    part = given.get("part") or ("all" if method.whole else shape.default)
    if part in usable:
        return part
    if part not in ("language", "vision", "projector", "all"):
        _one_of("part", part, usable)
    why = {
        "language": f"{shape.name} has no language model",
        "vision": f"{shape.name} has no vision tower that could be counted",
    }.get(part, "it goes with full fine-tuning alone" if part in known else f"{shape.name} has none")
    raise refused("no such part", name="part", value=part, why=why, known=", ".join(usable))


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]+", text) or int(text) < 1:
        raise refused("no whole number", name=name, value=text)
    return int(text)


def _budget(text: str) -> int:
    parsed = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([kKmM]?)", text)
    number = Fraction(parsed[1]) * {"": 1, "k": 1000, "m": 1000000}[parsed[2].lower()] if parsed else Fraction(0)
    if number < 1 or number.denominator != 1:
        raise refused("budget", name="budget", value=text)
    return int(number)


def _among(name: str, text: str | None, known: tuple[int, ...], default: int) -> int:
    if text is None:
        return default
    if text not in map(str, known):
        raise refused("none of these", name=name, value=text, known=", ".join(map(str, known)))
    return int(text)


def _yes(name: str, text: str) -> bool:
    if text not in ("yes", "no"):
        raise CostError(f"{name} '{text}' is neither yes nor no.", "Write yes or no.")
    return text == "yes"


def _numbers(method: Method, variant: str, tower: Part, given: Mapping[str, str]) -> dict[str, Number]:
    texts = {name: value for name, value in method.parameters.items() if value is not None} | dict(given)
    if "bottleneck" in given and "reduction" in given:
        raise refused("both")
    if "bottleneck" in given or ("reduction" not in given and method.parameters.get("bottleneck")):
        texts.pop("reduction", None)
    elif "reduction" in given:
        texts.pop("bottleneck", None)
    numbers: dict[str, Number] = {name: _whole(name, texts[name]) for name in WHOLE if name in texts}
    numbers["tasks"] = numbers.get("tasks") or method.variants[variant].tasks
    if "budget" in method.parameters:
        numbers["budget"] = _budget(texts["budget"])
    if "bottleneck" in method.parameters and "reduction" in numbers:
        if len({stack.width for stack in tower.stacks}) > 1:
            raise refused("stages")
        numbers["bottleneck"] = int(tower.width // numbers["reduction"])
    numbers.setdefault("mlp", 0)
    if method.default_layers:
        numbers.setdefault("layers", LAYERS[method.default_layers](tower.layers))
    if method.side:
        deepest = max(stack.layers for stack in tower.stacks)
        side = numbers.setdefault("side_layers", deepest)
        numbers["side_encoder"] = min(side, *(s.layers for s in tower.encoder)) if tower.encoder else 0
        numbers["side_decoder"] = min(side, *(s.layers for s in tower.decoder)) if tower.decoder else 0
    return numbers


def _texts(shape: Shape, given: Mapping[str, str], numbers: Mapping[str, Number]) -> Number:
    """Return how many texts are read beside the images; none where no tower does so."""
    if not shape.side_by_side:
        if "texts" in given:
            raise refused("no texts", backbone=shape.name)
        return 0
    return numbers.get("texts") or numbers["classes"] or TEXTS


def _outputs(shape: Shape, given: Mapping[str, str], numbers: Mapping[str, Number]) -> Number:
    """Return how many tokens a decoder writes of an example beside those that an encoder reads; none where none does so."""
    if not shape.reads_and_writes:
        if "outputs" in given:
            raise refused("no outputs", backbone=shape.name)
        return 0
    return numbers.get("outputs") or numbers["length"]


def _classes(given: str | int | Fraction | None) -> Fraction | None:
    """Read a number of classes; a mean over tasks may be a fraction, such as 940/19."""
    if given is None:
        return None
    try:
        classes = Fraction(given)
    except (ValueError, ZeroDivisionError):
        classes = Fraction(0)
    if classes < 1:
        raise refused("classes", name="classes", value=given)
    return classes


def _targets(method: Method, shape: Shape, tower: Part, given: str | None) -> tuple[str, ...]:
    text = given or _usual(tower, method.parameters["targets"] or f"k,v,{tower.stacks[0].last}")
    names: list[str] = []
    for word in (target_of(shape, tower, piece) for piece in text.split(",")):
        if word == "all":
            names += tower.names
        elif word == "vision.all" and "vision" in shape.parts:
            names += [f"vision.{name}" for name in shape.parts["vision"].names]
        else:
            names.append(word)
    apart = (f"{network}_{name}" for network in NETWORKS for name in GLU if tower.mixed_experts)
    fused = ["qkv"] if tower.named("qkv") else []
    usable = (*dict.fromkeys(matrix.name for matrix in tower.matrices), *apart, *fused, "all")
    for name in names:
        inside = name.startswith("vision.") and tower is shape.parts.get("vision")
        if inside or not matrices_of(shape, tower, name):
            remedy = suggest(name, usable, listed(usable))
            raise refused("no matrix", value=name, backbone=shape.name, remedy=remedy)
        if names.count(name) > 1:
            raise CostError(f"target '{name}' stands twice.", "Name each matrix once.")
    for prefix in ("", "vision."):
        if f"{prefix}qkv" in names and any(f"{prefix}{name}" in names for name in "qkv"):
            raise refused("held already", value=f"{prefix}qkv")
    for name in names:
        if name.partition("_")[0] in NETWORKS and name.partition("_")[2] in names:
            whole = name.partition("_")[2]
            raise CostError(f"target '{whole}' holds {name} already.", "Name the whole or some of its networks.")
    return tuple(names)


def _usual(tower: Part, targets: str) -> str:
    """Return the targets that a method takes if none are named; what makes keys and values of one vector stands for both.

    >>> _usual(Part(), "q,v")
    'q,v'
    """
    made = (LATENT[-1] if tower.latent and name in ("k", "v") else name for name in targets.split(","))
    return ",".join(dict.fromkeys(made))


def _switches(method: Method, shape: Shape, given: Mapping[str, str]) -> dict[str, bool]:
    switches = {name: _yes(name, given[name]) if name in given else on for name, on in method.switches.items()}
    if "projector" in given and switches["projector"] and not shape.projector_params:
        raise refused("no projector", backbone=shape.name)
    return switches


def default_batch(shape: Shape) -> int:
    """Return the examples of a step where none are given."""
    return DECODER_BATCH if shape.decoder_only or has_a_resolution(shape) else BATCH


def default_length(shape: Shape, part: str) -> int:
    """Return the tokens of an example where none are given: those of an image, or of a usual text if there are so many positions."""
    if has_a_resolution(shape):
        return example_tokens(shape, usual_side(shape))
    if part == "vision" or "language" not in shape.parts:
        return int(shape.vision_tokens) or LANGUAGE_LENGTH
    if shape.type == "clip" and shape.configuration:
        return int(shape.configuration.positions)
    if shape.type == "bert" and shape.image_tokens:
        return DETECTOR_LENGTH
    usual = LANGUAGE_LENGTH + (int(shape.image_tokens) if "vision" in shape.parts else 0)
    learned = shape.configuration and shape.configuration.positions
    return min(usual, int(learned)) if learned else usual
