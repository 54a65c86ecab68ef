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
from peft_vlm_survey.show.table import Column, Numbers, Table, table


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
    listed = [group for group in GROUPS if len(methods[group]) >= least]
    most = {tasks: len(methods[tasks]) * (len(methods[tasks]) - 1) // 2 for tasks in listed}
    return table(
        listed,
        Column("Group of tasks", 40, escape),
        Numbers("Methods", 15, lambda tasks: len(methods[tasks])),
        Numbers("Pairs", 15, lambda tasks: most[tasks]),
        Numbers("Compared", 15, lambda tasks: len(pairs[tasks])),
        Numbers("Share", 15, lambda tasks: share(len(pairs[tasks]), most[tasks])),
        data=[
            {"group": tasks, "methods": str(len(methods[tasks])), "pairs": str(most[tasks])}
            | {"compared": str(len(pairs[tasks]))}
            for tasks in listed
        ],
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
    methods = {
        category: {paper.key for paper in survey.papers if paper.category == category and paper.kind == "method"}
        for category in CATEGORIES
    }

    def count(category: str, cost: str) -> int:
        return len(methods[category] & scored & with_cost[cost])

    def cost_column(cost: str) -> Column[str]:
        return Numbers(cost, 10, lambda category: count(category, cost))

    return table(
        CATEGORIES,
        Column("Category", 26, lambda category: escape(CATEGORIES[category])),
        Numbers("Methods", 11, lambda category: len(methods[category])),
        Numbers("With a score", 11, lambda category: len(methods[category] & scored)),
        *map(cost_column, ("Trained", *COSTS)),
        note="*Trained*: share or number of trained parameters reported with a score. *Inference*: time, throughput, "
        "operations or memory at inference. Costs that a paper reports but we have not read are not counted.",
        data=[
            {"category": category, "methods": str(len(own)), "with_score": str(len(own & scored))}
            | {cost: str(count(category, cost)) for cost in ("Trained", *COSTS)}
            for category, own in methods.items()
        ],
    )
