"""How many tokens an image has in a generator, by the pixels of its side; configurations hold those of an image of one side."""

from dataclasses import replace

from peft_vlm_survey.costs.shapes import Amount, Number, Part, Shape, Stack, exact
from peft_vlm_survey.read.configurations import GENERATORS, Configuration

# Side of the image that the tokens of a configuration are of, and pixels to a side of one token: of eight a latent is made,
# and two by two of these are a patch, or a pixel of the first stage of a U-Net that attends.
USUAL, SIDE = 1024, 16
MOST = 4096
STREAMS = ("mmdit", "flux2")  # in which the tokens of a text stand in one row with those of the image


def has_a_resolution(shape: Shape) -> bool:
    """Return whether what a step works on follows from the resolution of an image."""
    return shape.type in GENERATORS


def usual_side(shape: Shape) -> int:
    """Return the side of the images that are taken if nothing is said: what a generator was trained to make."""
    row = shape.configuration
    return int(row.resolution) if row is not None and row.resolution else USUAL


def image_tokens(resolution: Number) -> int:
    """Return the tokens of a square image.

    >>> image_tokens(1024), image_tokens(512)
    (4096, 1024)
    """
    return int(resolution // SIDE) ** 2


def text_tokens(shape: Shape) -> int:
    """Return how many tokens of text stand in one row with those of the image; a U-Net reads its text beside them."""
    row = shape.configuration
    return 0 if row is None or shape.type not in STREAMS else text_of(row)


def text_of(row: Configuration) -> int:
    """Return the same of a generator in which it stands in one row with them, by the tokens of its last stage."""
    last = int(row.tokens.split("; ")[-1])
    return last - image_tokens(USUAL) if row.parallel == "yes" else last


def example_tokens(shape: Shape, resolution: Number) -> int:
    """Return the tokens of an example: its image's, and those of a text that stands in one row with them."""
    return image_tokens(resolution) + text_tokens(shape)


def shape_at(shape: Shape, resolution: Number) -> Shape:
    """Return a generator that reads images of another side."""
    if resolution == USUAL:
        return shape
    part = part_at(shape, example_tokens(shape, resolution))
    return replace(shape, parts={**shape.parts, shape.default: part})


def part_at(shape: Shape, length: Amount) -> Part:
    """Return a generator's denoiser whose examples have so many tokens, which is linear in them."""
    part = shape.parts[shape.default]
    more = length - example_tokens(shape, USUAL)
    stacks = tuple(
        replace(
            stack, tokens=stack.tokens + _slope(shape, stack) * more, met=stack.met if stack.met is None else length
        )
        for stack in part.stacks
    )
    macs = part.embedding_macs + exact(part.embedding_macs * more, image_tokens(USUAL))
    return replace(part, encoder=stacks, embedding_macs=macs)


def _slope(shape: Shape, stack: Stack) -> Amount:
    """Return how many tokens more a layer of a stack has for each token of the image, in the mean."""
    if shape.type == "unet":
        return exact(stack.tokens, image_tokens(USUAL))
    if stack.leaves != "apart":
        return 1 if stack.leaves == "as one" else 0
    return exact(stack.layers + stack.layers % 2, 2 * stack.layers)  # the last block of an image has no text beside
