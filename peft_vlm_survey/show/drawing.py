"""The drawing of a method: what is frozen, what is added and trained, where it sits, and where the gradient runs."""

import hashlib
from collections.abc import Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.drawings import LINE, STATES, DrawnPart
from peft_vlm_survey.show.drawing_graph import text_alternative
from peft_vlm_survey.show.drawing_layout import (
    LETTERS,
    SQUARE,
    SQUARE_GAP,
    WIDTH,
    Box,
    Layout,
    Point,
    Way,
    is_sign,
    lay_out,
    squares,
)
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.markup import Markup
from peft_vlm_survey.show.style import ACCENT, FAINT, FROZEN, INK, SETTINGS, TRAINED, finish

# Grey is what the model had, a tint what the method brings; a thick line is what is trained. So it reads in grey, too.
_LOOKS: dict[str, dict[str, Any]] = {
    "frozen": {"facecolor": FROZEN, "edgecolor": FAINT, "linewidth": 0.7},
    "tuned": {"facecolor": FROZEN, "edgecolor": ACCENT, "linewidth": 1.9},
    "added": {"facecolor": TRAINED, "edgecolor": ACCENT, "linewidth": 1.9},
    "": {"facecolor": "white", "edgecolor": INK, "linewidth": 0.7},
    "given": {"facecolor": "none", "edgecolor": ACCENT, "linewidth": 0.9, "linestyle": (0, (2.5, 1.5))},
}
LINES: dict[str, Any] = {"": "-", "stops": "-", "writes": (0, (4, 1.5)), "copies": (0, (1, 1.6))}
BACK = (0, (2.4, 1.5))
_HEAD, _HALF = 4.2, 2.1  # the length of an arrow's head, and half its width
SMALL_LETTERS = 8.0  # points: the letters of the key and of frames, as large as those of a footnote
_SWATCH, KEY_LINE, _LETTER = (10.5, 7.5), 13.0, 4.2
_WRITTEN, _COPIED = "writes its weights", "copied"


def drawing(key: str, *, caption: str, label: str, survey: Survey) -> Markup:
    """Return the figure of a method's drawing. Raises KeyError if there is none."""
    described, parts = survey.drawing(key), survey.drawn_parts(key)
    content = text_alternative(survey.name(key), described, parts), [part.row.cells for part in parts]
    made = hashlib.sha256(repr(content).encode()).hexdigest()[:12]  # so that a chapter is read again if it changes
    return Markup(f":::{{drawing}} {key}\n:name: {label}\n:made: {made}\n\n{caption}\n:::\n")


def draw(parts: Sequence[DrawnPart]) -> Figure:
    """Draw parts and arrows, and below them the key of what stands in the drawing."""
    layout = lay_out(parts)
    key = _key(layout)
    below = KEY_LINE * (1 + max(line for _, _, line in key)) + 4
    height = layout.height + below
    with matplotlib.rc_context(SETTINGS):
        figure = Canvas(figsize=(WIDTH / 72, height / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(-below, layout.height)
        axes.axis("off")
        for part, box in layout.boxes:
            if part.kind == "frame":
                _frame(axes, box)
        for part, (x, y) in layout.heads:
            axes.text(x, y, part.label, fontsize=SMALL_LETTERS, ha="left", va="top")
        for way in layout.ways:
            _arrow(axes, way)
        for way_down in layout.below:
            draw_line(axes, way_down, ACCENT, 1.1, BACK)
        for part, box in layout.boxes:
            _part(axes, part, box)
        for name, x, line in key:
            draw_entry(axes, name, x, -4 - KEY_LINE * (line + 0.5))
    return finish(figure)


def _part(axes: Axes, part: DrawnPart, box: Box) -> None:
    if part.kind == "block":
        draw_block(axes, box, part.state)
    elif part.kind == "tokens":
        _tokens(axes, part, box)
        return
    elif is_sign(part):
        axes.add_patch(Circle((box.x, box.y), (box.high - box.low) / 2, **_LOOKS[""]))
    elif part.kind == "operation":
        draw_block(axes, box, "")
    elif part.kind == "frame":
        return
    draw_text(axes, box.x, box.y, part.label, bold=part.is_trained or is_sign(part))


def draw_block(axes: Axes, box: Box, state: str) -> None:
    """Draw a part as a rounded box, by what becomes of its weights."""
    axes.add_patch(
        FancyBboxPatch(
            (box.left, box.low),
            box.right - box.left,
            box.high - box.low,
            boxstyle="round,pad=0,rounding_size=2.5",
            **_LOOKS[state],
        )
    )


def _tokens(axes: Axes, part: DrawnPart, box: Box) -> None:
    """Draw a row of squares, and the label below them."""
    for place in range(squares(box.right - box.left)):
        corner = (box.left + place * (SQUARE + SQUARE_GAP), box.high - SQUARE)
        axes.add_patch(
            FancyBboxPatch(corner, SQUARE, SQUARE, boxstyle="round,pad=0,rounding_size=1", **_LOOKS[part.state])
        )
    if part.label:
        draw_text(axes, box.x, (box.low + box.high - SQUARE) / 2 - 0.5, part.label, bold=part.is_trained)


def _frame(axes: Axes, box: Box) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (box.left, box.low),
            box.right - box.left,
            box.high - box.low,
            boxstyle="round,pad=0,rounding_size=4",
            facecolor="none",
            edgecolor=FAINT,
            linewidth=0.8,
            linestyle=(0, (1, 1.5)),
        )
    )


