"""Build the shape of a backbone from its row: the towers of each type, and the projector between them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from peft_vlm_survey.costs.resolution import USUAL, image_tokens, text_of
from peft_vlm_survey.costs.shapes import T5_BUCKETS, Amount, Part, Shape, Stack, exact
from peft_vlm_survey.costs.vision import (
    image_tokens_inside,
    numbers,
    projector_of,
    siglip_pooling,
    swin_tower,
    vision_tower,
)
from peft_vlm_survey.read.configurations import Configuration

SAM_GLOBAL_BLOCKS = 4
SAM_WINDOW = 14
SAM_NECK = 256
DINO_REGISTERS = 4
# Side of the convolution that embeds, of the grid of positions, and of their window.
HIERA_KERNEL, HIERA_GRID, HIERA_WINDOW = 7, 7, 8
DIT_FREQUENCIES = 256
DIT_CLASSES = 1000
DIT_CHANNELS = 4
# Of those that read text beside them: channels of the latents, the tokens of a usual image, and the width of the text (T5-XXL).
MMDIT_CHANNELS = 16
MMDIT_TOKENS = 4096
MMDIT_TEXT = 4096
# Of those whose blocks share their modulation: channels of the latents.
FLUX2_CHANNELS = 32
# Of a U-Net as Stable Diffusion XL has it: residual blocks of a stage on the way down (one more on the way up), channels of
# the latents and of the Fourier features of the time, how much wider the time is embedded, side of the convolutions, and
# the tokens of the text that the blocks read.
UNET_BLOCKS, UNET_CHANNELS, UNET_TIME, UNET_SIDE = 2, 4, 4, 3
UNET_TEXT_TOKENS = 77
WHISPER_MEL_BINS = 80
LANGUAGE = ("gpt2", "bloom", "opt", "decoder", "t5", "bart", "whisper")


def shape_of(row: Configuration) -> Shape:
    """Return what a configuration describes."""
    return _shape(_Key(row))


class _Key:
    """A configuration as a cache key: rows of one file are told apart by their id and line."""

    def __init__(self, row: Configuration) -> None:
        self.row = row

    def __hash__(self) -> int:
        return hash(self.row.id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.row == other.row


@cache
def _shape(key: _Key) -> Shape:
    row = key.row
    main = _MAIN[row.type](row, _stacks(row))
    parts = {"language" if _is_language(row) else "vision": replace(main, fused=row.fused_qkv == "yes")}
    if row.vision_type and row.vision_type != "resnet":
        parts["vision"] = vision_tower(row)
    projector, projector_other = projector_of(row)
    width = main.stacks[-1].width
    dense = width * width + width if row.type == "roberta" else 0
    whole = sum(part.params for part in parts.values()) + sum(
        m.count * (m.inputs + (1 if m.biases else 0)) * m.outputs for m in projector
    )
    closed = whole + projector_other + _unattached(row, width) + int(row.beside_params or 0)
    known = row.vision_type not in ("resnet", "swin")
    return Shape(
        id=row.id,
        name=row.name,
        type=row.type,
        parts=parts,
        default="language" if "language" in parts else "vision",
        projector=projector,
        projector_other=projector_other,
        total=int(row.total_params) if row.total_params else closed if known else None,
        closed=closed if known else None,
        head_column=width if row.type == "dit" else (int(row.embedding) if row.type == "clip" else width) + 1,
        head_fixed=width if row.type == "dit" else dense,
        embedding=int(row.embedding) if row.embedding else 0,
        image_tokens=numbers(row.tokens)[0] if row.tokens else 0,
        vision_tokens=image_tokens_inside(row),
        configuration=row,
    )


def _is_language(row: Configuration) -> bool:
    return row.type in (*LANGUAGE, "bert", "distilbert", "roberta", "deberta", "clip")


def _unattached(row: Configuration, width: Amount) -> Amount:
    """Count what stands outside the parts: CLIP's logit scale, DiT's label embedding and its fixed position table."""
    if row.type == "clip":
        return 1
    if row.type == "dit":
        return (DIT_CLASSES + 1) * width + int(row.positions) * width
    return 0


def _stacks(row: Configuration) -> tuple[tuple[Stack, ...], tuple[Stack, ...]]:
    """Return the stacks of encoder and decoder; a decoder beside an encoder attends to it too."""
    encoder = _stages(row, numbers(row.encoder_layers)) if row.encoder_layers else ()
    if row.type == "unet":
        encoder = tuple(
            replace(stack, attentions=2, norms=3, crossed=text, crossed_tokens=UNET_TEXT_TOKENS, gated=stack.glu)
            for stack in encoder
            for text in numbers(row.features)
        )
    if row.type == "hiera":
        encoder = tuple(_widening(encoder))
    if row.type in ("mmdit", "flux2"):
        last = "as one" if row.parallel == "yes" else "nowhere"
        joined = encoder[-1].tokens + (0 if last == "as one" else MMDIT_TOKENS)
        encoder = tuple(replace(stack, met=joined) for stack in encoder)
        encoder = (*encoder[:-1], replace(encoder[-1], leaves=last))
    if row.type == "flux2":
        encoder = tuple(replace(stack, gated=True, joined=stack.leaves == "as one") for stack in encoder)
    decoder = _decoder(row) if row.decoder_layers else ()
    if encoder and decoder:
        decoder = tuple(replace(stack, attentions=2, norms=3) for stack in decoder)
    return encoder, decoder


def _decoder(row: Configuration) -> tuple[Stack, ...]:
    """Return the layers of a decoder, those without experts before the others; keys and values may be made of one vector."""
    (every,) = _stages(row, (int(row.decoder_layers),))
    if row.latent_width:
        latent, rotated, value_width = (int(cell) for cell in (row.latent_width, row.rotated_width, row.value_width))
        every = replace(every, latent=latent, rotated=rotated, value_width=value_width)
    if not row.experts:
        return (every,)
    dense = int(row.dense_layers or 0)
    mixed = replace(
        every,
        layers=every.layers - dense,
        ffn_width=int(row.expert_width),
        experts=int(row.experts),
        used=int(row.experts_used),
        shared=int(row.shared_width or 0),
        corrected=row.router_biases == "yes",
    )
    return (replace(every, layers=dense), mixed) if dense else (mixed,)


def _widening(stages: tuple[Stack, ...]) -> Iterator[Stack]:
    """Yield the stages of a Hiera; the first block of each but the first takes in the width of the stage before."""
    before: Stack | None = None
    for stage in stages:
        if before is None:
            yield stage
        else:
            yield replace(stage, layers=1, enters=before.width)
            yield replace(stage, layers=stage.layers - 1)
        before = stage


def _stages(row: Configuration, layers: tuple[int, ...]) -> tuple[Stack, ...]:
    sizes = zip(
        layers,
        numbers(row.width),
        numbers(row.heads),
        numbers(row.kv_heads),
        numbers(row.ffn_width),
        numbers(row.tokens) if len(layers) > 1 else (0,),
        _of_each(numbers(row.head_width), layers),
        strict=True,
    )
    return tuple(
        Stack(
            layers=count,
            width=width,
            heads=heads,
            kv_heads=kv_heads,
            head_width=head_width,
            ffn_width=ffn_width,
            glu=row.ffn == "glu",
            norm=row.norm,
            biases=row.biases,
            tokens=tokens,
            modulated=row.type in ("dit", "mmdit"),
            norms=int(row.block_norms) if row.block_norms else 2,
            parallel=row.parallel == "yes",
            normed_heads=row.head_norms == "yes",
        )
        for count, width, heads, kv_heads, ffn_width, tokens, head_width in sizes
    )


def _of_each(sizes: tuple[int, ...], layers: tuple[int, ...]) -> tuple[int, ...]:
    """Return a size for each stage: one alone stands for all."""
    return sizes * len(layers) if len(sizes) == 1 else sizes


Stacks = tuple[tuple[Stack, ...], tuple[Stack, ...]]


def _vit(row: Configuration, stacks: Stacks, *, extra: int = 1, final_norm: bool = True) -> Part:
    """A ViT: `extra` vectors beside the patches' (class token, mask token), learned positions."""
    (stack,) = stacks[0]
    width, patch = stack.width, 3 * int(row.patch) ** 2
    positions = int(row.positions)
    return Part(
        encoder=stacks[0],
        embeddings=patch * width + extra * width + positions * width,
        other_norms=2 * width if final_norm else 0,
        other_biases=width,
        embedded_width=width,
        embedding_macs=(int(row.tokens) - min(extra, 1)) * patch * width,
    )


