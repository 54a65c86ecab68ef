"""Small drawings of one kind side by side: frozen blocks, what is attached to them, and where the gradient runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Circle

from peft_vlm_survey.show.drawing import BACK, KEY_LINE, LINES, draw_block, draw_entry, draw_line
from peft_vlm_survey.show.drawing_layout import LETTERS, WIDTH, Box, Point
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.style import ACCENT, INK, SETTINGS, finish

_COLUMNS, _HIGH = 2, 103
_WIDE = WIDTH / _COLUMNS
MAIN, UPPER = 36, 66  # the heights of the way through the model, and of what runs above it
_BESIDE = 3.5  # between an arrow and the gradient that runs back along it
SIGN = 5  # the radius of an operation
# What the key names, by the state of a block that it stands for, and the width of the entry.
_KEY = (
    ("frozen", "frozen", 49),
    ("added and trained", "added", 96),
    ("trained in place", "tuned", 84),
    ("gradient", "gradient", 0),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A box around a point; `state` is what becomes of its weights."""

    x: float
    y: float
    wide: float
    label: str
    state: str = "frozen"
    high: float = 18


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow along its corners, along which a gradient may run back, or which writes weights."""

    corners: tuple[Point, ...]
    gradient: bool = False
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One small drawing with its equation below."""

    title: str
    equation: str
    blocks: tuple[Block, ...]
    ways: tuple[Way, ...]
    signs: tuple[tuple[float, float, str], ...] = ()
    texts: tuple[tuple[float, float, str], ...] = ((6, MAIN, "$x$"),)


def along(*xs: float, gradient: bool = True, y: float = MAIN) -> tuple[Way, ...]:
    """Return arrows from left to right, from the first to the second of each pair of places."""
    return tuple(Way(((x, y), (to_x, y)), gradient) for x, to_x in zip(xs[::2], xs[1::2], strict=True))


def above(left: float, right: float, box: tuple[float, float], *, gradient: bool = True) -> tuple[Way, ...]:
    """Return the way that leaves the main one, runs through a box above it, and comes back."""
    into = Way(((left, MAIN), (left, UPPER), (box[0], UPPER)))
    back = Way(((box[1], UPPER), (right, UPPER), (right, MAIN + SIGN)), gradient)
    return into, back


def draw_panels(panels: Sequence[Panel]) -> Figure:
    """Draw the panels in two columns, with one key below."""
    rows = -(-len(panels) // _COLUMNS)
    below = KEY_LINE + 4
    height = rows * _HIGH
    with matplotlib.rc_context(SETTINGS):
        figure = Canvas(figsize=(WIDTH / 72, (height + below) / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(-below, height)
        axes.axis("off")
        for place, panel in enumerate(panels):
            row, column = divmod(place, _COLUMNS)
            _draw(axes, panel, column * _WIDE, height - (row + 1) * _HIGH)
        x = 3.0
        drawn = {block.state for panel in panels for block in panel.blocks if block.state}
        drawn |= {"gradient" for panel in panels for way in panel.ways if way.gradient}
        for name, state, wide in _KEY:
            if state in drawn:
                draw_entry(axes, name, x, -4 - KEY_LINE / 2)
                x += wide
    return finish(figure)


def _draw(axes: Axes, panel: Panel, left: float, low: float) -> None:
    axes.text(left + 3, low + _HIGH - 10, panel.title, fontsize=LETTERS, fontweight="bold", ha="left", va="center")
    axes.text(left + _WIDE / 2, low + 11, panel.equation, fontsize=LETTERS, ha="center", va="center")
    for way in panel.ways:
        corners = _moved(way.corners, left, low)
        draw_line(axes, corners, INK, 0.8, LINES[way.meaning])
        if way.gradient:
            draw_line(axes, _back(corners), ACCENT, 1.1, BACK)
    for block in panel.blocks:
        x, y = left + block.x, low + block.y
        box = Box(x - block.wide / 2, y - block.high / 2, x + block.wide / 2, y + block.high / 2)
        draw_block(axes, box, block.state)
        axes.text(x, y, block.label, fontsize=LETTERS, ha="center", va="center_baseline")
    for x, y, sign in panel.signs:
        axes.add_patch(Circle((left + x, low + y), SIGN, facecolor="white", edgecolor=INK, linewidth=0.7))
        axes.text(left + x, low + y, sign, fontsize=LETTERS, ha="center", va="center")
    for x, y, words in panel.texts:
        axes.text(left + x, low + y, words, fontsize=LETTERS, ha="center", va="center")


def _moved(corners: Sequence[Point], right: float, up: float) -> tuple[Point, ...]:
    return tuple((x + right, y + up) for x, y in corners)


def _back(corners: Sequence[Point]) -> tuple[Point, ...]:
    """Return the way of the gradient: back along an arrow, below it where it is level and right of it where it is not."""
    if len({y for _, y in corners}) == 1:
        return tuple((x, y - _BESIDE) for x, y in reversed(corners))
    first = corners[0]
    bent = len(corners) > 2
    return tuple(
        (x if bent and (x, y) == first else x + _BESIDE, y + (_BESIDE if bent and y == first[1] else 0))
        for x, y in reversed(corners)
    )
