"""What is impossible: values that no module could have, and methods on backbones that lack what they need."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from peft_vlm_survey.costs.method import Method
from peft_vlm_survey.costs.quantities import longer_factor, matrices_of
from peft_vlm_survey.costs.shapes import Number, Part, Shape
from peft_vlm_survey.costs.symbols import sign

HALF = 16
# Letters that describe a block by one of each matrix, and keys and values by a width of their own.
OF_ALIKE, OF_KEYS = map(frozenset, (map(sign, ("o", "o_b", "W_E", "W_D", "v_E", "v_D")), map(sign, ("d_kv",))))
# Learned tokens: five times as many as in any printed setting are taken to be a slip.
PRINTED_TOKENS, MOST_TOKENS = 200, 1000
CLIP_MARKS = 2
LIST_NAMES_THEM = "peft-vlm-survey cost --list names them."


class CostError(ValueError):
    """What is wrong with a question, and the way out."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message}\n    {remedy}")


def listed(words: Iterable[str]) -> str:
    """Return a remedy that names every word."""
    return f"Use one of: {', '.join(words)}."


# What is refused, in words, and the way out, by a name: the command and the calculator in the browser say the same.
_IMPOSSIBLE = "{name} '{value}' is impossible"
_OTHER, _EITHER = "Choose another method.", "Choose another backbone or method."
REFUSALS: Mapping[str, tuple[str, str]] = {
    "no whole number": (f"{_IMPOSSIBLE}.", "Give a whole number above zero."),
    "budget": (f"{_IMPOSSIBLE}.", "Give a number of parameters above zero, such as 0.4M."),
    "classes": (f"{_IMPOSSIBLE}.", "Give a number of at least 1, or a mean such as 940/19."),
    "none of these": (f"{_IMPOSSIBLE}.", "Use one of: {known}."),
    "no such part": (f"{_IMPOSSIBLE}: {{why}}.", "Use one of: {known}."),
    "no biases": ("{backbone} has no biases that {method} could train.", _OTHER),
    "no norms": ("the norms of {backbone} have no parameters.", _OTHER),
    "needs": ("{method} needs {what}; {backbone} is none.", _EITHER),
    "experts": (
        "{method} is counted by one of each matrix in a block; {backbone} has experts in most of its.",
        _EITHER,
    ),
    "hybrid": ("{method} takes all blocks for alike; most of {backbone} have linear attention.", _EITHER),
    "short keys": (
        "{method} learns or changes keys and values; those of {backbone} are made of one short vector.",
        _EITHER,
    ),
    "no keys": (
        "{method} learns or changes keys and values; layers with linear attention of {backbone} have none that are kept.",
        _EITHER,
    ),
    "no size": (
        "how many parameters {backbone} has is not established, and so is what {method} trains.",
        "Name a part: {parts}.",
    ),
    "both": ("bottleneck and reduction are both given.", "Give one of them."),
    "stages": ("reduction: the width of this backbone differs from stage to stage.", "Give bottleneck."),
    "reduction": (f"{_IMPOSSIBLE}: {{backbone}} is {{most}} wide.", "Give at most {most}."),
    "layers": (f"{_IMPOSSIBLE}: {{backbone}} has {{most}} {{what}}.", "Give at most {most}."),
    "width": (
        f"{_IMPOSSIBLE}: {{backbone}} is {{most}} wide, and a wider one would be no bottleneck.",
        "Give at most {most}.",
    ),
    "mlp": (f"{_IMPOSSIBLE}: the networks of {{backbone}} itself are {{most}} wide.", "Give at most {most}."),
    "context": (f"{_IMPOSSIBLE}: the text tower reads {{most}} tokens beside begin and end.", "Give at most {most}."),
    "tokens": (f"{_IMPOSSIBLE}: no printed setting has more than {PRINTED_TOKENS}.", "Give at most {most}."),
    "total": (f"{_IMPOSSIBLE}: {{backbone}} has {{most}} parameters.", "Give at most {most}."),
    "factor": (
        f"{_IMPOSSIBLE}: the Kronecker factor of {{target}} in {{backbone}} is then trained whole.",
        "Give at most {most}, or variant=whole.",
    ),
    "side": (f"{_IMPOSSIBLE}: the smaller side of {{target}} in {{backbone}} is {{most}}.", "Give at most {most}."),
    "outside": ("layers are counted in one tower, and {what}.", "Name targets of one tower, or no layers."),
    "block": (
        f"{_IMPOSSIBLE}: it does not divide the {{inputs}} inputs of {{target}}.",
        "Give a divisor of them, such as 4.",
    ),
    "phm": (
        "phm '{value}' does not divide the widths of {backbone} and {bottleneck}.",
        "The hypercomplex product needs a common divisor of width and bottleneck.",
    ),
    "sides": (
        "reduction '{value}' does not divide the widths of {backbone}.",
        "Give a common divisor of its widths, such as 4 or 8.",
    ),
    "embedding": (
        "reduction '{value}' does not divide the embedding, which is {width} wide.",
        "Give a divisor of it, such as 4.",
    ),
    "no classes": ("{method} counts by classes, and none are given.", "Give their number: --classes 100."),
    "quantised": (f"{_IMPOSSIBLE}: {{method}} holds the backbone with few bits.", "Ask for lora, or give fewer bits."),
    "trained": (
        f"{_IMPOSSIBLE}: {{method}} trains the weights that would have {{value}} bits.",
        f"Leave it out, which means {HALF} bits, or choose a method that leaves the weights frozen.",
    ),
    "length": (
        "length is impossible: what {backbone} reads follows from its image.",
        "Give its side in pixels, such as resolution={usual}.",
    ),
    "no images": ("resolution is impossible: {backbone} makes no images.", "Give length, its tokens."),
    "pixels": (
        f"{_IMPOSSIBLE}: one token stands for {{side}} x {{side}} pixels.",
        "Give a multiple of {side} up to {most}, such as {usual}.",
    ),
    "no texts": ("{backbone} reads no texts beside its images.", "Leave texts out."),
    "no outputs": ("{backbone} is no encoder–decoder.", "Leave outputs out."),
    "no projector": ("{backbone} has no projector.", "Leave projector out."),
    "no matrix": ("target '{value}': {backbone} has no such matrix.", "{remedy}"),
    "held already": ("target '{value}' holds q, k and v already.", "Name the whole or its thirds."),
}
# What a method may need of a backbone, in words.
NEEDS: Mapping[str, str] = {
    "uniform": "a backbone whose blocks have one width",
    "encoder-decoder": "an encoder and a decoder",
    "clip": "the two towers of CLIP",
    "detector": "a detector with a language backbone, as glip-t",
}