def _siglip(row: Configuration, stacks: Stacks) -> Part:
    (stack,) = stacks[0]
    d, f = stack.width, stack.ffn_width
    pooling = siglip_pooling(d, f)
    length = int(row.tokens)  # one query reads all of them
    once = 2 * length * d * d + 2 * d * d + 2 * length * d + 2 * d * f
    return replace(_vit(row, stacks, extra=0), other=pooling, fixed_macs=once)


def _dinov2(row: Configuration, stacks: Stacks) -> Part:
    (stack,) = stacks[0]
    return replace(_vit(row, stacks, extra=2), other=2 * stack.layers * stack.width)


def _dinov3(row: Configuration, stacks: Stacks) -> Part:
    """A ViT with rotary positions, registers beside class and mask token, and LayerScale."""
    (stack,) = stacks[0]
    d, patch = stack.width, 3 * int(row.patch) ** 2
    return Part(
        encoder=stacks[0],
        embeddings=(patch + 2 + DINO_REGISTERS) * d,
        other_norms=2 * d,
        other_biases=d,
        other=2 * stack.layers * d,
        embedded_width=d,
        embedding_macs=(int(row.tokens) - 1 - DINO_REGISTERS) * patch * d,
    )


def _hiera(row: Configuration, stacks: Stacks) -> Part:
    """A Hiera as SAM 2 has it: positions of a small grid and of a window, and a matrix past each change of width."""
    stages = stacks[0]
    first = stages[0].width
    past = sum((stack.enters + 1) * stack.width for stack in stages if stack.enters)
    pixels = 3 * HIERA_KERNEL**2 * first
    return Part(
        encoder=stages,
        embeddings=pixels + (HIERA_GRID**2 + HIERA_WINDOW**2) * first,
        other_biases=first,
        other=past,
        embedded_width=first,
        embedding_macs=stages[0].tokens * pixels,
        mixed=True,
    )


