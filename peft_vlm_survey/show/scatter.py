"""A scatter of a board with its front, as SVG text: light enough to draw hundreds of, and in the colours of its page."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import pairwise

from peft_vlm_survey.compare.boards import Board
from peft_vlm_survey.compare.front import pareto_front
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.show.numbers import TRAINED_AXIS, describe

WIDTH, HEIGHT = 680, 330
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 664, 22, 280
_LETTER = 6.4  # about the width of a letter of a label
_FEWEST = 3  # points
LETTERS = 11  # pixels


@dataclass(frozen=True, kw_only=True, slots=True)
class Scatter:
    """The figure as SVG, and the caption below it."""

    svg: str
    caption: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Axis:
    """What stands across: its label, the place of a number on it, the sense of the front, and what the others lack.

    `alone` is the sense of a front of one point.
    """

    label: str
    value: Callable[[Result], float | None]
    front: str
    alone: str
    lacks: str
    logarithmic: bool

    def place(self, number: Result) -> float | None:
        """Return where a number stands, if it is known and has a place: zero has none among logarithms."""
        value = self.value(number)
        return None if value == 0 and self.logarithmic else value


def scatter(survey: Survey, board: Board, name: str) -> Scatter | None:
    """Draw the ranked rows of a board, copies of one number once; `name` begins the ids in it, which are to be unique in a page.

    Trained share stands across where it is known of at least three numbers that differ in it, or else the year of the
    method's paper. Return None for a board without ranks, or with neither.
    """
    ranked = [first.number for first, *_ in board.rows if first.rank]
    for axis in _axes(survey):
        placed = [(number, x) for number in ranked if (x := axis.place(number)) is not None]
        if len(placed) >= _FEWEST and len({x for _, x in placed}) > 1:
            return _draw(board, axis, placed, ranked, name)
    return None


def _axes(survey: Survey) -> tuple[_Axis, ...]:
    def share(column: str) -> Callable[[Result], float | None]:
        return lambda number: float(printed) if (printed := getattr(number, column)) else None

    def year(number: Result) -> float | None:
        return survey.references[number.method_key].year if number.method_key else None

    fewer = "no number beside trains less and scores at least as well"
    least = "no number beside trains less or scores better"
    return (
        _Axis(
            label=TRAINED_AXIS,
            value=share("trained_percent"),
            front=fewer,
            alone=least,
            lacks="trained share",
            logarithmic=True,
        ),
        _Axis(
            label="Trained parameters, millions (to the left: fewer)",
            value=share("trained_millions"),
            front=fewer,
            alone=least,
            lacks="number of trained parameters",
            logarithmic=True,
        ),
        _Axis(
            label="Year of the paper that proposed the method",
            value=year,
            front="no method of the same year or before scores better",
            alone="no method beside is of an earlier year or scores better",
            lacks="year",
            logarithmic=False,
        ),
    )


def _draw(
    board: Board, axis: _Axis, placed: Sequence[tuple[Result, float]], ranked: Sequence[Result], name: str
) -> Scatter:
    points = [(x, float(number.value)) for number, x in placed]
    best = pareto_front(points, higher=board.benchmark.more_is_better)
    turn = math.log10 if axis.logarithmic else float
    across = _scale([turn(x) for x, _ in points], _LEFT, _RIGHT)
    up = _scale([y for _, y in points], _BOTTOM, _TOP)
    spots = [(across(turn(x)), up(y)) for x, y in points]
    title = f"{board.benchmark.name} against {'year' if axis.lacks == 'year' else 'what is trained'}, {board.backbone}"
    leaders = "; ".join(f"{placed[i][0].method} {placed[i][0].value}" for i in best)
    years = sorted({int(x) for x, _ in points})
    ticks = _log_ticks([x for x, _ in points]) if axis.logarithmic else {float(y): str(y) for y in years}
    parts = [
        f'<svg class="scatter" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{len(points)} numbers. On the front: {escape(leaders)}.</desc>',
        *_grid(across, up, {turn(x): text for x, text in ticks.items()}, [y for _, y in points]),
        f'<text class="axis" x="{(_LEFT + _RIGHT) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(axis.label)}</text>',
        f'<text class="axis" x="4" y="11">{escape(describe(board.benchmark))}</text>',
        _steps([spots[i] for i in best]),
    ]
    for i, ((number, _), (x, y)) in enumerate(zip(placed, spots, strict=True)):
        kind = ' class="best"' if i in best else ""
        hover = f"{number.method}: {number.value} {board.benchmark.unit}".rstrip()
        parts.append(
            f'<circle{kind} cx="{x:.1f}" cy="{y:.1f}" r="{4.5 if i in best else 3.5}"><title>{escape(hover)}</title></circle>'
        )
    others = sorted((i for i in range(len(spots)) if i not in best), key=lambda i: spots[i][1])
    parts += _labels(
        [(spots[i], placed[i][0].method) for i in best], [(spots[i], placed[i][0].method) for i in others], spots
    )
    single = len({points[i] for i in best}) == 1
    front = (
        f"the front is one point, {leaders}: {axis.alone}"
        if single
        else f"the line is the front, on which {axis.front}"
    )
    sentences = [f"{len(points)} numbers of this group; {front}.", *_missing(axis, placed, ranked)]
    return Scatter(
        svg="\n".join([*parts, "</svg>"]),
        caption=" ".join(sentences),
    )


def _missing(axis: _Axis, placed: Sequence[tuple[Result, float]], ranked: Sequence[Result]) -> Iterator[str]:
    """Yield a sentence on each reason why ranked numbers have no place, and on the best of all, if it is among them."""
    drawn = {number.anchor for number, _ in placed}
    without = [number for number in ranked if number.anchor not in drawn]
    if not without:
        return
    zero = [number for number in without if axis.value(number) == 0]
    unknown = len(without) - len(zero)
    if unknown:
        yield f"For {unknown} ranked number{'s' if unknown > 1 else ''} the {axis.lacks} is not established."
    if zero:
        what = "trains nothing and has" if len(zero) == 1 else "train nothing and have"
        yield f"{len(zero)} {what} no place on a logarithmic axis."
    first = [number for number in ranked if Decimal(number.value) == Decimal(ranked[0].value)]
    shown = {number.method for number in first if number.anchor in drawn}
    for number in {number.method: number for number in first if number.method not in shown}.values():
        why = "it trains nothing" if number in zero else f"its {axis.lacks} is not established"
        yield f"{number.method}, which stands first with {number.value}, is not drawn, since {why}."


def _scale(values: Sequence[float], first: float, last: float) -> Callable[[float], float]:
    """Return what places values between two edges, with some room at both."""
    low, high = min(values), max(values)
    room = 0.07 * (high - low) or 1.0
    low, high = low - room, high + room
    return lambda value: first + (last - first) * (value - low) / (high - low)


def _grid(
    across: Callable[[float], float], up: Callable[[float], float], ticks: Mapping[float, str], values: Sequence[float]
) -> list[str]:
    lines = [f'<path class="frame" d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}"/>']
    for value, text in _ticks(min(values), max(values)):
        lines.append(f'<path class="grid" d="M{_LEFT} {up(value):.1f}H{_RIGHT}"/>')
        lines.append(f'<text x="{_LEFT - 7}" y="{up(value) + 4:.1f}" text-anchor="end">{text}</text>')
    for place, text in ticks.items():
        lines.append(f'<text x="{across(place):.1f}" y="{_BOTTOM + 17}" text-anchor="middle">{text}</text>')
    return lines


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Return about five round values between two, with as many digits as tell them apart.

    >>> _ticks(71.2, 72.4)
    [(71.25, '71.25'), (71.5, '71.50'), (71.75, '71.75'), (72.0, '72.00'), (72.25, '72.25')]
    """
    if low == high:
        return [(low, f"{low:g}")]
    power = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = min((power * factor for factor in (1, 2, 2.5, 5, 10)), key=lambda step: abs((high - low) / step - 4.5))
    digits = next(n for n in range(12) if abs(step * 10**n - round(step * 10**n)) < 1e-6)
    return [
        (i * step, f"{i * step:.{digits}f}".replace("-", "−"))
        for i in range(math.ceil(low / step), math.floor(high / step) + 1)
    ]


