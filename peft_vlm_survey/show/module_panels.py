"""The families of modules as small drawings of one kind: one frozen block each, what is attached, and where the gradient runs."""

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
_MAIN, _UPPER = 36, 66  # the heights of the way through the model, and of what runs above it
_BESIDE = 3.5  # between an arrow and the gradient that runs back along it
_BOX = 18  # the height of a box
_SIGN = 5  # the radius of an operation
_KEY = (("frozen", 3.0), ("added and trained", 52.0), ("trained in place", 148.0), ("gradient", 232.0))


@dataclass(frozen=True, slots=True)
class _Block:
    """A box around a point; `state` is what becomes of its weights."""

    x: float
    y: float
    wide: float
    label: str
    state: str = "frozen"


@dataclass(frozen=True, slots=True)
class _Way:
    """An arrow along its corners, along which a gradient may run back, or which writes weights."""

    corners: tuple[Point, ...]
    gradient: bool = False
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class _Panel:
    """One small drawing with its equation below."""

    title: str
    equation: str
    blocks: tuple[_Block, ...]
    ways: tuple[_Way, ...]
    signs: tuple[tuple[float, float, str], ...] = ()
    texts: tuple[tuple[float, float, str], ...] = ((6, _MAIN, "$x$"),)


def _along(*xs: float, gradient: bool = True, y: float = _MAIN) -> tuple[_Way, ...]:
    """Return arrows from left to right, from the first to the second of each pair of places."""
    return tuple(_Way(((x, y), (to_x, y)), gradient) for x, to_x in zip(xs[::2], xs[1::2], strict=True))


def _above(left: float, right: float, box: tuple[float, float], *, gradient: bool = True) -> tuple[_Way, ...]:
    """Return the way that leaves the main one, runs through a box above it, and comes back."""
    into = _Way(((left, _MAIN), (left, _UPPER), (box[0], _UPPER)))
    back = _Way(((box[1], _UPPER), (right, _UPPER), (right, _MAIN + _SIGN)), gradient)
    return into, back