def _sam(row: Configuration, stacks: Stacks) -> Part:
    (stack,) = stacks[0]
    side = int(int(row.positions) ** 0.5)
    local = (stack.layers - SAM_GLOBAL_BLOCKS) * 2 * (2 * SAM_WINDOW - 1)
    tables = (local + SAM_GLOBAL_BLOCKS * 2 * (2 * side - 1)) * stack.head_width
    neck = SAM_NECK * stack.width + 9 * SAM_NECK**2
    vit = _vit(row, stacks, extra=0, final_norm=False)
    return replace(vit, other_norms=4 * SAM_NECK, other=neck, relative_positions=tables, mixed=True)


def _dit(row: Configuration, stacks: Stacks) -> Part:
    (stack,) = stacks[0]
    d, pixels = stack.width, int(row.patch) ** 2
    outputs = pixels * 2 * DIT_CHANNELS
    return Part(
        encoder=stacks[0],
        embeddings=pixels * DIT_CHANNELS * d,
        other=DIT_FREQUENCIES * d + d * d + 2 * d * d + d * outputs,
        other_biases=d + 2 * d + 2 * d + outputs,
        embedded_width=d,
        embedding_macs=int(row.tokens) * (pixels * DIT_CHANNELS * d + d * outputs),
        fixed_macs=DIT_FREQUENCIES * d + d * d + 2 * d * d,
    )


