"""Where the literature contradicts itself: typing errors, re-runs, averages that do not follow, rankings turned round."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from statistics import median

from peft_vlm_survey.check.averages import averages
from peft_vlm_survey.compare.experiments import (
    Rerun,
    Turns,
    experiments,
    nine_of_ten,
    points,
    single_runs,
    spreads,
    turns,
)
from peft_vlm_survey.compare.groups import Group
from peft_vlm_survey.compare.groups import groups as comparable_groups
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.contradictions import Contradiction
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.rounding import agree
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.leaderboard import source
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, escape
from peft_vlm_survey.show.numbers import heading
from peft_vlm_survey.show.style import COLOURS, FAINT, INK, canvas, category_legend, finish, grid
from peft_vlm_survey.show.table import Column, Numbers, Table, table

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

    def reported(found: Contradiction) -> str:
        tables = {value: dict.fromkeys(source(survey, o) for o in origins) for value, origins in found.tables.items()}
        return "; ".join(f"{value} ({'; '.join(sources)})" for value, sources in tables.items())

    return table(
        chosen,
        Column("Method", 11, lambda found: escape(found.method)),
        Column("Reported", 34, reported),
        Numbers("Right", 6, lambda found: found.right),
        Column("Benchmark", 15, lambda found: heading(survey.benchmark(found.benchmark))),
        Column("What is known", 23, lambda found: escape(found.reason)),
        Column("Backbone", 11, lambda found: escape(found.backbone), further=True),
        classes=["longtable"],
        data=[cells(contradiction) for contradiction in chosen],
    )


def averages_checked(*, survey: Survey) -> Table:
    """Count by category the printed averages whose parts are printed too, and those that do not follow from them."""
    known = survey.benchmarks_by_id
    checked = list(averages(survey))
    by_category = {
        name: [a for a in checked if known[a.result.benchmark].category == category]
        for category, name in CATEGORIES.items()
    }
    groups = {name: held for name, held in by_category.items() if held} | {"all": checked}
    wrong = {name: [a for a in held if not a.holds] for name, held in groups.items()}

    def widest(name: str) -> str:
        apart = [abs(float(a.result.value) - float(a.recomputed)) for a in wrong[name]]
        return f"{max(apart):.2f}" if apart else ""

    return table(
        groups,
        Column("Category", 40, escape),
        Numbers("Averages", 15, lambda name: len(groups[name])),
        Numbers("Do not follow", 15, lambda name: len(wrong[name])),
        Numbers("In tables", 15, lambda name: len({a.result.origin for a in wrong[name]})),
        Numbers("Widest distance", 15, widest),
        data=survey.number_rows(a.result for a in checked),
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
    return table(
        chosen,
        Column("Method", 14, lambda rerun: escape(rerun.said.method)),
        Numbers("Range, points", 8, lambda rerun: f"{rerun.points:.2f}"),
        Column("Benchmark", 17, lambda rerun: heading(rerun.benchmark)),
        Column("Lowest", 23, lambda rerun: _end(survey, rerun, rerun.lowest)),
        Column("Highest", 23, lambda rerun: _end(survey, rerun, rerun.highest)),
        Column("Backbone", 15, lambda rerun: escape(rerun.said.backbone), further=True),
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
        axes.plot(median(ranges), row, "|", color=INK, markersize=13, markeredgewidth=1.6)
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

    def name(*protocols: str) -> str:
        return "; ".join(escape(survey.protocol(protocol).name) for protocol in protocols)

    repeated = experiments(survey)
    rows = [("± of one table", name(p), values) for p, values in spreads(survey, _LEAST_SPREADS).items()]
    rows += [("single runs of one paper", name(p), values) for p, values in single_runs(survey).items()]
    rows += [("runs of several authors or dates", name(*e.protocols), e.ranges) for e in repeated]
    return table(
        rows,
        Column("What varies", 17, lambda row: row[0]),
        Column("Where", 43, lambda row: row[1]),
        Numbers("Cases", 8, lambda row: len(row[2])),
        Numbers("Median", 10, lambda row: f"{median(row[2]):.2f}"),
        Numbers("Nine of ten below", 12, lambda row: f"{nine_of_ten(row[2]):.2f}"),
        Numbers("Largest", 10, lambda row: f"{max(row[2]):.2f}"),
        classes=["longtable"],
        data=[cells(rerun.said) for e in repeated for rerun in e.reruns],
    )


def turned_round(*, further: Sequence[str] = (), least: int = 3, survey: Survey) -> Table:
    """Count for every two protocols of one experiment how many pairs of methods change places, and name the widest change.

    `further` adds pairs, two ids with a space between; those with fewer than `least` methods in common are left out.
    """
    pairs = [(one, other) for one, other in map(str.split, further)]
    pairs += [pair for e in experiments(survey) for pair in combinations(e.protocols, 2)]
    compared = [t for t in (turns(survey, *pair) for pair in dict.fromkeys(pairs)) if t.methods >= least]

    def name(protocol: str) -> str:
        return escape(survey.protocol(protocol).name)

    def change(found: Turns) -> str:
        if not found.turned:
            return "none changes places"
        widest = found.turned[0]
        return (
            f"{escape(widest.ahead)} before {escape(widest.behind)} on {heading(widest.benchmark)}: "
            f"ahead by {widest.there:.2f}, then behind by {widest.here:.2f}"
        )

    return table(
        sorted(compared, key=lambda found: (-len(found.turned), found.protocols)),
        Column("Under", 20, lambda found: name(found.protocols[0])),
        Column("And under", 20, lambda found: name(found.protocols[1])),
        Numbers("Methods", 9, lambda found: found.methods),
        Numbers("Pairs", 8, lambda found: found.pairs),
        Numbers("Turned", 8, lambda found: len(found.turned)),
        Column("The widest change", 35, change),
        classes=["longtable"],
        data=[cells(survey.protocol(p)) for p in dict.fromkeys(p for t in compared for p in t.protocols)],
    )


def leads(category: str, *, least: int = 3, survey: Survey) -> Table:
    """Return for the comparable groups of a category who is first and by how much, beside how far re-runs lie apart there.

    The second is another method than the first, not another configuration of it.
    Groups of fewer than `least` methods are left out, and so is what was read in notes alone. Raises KeyError if nothing
    is left.
    """
    reruns: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for experiment in experiments(survey):
        for rerun in experiment.reruns:
            for protocol in experiment.protocols:
                reruns[protocol, rerun.said.backbone, rerun.said.benchmark].append(rerun.points)
    found = sorted(comparable_groups(survey, category), key=lambda g: (-len(g.methods), g.protocol, g.backbone))
    listed = [g for g in found if len(g.best) >= least]
    if not listed:
        raise KeyError(f"no comparable group in category '{category}'")

    def lead(g: Group) -> str:
        first, second, *_ = g.ranked
        return f"{(points(g.main) or 1.0) * abs(float(first.value) - float(second.value)):.2f}"

    def apart(g: Group) -> str:
        distances = reruns[g.protocol, g.backbone, g.main.benchmark]
        return f"{median(distances):.2f}" if distances else ""

    return table(
        listed,
        Column("Protocol", 23, lambda g: escape(survey.protocol(g.protocol).name)),
        Column("First", 15, lambda g: f"{escape(g.ranked[0].method)} {short(g.ranked[0].value)}"),
        Column("Second", 15, lambda g: f"{escape(g.ranked[1].method)} {short(g.ranked[1].value)}"),
        Numbers("Lead", 7, lead),
        Numbers("Re-runs", 8, apart),
        Numbers("Methods", 8, lambda g: len(g.best)),
        Column("Backbone", 14, lambda g: escape(g.backbone)),
        Column("Ranked by", 13, lambda g: heading(g.main), further=True),
        classes=["longtable"],
        note="*Lead*: points between the best configurations of the first two methods. *Re-runs*: median distance between "
        f"runs of one method by several authors on that benchmark; {NOT_ESTABLISHED} where there are none.",
        data=survey.number_rows(number for g in listed for number in g.best.values()),
    )


def copied_differently(*, survey: Survey) -> Table:
    """List quoted values that differ from the original by more than rounding, although both are here."""
    pairs = list(differing_copies(survey))
    return table(
        pairs,
        Column("Method", 12, lambda pair: escape(pair[0].method)),
        Numbers("Original", 8, lambda pair: pair[1].value),
        Column("Reported in", 19, lambda pair: source(survey, pair[1].origin)),
        Numbers("Copy", 8, lambda pair: pair[0].value),
        Column("Quoted in", 26, lambda pair: source(survey, pair[0].origin)),
        Column("Benchmark", 15, lambda pair: heading(survey.benchmark(pair[0].benchmark))),
        Column("Backbone", 12, lambda pair: escape(pair[0].backbone), further=True),
        classes=["longtable"],
        data=survey.number_rows(n for pair in pairs for n in pair),
    )


def differing_copies(survey: Survey) -> Iterator[tuple[Result, Result]]:
    """Yield each copied number with the original that it differs from by more than rounding.

    The original is the paper's own number for its own method on the same backbone and benchmark, where there is just one.
    """
    own_numbers: dict[tuple[str, str, str], list[Result]] = defaultdict(list)
    for number in survey.results:
        if number.claim == "own":
            own_numbers[number.method, number.backbone, number.benchmark].append(number)
    for number in survey.results:
        originals = own_numbers[number.method, number.backbone, number.benchmark] if number.claim == "copied" else []
        if len(originals) == 1 and not agree(number.value, originals[0].value):
            yield number, originals[0]
