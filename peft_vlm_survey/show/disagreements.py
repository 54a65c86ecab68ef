"""Where the literature contradicts itself: typing errors, re-runs, averages that do not follow, rankings turned round."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from peft_vlm_survey.check.averages import averages
from peft_vlm_survey.compare.experiments import (
    Rerun,
    experiments,
    middle,
    nine_of_ten,
    points,
    single_runs,
    spreads,
    turns,
    usual_values,
)
from peft_vlm_survey.compare.groups import groups as comparable_groups
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.tasks import GROUP_OF
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.leaderboard import source
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, escape
from peft_vlm_survey.show.numbers import heading
from peft_vlm_survey.show.style import COLOURS, FAINT, INK, canvas, category_legend, finish, grid
from peft_vlm_survey.show.table import Table

_LEAST_SPREADS = 5  # fewer deviations say little of a protocol


def contradictions(*kinds: str, one_protocol: bool = False, survey: Survey) -> Table:
    """List the recorded contradictions of some kinds, with every table that prints each value.

    With `one_protocol` only those whose tables share a protocol. Raises KeyError if there is none.
    """
    origins = survey.origins_by_id
    chosen = [
        contradiction
        for contradiction in survey.contradictions
        if contradiction.kind in kinds
        and (not one_protocol or len({origins[origin].protocol for origin in contradiction.printed}) == 1)
    ]
    if not chosen:
        raise KeyError(f"no contradiction of kind {', '.join(kinds)}")
    rows = []
    for contradiction in chosen:
        tables = {value: dict.fromkeys(source(survey, o) for o in ids) for value, ids in contradiction.tables.items()}
        rows.append(
            [
                escape(contradiction.method),
                escape(contradiction.backbone),
                heading(survey.benchmark(contradiction.benchmark)),
                "; ".join(f"{value} ({'; '.join(sources)})" for value, sources in tables.items()),
                contradiction.right or NOT_ESTABLISHED,
                escape(contradiction.reason),
            ]
        )
    return Table(
        header=["Method", "Backbone", "Benchmark", "Reported", "Right", "What is known"],
        rows=rows,
        widths=[11, 11, 15, 34, 6, 23],
        numeric=frozenset([4]),
        classes=["longtable"],
        data=[cells(contradiction) for contradiction in chosen],
    )


def averages_checked(*, survey: Survey) -> Table:
    """Count by category the printed averages whose parts are printed too, and those that do not follow from them."""
    known = survey.benchmarks_by_id
    checked = [(known[a.result.benchmark].category, a) for a in averages(survey)]
    rows = []
    for category, name in CATEGORIES.items():
        in_category = [a for which, a in checked if which == category]
        apart = [abs(float(a.result.value) - float(a.recomputed)) for a in in_category if not a.holds]
        tables = {a.result.origin for a in in_category if not a.holds}
        if in_category:
            widest = f"{max(apart):.2f}" if apart else NOT_ESTABLISHED
            rows.append([escape(name), str(len(in_category)), str(len(apart)), str(len(tables)), widest])
    wrong = [a for _, a in checked if not a.holds]
    rows.append(["all", str(len(checked)), str(len(wrong)), str(len({a.result.origin for a in wrong})), ""])
    return Table(
        header=["Category", "Averages", "Do not follow", "In tables", "Widest distance"],
        rows=rows,
        widths=[40, 15, 15, 15, 15],
        numeric=frozenset([1, 2, 3, 4]),
        data=survey.number_rows(a.result for _, a in checked),
    )


def widest_reruns(*, most: int = 15, each: int = 3, survey: Survey) -> Table:
    """List how far apart the values of one method lie that several authors ran, of each method its widest case.

    No experiment gives more than `each` rows.
    """
    wide: list[Rerun] = []
    for experiment in experiments(survey):
        widest: dict[str, Rerun] = {}
        for rerun in sorted(experiment.reruns, key=_width):
            widest.setdefault(rerun.said.method, rerun)
        wide += sorted(widest.values(), key=_width)[:each]
    chosen = sorted(wide, key=_width)[:most]
    rows = [
        [
            escape(rerun.said.method),
            escape(rerun.said.backbone),
            heading(rerun.benchmark),
            _end(survey, rerun, rerun.lowest),
            _end(survey, rerun, rerun.highest),
            f"{rerun.points:.2f}",
        ]
        for rerun in chosen
    ]
    return Table(
        header=["Method", "Backbone", "Benchmark", "Lowest", "Highest", "Range, points"],
        rows=rows,
        widths=[14, 15, 17, 23, 23, 8],
        numeric=frozenset([5]),
        classes=["longtable"],
        data=[cells(rerun.said) for rerun in chosen],
    )


def _width(rerun: Rerun) -> tuple[float, str]:
    return -rerun.points, rerun.said.id


def _end(survey: Survey, rerun: Rerun, number: Result) -> str:
    others = sum(value == number.value for value in rerun.said.printed.values()) - 1
    more = f" and {others} more" if others else ""
    return f"{short(number.value)} ({source(survey, number.origin)}{more})"


def rerun_ranges(*, survey: Survey) -> Figure:
    """Plot for every experiment how far the values of one method and benchmark lie apart, with the median."""
    shown = [e for e in experiments(survey) if len(e.reruns) > 1][::-1]
    figure, (axes,) = canvas(1.2 + 0.42 * len(shown))
    for row, experiment in enumerate(shown):
        ranges = experiment.ranges
        colour = COLOURS[experiment.reruns[0].benchmark.category]
        axes.plot(ranges, [row] * len(ranges), "o", color=colour, alpha=0.35, markersize=5, markeredgewidth=0)
        axes.plot(middle(ranges), row, "|", color=INK, markersize=13, markeredgewidth=1.6)
        name = f"{survey.protocol(experiment.protocols[0]).name}; {len(experiment.protocols)} protocols, {len(ranges)} numbers"
        axes.text(0.004, row + 0.36, name, transform=axes.get_yaxis_transform(), fontsize=7, va="center", color=INK)
    axes.axvline(0, color=FAINT, linewidth=0.6)
    axes.set_yticks([])
    axes.set_ylim(-0.6, len(shown) - 0.3)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("Points between the lowest and the highest value of one method on one benchmark")
    grid(axes, "x")
    category_legend(figure, {e.reruns[0].benchmark.category for e in shown})
    return finish(figure, [cells(rerun.said) for e in shown for rerun in e.reruns])


def yardsticks(*, survey: Survey) -> Table:
    """Return for each protocol and experiment how far numbers lie apart that ought to agree, in points of 100."""

    def row(varies: str, where: str, values: Sequence[float]) -> list[str]:
        distances = [f"{value:.2f}" for value in (middle(values), nine_of_ten(values), max(values))]
        return [varies, where, str(len(values)), *distances]

    rows = [
        row("± of one table", escape(survey.protocol(protocol).name), values)
        for protocol, values in spreads(survey, _LEAST_SPREADS).items()
    ]
    rows += [
        row("single runs of one paper", escape(survey.protocol(protocol).name), values)
        for protocol, values in single_runs(survey).items()
    ]
    repeated = experiments(survey)
    rows += [
        row(
            "runs of several authors or dates",
            "; ".join(escape(survey.protocol(p).name) for p in e.protocols),
            e.ranges,
        )
        for e in repeated
    ]
    return Table(
        header=["What varies", "Where", "Cases", "Median", "Nine of ten below", "Largest"],
        rows=rows,
        widths=[17, 43, 8, 10, 12, 10],
        numeric=frozenset([2, 3, 4, 5]),
        classes=["longtable"],
        data=[cells(rerun.said) for e in repeated for rerun in e.reruns],
    )


def turned_round(
    *,
    further: Sequence[str] = (),
    least: int = 3,
    survey: Survey,
) -> Table:
    """Count for every two protocols of one experiment how many pairs of methods change places, and name the widest change.

    `further` adds pairs, two ids with a space between; those with fewer than `least` methods in common are left out.
    """
    pairs = [(one, other) for one, other in map(str.split, further)]
    pairs += [pair for e in experiments(survey) for pair in combinations(e.protocols, 2)]
    compared = [t for t in (turns(survey, *pair) for pair in dict.fromkeys(pairs)) if t.methods >= least]
    rows = []
    for t in sorted(compared, key=lambda t: (-len(t.turned), t.protocols)):
        if t.turned:
            widest = t.turned[0]
            change = (
                f"{escape(widest.ahead)} before {escape(widest.behind)} on {heading(widest.benchmark)}: "
                f"ahead by {widest.there:.2f}, then behind by {widest.here:.2f}"
            )
        else:
            change = "none changes places"
        one, other = (escape(survey.protocol(protocol).name) for protocol in t.protocols)
        rows.append([one, other, str(t.methods), str(t.pairs), str(len(t.turned)), change])
    return Table(
        header=["Under", "And under", "Methods", "Pairs", "Turned", "The widest change"],
        rows=rows,
        widths=[20, 20, 9, 8, 8, 35],
        numeric=frozenset([2, 3, 4]),
        classes=["longtable"],
        data=[cells(survey.protocol(p)) for p in dict.fromkeys(p for t in compared for p in t.protocols)],
    )


def side_by_side(benchmark: str, *protocols: str, backbone: str, survey: Survey) -> Table:
    """Rank the methods that stand under several protocols by each of them, in the order of the first.

    Raises KeyError if there is no such benchmark, or fewer than two methods stand under all.
    """
    measured = survey.benchmark(benchmark)
    values = [usual_values(survey, protocol, backbone).get((backbone, benchmark), {}) for protocol in protocols]
    both = [method for method in values[0] if all(method in scores for scores in values)]
    if len(both) < 2:
        raise KeyError(f"fewer than two methods on '{benchmark}' under {', '.join(protocols)}")
    places = [_places({method: scores[method] for method in both}, measured) for scores in values]
    tables = {origin.origin for origin in survey.origins if origin.protocol in protocols}
    numbers = [
        n
        for n in survey.results
        if n.origin in tables and n.method in both and (n.benchmark, n.backbone) == (benchmark, backbone)
    ]
    texts = {(n.method, float(n.value)): n.value for n in numbers}
    rows = [
        [
            escape(method),
            *(
                cell
                for scores, place in zip(values, places, strict=True)
                for cell in (texts[method, scores[method]], str(place[method]))
            ),
        ]
        for method in sorted(both, key=lambda method: (places[0][method], method))
    ]
    names = [survey.protocol(protocol).name for protocol in protocols]
    sources = [
        f"{escape(name)}: {'; '.join(dict.fromkeys(source(survey, n.origin) for n in numbers if survey.origin(n.origin).protocol == protocol))}"
        for name, protocol in zip(names, protocols, strict=True)
    ]
    return Table(
        header=["Method", *(cell for name in names for cell in (escape(name), "Place"))],
        rows=rows,
        widths=[24, *([16, 7] * len(protocols))],
        numeric=frozenset(range(1, 1 + 2 * len(protocols))),
        note=f"{heading(measured)}. {'. '.join(sources)}.",
        data=survey.number_rows(numbers),
    )


def gains_by_baseline(protocol: str, quoted: str, *, benchmark: str, backbone: str, survey: Survey) -> Table:
    """Return what a method that is added to another gains over it as its authors ran it, and as other tables quote it.

    An added method is one whose name is that of the other, a plus sign and its own. Raises KeyError if there is none.
    """
    measured = survey.benchmark(benchmark)
    run_with_it = usual_values(survey, protocol, backbone).get((backbone, benchmark), {})
    others = usual_values(survey, quoted, backbone).get((backbone, benchmark), {})
    sign = 1 if measured.more_is_better else -1
    rows = []
    for method, value in run_with_it.items():
        base, plus, _ = method.rpartition(" + ")
        if plus and base in run_with_it and base in others:
            mine, theirs = sign * (value - run_with_it[base]), sign * (value - others[base])
            gains = [f"{gain:+.2f}".replace("-", "−") for gain in (mine, theirs)]
            rows.append(
                [escape(method), f"{value:.2f}", f"{run_with_it[base]:.2f}", gains[0], f"{others[base]:.2f}", gains[1]]
            )
    if not rows:
        raise KeyError(f"no method is added to another under '{protocol}' that '{quoted}' has too")
    tables = {origin.origin for origin in survey.origins if origin.protocol in (protocol, quoted)}
    return Table(
        header=["Method", heading(measured), "Baseline, run with it", "Gain", "Baseline, as quoted", "Gain"],
        rows=rows,
        widths=[28, 16, 16, 12, 16, 12],
        numeric=frozenset([1, 2, 3, 4, 5]),
        note=f"Run with it: {escape(survey.protocol(protocol).name)}. As quoted: {escape(survey.protocol(quoted).name)}.",
        data=survey.number_rows(
            n for n in survey.results if n.origin in tables and (n.benchmark, n.backbone) == (benchmark, backbone)
        ),
    )


def _places(values: dict[str, float], benchmark: Benchmark) -> dict[str, int]:
    """Return the place of each name, the best first; equal values share the better place."""
    better = sorted(values.values(), reverse=benchmark.more_is_better)
    return {name: better.index(value) + 1 for name, value in values.items()}


def leads(category: str, *, groups: str = "", least: int = 3, survey: Survey) -> Table:
    """Return for the comparable groups of a category who is first and by how much, beside how far re-runs lie apart there.

    The second is another method than the first, not another configuration of it.
    `groups` is a prefix of the groups of tasks to keep, with `-` before it of those to leave out. Groups of fewer than
    `least` methods are left out, and so is what was read in notes alone. Raises KeyError if nothing is left.
    """
    reruns: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for experiment in experiments(survey):
        for rerun in experiment.reruns:
            for protocol in experiment.protocols:
                reruns[protocol, rerun.said.backbone, rerun.said.benchmark].append(rerun.points)
    rows: list[list[str]] = []
    data: list[Result] = []
    for g in sorted(comparable_groups(survey, category), key=lambda g: (-len(g.methods), g.protocol, g.backbone)):
        task = GROUP_OF.get(g.main.task, "")
        if groups and task.startswith(groups.removeprefix("-")) == groups.startswith("-"):
            continue
        best = g.best
        if len(best) < least:
            continue
        first, second, *_ = g.ranked
        apart = reruns[g.protocol, g.backbone, g.main.benchmark]
        scale = points(g.main) or 1.0
        rows.append(
            [
                escape(survey.protocol(g.protocol).name),
                escape(g.backbone),
                heading(g.main),
                str(len(best)),
                *(f"{escape(n.method)} {short(n.value)}" for n in (first, second)),
                f"{scale * abs(float(first.value) - float(second.value)):.2f}",
                f"{middle(apart):.2f}" if apart else NOT_ESTABLISHED,
            ]
        )
        data += best.values()
    if not rows:
        raise KeyError(f"no comparable group in category '{category}'")
    return Table(
        header=["Protocol", "Backbone", "Ranked by", "Methods", "First", "Second", "Lead", "Re-runs"],
        rows=rows,
        widths=[23, 14, 13, 8, 15, 15, 7, 8],
        numeric=frozenset([3, 6, 7]),
        classes=["longtable"],
        note=(
            "*Methods*: each once, by the best of its configurations. *Lead*: points between the first two, of 100 where the score is a share. *Re-runs*: the median of the "
            f"distances between runs of one method by several authors, on the same benchmark; {NOT_ESTABLISHED} where no "
            "two tables ran one. Unrounded values of logs and sheets are shortened."
        ),
        data=survey.number_rows(data),
    )