def _mmdit(row: Configuration, stacks: Stacks) -> Part:
    """A DiT that reads text beside the latents, each in blocks of its own: one layer a block and a stream.

    The last stage are blocks that read both as one, if the halves of a block are parallel; else it is the last block of
    the text, whose answer nothing reads.
    """
    d, pixels, pooled = stacks[0][0].width, int(row.patch) ** 2 * MMDIT_CHANNELS, int(row.embedding)
    guided = 2 if row.parallel == "yes" else 1  # the strength of guidance is told as the step of time is
    once = guided * (DIT_FREQUENCIES * d + d * d) + pooled * d + d * d + 2 * d * d
    return Part(
        encoder=stacks[0],
        embeddings=pixels * d,
        other=MMDIT_TEXT * d + DIT_FREQUENCIES * d + d * d + pooled * d + d * d + 2 * d * d + d * pixels,
        other_biases=2 * d + 2 * d + 2 * d + 2 * d + pixels,
        embedded_width=d,
        embedding_macs=image_tokens(USUAL) * 2 * pixels * d,
        fixed_macs=text_of(row) * MMDIT_TEXT * d + once,
    )


def _flux2(row: Configuration, stacks: Stacks) -> Part:
    """The same without biases and without a vector of the text; the blocks of a stream share what modulates them."""
    d, pixels, text = stacks[0][0].width, int(row.patch) ** 2 * FLUX2_CHANNELS, int(row.embedding)
    modulating = 6 * d + 6 * d + 3 * d + 2 * d  # of image, of text, of both as one, and of what leaves
    return Part(
        encoder=stacks[0],
        embeddings=pixels * d,
        other=text * d + DIT_FREQUENCIES * d + d * d + modulating * d + d * pixels,
        embedded_width=d,
        embedding_macs=image_tokens(USUAL) * 2 * pixels * d,
        fixed_macs=text_of(row) * text * d + DIT_FREQUENCIES * d + d * d + modulating * d,
    )


@dataclass(frozen=True, slots=True)
class _Residual:
    """A residual block of a U-Net: the pixels it works on, and its channels before and behind."""

    pixels: Amount
    enters: Amount
    leaves: Amount


def _residuals(channels: Sequence[Amount], pixels: Sequence[Amount]) -> Iterator[_Residual]:
    """Yield the residual blocks of a U-Net: down, in the middle, and up, where each reads what came by on the way down."""
    passed = [channels[0]]
    before = channels[0]
    for stage, (width, places) in enumerate(zip(channels, pixels, strict=True)):
        for _ in range(UNET_BLOCKS):
            yield _Residual(places, before, width)
            passed.append(width)
            before = width
        if stage < len(channels) - 1:  # on to the next stage, by a convolution that halves both sides
            passed.append(width)
    for _ in range(2):
        yield _Residual(pixels[-1], before, before)
    for width, places in zip(reversed(channels), reversed(pixels), strict=True):
        for _ in range(UNET_BLOCKS + 1):
            yield _Residual(places, before + passed.pop(), width)
            before = width


