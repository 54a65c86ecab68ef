"""Figures of reported numbers: what a method gains, and what it pays for it."""

from collections import Counter

from matplotlib.ticker import FuncFormatter

from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.results import QUANTITIES, Result
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.numbers import TRAINED_AXIS, describe
from peft_vlm_survey.show.style import ACCENT, COLOURS, FAINT, INK, MARKERS, canvas, finish, grid, label_points


def tradeoff(*origins: str, y: str, x: str = "trained_percent", backbone: str | None = None, survey: Survey) -> Figure:
    """Plot a benchmark against what it costs, for every method of the given printed tables.

    `x` is `trained_percent` or a quantity (`memory` in GB, `storage` in kB); the axis is logarithmic where the
    values span more than a factor of ten. Raises KeyError if the tables hold no such pair.
    """
    chosen = [
        n for n in (*survey.results, *survey.measurements) if n.origin in origins and backbone in (None, n.backbone)
    ]
    costs = {_setting(n): n for n in chosen if n.benchmark == x} if x in QUANTITIES else {}
    if x != "trained_percent" and not costs:
        raise KeyError(f"no '{x}' in {', '.join(origins)}")
    points, labels, families = [], [], []
    names = {paper.key: paper.family for paper in survey.papers}
    several = len({n.backbone for n in chosen}) > 1
    for number in chosen:
        cost = (
            costs[_setting(number)].value if _setting(number) in costs else number.trained_percent if not costs else ""
        )
        if number.benchmark == y and cost:
            points.append((float(cost), float(number.value)))
            labels.append(
                f"{number.method}, {number.backbone}" if several and number.method != REFERENCE else number.method
            )
            families.append(names.get(number.method_key, ""))
    if not points:
        raise KeyError(f"no '{y}' with '{x}' in {', '.join(origins)}")
    benchmark = survey.benchmark(y)
    figure, (axes,) = canvas(3.9)
    for point, label, family in zip(points, labels, families, strict=True):
        reference = label == REFERENCE
        axes.plot(
            *point,
            MARKERS.get(family, "o"),
            color=FAINT if reference else COLOURS[benchmark.category],
            markeredgecolor=INK,
            markeredgewidth=0.6,
            markersize=7,
        )
        if reference:
            axes.axhline(point[1], color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    if max(p[0] for p in points) > 10 * min(p[0] for p in points):
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.margins(0.12, 0.12)
    axes.set_xlabel(_cost_label(x, costs))
    axes.set_ylabel(wrapped(describe(benchmark)))
    grid(axes, "both")
    label_points(axes, points, labels)
    return finish(figure, survey.number_rows(n for n in chosen if n.benchmark in (x, y)))


def gains(origin: str, *, method: str, reference: str, backbone: str | None = None, survey: Survey) -> Figure:
    """Plot the difference between two methods on every benchmark for which one printed table gives one value each.

    Differences that mean *better* point to the right, also where lower is better.
    Raises KeyError if the table has no benchmark for both.
    """
    rows = [n for n in survey.results if n.origin == origin and backbone in (None, n.backbone)]
    mine, other = _values(rows, method), _values(rows, reference)
    shared = [b for b in survey.benchmarks if b.benchmark in mine and b.benchmark in other]
    if not shared:
        raise KeyError(f"no benchmark for both '{method}' and '{reference}' in '{origin}'")
    differences = [mine[b.benchmark] - other[b.benchmark] for b in shared]
    better = [d if b.more_is_better else -d for d, b in zip(differences, shared, strict=True)]
    figure, (axes,) = canvas(0.9 + 0.3 * len(shared))
    places = range(len(shared), 0, -1)
    colours = [COLOURS[b.category] if gain >= 0 else ACCENT for gain, b in zip(better, shared, strict=True)]
    axes.barh(places, better, height=0.62, color=colours, edgecolor=INK, linewidth=0.6)
    for bar, gain in zip(axes.patches, better, strict=True):
        bar.set_hatch("" if gain >= 0 else "////")
    for place, difference, gain in zip(places, differences, better, strict=True):
        axes.annotate(
            f"{difference:+.2f}".replace("-", "−"),
            (gain, place),
            xytext=(4 if gain >= 0 else -4, 0),
            textcoords="offset points",
            ha="left" if gain >= 0 else "right",
            va="center",
            fontsize=7.5,
        )
    axes.set_yticks(list(places), [b.name for b in shared])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.16)
    axes.set_xlabel(f"{method} minus {reference}, points (to the right: {method} is better)")
    grid(axes, "x")
    compared = {b.benchmark for b in shared}
    numbers = (n for n in rows if n.method in (method, reference) and n.benchmark in compared)
    return finish(figure, survey.number_rows(numbers))


def _values(rows: list[Result], method: str) -> dict[str, float]:
    """Return the method's value on every benchmark for which the rows give just one."""
    of_method = [row for row in rows if row.method == method]
    counts = Counter(row.benchmark for row in of_method)
    return {row.benchmark: float(row.value) for row in of_method if counts[row.benchmark] == 1}


def _setting(number: Result) -> tuple[str, str, str, str]:
    return number.origin, number.method, number.backbone, number.trained_percent


def _cost_label(x: str, costs: dict[tuple[str, str, str, str], Result]) -> str:
    if not costs:
        return TRAINED_AXIS
    unit = next(iter(costs.values())).unit
    return f"{QUANTITIES[x]}, {unit} (to the left: less)"


def wrapped(text: str) -> str:
    """Return a long label in two lines."""
    return text.replace(" (", "\n(", 1) if len(text) > 42 else text
