"""What Adafactor holds: of a matrix a number for each row and each column in place of one for each weight.

As transformers 5.24.0 has it without a first moment (optimization.py, which its trainer takes for `adafactor`), in 32 bits
whatever the weights have; torch 2.13.0 keeps as many. What is neither a linear layer nor a table of embeddings is counted
whole, which of convolutions is at most half too much. `make verify` counts the states of real optimisers.
"""

from typing import NamedTuple

from peft_vlm_survey.costs.shapes import Matrix, Part, Shape


class Factored(NamedTuple):
    """Weights of matrices, how many rows and columns they have, and the weights of the largest of them."""

    weights: float = 0.0
    sides: float = 0.0
    largest: float = 0.0

    def states(self, trained: float) -> float:
        """Return the numbers held where so many weights are trained, these among them."""
        return trained - self.weights + self.sides


def factored(shape: Shape, part: str) -> Factored:
    """Return what has rows and columns where a part is trained; of `all` that of every part and what lies between them."""
    parts = shape.parts.values() if part == "all" else [shape.parts[part]] if part in shape.parts else []
    groups = [group for tower in parts for group in (_linear(tower), _embedded(shape, tower))]
    if part in ("all", "projector"):
        groups += [_of(float(m.count), float(m.inputs), float(m.outputs)) for m in shape.projector]
    return _together(groups)


def _linear(part: Part) -> Factored:
    return _together([_of(float(m.count), float(m.inputs), float(m.outputs)) for m in linears(part)])


def _embedded(shape: Shape, part: Part) -> Factored:
    """Return the tables of embeddings of a part; that of words is the largest."""
    if not part.embeddings:
        return Factored()
    row = shape.configuration
    width = float(part.embedded_width)
    words = float(row.vocabulary or 0) if row is not None and part is shape.parts[shape.default] else 0.0
    tables = (2 if row is not None and row.tied == "no" else 1) + bool(row is not None and row.positions)
    weights = float(part.embeddings)
    return Factored(weights, weights / width + tables * width, max(words, weights / width / tables) * width)


def _of(count: float, inputs: float, outputs: float) -> Factored:
    return Factored(count * inputs * outputs, count * (inputs + outputs), inputs * outputs)


def _together(groups: list[Factored]) -> Factored:
    return Factored(
        sum(group.weights for group in groups),
        sum(group.sides for group in groups),
        max((group.largest for group in groups), default=0.0),
    )


def linears(part: Part) -> tuple[Matrix, ...]:
    """Return the linear layers of the blocks as the model holds them, queries, keys and values as one if they are."""
    return tuple(matrix for name in part.names for matrix in part.named(name))
