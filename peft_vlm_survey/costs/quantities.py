"""The numbers that a backbone gives to the letters of a formula."""

from collections.abc import Iterable, Mapping
from functools import cache
from math import isqrt

from peft_vlm_survey.costs.shapes import Amount, Matrix, Part, Shape, Stack, exact


def quantities(shape: Shape, part: Part) -> Mapping[str, Amount]:
    """Return the value of every letter whose source is a quantity."""
    return {
        **_of_part(part),
        "embedding": shape.embedding,
        "vision_width": _vision_width(shape),
        "projector": shape.projector_params,
        "head_column": shape.head_column,
        "head_fixed": shape.head_fixed,
    }


@cache
def _of_part(part: Part) -> Mapping[str, Amount]:
    encoder, decoder = _first(part.encoder), _first(part.decoder)
    stacks = part.stacks
    return {
        "layers": part.layers,
        "encoder_layers": sum(stack.layers for stack in part.encoder),
        "decoder_layers": sum(stack.layers for stack in part.decoder),
        "stacks": bool(part.encoder) + bool(part.decoder),
        "sublayers": sum(stack.sublayers for stack in stacks),
        "kinds": sum(stack.attentions + 1 for stack in (encoder, decoder) if stack),
        "width": part.width,
        "embedded_width": part.embedded_width,
        "kv_width": _mean(part, [exact(stack.keys_and_values, 2) for stack in stacks]),
        "heads": stacks[0].heads,
        "params": part.params,
        "biases": part.biases,
        "norm_biases": part.norm_biases,
        "norms": part.norms,
        "embedding_norms": part.embedding_norms,
        "encoder_norms": _encoder_norms(part),
        "relative_positions": part.relative_positions,
        "embeddings": part.embeddings,
        "outputs": _outputs(part),
        "block_outputs": _block_outputs(stacks[0]),
        "encoder_weights": _block_weights(encoder),
        "decoder_weights": _block_weights(decoder),
        "encoder_vectors": _block_vectors(encoder),
        "decoder_vectors": _block_vectors(decoder),
        "norm_size": stacks[-1].norm_size,
        "weights": sum(m.count * m.share * m.inputs * m.outputs for m in part.matrices)
        + sum(stack.layers * stack.experts * stack.width for stack in stacks),
        "attention_width": sum(
            exact(stack.layers * stack.attentions * (stack.attention_width + stack.mixed_width), 2) for stack in stacks
        ),
        "inputs": inputs_of(part),
    }


def target_sums(shape: Shape, part: Part, targets: tuple[str, ...], factor: Amount = 0) -> Mapping[str, Amount]:
    """Return what is summed over the target matrices; `vision.` before a name leads to the vision tower.

    Sides are split by the factor, if one is given, where Kronecker products are counted.
    """
    chosen = [(name, matrix) for name in targets for matrix in matrices_of(shape, part, name)]
    shared = {}
    for name, matrix in chosen:
        if matrix.of_text:  # one text for all layers
            continue
        group = "qkv" if name.split(".")[-1] in ("q", "k", "v", "qkv") else name
        shared[(name.startswith("vision."), group, str(matrix.inputs), str(matrix.count))] = (
            matrix.count * matrix.share * matrix.inputs
        )
    return {
        "sides": sum(matrix.count * (matrix.inputs + matrix.outputs) for _, matrix in chosen),
        "outputs": sum(matrix.count * matrix.outputs for _, matrix in chosen),
        "scaled": sum(
            matrix.count * (matrix.inputs if matrix.name in ("o", "fc2", "down") else matrix.outputs)
            for _, matrix in chosen
        ),
        "inputs": sum(shared.values()),
        "count": sum(matrix.count for _, matrix in chosen),
        **_kronecker([matrix for _, matrix in chosen], factor),
    }


def factors(size: Amount, factor: Amount = 0) -> tuple[Amount, Amount]:
    """Return the two factors of a size that lie nearest to each other, the smaller first; of a letter as functions of it.

    A factor that is given comes first if it divides the size; else the smaller of the two is at most so large.

    >>> factors(768), factors(1024), factors(127)
    ((24, 32), (32, 32), (1, 127))
    >>> factors(768, 4), factors(768, 48), factors(768, 5)
    ((4, 192), (48, 16), (4, 192))
    """
    if getattr(size, "free_symbols", None):
        from sympy import Function  # only for a size that is a letter

        return Function("a")(size), Function("b")(size)
    whole = int(size)
    if factor and whole % factor == 0:
        return factor, whole // factor
    most = min(isqrt(whole), int(factor)) if factor else isqrt(whole)
    smaller = next(divisor for divisor in range(most, 0, -1) if whole % divisor == 0)
    return smaller, whole // smaller


def longer_factor(matrix: Matrix, factor: Amount = 0) -> int:
    """Return the longer side of the larger Kronecker factor of a matrix."""
    return int(max(factors(matrix.inputs, factor)[1], factors(matrix.outputs, factor)[1]))