def refused(key: str, **words: object) -> CostError:
    """Return the error that a question is answered with."""
    message, remedy = (text.format(**words) for text in REFUSALS[key])
    return CostError(message, remedy)


def meets_needs(method: Method, shape: Shape, tower: Part) -> None:
    """Raise CostError if a backbone lacks what a method works on."""
    uniform = len({stack.width for stack in tower.stacks}) == 1
    if method.needs == "biases" and tower.biases == 0:
        raise refused("no biases", backbone=shape.name, method=method.name)
    if method.needs == "norms" and tower.norms == 0:
        raise refused("no norms", backbone=shape.name)
    met = {
        "": True,
        "biases": True,
        "norms": True,
        "uniform": uniform,
        "encoder-decoder": bool(tower.encoder and tower.decoder),
        "clip": shape.type == "clip",
        "detector": shape.type == "bert" and bool(shape.embedding),
    }[method.needs]
    if not met:
        raise refused("needs", method=method.name, what=NEEDS[method.needs], backbone=shape.name)


def goes_with_blocks(method: Method, variant: str, shape: Shape, tower: Part) -> None:
    """Raise CostError if a method is counted by what blocks with experts, keys and values of one vector, or linear attention do not have."""
    chosen = method.variants[variant]
    letters = chosen.each.letters | chosen.once.letters
    names = {"method": method.name, "backbone": shape.name}
    if tower.mixed_experts and (letters & OF_ALIKE or method.side):
        raise refused("experts", **names)
    if tower.hybrid and (letters & OF_ALIKE or method.side):
        raise refused("hybrid", **names)
    if (tower.latent or tower.hybrid) and (letters & OF_KEYS or chosen.rank_of == "keys and values"):
        raise refused("short keys" if tower.latent else "no keys", **names)


def has_a_size(method: Method, shape: Shape, part: str) -> None:
    """Raise CostError if the number of all parameters is asked for, and is not established."""
    if method.whole and part == "all" and shape.total is None:
        parts = ", ".join(f"part={name}" for name in shape.parts)
        raise refused("no size", backbone=shape.name, method=method.name.lower(), parts=parts)