_FACTORS = (_Block(50, _UPPER, 22, "$A$", "added"), _Block(84, _UPPER, 22, "$B$", "added"))
_LOW_RANK = (
    *_along(12, 46, 88, 106, 116, 134),
    _Way(((22, _MAIN), (22, _UPPER), (39, _UPPER))),
    *_along(61, 73, y=_UPPER),
    _Way(((95, _UPPER), (111, _UPPER), (111, _MAIN + _SIGN)), True),
)
_PANELS = (
    _Panel(
        "Adapter, sequential",
        r"$h \leftarrow h + s\,W_u\,\sigma(W_d\,h)$",
        (_Block(38, _MAIN, 34, "layer"), _Block(88, _UPPER, 38, "adapter", "added")),
        (*_along(12, 21, 55, 109, 119, 134), *_above(60, 114, (69, 107))),
        ((114, _MAIN, "+"),),
    ),
    _Panel(
        "Adapter, parallel",
        r"$h \leftarrow h + s\,W_u\,\sigma(W_d\,x)$",
        (_Block(68, _MAIN, 40, "layer"), _Block(68, _UPPER, 40, "adapter", "added")),
        (*_along(12, 48, 88, 106, 116, 134), *_above(22, 111, (48, 88))),
        ((111, _MAIN, "+"),),
    ),
    _Panel(
        "Prompt",
        r"$X \leftarrow [P;\,X]$",
        (_Block(38, _UPPER, 30, "$P$", "added"), _Block(82, _MAIN, 52, "layers")),
        (*_along(12, 33, 43, 56, 108, 134), _Way(((38, _UPPER - 9), (38, _MAIN + _SIGN)), True)),
        ((38, _MAIN, "∥"),),
        ((6, _MAIN, "$X$"),),
    ),
    _Panel(
        "LoRA",
        r"$W = W_0 + \frac{\alpha}{r}\,B\,A$",
        (_Block(67, _MAIN, 42, "$W_0$"), *_FACTORS),
        _LOW_RANK,
        ((111, _MAIN, "+"),),
    ),
    _Panel(
        "Scale and shift",
        r"$h \leftarrow \gamma \odot h + \beta$",
        (_Block(48, _MAIN, 42, "$W_0$"), _Block(98, _UPPER, 30, r"$\gamma,\ \beta$", "added")),
        (*_along(12, 27, 69, 93, 103, 134), _Way(((98, _UPPER - 9), (98, _MAIN + _SIGN)), True)),
        ((98, _MAIN, "⊙"),),
    ),
    _Panel(
        "Selective",
        r"$\theta \leftarrow \theta + m \odot \delta$",
        (_Block(68, _MAIN + 12, 60, "weights"), _Block(68, _MAIN - 6, 60, "biases", "tuned")),
        _along(12, 38, 98, 134),
    ),
    _Panel(
        "Side network",
        r"$u_i = S_i(\lambda_i u_{i-1} + (1 - \lambda_i) D_i h_i)$",
        (
            _Block(44, _MAIN, 30, "layer"),
            _Block(96, _MAIN, 30, "layer"),
            _Block(62, _UPPER, 26, "$S_1$", "added"),
            _Block(112, _UPPER, 26, "$S_2$", "added"),
        ),
        (
            *_along(12, 29, 59, 81, 111, 132, gradient=False),
            _Way(((64, _MAIN), (64, _UPPER - 9))),
            _Way(((119, _MAIN), (119, _UPPER - 9))),
            *_along(75, 99, 125, 137, y=_UPPER),
        ),
    ),
    _Panel(
        "Hypernetwork",
        r"$(W_d, W_u)_{t,l} = H_\phi(z_{t,l})$",
        (
            _Block(38, _MAIN, 34, "layer"),
            _Block(92, _MAIN, 40, "adapter", "given"),
            _Block(92, _UPPER, 30, r"$H_\phi$", "added"),
            _Block(38, _UPPER, 22, "$z$", "added"),
        ),
        (
            *_along(12, 21, 55, 72, 112, 134),
            *_along(49, 77, y=_UPPER),
            _Way(((92, _UPPER - 9), (92, _MAIN + 9)), True, "writes"),
        ),
    ),
    _Panel(
        "Quantised, with LoRA",
        r"$y = \mathrm{deq}(W_4)\,x + \frac{\alpha}{r}\,B\,A\,x$",
        (_Block(67, _MAIN, 42, "4 bits"), *_FACTORS),
        _LOW_RANK,
        ((111, _MAIN, "+"),),
    ),
    _Panel(
        "Behind the encoder",
        r"$h \leftarrow h + s\,\Delta(h),\quad h = F_\theta(x)$",
        (_Block(42, _MAIN, 44, "encoder"), _Block(101, _MAIN, 40, "module", "added")),
        (*_along(12, 20, 64, 81, gradient=False), *_along(121, 134)),
    ),
)


def modules() -> Figure:
    """Draw how each family is attached to a frozen model, in one style and with its equation."""
    rows = -(-len(_PANELS) // _COLUMNS)
    below = KEY_LINE + 4
    height = rows * _HIGH
    with matplotlib.rc_context(SETTINGS):
        figure = Canvas(figsize=(WIDTH / 72, (height + below) / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(-below, height)
        axes.axis("off")
        for place, panel in enumerate(_PANELS):
            row, column = divmod(place, _COLUMNS)
            _draw(axes, panel, column * _WIDE, height - (row + 1) * _HIGH)
        for name, x in _KEY:
            draw_entry(axes, name, x, -4 - KEY_LINE / 2)
    return finish(figure)


def _draw(axes: Axes, panel: _Panel, left: float, low: float) -> None:
    axes.text(left + 3, low + _HIGH - 10, panel.title, fontsize=LETTERS, fontweight="bold", ha="left", va="center")
    axes.text(left + _WIDE / 2, low + 11, panel.equation, fontsize=LETTERS, ha="center", va="center")
    for way in panel.ways:
        corners = _moved(way.corners, left, low)
        draw_line(axes, corners, INK, 0.8, LINES[way.meaning])
        if way.gradient:
            draw_line(axes, _back(corners), ACCENT, 1.1, BACK)
    for block in panel.blocks:
        x, y = left + block.x, low + block.y
        box = Box(x - block.wide / 2, y - _BOX / 2, x + block.wide / 2, y + _BOX / 2)
        draw_block(axes, box, block.state)
        axes.text(x, y, block.label, fontsize=LETTERS, ha="center", va="center_baseline")
    for x, y, sign in panel.signs:
        axes.add_patch(Circle((left + x, low + y), _SIGN, facecolor="white", edgecolor=INK, linewidth=0.7))
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
