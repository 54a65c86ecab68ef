"""Figure of the versions of a model: when each appeared, and how many papers adapt it from then on."""

from collections import Counter
from collections.abc import Sequence

from matplotlib.ticker import MaxNLocator

from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.style import ACCENT, COLOURS, FAINT, INK, TRAINED, canvas, finish, grid

_FILLS = (COLOURS["grounding"], TRAINED, ACCENT)  # oldest first; they differ in grey, too
_MONTHS = 3  # in a bar


def versions(*keys: str, survey: Survey) -> Figure:
    """Plot the papers that adapt each of the works `keys`, by quarter of their preprint, and mark when each work appeared.

    The works are models, oldest first, at most three. A paper counts with every version among its backbones, and only
    if it has an arXiv number, whose first digits are its month. Raises KeyError for a work without one.
    """
    released = {survey.name(key): quarter for key in keys if (quarter := _quarter(survey, key)) is not None}
    if len(released) < len(keys):
        raise KeyError(f"no arXiv number for one of {', '.join(keys)}")
    shown = [
        (paper, quarter)
        for paper in survey.papers
        if set(paper.backbones) & set(released) and (quarter := _quarter(survey, paper.key)) is not None
    ]
    count = Counter((name, quarter) for paper, quarter in shown for name in released if name in paper.backbones)
    quarters = _span([*(quarter for _, quarter in count), *released.values()])
    figure, (axes,) = canvas(2.5)
    bottom = [0] * len(quarters)
    for name, fill in zip(released, _FILLS, strict=False):
        heights = [count[name, quarter] for quarter in quarters]
        total = f"{name}: {sum(heights)} papers"
        axes.bar(quarters, heights, bottom=bottom, color=fill, edgecolor=INK, linewidth=0.4, width=0.82, label=total)
        bottom = [a + b for a, b in zip(bottom, heights, strict=True)]
    top = max(bottom)
    for name, quarter in released.items():
        axes.axvline(quarter, ymax=0.92, color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
        axes.text(quarter, top * 1.2, name, ha="center", va="top", fontsize=8.5)
    axes.set_ylim(0, top * 1.22)
    axes.set_ylabel("Papers in a quarter")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    years = [quarter for quarter in quarters if quarter % 4 == 0 or quarter == quarters[0]]
    axes.set_xticks([year - 0.5 for year in years], [str(year // 4) for year in years], ha="left")
    grid(axes, "y")
    axes.legend(loc="upper left", bbox_to_anchor=(0.085, 0.9), frameon=False, fontsize=8.5)
    return finish(figure, survey.paper_rows([paper for paper, _ in shown]))


def _quarter(survey: Survey, key: str) -> int | None:
    """Return the quarter of a work's preprint, counted from the year 0, or None without an arXiv number of today's form."""
    digits = survey.references[key].fields.get("eprint", "")[:4]
    if not digits.isdigit():
        return None
    return (2000 + int(digits[:2])) * 4 + (int(digits[2:]) - 1) // _MONTHS


def _span(quarters: Sequence[int]) -> list[int]:
    return list(range(min(quarters), max(quarters) + 1))