def _unet(row: Configuration, stacks: Stacks) -> Part:
    """A U-Net of Stable Diffusion: convolutions, and behind those of most stages blocks that attend.

    In that of Stable Diffusion XL these stand in each stage but the first, which is half as wide as the second and has four
    times its pixels; in the earlier ones in each but the last, which attends in the middle alone. All of it was held against
    the built ones.
    """
    first, last = stacks[0][0], stacks[0][-1]
    early = last.layers < 2 * UNET_BLOCKS + 1
    channels = (*(() if early else (first.width // 2,)), *(stack.width for stack in stacks[0]))
    pixels = (*(() if early else (4 * first.tokens,)), *(stack.tokens for stack in stacks[0]))
    d, area, time = channels[0], UNET_SIDE**2, UNET_TIME * channels[0]
    blocks = tuple(_residuals(channels, pixels))
    times = sum(b.leaves for b in blocks)  # the time comes in by a matrix of its own
    # Two matrices embed the time, and two a vector of the text and of sizes where there is one.
    vector, embedded = ((int(row.embedding) + time) * time, 4) if row.embedding else (0, 2)
    changing = [b for b in blocks if b.enters != b.leaves]  # past which a matrix leads
    stages = tuple(zip(channels, pixels, strict=True))
    # Before the blocks that attend a norm of groups and a matrix, behind them another: once for each residual block of a
    # stage that attends, and once in the middle.
    attending = [(wide, places, 2 * UNET_BLOCKS + 1) for wide, places in (stages[:-1] if early else stages[1:])]
    attending.append((*stages[-1], 1))
    # Convolutions between the stages: on the way down, and on the way up behind doubled pixels; width and pixels behind.
    between = [(wide, places // 4) for wide, places in stages[:-1]]
    between += [(wide, places) for wide, places in zip(channels[1:], pixels[:-1], strict=True)]
    matrices = [(1, b.pixels, area * (b.enters + b.leaves) * b.leaves, 2 * b.leaves) for b in blocks]
    matrices += [(1, b.pixels, b.enters * b.leaves, b.leaves) for b in changing]
    matrices += [(count, places, 2 * wide**2, 2 * wide) for wide, places, count in attending]
    matrices += [(1, places, area * wide**2, wide) for wide, places in between]
    inner = sum(count * weights for count, _, weights, _ in matrices)
    convolved = sum(count * places * weights for count, places, weights, _ in matrices)
    # A norm, an activation and a convolution keep what they read, and so do the convolutions between the stages.
    read = sum(places * wide for wide, places in (*stages[:-1], *between[len(stages) - 1 :])) + pixels[0] * (
        3 * d + UNET_CHANNELS
    )
    # In the first, whose stages have equally many heads, convolutions stand for the matrices around a block; both of them keep
    # what they read beside what the norm reads.
    around = sum(n * places * wide for wide, places, n in attending) * (3 if early and first.heads == last.heads else 1)
    kept = sum(3 * b.pixels * (b.enters + b.leaves) for b in blocks) + around
    return Part(
        encoder=stacks[0],
        embeddings=area * UNET_CHANNELS * d,
        other_norms=2 * (sum(b.enters + b.leaves for b in blocks) + sum(n * wide for wide, _, n in attending) + d),
        other=inner + times * time + (d + time) * time + vector + area * d * UNET_CHANNELS,
        other_biases=sum(n * biases for n, _, _, biases in matrices) + times + embedded * time + d + UNET_CHANNELS,
        embedded_width=d,
        embedding_macs=convolved + 2 * pixels[0] * area * UNET_CHANNELS * d,
        kept_beside=exact(kept + read, first.tokens),
        bare_beside=exact(sum(b.pixels * b.enters for b in blocks) + read, first.tokens),
    )


def _bert(row: Configuration, stacks: Stacks) -> Part:
    d = stacks[0][0].width
    types = 1 if row.type == "roberta" else 2
    return Part(
        encoder=stacks[0],
        embeddings=(int(row.vocabulary) + int(row.positions) + types) * d,
        embedding_norms=2 * d,
        other=d * d,
        other_biases=d,
        embedded_width=d,
    )


def _distilbert(row: Configuration, stacks: Stacks) -> Part:
    """A BERT without token types and without a pooler."""
    d = stacks[0][0].width
    return Part(
        encoder=stacks[0],
        embeddings=(int(row.vocabulary) + int(row.positions)) * d,
        embedding_norms=2 * d,
        embedded_width=d,
    )


def _deberta(row: Configuration, stacks: Stacks) -> Part:
    d = stacks[0][0].width
    return Part(
        encoder=stacks[0],
        embeddings=(int(row.vocabulary) + int(row.positions)) * d,
        embedding_norms=2 * d,
        other_norms=4 * d,
        other=3 * d * d,
        other_biases=d,
        embedded_width=d,
    )


def _language_model(row: Configuration, stacks: Stacks) -> Part:
    """A decoder: GPT-2, BLOOM, OPT, any other decoder, or CLIP's text tower."""
    stack = stacks[1][-1]
    d, vocabulary = stack.width, int(row.vocabulary)
    learned = int(row.positions) + (2 if row.type == "opt" else 0) if row.positions else 0
    return Part(
        decoder=stacks[1],
        embeddings=(vocabulary * (2 if row.tied == "no" else 1) + learned) * d,
        embedding_norms=2 * d if row.type == "bloom" else 0,
        other_norms=_norm(stack),
        norm_biased=row.norm == "layer",
        other=d * int(row.embedding) if row.type == "clip" else sum(stack.routing for stack in stacks[1]),
        other_biases=vocabulary if row.output_biases == "yes" else 0,
        embedded_width=d,
        vocabulary=0 if row.type == "clip" else vocabulary,
    )


def _norm(stack: Stack) -> Amount:
    return {"layer": 2, "rms": 1, "none": 0}[stack.norm] * stack.width


def _t5(row: Configuration, stacks: Stacks) -> Part:
    (encoder,), _ = stacks
    d, vocabulary = encoder.width, int(row.vocabulary)
    bare = Part(encoder=stacks[0], decoder=stacks[1])
    # The official code of LST and Compacter gives a bias to every linear layer, to the norms of the blocks and to the
    # output layer; that of CLIP-T5 to the final norms and the two norms of the visual embedding as well.
    added = sum(m.count * m.outputs for m in bare.matrices) + bare.block_norms + vocabulary
    return replace(
        bare,
        embeddings=vocabulary * (1 if row.tied == "yes" else 2) * d,
        other_norms=2 * d,
        norm_biased=False,
        added_biases=added + (4 * d if row.features else 0),
        relative_positions=2 * T5_BUCKETS * encoder.heads,
        embedded_width=d,
        vocabulary=vocabulary,
    )


def _bart(row: Configuration, stacks: Stacks) -> Part:
    d, vocabulary = stacks[0][0].width, int(row.vocabulary)
    return Part(
        encoder=stacks[0],
        decoder=stacks[1],
        embeddings=(vocabulary + 2 * (int(row.positions) + 2)) * d,
        embedding_norms=4 * d,
        embedded_width=d,
        vocabulary=vocabulary,
    )


def _whisper(row: Configuration, stacks: Stacks) -> Part:
    d, vocabulary = stacks[0][0].width, int(row.vocabulary)
    return Part(
        encoder=stacks[0],
        decoder=stacks[1],
        embeddings=(vocabulary + int(row.positions)) * d,
        other_norms=4 * d,
        other=3 * WHISPER_MEL_BINS * d + 3 * d * d,
        other_biases=2 * d,
        embedded_width=d,
        vocabulary=vocabulary,
    )


_MAIN: Mapping[str, Callable[[Configuration, Stacks], Part]] = {
    "vit": _vit,
    "siglip": _siglip,
    "dinov2": _dinov2,
    "dinov3": _dinov3,
    "hiera": _hiera,
    "sam": _sam,
    "swin": lambda row, stacks: swin_tower(int(row.patch), stacks[0]),
    "dit": _dit,
    "mmdit": _mmdit,
    "flux2": _flux2,
    "unet": _unet,
    "bert": _bert,
    "distilbert": _distilbert,
    "roberta": _bert,
    "deberta": _deberta,
    "gpt2": _language_model,
    "bloom": _language_model,
    "opt": _language_model,
    "decoder": _language_model,
    "clip": _language_model,
    "t5": _t5,
    "bart": _bart,
    "whisper": _whisper,
}
