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


def meets_needs(method: Method, shape: Shape, tower: Part) -> None:
    """Raise CostError if a backbone lacks what a method works on."""
    uniform = len({stack.width for stack in tower.stacks}) == 1
    if method.needs == "biases" and tower.biases == 0:
        raise CostError(f"{shape.name} has no biases that {method.name} could train.", "Choose another method.")
    if method.needs == "norms" and tower.norms == 0:
        raise CostError(f"the norms of {shape.name} have no parameters.", "Choose another method.")
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
        what = {
            "uniform": "a backbone whose blocks have one width",
            "encoder-decoder": "an encoder and a decoder",
            "clip": "the two towers of CLIP",
            "detector": "a detector with a language backbone, as glip-t",
        }[method.needs]
        raise CostError(f"{method.name} needs {what}; {shape.name} is none.", "Choose another backbone or method.")


def goes_with_blocks(method: Method, variant: str, shape: Shape, tower: Part) -> None:
    """Raise CostError if a method is counted by what blocks with experts, keys and values of one vector, or linear attention do not have."""
    chosen = method.variants[variant]
    letters = chosen.each.letters | chosen.once.letters
    if tower.mixed_experts and (letters & OF_ALIKE or method.side):
        message = f"{method.name} is counted by one of each matrix in a block; {shape.name} has experts in most of its."
        raise CostError(message, "Choose another backbone or method.")
    if tower.hybrid and (letters & OF_ALIKE or method.side):
        message = f"{method.name} takes all blocks for alike; most of {shape.name} have linear attention."
        raise CostError(message, "Choose another backbone or method.")
    if (tower.latent or tower.hybrid) and (letters & OF_KEYS or chosen.rank_of == "keys and values"):
        why = "those" if tower.latent else "layers with linear attention"
        what = "are made of one short vector" if tower.latent else "have none that are kept"
        message = f"{method.name} learns or changes keys and values; {why} of {shape.name} {what}."
        raise CostError(message, "Choose another backbone or method.")


def has_a_size(method: Method, shape: Shape, part: str) -> None:
    """Raise CostError if the number of all parameters is asked for, and is not established."""
    if method.whole and part == "all" and shape.total is None:
        message = (
            f"how many parameters {shape.name} has is not established, and so is what {method.name.lower()} trains."
        )
        raise CostError(message, f"Name a part: {', '.join(f'part={name}' for name in shape.parts)}.")


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
                message = f"rank '{numbers['rank']}' is impossible: the Kronecker factor of {name} in {shape.name} is then trained whole."
                raise CostError(message, f"Give at most {most}, or variant=whole.")
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
            message = f"rank '{numbers['rank']}' is impossible: the smaller side of {name} in {shape.name} is {side}."
            raise CostError(message, f"Give at most {side}.")


def targets_fit(
    method: Method, variant: str, shape: Shape, tower: Part, targets: tuple[str, ...], numbers: Mapping[str, Number]
) -> None:
    """Raise CostError if a target does not go with what else is asked: its layers, or the blocks of a rotation."""
    beside = next((name for name in targets if "." in name or name == "projector"), None)
    if method.variants[variant].of_layers and (beside or len(tower.stacks) > 1):
        what = f"target '{beside}' lies outside of them" if beside else f"{shape.name} has layers of several kinds"
        raise CostError(f"layers are counted in one tower, and {what}.", "Name targets of one tower, or no layers.")
    if "block" not in method.parameters:
        return
    for name in targets:
        for matrix in matrices_of(shape, tower, name):
            if matrix.inputs % numbers["block"]:
                message = f"block '{numbers['block']}' is impossible: it does not divide the {matrix.inputs} inputs of {name}."
                raise CostError(message, "Give a divisor of them, such as 4.")


def _most(method: Method, shape: Shape, tower: Part) -> Iterable[tuple[str, Number, str]]:
    """Yield the largest value of each size that has one, and why."""
    widest = max(int(stack.width) for stack in tower.stacks)
    for name in ("bottleneck", "decoder_bottleneck"):
        yield name, widest, f"{shape.name} is {widest} wide, and a wider one would be no bottleneck"
    inner = max(int(stack.ffn_width) for stack in tower.stacks)
    yield "mlp", inner, f"the networks of {shape.name} itself are {inner} wide"
    if method.learned_context and shape.configuration:
        free = int(shape.configuration.positions) - CLIP_MARKS
        yield "tokens", free, f"the text tower reads {free} tokens beside begin and end"
    else:
        yield "tokens", MOST_TOKENS, f"no printed setting has more than {PRINTED_TOKENS}"
    if shape.total is not None:
        yield "budget", shape.total, f"{shape.name} has {shape.total} parameters"


def can_be_trained(method: Method, precision: int) -> None:
    """Raise CostError if a method trains the very weights that are held with few bits.

    Only linear layers are quantised; norms, biases and embeddings keep their bits, and may be trained beside them.
    """
    if method.quantised and precision >= HALF:
        message = f"precision '{precision}' is impossible: {method.name} holds the backbone with few bits."
        raise CostError(message, "Ask for lora, or give fewer bits.")
    if precision < HALF and method.trains_weights:
        message = (
            f"precision '{precision}' is impossible: {method.name} trains the weights that would have {precision} bits."
        )
        raise CostError(
            message, f"Leave it out, which means {HALF} bits, or choose a method that leaves the weights frozen."
        )


def is_possible(
    method: Method,
    variant: str,
    shape: Shape,
    tower: Part,
    numbers: Mapping[str, Number],
    classes: Fraction | None,
) -> None:
    """Raise CostError if a number is impossible on this backbone."""
    for name, most in (
        ("layers", tower.layers),
        ("depth", min((part.layers for part in shape.parts.values()), default=tower.layers)),
        ("side_layers", max(stack.layers for stack in tower.stacks)),
    ):
        if name in method.parameters and numbers.get(name, 0) > most:
            what = "layers a stack" if name == "side_layers" else "layers"
            message = f"{name} '{numbers[name]}' is impossible: {shape.name} has {most} {what}."
            raise CostError(message, f"Give at most {most}.")
    for name, most, why in _most(method, shape, tower):
        if name in method.parameters and numbers.get(name, 0) > most:
            raise CostError(f"{name} '{numbers[name]}' is impossible: {why}.", f"Give at most {most}.")
    if "bottleneck" in method.parameters and numbers.get("bottleneck") == 0:
        message = f"reduction '{numbers['reduction']}' is impossible: {shape.name} is {tower.width} wide."
        raise CostError(message, f"Give at most {tower.width}.")
    if method.variants[variant].hypercomplex and any(
        size % numbers["phm"] for size in (*(stack.width for stack in tower.stacks), numbers["bottleneck"])
    ):
        message = f"phm '{numbers['phm']}' does not divide the widths of {shape.name} and {numbers['bottleneck']}."
        raise CostError(message, "The hypercomplex product needs a common divisor of width and bottleneck.")
    if method.side and any(
        size % numbers["reduction"] for s in tower.stacks for size in (s.width, s.ffn_width, s.attention_width)
    ):
        message = f"reduction '{numbers['reduction']}' does not divide the widths of {shape.name}."
        raise CostError(message, "Give a common divisor of its widths, such as 4 or 8.")
    if method.reduces_embedding and shape.embedding % numbers["reduction"]:
        message = f"reduction '{numbers['reduction']}' does not divide the embedding, which is {shape.embedding} wide."
        raise CostError(message, "Give a divisor of it, such as 4.")
    if classes is None and method.variants[variant].needs_classes:
        raise CostError(f"{method.name} counts by classes, and none are given.", "Give their number: --classes 100.")
