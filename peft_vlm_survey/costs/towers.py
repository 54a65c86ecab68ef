"""Build the shape of a backbone from its row: the towers of each type, and the projector between them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from peft_vlm_survey.costs.resolution import USUAL, image_tokens
from peft_vlm_survey.costs.shapes import T5_BUCKETS, Amount, Linear, Matrix, Part, Shape, Stack, exact
from peft_vlm_survey.read.configurations import WITHOUT_BIASES, Configuration

# The tokens of the text that the blocks of a U-Net read.
UNET_TEXT_TOKENS = 77
ALONE = ("gpt2", "bloom", "opt", "decoder", "clip")
LANGUAGE = (*ALONE, "t5", "bart", "whisper")
# Towers of images beside a language model that hold queries, keys and values in one matrix.
FUSED_TOWERS = ("swin", "qwen2", "qwen2.5", "qwen3", "qwen3.5", "internvit", "eva", "siglip-timm", "davit")


def shape_of(row: Configuration) -> Shape:
    """Return what a configuration describes."""
    main = _main(row, *_stacks(row))
    parts = {"language" if _is_language(row) else "vision": replace(main, fused=row.fused_qkv == "yes")}
    if row.vision_type and row.vision_type != "resnet":
        parts["vision"] = _beside(row)
    projector, projector_other = tuple(_projector(row)), int(row.projector_beside or 0)
    width = main.stacks[-1].width
    whole = sum(part.params for part in parts.values()) + sum(
        m.count * (m.inputs + (1 if m.biases else 0)) * m.outputs for m in projector
    )
    closed = whole + projector_other + int(row.beside_params or 0)
    known = row.vision_type not in ("resnet", "swin")
    read = numbers(row.tokens)[0] if row.tokens else 0
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
        head_fixed={"dit": width, "roberta": width * width + width}.get(row.type, 0),
        embedding=int(row.embedding) if row.embedding else 0,
        image_tokens=read,
        vision_tokens=int(row.vision_tokens or read),
        configuration=row,
    )


def numbers(cell: str) -> tuple[int, ...]:
    """Return the numbers of a cell, one for each stage."""
    return tuple(int(part) for part in cell.split("; ")) if cell else ()


def _is_language(row: Configuration) -> bool:
    return row.type in (*LANGUAGE, "bert", "distilbert", "roberta", "deberta")


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
        joined = encoder[-1].tokens + (0 if last == "as one" else image_tokens(USUAL))
        encoder = tuple(replace(stack, met=joined) for stack in encoder)
        encoder = (*encoder[:-1], replace(encoder[-1], leaves=last))
    if row.type == "flux2":
        encoder = tuple(replace(stack, gated=True, joined=stack.leaves == "as one") for stack in encoder)
    decoder = _decoder(row) if row.decoder_layers else ()
    if encoder and decoder:
        decoder = tuple(replace(stack, attentions=2, norms=3) for stack in decoder)
    return encoder, decoder


def _decoder(row: Configuration) -> tuple[Stack, ...]:
    """Return the layers of a decoder; keys and values may be made of one vector, and layers have linear attention."""
    (every,) = _stages(row, (int(row.decoder_layers),))
    if row.latent_width:
        latent, rotated, value_width = (int(cell) for cell in (row.latent_width, row.rotated_width, row.value_width))
        every = replace(every, latent=latent, rotated=rotated, value_width=value_width)
    if row.gated_attention == "yes":
        every = replace(every, gates=True)
    *before, last = _with_experts(row, every) if row.experts else (every,)
    return (*before, *(_hybrid(row, last) if row.linear_layers else (last,)))


def _with_experts(row: Configuration, every: Stack) -> tuple[Stack, ...]:
    """Return the layers without experts, and the others behind them."""
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


def _hybrid(row: Configuration, every: Stack) -> tuple[Stack, ...]:
    """Return the layers with linear attention, and those that attend to all tokens, which stand among them."""
    linear = Linear(
        key_heads=int(row.linear_key_heads),
        value_heads=int(row.linear_value_heads),
        head_width=int(row.linear_head_width),
        convolution=int(row.linear_convolution),
    )
    layers = int(row.linear_layers)
    alone = replace(every, layers=layers, linear=linear, normed_heads=False, gates=False)
    return alone, replace(every, layers=every.layers - layers)


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


def _main(row: Configuration, encoder: tuple[Stack, ...], decoder: tuple[Stack, ...]) -> Part:
    """Return what the columns without `vision_` describe."""
    if row.type in ALONE:
        return _language_model(row, decoder)
    if row.type == "t5":
        return _t5(row, encoder, decoder)
    vocabulary = int(row.vocabulary) if decoder else 0
    around = replace(_around(row.outside, encoder, decoder), vocabulary=vocabulary)
    return replace(around, mixed=True) if row.type in ("sam", "hiera") else around


def _around(cell: str, encoder: tuple[Stack, ...], decoder: tuple[Stack, ...] = ()) -> Part:
    """Return blocks with what was counted around them."""
    counted: dict[str, int] = defaultdict(int)
    for pair in cell.split("; ") if cell else ():
        name, _, number = pair.partition("=")
        counted[name] = int(number)
    first = encoder[0]
    return Part(
        encoder=encoder,
        decoder=decoder,
        embeddings=counted["embeddings"],
        embedding_norms=counted["embedding_norms"],
        other_norms=counted["norms"],
        norm_biased=first.norm == "layer",
        other_biases=counted["biases"],
        relative_positions=counted["positions"],
        other=counted["other"],
        embedded_width=counted["width"] or first.width,
        embedding_macs=counted["macs"],
        fixed_macs=counted["once"],
        kept_beside=exact(counted["kept"], first.tokens) if counted["kept"] else 0,
        bare_beside=exact(counted["bare"], first.tokens) if counted["bare"] else 0,
    )


def _beside(row: Configuration) -> Part:
    """Return the tower of images beside a language model."""
    widths = numbers(row.vision_width)
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
        for count, width, head, ffn, many in zip(
            numbers(row.vision_layers),
            widths,
            numbers(row.vision_heads),
            numbers(row.vision_ffn_width),
            numbers(row.tokens) if row.vision_type == "swin" and row.tokens else (0,) * len(widths),
            strict=True,
        )
    )
    return replace(_around(row.vision_outside, stacks), fused=row.vision_type in FUSED_TOWERS)


def _projector(row: Configuration) -> Iterator[Matrix]:
    """Yield the linear layers between tower and language model, those of one size together."""
    for size in row.projector.split("; ") if row.projector else ():
        count, inputs, outputs = map(int, size.removesuffix(WITHOUT_BIASES).split(" x "))
        biases = not size.endswith(WITHOUT_BIASES)
        yield Matrix(name="projector", count=count, inputs=inputs, outputs=outputs, biases=biases)


def _language_model(row: Configuration, decoder: tuple[Stack, ...]) -> Part:
    """A decoder: GPT-2, BLOOM, OPT, any other decoder, or CLIP's text tower."""
    stack = decoder[-1]
    d, vocabulary = stack.width, int(row.vocabulary)
    learned = int(row.positions) + (2 if row.type == "opt" else 0) if row.positions else 0
    return Part(
        decoder=decoder,
        embeddings=(vocabulary * (2 if row.tied == "no" else 1) + learned) * d,
        embedding_norms=2 * d if row.type == "bloom" else 0,
        other_norms=_norm(stack),
        norm_biased=row.norm == "layer",
        other=d * int(row.embedding) if row.type == "clip" else sum(_beyond(stack) for stack in decoder),
        other_biases=vocabulary if row.output_biases == "yes" else 0,
        embedded_width=d,
        vocabulary=0 if row.type == "clip" else vocabulary,
    )


def _beyond(stack: Stack) -> Amount:
    """Count what lies in no linear layer and in no norm: what chooses among experts, and what linear attention has beside."""
    return stack.routing + (stack.layers * stack.linear.beyond if stack.linear else 0)


def _norm(stack: Stack) -> Amount:
    return {"layer": 2, "rms": 1, "none": 0}[stack.norm] * stack.width


def _t5(row: Configuration, encoder: tuple[Stack, ...], decoder: tuple[Stack, ...]) -> Part:
    d, vocabulary = encoder[0].width, int(row.vocabulary)
    bare = Part(encoder=encoder, decoder=decoder)
    # The official code of LST and Compacter gives a bias to every linear layer, to the norms of the blocks and to the
    # output layer; that of CLIP-T5 to the final norms and the two norms of the visual embedding as well.
    added = sum(m.count * m.outputs for m in bare.matrices) + bare.block_norms + vocabulary
    return replace(
        bare,
        embeddings=vocabulary * (1 if row.tied == "yes" else 2) * d,
        other_norms=2 * d,
        norm_biased=False,
        added_biases=added + (4 * d if row.features else 0),
        relative_positions=2 * T5_BUCKETS * encoder[0].heads,
        embedded_width=d,
        vocabulary=vocabulary,
    )