def ranks_fit(
    method: Method, variant: str, shape: Shape, tower: Part, targets: tuple[str, ...], numbers: Mapping[str, Number]
) -> None:
    """Raise CostError if a rank is larger than the smaller side of a matrix that it is to be the rank of."""
    if "rank" not in method.parameters:
        return
    chosen = method.variants[variant]
    sides: dict[str, int] = {}
    if chosen.rank_of == "kronecker factor":
        for name in targets:
            factor = numbers.get("factor", 0)
            most = (max(longer_factor(m, factor) for m in matrices_of(shape, tower, name)) - 1) // 2
            if numbers["rank"] > most:
                words = {"name": "rank", "value": numbers["rank"], "most": most}
                raise refused("factor", target=name, backbone=shape.name, **words)
    if targets:
        sides = {name: min(min(m.inputs, m.outputs) for m in matrices_of(shape, tower, name)) for name in targets}
    elif chosen.rank_of == "keys and values":
        sides = {"k and v": tower.width}
    elif chosen.rank_of == "bottleneck":
        factors = numbers["phm"] if chosen.hypercomplex else 1
        sides = {
            "the adapter": int(min(int(s.width) for s in tower.stacks) // factors),
            "its bottleneck": int(numbers["bottleneck"] // factors),
        }
    for name, side in sides.items():
        if numbers["rank"] > side:
            words = {"name": "rank", "value": numbers["rank"], "most": side}
            raise refused("side", target=name, backbone=shape.name, **words)


def targets_fit(
    method: Method, variant: str, shape: Shape, tower: Part, targets: tuple[str, ...], numbers: Mapping[str, Number]
) -> None:
    """Raise CostError if a target does not go with what else is asked: its layers, or the blocks of a rotation."""
    beside = next((name for name in targets if "." in name or name == "projector"), None)
    if method.variants[variant].of_layers and (beside or len(tower.stacks) > 1):
        what = f"target '{beside}' lies outside of them" if beside else f"{shape.name} has layers of several kinds"
        raise refused("outside", what=what)
    if "block" not in method.parameters:
        return
    for name in targets:
        for matrix in matrices_of(shape, tower, name):
            if matrix.inputs % numbers["block"]:
                words = {"name": "block", "value": numbers["block"]}
                raise refused("block", inputs=matrix.inputs, target=name, **words)


def largest(shape: Shape, tower: Part) -> dict[str, tuple[Number, str, str]]:
    """Return the largest value of each size that has one, why, and of what it is; that of learned words under `context`."""
    widest = max(int(stack.width) for stack in tower.stacks)
    shallowest = min((part.layers for part in shape.parts.values()), default=tower.layers)
    sizes = {
        "layers": (tower.layers, "layers", "layers"),
        "depth": (shallowest, "layers", "layers"),
        "side_layers": (max(stack.layers for stack in tower.stacks), "layers", "layers a stack"),
        "bottleneck": (widest, "width", ""),
        "decoder_bottleneck": (widest, "width", ""),
        "mlp": (max(int(stack.ffn_width) for stack in tower.stacks), "mlp", ""),
        "tokens": (MOST_TOKENS, "tokens", ""),
    }
    if shape.configuration and shape.configuration.positions:
        sizes["context"] = (int(shape.configuration.positions) - CLIP_MARKS, "context", "")
    if shape.total is not None:
        sizes["budget"] = (shape.total, "total", "")
    return sizes


def can_be_trained(method: Method, precision: int) -> None:
    """Raise CostError if a method trains the very weights that are held with few bits.

    Only linear layers are quantised; norms, biases and embeddings keep their bits, and may be trained beside them.
    """
    words = {"name": "precision", "value": precision, "method": method.name}
    if method.quantised and precision >= HALF:
        raise refused("quantised", **words)
    if precision < HALF and method.trains_weights:
        raise refused("trained", **words)


def is_possible(
    method: Method,
    variant: str,
    shape: Shape,
    tower: Part,
    numbers: Mapping[str, Number],
    classes: Fraction | None,
) -> None:
    """Raise CostError if a number is impossible on this backbone."""
    sizes = largest(shape, tower)
    if method.learned_context and "context" in sizes:
        sizes["tokens"] = sizes["context"]
    for name, (most, why, what) in sizes.items():
        if name in method.parameters and numbers.get(name, 0) > most:
            raise refused(why, name=name, value=numbers[name], backbone=shape.name, most=most, what=what)
    if "bottleneck" in method.parameters and numbers.get("bottleneck") == 0:
        words = {"name": "reduction", "value": numbers["reduction"]}
        raise refused("reduction", backbone=shape.name, most=tower.width, **words)
    if method.variants[variant].hypercomplex and any(
        size % numbers["phm"] for size in (*(stack.width for stack in tower.stacks), numbers["bottleneck"])
    ):
        raise refused("phm", value=numbers["phm"], backbone=shape.name, bottleneck=numbers["bottleneck"])
    if method.side and any(
        size % numbers["reduction"] for s in tower.stacks for size in (s.width, s.ffn_width, s.attention_width)
    ):
        raise refused("sides", value=numbers["reduction"], backbone=shape.name)
    if method.reduces_embedding and shape.embedding % numbers["reduction"]:
        raise refused("embedding", value=numbers["reduction"], width=shape.embedding)
    if classes is None and method.variants[variant].needs_classes:
        raise refused("no classes", method=method.name)