def _kronecker(chosen: list[Matrix], factor: Amount) -> dict[str, Amount]:
    """Return the sizes of the two factors whose Kronecker product has the size of each matrix, over all of them."""
    sides = [(matrix.count, factors(matrix.inputs, factor), factors(matrix.outputs, factor)) for matrix in chosen]
    return {
        "kronecker_small": sum(count * inputs[0] * outputs[0] for count, inputs, outputs in sides),
        "kronecker_large": sum(count * inputs[1] * outputs[1] for count, inputs, outputs in sides),
        "kronecker_sides": sum(count * (inputs[1] + outputs[1]) for count, inputs, outputs in sides),
    }


def matrices_of(shape: Shape, part: Part, target: str) -> tuple[Matrix, ...]:
    """Return the matrices that one target names; none if the backbone has none of that name."""
    if target == "projector":
        return shape.projector
    if target.startswith("vision."):
        tower = shape.parts.get("vision")
        return tower.named(target.removeprefix("vision.")) if tower else ()
    return part.named(target)


def flops_macs(part: Part, length: Amount) -> Amount:
    """Return the multiply–adds of one forward pass; windows of a hierarchical backbone see 49 tokens each.

    What modulates a block is made once an example, and not for each token.
    """
    macs: Amount = part.embedding_macs + part.fixed_macs + length * part.vocabulary * part.embedded_width
    for stack in part.stacks:
        tokens = stack.tokens or length
        weights = sum(
            (stack.crossed_tokens if m.of_text else 1 if m.once else tokens) * m.count * m.share * m.inputs * m.outputs
            for m in stack.matrices()
        )
        macs += weights + tokens * stack.layers * stack.experts * stack.width
        macs += tokens * stack.seen(length) * stack.layers * (stack.attention_width + stack.mixed_width)
    return macs


def passed(part: Part, names: Iterable[str], length: Amount) -> Amount:
    """Return the tokens that an example passes through the matrices of these names, added up over all of them."""
    tokens: Amount = 0
    for name in names:
        for stack in part.stacks:
            stack_tokens = stack.tokens or length
            if name == "qkv":
                tokens += stack.layers * stack.attentions * stack_tokens
            tokens += sum(
                m.count * m.share * (stack.crossed_tokens if m.of_text else stack_tokens)
                for m in stack.matrices()
                if m.bears(name)
            )
    return tokens


def mean_tokens(part: Part, length: Amount) -> Amount:
    """Return the tokens of a layer; of a hierarchical backbone the mean weighted by width."""
    if not any(stack.tokens for stack in part.stacks):
        return length
    weight = sum(stack.layers * stack.width for stack in part.stacks)
    return exact(sum(stack.layers * stack.width * stack.tokens for stack in part.stacks), weight)


def _first(stacks: tuple[Stack, ...]) -> Stack | None:
    return stacks[0] if stacks else None


def _mean(part: Part, values: list[Amount]) -> Amount:
    if len({str(value) for value in values}) == 1:
        return values[0]
    return exact(sum(s.layers * v for s, v in zip(part.stacks, values, strict=True)), part.layers)


def _vision_width(shape: Shape) -> Amount:
    if shape.configuration and shape.configuration.vision_width:
        return int(shape.configuration.vision_width.split("; ")[-1])
    return 0


def _encoder_norms(part: Part) -> Amount:
    """Count the norms of the encoder's blocks, and the one before or behind them."""
    return sum(stack.block_norms + stack.norm_size for stack in part.encoder)


def _outputs(part: Part) -> Amount:
    """Add up the output widths of all operations: linear layers, norms, the embedding of patches."""
    linear = sum(matrix.count * matrix.outputs for matrix in part.matrices)
    norms = sum(stack.layers * stack.norms * stack.width for stack in part.stacks if stack.norm != "none")
    rest = exact(part.other_norms + part.embedding_norms, 2 if part.norm_biased else 1)
    return linear + norms + rest + (part.embedded_width if part.embedding_macs else 0)


def _block_outputs(stack: Stack) -> Amount:
    return exact(sum(m.count * m.outputs for m in stack.matrices() if m.name != "adaln"), stack.layers)


def _block_weights(stack: Stack | None) -> Amount:
    return exact(sum(m.count * m.inputs * m.outputs for m in stack.matrices()), stack.layers) if stack else 0


def _block_vectors(stack: Stack | None) -> Amount:
    if not stack:
        return 0
    biases = exact(sum(m.count * m.outputs for m in stack.matrices() if m.biases), stack.layers)
    return biases + exact(stack.block_norms, stack.layers)


def inputs_of(part: Part) -> Amount:
    """Count the inputs of all linear layers of the blocks per token."""
    return sum(_kept_inputs(stack) for stack in part.stacks)


def _kept_inputs(stack: Stack) -> Amount:
    """Count the inputs of a stack's linear layers per token, those that queries, keys and values share once."""
    attention = stack.attentions * (stack.width + stack.mixed_width) + (stack.attentions - 1) * stack.width
    return stack.layers * (attention + stack.latent + stack.width + stack.inner_width)