def draw_text(axes: Axes, x: float, y: float, label: str, *, bold: bool) -> None:
    """Write a label around a point."""
    axes.text(
        x,
        y,
        label.replace(LINE, "\n"),
        fontsize=LETTERS,
        fontweight="bold" if bold else "normal",
        ha="center",
        va="center_baseline" if LINE not in label else "center",
        linespacing=1.12,
    )


def _arrow(axes: Axes, way: Way) -> None:
    draw_line(axes, way.corners, INK, 0.8, LINES[way.arrow.link.meaning])
    if way.back:
        draw_line(axes, way.back, ACCENT, 1.1, BACK)


def draw_line(axes: Axes, corners: Sequence[Point], colour: str, width: float, dashes: Any) -> None:
    """Draw a line along its corners with a head at the last."""
    (x, y), tip = corners[-2:]
    length = abs(tip[0] - x) + abs(tip[1] - y) or 1
    along = (tip[0] - x) / length, (tip[1] - y) / length
    foot = tip[0] - along[0] * _HEAD, tip[1] - along[1] * _HEAD
    line = [*corners[:-1], foot]
    axes.plot(*zip(*line, strict=True), color=colour, linewidth=width, linestyle=dashes, solid_capstyle="butt")
    side = along[1] * _HALF, -along[0] * _HALF
    head = (tip, (foot[0] + side[0], foot[1] + side[1]), (foot[0] - side[0], foot[1] - side[1]))
    axes.add_patch(Polygon(head, closed=True, facecolor=colour, edgecolor="none"))


def _key(layout: Layout) -> list[tuple[str, float, int]]:
    """Return the entries of the key with where they begin, and on which line."""
    states = {part.state for part, _ in layout.boxes}
    meanings = {way.arrow.link.meaning for way in layout.ways}
    names = [words for state, words in STATES.items() if state in states]
    names += [_WRITTEN] if "writes" in meanings else []
    names += [_COPIED] if "copies" in meanings else []
    names += ["gradient"] if any(way.back for way in layout.ways) else []
    placed, x, line = [], 3.0, 0
    for name in names:
        wide = _SWATCH[0] + 4 + len(name) * _LETTER
        if x + wide > WIDTH:
            x, line = 3.0, line + 1
        placed.append((name, x, line))
        x += wide + 7
    return placed


def draw_entry(axes: Axes, name: str, x: float, y: float) -> None:
    """Draw one entry of the key."""
    wide, high = _SWATCH
    state = next((state for state, words in STATES.items() if words == name), "")
    if state:
        draw_block(axes, Box(x, y - high / 2, x + wide, y + high / 2), state)
    elif name == "gradient":
        draw_line(axes, ((x + wide, y), (x, y)), ACCENT, 1.1, BACK)
    else:
        draw_line(axes, ((x, y), (x + wide, y)), INK, 0.8, LINES["writes" if name == _WRITTEN else "copies"])
    axes.text(x + wide + 4, y, name, fontsize=SMALL_LETTERS, ha="left", va="center")
