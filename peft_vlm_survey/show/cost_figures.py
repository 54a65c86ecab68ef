"""Figures of costs: reported against derived, and training memory."""

from collections.abc import Iterator

from matplotlib.ticker import FuncFormatter

from peft_vlm_survey.costs import METHODS, CostError, Counts, cost, known_shapes, memory_ratio
from peft_vlm_survey.costs.against_full import Known
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.costs.verdicts import verdicts
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.printed_costs import in_unit
from peft_vlm_survey.show.style import ACCENT, COLOURS, FAINT, INK, canvas, finish, grid, label_points

_COLUMNS = (0, 0.56)  # where those of the key under the axes begin, as shares of their width
_BELOW_AXIS, _LINE = 40, 12  # in points
_LOOK = {
    "agrees": {"color": COLOURS["vision"], "label": "agrees"},
    "explained": {"color": "none", "label": "explained by a named reason"},
    "open": {"color": ACCENT, "label": "open"},
}
_INKS = tuple(COLOURS.values())


def printed_against_derived(*, survey: Survey) -> Figure:
    """Plot every printed number of parameters against its closed form, both logarithmic; a key names those that are open.

    Shares are turned into counts; sizes in bytes are left out.
    """
    shown = [v for v in verdicts(survey) if v.printed_scalars and v.derived_scalars]
    figure, (axes,) = canvas(5.6)
    for verdict, look in _LOOK.items():
        alike = [v for v in shown if v.verdict == verdict]
        if alike:
            axes.plot(
                [v.derived_scalars or 0 for v in alike],
                [v.printed_scalars or 0 for v in alike],
                "o",
                markeredgecolor=INK,
                markeredgewidth=0.6,
                markersize=5,
                **look,  # type: ignore[arg-type]
            )
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(_short))
    axes.set_xlabel("Trained parameters by closed form")
    axes.set_ylabel("Trained parameters as reported")
    ends = axes.get_xlim()
    axes.plot(ends, ends, color=FAINT, linewidth=0.8, zorder=0)
    axes.set_xlim(ends)
    grid(axes, "both")
    axes.legend(loc="lower right", frameon=False, fontsize=8)
    named = {(v.method, v.backbone, v.derived_scalars, v.printed): v for v in shown if v.verdict == "open"}
    numbered = [(v.derived_scalars or 0, v.printed_scalars or 0) for v in named.values()]
    others = [(v.derived_scalars or 0, v.printed_scalars or 0) for v in shown if v.verdict != "open"]
    numbers = [str(number) for number in range(1, len(numbered) + 1)]
    label_points(axes, [*numbered, *others], [*numbers, *("" for _ in others)])
    half = -(-len(named) // len(_COLUMNS))
    for i, v in enumerate(named.values()):
        axes.annotate(
            f"{i + 1}  {v.printed_method}, {v.backbone_name.split(' (')[0]}: {in_unit(v.printed, v.unit)}",
            (_COLUMNS[i // half], 0),
            xycoords="axes fraction",
            xytext=(0, -_BELOW_AXIS - _LINE * (i % half)),
            textcoords="offset points",
            va="top",
            fontsize=7.5,
        )
    return finish(figure, [cells(row) for row in survey.reported_costs])


def _short(value: float, _: object = None) -> str:
    """Return a number of parameters as an axis says it.

    >>> _short(1000), _short(2_500_000), _short(10)
    ('1 k', '2.5 M', '10')
    """
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def memory_ratios(*backbones: str, survey: Survey) -> Figure:
    """Plot the training memory of every method with its default setting, against full fine-tuning.

    Raises KeyError if there is no such backbone.
    """
    known = known_shapes(survey)
    by_method: dict[str, dict[str, float]] = {}
    for backbone in backbones:
        full: Known = {}
        for counts in _defaults(known[backbone]):
            ratio = memory_ratio(counts, known=full)
            if ratio is not None:
                by_method.setdefault(counts.setting.method.name, {})[backbone] = ratio
    names = sorted(by_method, key=lambda name: -max(by_method[name].values()))
    figure, (axes,) = canvas(0.9 + 0.165 * len(names))
    shapes = ("o", "s", "^", "D")
    for i, backbone in enumerate(backbones):
        places = [
            (by_method[name][backbone], row) for row, name in enumerate(reversed(names)) if backbone in by_method[name]
        ]
        axes.plot(
            [ratio for ratio, _ in places],
            [row for _, row in places],
            shapes[i],
            markerfacecolor=_INKS[i],
            markeredgecolor=INK,
            markeredgewidth=0.6,
            markersize=5.5,
            label=known[backbone].name,
        )
    axes.axvline(1, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    axes.set_xlim(0, 1.1 * max(1.0, *(ratio for ratios in by_method.values() for ratio in ratios.values())))
    axes.set_yticks(range(len(names)), list(reversed(names)))
    axes.tick_params(axis="y", length=0, labelsize=7.5)
    axes.set_ylim(-0.7, len(names) - 0.3)
    axes.set_xlabel("Training memory divided by that of full fine-tuning (to the left: less)")
    grid(axes, "both")
    axes.legend(loc="lower right", frameon=True, framealpha=0.9, edgecolor="none", fontsize=8)
    return finish(figure, [cells(row) for row in survey.configurations if row.id in backbones])


def _defaults(shape: Shape) -> Iterator[Counts]:
    for method in METHODS.values():
        if method.head_only:
            continue
        try:
            yield cost(method.id, shape.id, known={shape.id: shape})
        except CostError:
            continue
