"""One style for every figure: vector, in the colours of the categories, the same bytes for the same data."""

import io
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import fontManager
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.figure import Figure

for _file in Path(__file__).parent.glob("fonts/*.ttf"):
    fontManager.addfont(_file)

WIDTH = 6.3  # inches: the width of the text in print
INK = "#2b2b2b"
FAINT = "#8a8a8a"
ACCENT = "#a63d1f"
FROZEN, TRAINED = "#e4e4e4", "#f2cfc4"  # the fills of parts of models in drawings
# Lightness falls from category to category, so that they differ in grey too (CIE L* 27, 45, 57, 66, 77).
COLOURS = {
    "grounding": "#17407a",
    "qa": "#b8451b",
    "vision": "#2b9a78",
    "language": "#bf90d0",
    "recognition": "#e2b93b",
}
MARKERS = {
    "adapter": "o",
    "prompt": "s",
    "reparameterisation": "^",
    "selective": "D",
    "side-tuning": "v",
    "hypernetwork": "P",
    "quantised": "X",
    "hybrid": "*",
}
SETTINGS: dict[Any, Any] = {
    "font.family": ["Survey Sans", "DejaVu Sans"],  # the second has marks that the first lacks
    "font.size": 9,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelsize": 8.5,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "svg.fonttype": "path",
    "svg.hashsalt": "peft-vlm-survey",
    "pdf.fonttype": 42,
}


_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}
# Slides have grounds of any colour: what is no vector stands on white. 240 dots an inch are twice the site's width.
_RASTER: dict[str, Any] = {"facecolor": "white"}
_DOTS = 240 * WIDTH  # from side to side, also of a figure that is narrower than the text


def canvas(
    height: float, columns: int = 1, width: float = WIDTH, **ratios: Sequence[float]
) -> tuple[Canvas, Sequence[Axes]]:
    """Return an empty figure, `width` (that of the text) by `height` inches, and its axes from left to right."""
    with matplotlib.rc_context(SETTINGS):
        figure = Canvas(figsize=(width, height), layout="constrained")
        axes = figure.subplots(1, columns, squeeze=False, gridspec_kw=ratios)
    return figure, list(axes[0])


def panels(rows: int, columns: int, height: float) -> tuple[Canvas, Sequence[Axes]]:
    """Return an empty figure as wide as the text and `height` inches high, and its panels row by row."""
    with matplotlib.rc_context(SETTINGS):
        figure = Canvas(figsize=(WIDTH, height), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False, sharex=True)
    return figure, list(axes.flat)


def finish(figure: Canvas, data: Sequence[Mapping[str, str]] = ()) -> Figure:
    """Return a drawn figure in the forms of the book; `data` are the rows of the sources behind it."""

    def draw(form: str) -> bytes:
        raw = io.BytesIO()
        raster = {"dpi": _DOTS / figure.get_figwidth(), **_RASTER} if form == "png" else {}
        with matplotlib.rc_context(SETTINGS):
            _settle(figure)
            figure.savefig(raw, format=form, metadata=_METADATA[form], **raster)
        return raw.getvalue()

    return Figure(draw=draw, data=data, canvas=figure)


def _settle(figure: Canvas) -> None:
    """Lay a figure out as SVG, once for all forms: each form would lay it out anew, and draw it twice for that."""
    layout = figure.get_layout_engine()
    if layout is None:
        return
    dots = figure.dpi
    FigureCanvasSVG(figure)  # the letters are as wide as they are there
    figure.dpi = FigureCanvasSVG.fixed_dpi
    layout.execute(figure)
    figure.dpi = dots
    figure.set_layout_engine(None)


def grid(axes: Axes, axis: str) -> None:
    """Draw faint grid lines behind the data, along one axis."""
    axes.grid(axis=axis, color=FAINT, linewidth=0.4, alpha=0.4)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def matrix(axes: Axes, columns: Sequence[str], rows: Sequence[str], **slant: Any) -> None:
    """Name the columns of a matrix above it and the rows beside it, without ticks; `slant` is how long names are turned."""
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xticks(range(len(columns)), columns, **slant)
    above(axes)


