"""Where the parts and arrows of a drawing stand, in points from its lower left corner."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from peft_vlm_survey.read.drawings import COLUMNS, LINE, DrawnPart
from peft_vlm_survey.show.drawing_graph import Arrow, arrows

Point = tuple[float, float]
WIDTH = 281  # as wide as a phone shows without shrinking its letters below those of a footnote
LETTERS = 8.5
_MARGIN, _LINE, _GAP = 6, 10.5, 13
_COLUMN = (WIDTH - 2 * _MARGIN) / COLUMNS
_FRAME_FOOT, _FRAME_HEAD = 7, 19
SQUARE, SQUARE_GAP = 9, 3  # of tokens
_LETTER, _SMALL_LETTER = 4.9, 4.2  # the width of a letter, about: of a part, and of a frame
_FRAME_EDGE = 4
_OPERATION = 13
_LANE = 8  # between a column of parts and the way around it
_ASIDE = 3.5  # between two ways that meet at a sign
_SAME = 3
_BESIDE = 3  # between an arrow and the gradient that runs back along it


@dataclass(frozen=True, slots=True)
class Box:
    """A place: the ends of a part, or of a text."""

    left: float
    low: float
    right: float
    high: float

    @property
    def x(self) -> float:
        """The middle from left to right."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """The middle from below."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow with the corners of its line, and those of the gradient's line beside it, if one runs."""

    arrow: Arrow
    corners: tuple[Point, ...]
    back: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing as it stands, without its key; `heads` is where the labels of frames begin.

    `below` are the ways of the gradient into layers that are not drawn.
    """

    height: float
    boxes: tuple[tuple[DrawnPart, Box], ...]
    ways: tuple[Way, ...]
    heads: tuple[tuple[DrawnPart, Point], ...]
    below: tuple[tuple[Point, Point], ...]


def lay_out(parts: Sequence[DrawnPart]) -> Layout:
    """Return where everything stands: levels as high as their highest part, columns as the parts say."""
    lows, height = _levels(parts)
    boxes = {part.part: _box(part, lows) for part in parts}
    ways = []
    for arrow in arrows(parts):
        corners = _corners(arrow, boxes, parts)
        ways.append(Way(arrow, corners, _beside(corners) if arrow.gradient else ()))
    heads = tuple((part, _head(part, boxes[part.part], ways)) for part in parts if part.kind == "frame")
    below = tuple(_down(boxes[part.part]) for part in parts if part.trained_below)
    return Layout(height, tuple((part, boxes[part.part]) for part in parts), tuple(ways), heads, below)


def _down(tokens: Box) -> tuple[Point, Point]:
    """Return the way of the gradient from the last of the tokens into the layers below."""
    x = tokens.right - SQUARE / 2
    return (x, tokens.high - SQUARE - 1), (x, tokens.low)


def _head(frame: DrawnPart, box: Box, ways: Sequence[Way]) -> Point:
    """Return where a frame's label begins: at the first place from the left where no arrow runs through it."""
    high = box.high - _FRAME_EDGE
    low = high - _LINE
    lines = [(corners, end) for way in ways for line in (way.corners, way.back) for corners, end in pairwise(line)]
    crossing = [
        x for (x, y), (_, to_y) in lines if min(y, to_y) < high and max(y, to_y) > low and box.left < x < box.right
    ]
    edges = sorted({box.left, box.right, *crossing})
    wide = written(frame.label, _SMALL_LETTER) + 2 * _FRAME_EDGE
    free = [left for left, right in pairwise(edges) if right - left >= wide]
    return (free[0] if free else box.left) + _FRAME_EDGE, high


def _lines(part: DrawnPart) -> int:
    return part.label.count(LINE) + 1 if part.label else 0


def _own_height(part: DrawnPart) -> float:
    lines = _LINE * _lines(part)
    if is_sign(part):
        return _OPERATION
    return {"tokens": SQUARE + lines + 2, "end": lines + 1}.get(part.kind, lines + 7)


def is_sign(part: DrawnPart) -> bool:
    """Return whether a part is an operation that a sign stands for, in a circle."""
    return part.kind == "operation" and len(part.label) == 1


def _span(part: DrawnPart) -> tuple[int, int]:
    """Return the lowest and the highest level of a part."""
    first = int(part.level)
    return first, first + int(part.levels or 1) - 1


def _levels(parts: Sequence[DrawnPart]) -> tuple[dict[int, tuple[float, float]], float]:
    """Return the lower and upper end of each level, and the height of all."""
    frames = [_span(part) for part in parts if part.kind == "frame"]
    last = max(_span(part)[1] for part in parts)
    at, ends = float(_MARGIN), {}
    for level in range(1, last + 1):
        at += _FRAME_FOOT * sum(first == level for first, _ in frames)
        heights = [_own_height(part) for part in parts if part.kind != "frame" and _span(part) == (level, level)]
        ends[level] = (at, at + max(heights, default=_LINE))
        at = ends[level][1] + _FRAME_HEAD * sum(end == level for _, end in frames) + _GAP
    return ends, at - _GAP + _MARGIN


