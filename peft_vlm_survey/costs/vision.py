"""The vision tower of a vision–language model, and the projector that leads from it to the language model."""

from dataclasses import replace
from itertools import pairwise

from peft_vlm_survey.costs.shapes import Amount, Matrix, Part, Stack
from peft_vlm_survey.read.configurations import SIGLIPS, Configuration

SWIN_WINDOW = 7
# Besides its language projection; counted in transformers 5.24.0 Blip2ForConditionalGeneration (meta device).
Q_FORMER = 105_137_664
Q_FORMER_WIDTH = 768
Q_FORMER_QUERIES = 32
MERGED = 4  # tokens of the tower that the projector makes one
FUSED_TOWERS = ("swin", "qwen2", "qwen2.5", "qwen3", "internvit", "eva", "siglip-timm", "davit")
QWEN_TOWERS = ("qwen2", "qwen2.5", "qwen3")
DEEP = 3  # layers of Qwen3-VL's tower that have a projector of their own
MERGED_BY_NINE = 9
# Of MiniCPM-V's resampler: learned queries; and what the tower sees of a slice of 448 x 448 pixels.
RESAMPLED, SLICE = 64, 32 * 32
# Of Llama 3.2's tower: tiles of an image, shapes in which they lie (and none), blocks with gates, layers that are read.
TILES, TILINGS, GATED, READ = 4, 9, 8, 6
# Of DaViT: sides of the convolutions that embed and merge, of those in a block, and positions of rows and columns.
DAVIT_FIRST, DAVIT_SIDE, DAVIT_POSITIONS = 7, 3, 50


def numbers(cell: str) -> tuple[int, ...]:
    """Return the numbers of a cell, one for each stage."""
    return tuple(int(part) for part in cell.split("; ")) if cell else ()


def image_tokens_inside(row: Configuration) -> int:
    """Return the tokens of an image inside the vision tower: those that the language model reads, before any are merged."""
    read = numbers(row.tokens)[0] if row.tokens else 0
    if row.projector == "resampler":
        return SLICE
    if row.vision_type == "tiled":
        return TILES * int(row.vision_positions)
    if row.vision_type in ("eva", *SIGLIPS):
        return int(row.vision_positions)
    return read * MERGED if row.vision_type in (*QWEN_TOWERS, "internvit") else read