def above(axes: Axes) -> None:
    """Put what stands along the horizontal axis above the figure, and leave out ticks and the lines of both axes."""
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _category_marks(present: Collection[str]) -> list[Line2D]:
    return [
        Line2D([], [], marker="o", linestyle="", color=COLOURS[c], markeredgecolor=INK, markeredgewidth=0.6, label=name)
        for c, name in CATEGORIES.items()
        if c in present
    ]


def category_legend_within(axes: Axes, present: Collection[str]) -> None:
    """Name the colours of the categories in the upper left, which the data must leave empty, the topmost first."""
    marks = _category_marks(present)[::-1]
    axes.legend(handles=marks, loc="upper left", frameon=False, fontsize=8, handletextpad=0.1, borderaxespad=0)


def category_legend(figure: Canvas, present: Collection[str]) -> None:
    """Name the colours of the categories that a figure shows, below it."""
    handles = _category_marks(present)
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=min(len(handles), 3 if len(handles) > 4 else 4),
        frameon=False,
        fontsize=8,
        handletextpad=0.1,
        columnspacing=1.4,
    )


def label_points(axes: Axes, points: Sequence[tuple[float, float]], labels: Sequence[str]) -> None:
    """Write each label beside its point, at the first place where it covers no other point or label; without one a point is kept clear."""
    figure = axes.get_figure(root=True)
    assert figure is not None, "axes come from canvas()"  # noqa: S101
    figure.draw_without_rendering()  # settles the layout, on which every place depends
    marks = [axes.transData.transform(point) for point in points]
    taken: list[Bbox] = []
    for point, label in zip(points, labels, strict=True):
        if not label:
            continue
        for place in _PLACES:
            text = _annotate(axes, point, label, place)
            text.update_positions(figure._get_renderer())  # type: ignore[attr-defined]
            box = Text.get_window_extent(text).padded(1)
            inside = axes.bbox.padded(2).contains(box.x0, box.y0) and axes.bbox.padded(2).contains(box.x1, box.y1)
            clear = not any(box.overlaps(other) for other in taken)
            if inside and clear and not any(box.padded(3).contains(*mark) for mark in marks):
                break
            text.remove()
        else:
            box = Text.get_window_extent(_annotate(axes, point, label, _PLACES[0])).padded(1)
        taken.append(box)


# Offsets in points with the side of the text that touches the point: near ones first, then ones that need a line.
_NEAR = (
    (6, 0, "left", "center"),
    (-6, 0, "right", "center"),
    (0, 6, "center", "bottom"),
    (0, -6, "center", "top"),
    (5, 5, "left", "bottom"),
    (5, -5, "left", "top"),
    (-5, 5, "right", "bottom"),
    (-5, -5, "right", "top"),
)
_FAR = tuple(
    (right, up, "left" if right > 0 else "right" if right < 0 else "center", "bottom" if up > 0 else "top")
    for distance in (16, 26, 36, 48)
    for right, up in (
        (0, -distance),
        (0, distance),
        (distance, -distance),
        (distance, distance),
        (-distance, -distance),
        (-distance, distance),
    )
)
_PLACES = (*_NEAR, *_FAR)


def _annotate(axes: Axes, point: tuple[float, float], label: str, place: tuple[float, float, str, str]) -> Annotation:
    right, up, horizontal, vertical = place
    line = {"arrowstyle": "-", "color": FAINT, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3} if place in _FAR else None
    return axes.annotate(
        label,
        point,
        xytext=(right, up),
        textcoords="offset points",
        ha=horizontal,
        va=vertical,
        fontsize=7.5,
        color=INK,
        arrowprops=line,
    )