def _log_ticks(values: Sequence[float]) -> dict[float, str]:
    """Return the powers of ten between the least and the greatest value, with twos and fives where these are few.

    >>> list(_log_ticks([0.4, 30]))
    [0.5, 1.0, 2.0, 5.0, 10.0, 20.0]
    """
    low, high = min(values), max(values)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1, 2, 5) if len(powers) < 5 else (1,)
    ticks = [float(f"{factor}e{power}") for power in powers for factor in factors]
    inside = {tick: f"{tick:g}" for tick in ticks if low <= tick <= high}
    return inside or {low: f"{low:g}", high: f"{high:g}"}


def _steps(spots: Sequence[tuple[float, float]]) -> str:
    (x, y), *others = spots
    return f'<path class="front" d="M{x:.1f} {y:.1f}' + "".join(f"H{x:.1f}V{y:.1f}" for x, y in others) + '"/>'


def _labels(
    best: Sequence[tuple[tuple[float, float], str]],
    others: Sequence[tuple[tuple[float, float], str]],
    spots: Sequence[tuple[float, float]],
) -> list[str]:
    """Write names at their points, those of the front first, as far as they hide neither name nor point.

    Those that are not of the front keep clear of its line too.
    """
    taken = [(x - 3, y - 3, x + 3, y + 3) for x, y in spots]
    line = [(min(a, c), min(b, d), max(a, c), max(b, d)) for ((a, b), _), ((c, d), _) in pairwise(best)]
    steps = [step for left, top, right, low in line for step in ((left, low, right, low), (right, top, right, low))]
    written: list[str] = []
    front = dict.fromkeys(name for _, name in best)
    for (x, y), name in (*reversed(list(dict.fromkeys(best))), *dict.fromkeys(o for o in others if o[1] not in front)):
        width = _LETTER * len(name)
        above, below = y - 7, y + 15
        for left, base in ((x - 4 - width, above), (x + 4, above), (x - width / 2, above), (x + 4, below)):
            box = (left, base - 9, left + width, base + 2)
            hidden = taken if name in front else [*taken, *steps]
            free = all(box[2] < b[0] or b[2] < box[0] or box[3] < b[1] or b[3] < box[1] for b in hidden)
            if free and box[0] > _LEFT and box[2] < WIDTH and box[1] > 12:
                taken.append(box)
                end = left + width if left < x - width else left
                side = ' text-anchor="end"' if left < x - width else ""
                kind = "name" if name in front else "name other"
                written.append(f'<text class="{kind}" x="{end:.1f}" y="{base:.1f}"{side}>{escape(name)}</text>')
                break
    return written