def swin_tower(patch: int, stacks: tuple[Stack, ...]) -> Part:
    """Return a Swin of the given stages."""
    first, last = stacks[0].width, stacks[-1].width
    cells = (2 * SWIN_WINDOW - 1) ** 2
    return Part(
        encoder=stacks,
        embeddings=3 * patch**2 * first,
        other_norms=2 * first + 2 * last,
        merging_norms=sum(8 * stack.width for stack in stacks[:-1]),
        other_biases=first,
        other=sum(8 * stack.width**2 for stack in stacks[:-1]),
        relative_positions=sum(cells * stack.heads * stack.layers for stack in stacks),
        embedded_width=first,
        embedding_macs=stacks[0].tokens * 3 * patch**2 * first
        + sum(stack.tokens // 4 * 8 * stack.width**2 for stack in stacks[:-1]),
    )


def vision_tower(row: Configuration) -> Part:
    """Return the vision tower of a vision–language model."""
    widths, counts, heads, ffns = (
        numbers(cell) for cell in (row.vision_width, row.vision_layers, row.vision_heads, row.vision_ffn_width)
    )
    staged = row.vision_type == "swin" and row.tokens
    places = numbers(row.tokens) if staged else (0,) * len(widths)
    stacks = tuple(
        Stack(
            layers=count,
            width=width,
            heads=head,
            kv_heads=head,
            head_width=width // head,
            ffn_width=ffn,
            glu=row.vision_ffn == "glu",
            norm="rms" if row.vision_type == "qwen2.5" else "layer",
            biases="ffn" if row.vision_type == "tiled" else "all",
            tokens=many,
        )
        for count, width, head, ffn, many in zip(counts, widths, heads, ffns, places, strict=True)
    )
    fused = row.vision_type in FUSED_TOWERS
    if row.vision_type == "swin":
        return replace(swin_tower(4, stacks), fused=fused)
    if row.vision_type == "davit":
        return _davit(stacks)
    d, patch = stacks[0].width, 3 * int(row.patch) ** 2
    layers = stacks[0].layers
    frames = 2 if row.vision_type.startswith("qwen") else 1
    positions = int(row.vision_positions) if row.vision_positions else 0
    tower = Part(
        encoder=stacks,
        fused=fused,
        embeddings=patch * frames * d + (positions + 1) * d if positions else patch * frames * d,
        norm_biased=row.vision_type != "qwen2.5",
        embedded_width=d,
        embedding_macs=max(positions - 1, 0) * patch * d,
    )
    if row.vision_type == "clip":
        return replace(tower, other_norms=4 * d, other=d * int(row.embedding) if row.type == "clip" else 0)
    if row.vision_type == "internvit":
        return replace(tower, other_biases=d, other=2 * layers * d)
    if row.vision_type == "eva":
        return replace(tower, other_biases=d, other_norms=2 * d)
    if row.vision_type in SIGLIPS:
        pooling = siglip_pooling(d, stacks[0].ffn_width) if row.vision_type == "siglip-timm" else 0
        return replace(tower, embeddings=(patch + positions) * d, other_biases=d, other_norms=2 * d, other=pooling)
    if row.vision_type == "qwen3":
        return replace(tower, embeddings=(frames * patch + positions) * d, other_biases=d)
    if row.vision_type == "tiled":
        placed = (TILINGS * TILES * positions + positions + 1) * d
        gates = 3 + 2 * GATED
        return replace(tower, embeddings=patch * d + placed + 2 * TILINGS * TILES * d, other_norms=4 * d, other=gates)
    return tower


def siglip_pooling(d: Amount, f: Amount) -> Amount:
    """Count the head of a SigLIP, in which one query reads all patches: attention, a norm and a feed-forward network."""
    return d + (4 * d * d + 4 * d) + 2 * d + (2 * d * f + f + d)


def _davit(stacks: tuple[Stack, ...]) -> Part:
    """Return a DaViT: blocks that attend over places and over channels in turn, each with two small convolutions."""
    widths = [stack.width for stack in stacks]
    merging = sum(DAVIT_SIDE**2 * wide * narrow for narrow, wide in pairwise(widths))
    inside = sum(2 * stack.layers * stack.width for stack in stacks)
    return Part(
        encoder=stacks,
        fused=True,
        embeddings=3 * DAVIT_FIRST**2 * widths[0],
        other_norms=2 * widths[0] + sum(2 * width for width in widths[:-1]),
        other_biases=sum(widths) + inside,
        other=merging + DAVIT_SIDE**2 * inside,
        embedded_width=widths[0],
    )


def _linear(inputs: Amount, outputs: Amount, *, count: int = 1, biases: bool = True) -> Matrix:
    return Matrix(name="projector", count=count, inputs=inputs, outputs=outputs, biases=biases)


def projector_of(row: Configuration) -> tuple[tuple[Matrix, ...], Amount]:
    """Return the linear layers between the towers, and the parameters beside them."""
    width = numbers(row.width)[-1]
    vision = numbers(row.vision_width)[-1] if row.vision_width else 0
    if row.features and row.type != "unet":  # which reads a text of that width
        # Features, boxes with area, order of images and of objects; two norms, without biases in T5.
        return (_linear(int(row.features), width),), (12 if row.norm == "layer" else 10) * width
    if row.vision_type == "clip" and row.type == "decoder":
        return (_linear(vision, width), _linear(width, width)), 0
    if row.vision_type in ("qwen2", "qwen2.5"):
        norm = vision if row.vision_type == "qwen2.5" else 2 * vision
        return (_linear(4 * vision, 4 * vision), _linear(4 * vision, width)), norm
    if row.vision_type == "internvit":
        return (_linear(4 * vision, width), _linear(width, width)), 2 * 4 * vision
    if row.vision_type == "qwen3":
        merging = (_linear(4 * vision, 4 * vision, count=1 + DEEP), _linear(4 * vision, width, count=1 + DEEP))
        return merging, 2 * vision + DEEP * 2 * 4 * vision
    if row.vision_type == "tiled":
        return (_linear(READ * vision, width),), 0
    if row.vision_type in SIGLIPS:
        return _behind_siglip(row.projector, vision, width)
    if row.vision_type == "davit":
        return (), vision * width + 2 * width + DAVIT_POSITIONS * vision
    if row.vision_type == "eva":
        return (_linear(Q_FORMER_WIDTH, width),), Q_FORMER + Q_FORMER_QUERIES * Q_FORMER_WIDTH
    return (), 0


def _behind_siglip(kind: str, vision: Amount, width: Amount) -> tuple[tuple[Matrix, ...], Amount]:
    if kind == "linear":
        return (_linear(vision, width),), 0
    if kind == "mlp":
        return (_linear(vision, width), _linear(width, width)), 0
    if kind == "merging":
        return (_linear(MERGED_BY_NINE * vision, width, biases=False),), 0
    if kind == "merging-mlp":
        return (_linear(MERGED * vision, width), _linear(width, width)), 0
    if kind == "resampler":  # queries, keys and values of the patches, attention, three norms, and a bare matrix
        attention = 4 * (width * width + width)
        return (), RESAMPLED * width + vision * width + attention + 3 * 2 * width + width * width
    return (), vision + vision * width
