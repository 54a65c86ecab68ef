"""A small drawing of a model with what a method trains marked at its place, from the typed facts of its description."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.show.sentences import capitalised

_WIDTH, _ROW, _BLOCK, _HIGH = 440, 58, 96, 36  # pixels of a drawing that a phone shows without shrinking
_LETTER = 6.4  # the width of a letter of 11.5 pixels, about
_LONGEST = 24  # letters of a mark
# How what is trained is called in a mark, where its value in the vocabulary is too long for one.
_MARKS = {
    "low-rank factors": "low-rank",
    "structured factors": "structured",
    "hidden-state edits": "state edits",
    "bottleneck": "adapter",
    "module of unstated form": "module",
    "side network": "side network",
    "feature prompts": "feature prompts",
    "fusion layers": "fusion layers",
    "nothing": "",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a model: where it stands, and in which parts of the vocabulary a method may train it."""

    name: str
    column: float
    row: float
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of model: what goes in, its blocks, how they follow each other, and what comes out."""

    inputs: tuple[tuple[str, float], ...]
    blocks: tuple[Block, ...]
    arrows: tuple[tuple[str, str], ...]
    output: str
    last: str


_IMAGE = Block("image encoder", 0, 0, ("image encoder", "both encoders", "vision backbone", "input pixels"))
_TEXT = Block("text encoder", 0, 1, ("text encoder", "both encoders", "text-encoder output", "class weights"))


def _joined(second: str, encoder: Block, name: str, parts: tuple[str, ...], output: str) -> Layout:
    """Return the layout of a model in which two encoders, the first one of images, feed one last block."""
    inputs, last = (("image", 0), (second, 1)), Block(name, 1.45, 0.5, parts)
    return Layout(inputs, (_IMAGE, encoder, last), ((_IMAGE.name, name), (encoder.name, name)), output, name)


_AFTER = ("output features", "outputs", "fusion", "mask decoder", "detector")  # parts that come after the encoders
_DUAL = _joined("text", _TEXT, "similarity", _AFTER, "scores")
_FUSION = _joined(
    "text", _TEXT, "fusion", ("fusion", "connector", "language model", "output features", "outputs"), "answer"
)
_SAM = _joined(
    "prompt", Block("prompt encoder", 0, 1, ("prompt encoder", "text encoder")), "mask decoder", _AFTER, "mask"
)
_DETECTOR = _joined("text", _TEXT, "detector", _AFTER, "boxes")
_WITH_LLM = Layout(
    (("image", 0), ("text", 1)),
    (
        _IMAGE,
        Block("connector", 1.2, 0, ("connector", "fusion", "output features")),
        Block("language model", 1.2, 1, ("language model", "text encoder", "both encoders", "outputs")),
    ),
    (("image encoder", "connector"), ("connector", "language model")),
    "answer",
    "language model",
)
_DIFFUSION = Layout(
    (("noise", 0), ("text", 1)),
    (
        Block("denoiser", 1.2, 0, ("denoiser", "vision backbone", "image encoder", "outputs", "output features")),
        replace(_TEXT, parts=("text encoder", "text-encoder output", "class weights")),
    ),
    (("text encoder", "denoiser"),),
    "image",
    "denoiser",
)
_PLAIN = Layout(
    (("input", 0),),
    (
        Block(
            "backbone",
            0,
            0,
            ("vision backbone", "image encoder", "both encoders", "denoiser", "input pixels", "fusion"),
        ),
        Block("head", 1.45, 0, ("outputs", "output features", "class weights", "mask decoder", "detector")),
    ),
    (("backbone", "head"),),
    "output",
    "head",
)
_LANGUAGE = Layout(
    (("text", 0),),
    (
        Block("language model", 0.3, 0, ("language model", "text encoder", "input pixels", "vision backbone")),
        Block("head", 1.6, 0, ("outputs", "output features", "class weights")),
    ),
    (("language model", "head"),),
    "text",
    "head",
)
_LAYOUTS = {
    "dual-encoder VLM": _DUAL,
    "video-language model": _DUAL,
    "fusion VLM": _FUSION,
    "MLLM": _WITH_LLM,
    "image encoder with LLM": _WITH_LLM,
    "VLA": _WITH_LLM,
    "promptable segmenter": _SAM,
    "detector": _DETECTOR,
    "text-to-image diffusion": _DIFFUSION,
    "text-to-video diffusion": _DIFFUSION,
    "LLM": _LANGUAGE,
    "encoder-decoder LM": _LANGUAGE,
    "encoder LM": _LANGUAGE,
    "state-space model": _LANGUAGE,
}
# How a part is called that the drawing of a kind of model has no block for, and that gets one beside it.
_BESIDE = {"outside the model": "helper", "text-encoder output": "text encoder"}


def schematic(description: Description) -> str:
    """Return the drawing as SVG for a page, or nothing where the description does not say what is trained.

    Its colours are those of the page (classes in papers.css), so that it follows light and dark.
    """
    if not description.trained:
        return ""
    layout = _LAYOUTS.get("".join(description.model[:1]), _PLAIN)
    mark = _mark(description.trained)
    beside = _beside(layout, description.part)
    trained = _trained_blocks(layout, description.part)
    rows = 1 + max([*(row for _, row in layout.inputs), *(block.row for block in layout.blocks)])
    height = int(rows * _ROW + (_ROW if beside else 0) + 14)
    pieces = [*_arrows(layout), *(_block(block, block.name in trained, mark) for block in layout.blocks)]
    for place, name in enumerate(beside):
        pieces.append(_block(Block(name, 1.45 * place, rows, ()), True, mark))
    label = escape(text_alternative(description), quote=True)
    return (
        f'<svg class="schematic" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" '
        f'aria-label="{label}">{"".join(pieces)}</svg>'
    )


def text_alternative(description: Description) -> str:
    """Return in words what the drawing shows."""
    model = description.model[0] if description.model else "model"
    if description.trained == ("nothing",):
        return f"{capitalised(model)}; nothing is trained."
    trained = " and ".join(description.trained)
    where = f" in {' and '.join(description.part)}" if description.part else ""
    place = f" ({'; '.join(description.place)})" if description.place else ""
    whole = "" if "whole" in description.trained else "; the rest is frozen"
    return f"{capitalised(model)}. Trained: {trained}{where}{place}{whole}."


def _mark(trained: Sequence[str]) -> str:
    """Return what is trained in as many words as a mark has room for."""
    names = [name for value in trained if (name := _MARKS.get(value, value))]
    mark = names[0] if names else ""
    for name in names[1:]:
        if len(mark) + len(name) + 3 > _LONGEST:
            break
        mark = f"{mark} + {name}"
    return mark


def _trained_blocks(layout: Layout, parts: Iterable[str]) -> set[str]:
    if "whole model" in parts:
        return {block.name for block in layout.blocks if block.name not in ("similarity", "head")}
    return {block.name for part in parts for block in layout.blocks if part in block.parts}


def _beside(layout: Layout, parts: Iterable[str]) -> tuple[str, ...]:
    """Return what is trained and is no block of a drawing, by the name of the block that it gets; two have room."""
    drawn = {"whole model", *(part for block in layout.blocks for part in block.parts)}
    return tuple(dict.fromkeys(_BESIDE.get(part, part) for part in parts if part not in drawn))[:2]


def _place(block: Block) -> tuple[float, float]:
    return 78 + block.column * (_BLOCK + 34), block.row * _ROW + 8


def _arrows(layout: Layout) -> list[str]:
    at = {block.name: _place(block) for block in layout.blocks}
    lines = []
    for text, row in layout.inputs:
        y = row * _ROW + 8 + _HIGH / 2
        first = min((x for x, top in at.values() if top == row * _ROW + 8), default=78)
        lines.append(f'<text class="schematic-end" x="46" y="{y + 4:g}" text-anchor="end">{text}</text>')
        lines.append(_line(52, y, first - 3, y))
    for start, end in layout.arrows:
        (x, y), (to_x, to_y) = at[start], at[end]
        if x == to_x:
            lines.append(_line(x + _BLOCK / 2, y + _HIGH, x + _BLOCK / 2, to_y - 3))
        else:
            lines.append(_line(x + _BLOCK, y + _HIGH / 2, to_x - 3, to_y + _HIGH / 2))
    x, y = at[layout.last]
    lines.append(_line(x + _BLOCK, y + _HIGH / 2, x + _BLOCK + 24, y + _HIGH / 2))
    lines.append(
        f'<text class="schematic-end" x="{x + _BLOCK + 28:g}" y="{y + _HIGH / 2 + 4:g}">{layout.output}</text>'
    )
    return lines


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return (
        f'<path class="schematic-arrow" d="M{x:g} {y:g}L{to_x:g} {to_y:g}"/>'
        f'<circle class="schematic-tip" cx="{to_x:g}" cy="{to_y:g}" r="2.2"/>'
    )


def _block(block: Block, trained: bool, mark: str) -> str:
    """Return a part with its name: a frozen one in grey, a trained one with its mark below."""
    x, y = _place(block)
    kind = "trained" if trained else "frozen"
    box = (
        f'<rect class="schematic-{kind}" x="{x:g}" y="{y:g}" width="{_BLOCK}" height="{_HIGH}" rx="4"/>'
        f'<text class="schematic-name" x="{x + _BLOCK / 2:g}" y="{y + (15 if trained and mark else 22):g}" '
        f'text-anchor="middle">{escape(block.name)}</text>'
    )
    if not (trained and mark):
        return box
    wide = len(mark) * _LETTER + 14
    return (
        f'{box}<rect class="schematic-mark" x="{x + (_BLOCK - wide) / 2:g}" y="{y + 22:g}" width="{wide:g}" height="18" rx="9"/>'
        f'<text class="schematic-word" x="{x + _BLOCK / 2:g}" y="{y + 35:g}" text-anchor="middle">{escape(mark)}</text>'
    )