def _box(part: DrawnPart, ends: dict[int, tuple[float, float]]) -> Box:
    left = _MARGIN + float(part.left) * _COLUMN
    right = left + float(part.width) * _COLUMN
    first, last = _span(part)
    low, high = ends[first][0], ends[last][1]
    if part.kind == "frame":
        return Box(left, low - _FRAME_FOOT, right, high + _FRAME_HEAD)
    if first != last:
        return Box(left, low, right, high)
    middle, centre, height = (low + high) / 2, (left + right) / 2, _own_height(part)
    half = _own_width(part, right - left) / 2
    return Box(centre - half, middle - height / 2, centre + half, middle + height / 2)


def squares(width: float) -> int:
    """Return how many tokens have room in a width."""
    return max(1, int((width + SQUARE_GAP + 0.01) // (SQUARE + SQUARE_GAP)))


def written(label: str, letter: float = _LETTER) -> float:
    """Return about how wide a label is."""
    return max(map(len, label.split(LINE))) * letter


def _own_width(part: DrawnPart, room: float) -> float:
    """Return how wide a part is that does not fill its room: a sign, a row of squares, and a bare text."""
    if is_sign(part):
        return _OPERATION
    if part.kind == "tokens":
        return squares(room) * (SQUARE + SQUARE_GAP) - SQUARE_GAP
    return min(room, written(part.label) + 4) if part.kind == "end" else room


def _corners(arrow: Arrow, boxes: dict[str, Box], parts: Sequence[DrawnPart]) -> tuple[Point, ...]:
    start, end = boxes[arrow.start.part], boxes[arrow.end.part]
    if arrow.link.route in ("left", "right"):
        return _around(arrow, boxes, parts)
    low, high = max(start.low, end.low), min(start.high, end.high)
    if low < high and arrow.link.route != "side":  # side by side
        y = _height_beside(arrow.start, start)
        y = y if low < y < high and abs(y - _height_beside(arrow.end, end)) < _SAME else (low + high) / 2
        return ((start.right, y), (end.left, y)) if start.x < end.x else ((start.left, y), (end.right, y))
    leaves = start.high if start.y < end.y else start.low
    left, right = max(start.left, end.left), min(start.right, end.right)
    if arrow.link.route != "side" and right - left > _SAME:
        narrow = start if start.right - start.left < end.right - end.left else end
        x = narrow.x if left < narrow.x < right else (left + right) / 2
        return (x, leaves), (x, _entered(arrow.end, end, x, from_below=start.y < end.y))
    beside = _height_beside(arrow.start, start)
    if arrow.link.route == "side":
        edge = start.right if end.x > start.x else start.left
        return (
            (edge, beside),
            (end.x, beside),
            (end.x, _entered(arrow.end, end, end.x, from_below=start.y < end.y)),
        )
    edge = end.right if start.x > end.x else end.left
    height = _height_beside(arrow.end, end)
    return (start.x, leaves), (start.x, height), (edge, height)


def _height_beside(part: DrawnPart, box: Box) -> float:
    """Return at which height an arrow leaves or enters at the side: of tokens, at their squares."""
    return box.high - SQUARE / 2 if part.kind == "tokens" else box.y


def _entered(part: DrawnPart, box: Box, x: float, *, from_below: bool) -> float:
    """Return at which height an arrow enters: between letters and squares, if it is clear of the letters."""
    if not from_below:
        return box.high
    clear = part.kind == "tokens" and abs(x - box.x) > written(part.label) / 2 + 4
    return box.high - SQUARE - 1 if clear else box.low


def _around(arrow: Arrow, boxes: dict[str, Box], parts: Sequence[DrawnPart]) -> tuple[Point, ...]:
    """Return the way around whatever stands between two parts of a column."""
    start, end = boxes[arrow.start.part], boxes[arrow.end.part]
    left, right = min(start.left, end.left), max(start.right, end.right)
    low, high = sorted((start.y, end.y))
    between = [
        box
        for part in parts
        if part.kind != "frame"
        and (box := boxes[part.part]).high > low
        and box.low < high
        and box.right > left
        and box.left < right
    ]
    # A way that begins at a sign, where another may end, keeps clear of it.
    aside = _ASIDE if is_sign(arrow.start) else 0
    from_height = _height_beside(arrow.start, start) + (aside if start.y < end.y else -aside)
    if arrow.link.route == "right":
        lane = max(box.right for box in between) + _LANE + aside
        return (start.right, from_height), (lane, from_height), (lane, end.y), (end.right, end.y)
    lane = min(box.left for box in between) - _LANE - aside
    return (start.left, from_height), (lane, from_height), (lane, end.y), (end.left, end.y)


def _beside(corners: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return the line that runs beside another one, from its end back to its start."""
    moved = []
    for (x, y), (to_x, to_y) in pairwise(corners):
        right = (to_y > y) - (to_y < y), (x > to_x) - (x < to_x)
        moved.append(
            ((x + right[0] * _BESIDE, y + right[1] * _BESIDE), (to_x + right[0] * _BESIDE, to_y + right[1] * _BESIDE))
        )
    line = [moved[0][0]]
    for (start, end), (then, _) in pairwise(moved):
        # Lines run along the page's sides: where two meet, each gives the coordinate that the other leaves open.
        line.append((end[0], then[1]) if start[0] == end[0] else (then[0], end[1]))
    line.append(moved[-1][1])
    return tuple(reversed(line))
