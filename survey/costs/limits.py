"""What is impossible: names that nothing has, and values that no module could have."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from survey.costs.catalogue import METHODS
from survey.costs.method import Method
from survey.costs.shapes import Number, Part, Shape
from survey.problems import suggest

HALF = 16


class CostError(ValueError):
    """Say what is wrong with a question, and the way out."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message}\n    {remedy}")


def find_method(name: str) -> Method:
    """Return a method by its identifier. Raises CostError if there is none."""
    if name not in METHODS:
        raise CostError(f"method '{name}' is not known.", suggest(name, METHODS, listed(METHODS)))
    return METHODS[name]


def listed(words: Iterable[str]) -> str:
    """Return a remedy that names every word."""
    return f"Use one of: {', '.join(words)}."


def meets_needs(method: Method, shape: Shape, tower: Part) -> None:
    """Raise CostError if a backbone lacks what a method works on."""
    uniform = len({stack.width for stack in tower.stacks}) == 1
    met = {
        "": True,
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


def can_be_trained(method: Method, precision: int) -> None:
    """Raise CostError if a method trains the very weights that are held with few bits.

    Only linear layers are quantised; norms, biases and embeddings keep their bits, and may be trained beside them.
    """
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
        ("side_layers", max(stack.layers for stack in tower.stacks)),
    ):
        if name in method.parameters and numbers.get(name, 0) > most:
            what = "layers a stack" if name == "side_layers" else "layers"
            message = f"{name} '{numbers[name]}' is impossible: {shape.name} has {most} {what}."
            raise CostError(message, f"Give at most {most}.")
    if "bottleneck" in method.parameters and numbers.get("bottleneck") == 0:
        message = f"reduction '{numbers['reduction']}' is impossible: {shape.name} is {tower.width} wide."
        raise CostError(message, f"Give at most {tower.width}.")
    hypercomplex = variant in ("compacter", "compacter-pp")
    if hypercomplex and any(
        size % numbers["phm"] for size in (*(stack.width for stack in tower.stacks), numbers["bottleneck"])
    ):
        message = f"phm '{numbers['phm']}' does not divide the widths of {shape.name} and {numbers['bottleneck']}."
        raise CostError(message, "The hypercomplex product needs a common divisor of width and bottleneck.")
    if method.side and any(
        size % numbers["reduction"] for s in tower.stacks for size in (s.width, s.ffn_width, s.attention_width)
    ):
        message = f"reduction '{numbers['reduction']}' does not divide the widths of {shape.name}."
        raise CostError(message, "Give a common divisor of its widths, such as 4 or 8.")
    if method.id == "clip-adapter" and shape.embedding % numbers["reduction"]:
        message = f"reduction '{numbers['reduction']}' does not divide the embedding, which is {shape.embedding} wide."
        raise CostError(message, "Give a divisor of it, such as 4.")
    if classes is None and (method.id == "tip-adapter-f" or variant == "class-specific"):
        raise CostError(f"{method.name} counts by classes, and none are given.", "Give their number: --classes 100.")
    if method.id == "bitfit" and tower.biases == 0:
        raise CostError(f"{shape.name} has no biases that BitFit could train.", "Choose another method.")
    if method.id == "norm-tuning" and tower.norms == 0:
        raise CostError(f"the norms of {shape.name} have no parameters.", "Choose another method.")
