"""What GaLore's optimiser holds: states of the gradients of linear layers, projected to a rank, and the projections.

An optimiser and no method: it trains every weight, as full fine-tuning does, and so is a word of a run and not one of a
method. Of a matrix it keeps a projection of its shorter side and two moments of the rank times its longer one, as galore-torch
1.0 has it (AdamW, `proj_type` std); `make verify` counts its states on a real model.
"""

from collections.abc import Iterable
from typing import NamedTuple

from peft_vlm_survey.costs.shapes import Matrix, Part, Shape

RANK = 128  # transformers' default (training_args.py, optim_args)
WHOLE = 4  # bytes in which a gradient is decomposed


class Projected(NamedTuple):
    """Weights whose gradients are projected, the numbers held for them, and the bytes of the largest decomposition."""

    weights: float = 0.0
    numbers: float = 0.0
    decomposed: float = 0.0


def projected(shape: Shape, part: str) -> Projected:
    """Return what is projected where a part is trained; of `all` the linear layers of the blocks of every tower."""
    if part == "all":
        return of_matrices(matrix for tower in shape.parts.values() for matrix in linears(tower))
    return of_matrices(linears(shape.parts[part])) if part in shape.parts else Projected()


def linears(part: Part) -> tuple[Matrix, ...]:
    """Return the linear layers of the blocks as the model holds them, queries, keys and values as one if they are."""
    return tuple(matrix for name in part.names for matrix in part.named(name))


def of_matrices(matrices: Iterable[Matrix]) -> Projected:
    """Return what is held for these matrices."""
    weights = numbers = decomposed = 0.0
    for matrix in matrices:
        shorter, longer = sorted((int(matrix.inputs), int(matrix.outputs)))
        rank = min(RANK, shorter)
        weights += matrix.count * shorter * longer
        numbers += matrix.count * rank * (2 * longer + shorter)
        # The gradient, and its singular vectors on both sides.
        decomposed = max(decomposed, WHOLE * (2.0 * shorter * longer + shorter**2))
    return Projected(weights, numbers, decomposed)
