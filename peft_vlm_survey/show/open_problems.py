"""Tables of the open problems: which pairs of methods were compared, and what costs are known."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

from peft_vlm_survey.compare.groups import Group, groups, method_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import GROUP_OF, GROUPS
from peft_vlm_survey.show.counts import COSTS, share
from peft_vlm_survey.show.markup import escape
from peft_vlm_survey.show.table import Table

# The tasks of each problem that the chapter holds against what was read.


def pairs_compared(*, least: int = 3, survey: Survey) -> Table:
    """Count by group of tasks the pairs of methods, and those that share a protocol, a backbone and a benchmark somewhere.

    A method counts once in all its configurations, and full fine-tuning is one of them. Groups of tasks of fewer than
    `least` methods are left out.
    """
    methods: dict[str, set[str]] = defaultdict(set)
    pairs: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for g in groups(survey):
        for benchmark, names in _methods_by_benchmark(g).items():
            tasks = GROUP_OF.get(survey.benchmark(benchmark).task, "")
            methods[tasks].update(names)
            pairs[tasks].update(combinations(names, 2))
    rows, data = [], []
    for tasks in (group for group in GROUPS if len(methods[group]) >= least):
        most = len(methods[tasks]) * (len(methods[tasks]) - 1) // 2
        counts = (len(methods[tasks]), most, len(pairs[tasks]))
        rows.append([escape(tasks), *(f"{count:,}" for count in counts), share(len(pairs[tasks]), most)])
        by_column = zip(("methods", "pairs", "compared"), map(str, counts), strict=True)
        data.append({"group": tasks, **dict(by_column)})
    return Table(
        header=["Group of tasks", "Methods", "Pairs", "Compared", "Share"],
        rows=rows,
        widths=[40, 15, 15, 15, 15],
        numeric=frozenset([1, 2, 3]),
        data=data,
    )


def _methods_by_benchmark(g: Group) -> Mapping[str, list[str]]:
    by_benchmark: dict[str, set[str]] = defaultdict(set)
    for entry in g.entries:
        for number in entry.numbers:
            by_benchmark[number.benchmark].add(method_of(entry))
    return {benchmark: sorted(methods) for benchmark, methods in by_benchmark.items()}


def costs_reported(*, survey: Survey) -> Table:
    """Count by category the methods of the catalogue with a score here, and those of them with each kind of cost."""
    scored = {number.method_key for number in survey.results}
    with_cost: dict[str, set[str]] = defaultdict(set)
    for number in (*survey.results, *survey.measurements):
        if number.trained_percent or number.trained_millions:
            with_cost["Trained"].add(number.method_key)
    for name, quantities in COSTS.items():
        with_cost[name] = {number.method_key for number in survey.measurements if number.benchmark in quantities}
    rows, data = [], []
    for category, name in CATEGORIES.items():
        methods = {paper.key for paper in survey.papers if paper.category == category and paper.kind == "method"}
        with_score = methods & scored
        costs = {cost: str(len(with_score & with_cost[cost])) for cost in ("Trained", *COSTS)}
        rows.append([escape(name), f"{len(methods):,}", f"{len(with_score):,}", *costs.values()])
        data.append({"category": category, "methods": str(len(methods)), "with_score": str(len(with_score)), **costs})
    return Table(
        header=["Category", "Methods", "With a score", "Trained", *COSTS],
        rows=rows,
        widths=[26, 11, 11, 11, 11, 10, 10, 10],
        numeric=frozenset(range(1, 8)),
        note=(
            "*Trained*: share or number of trained parameters beside a score. *Inference*: time, throughput, "
            "operations or memory at inference. A cost that a paper reports and that was not read is not counted."
        ),
        data=data,
    )
