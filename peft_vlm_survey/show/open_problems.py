"""Tables of the open problems: what was compared and how surely, what was never tried, and what costs are known."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations

from peft_vlm_survey.compare.groups import Group, groups, method_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.tasks import GROUP_OF, GROUPS
from peft_vlm_survey.show.counts import COSTS, share
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Table, escape

# The tasks of each problem that the chapter holds against what was read.
_OPEN = (
    ("multimodal instruction tuning", "multimodal LLM adaptation"),
    ("visual grounding", "referring segmentation"),
    ("open-vocabulary detection", "open-vocabulary segmentation"),
    ("medical image analysis", "remote sensing", "point cloud analysis"),
    ("personalised generation", "controllable generation", "concept erasure"),
    ("continual learning",),
    ("CLIP test-time adaptation",),
    ("module composition",),
    ("federated and private adaptation",),
    ("black-box adaptation",),
    ("CLIP out-of-distribution detection", "CLIP calibration", "CLIP robustness", "adversarial robustness"),
)


def pairs_compared(*, least: int = 3, caption: str, label: str, survey: Survey) -> Table:
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
        caption=caption,
        label=label,
        numeric=frozenset([1, 2, 3]),
        data=data,
    )


def _methods_by_benchmark(g: Group) -> Mapping[str, list[str]]:
    by_benchmark: dict[str, set[str]] = defaultdict(set)
    for entry in g.entries:
        for number in entry.numbers:
            by_benchmark[number.benchmark].add(method_of(entry))
    return {benchmark: sorted(methods) for benchmark, methods in by_benchmark.items()}


def spread_reported(*, caption: str, label: str, survey: Survey) -> Table:
    """Count by category the scores with a known number of seeds and with a deviation, and the groups whose leader has one."""
    rows, data = [], []
    for category, name in CATEGORIES.items():
        numbers = [n for n in survey.results if survey.benchmark(n.benchmark).category == category]
        leaders = [first for g in groups(survey, category) if (first := g.ranked)]
        counts = (
            len(numbers),
            sum(bool(n.seeds) for n in numbers),
            sum(bool(n.spread) for n in numbers),
            len(leaders),
            sum(bool(first[0].spread) for first in leaders),
        )
        if numbers:
            rows.append([escape(name), *(f"{count:,}" for count in counts)])
            by_column = zip(("numbers", "seeds", "spread", "groups", "leader_with_spread"), counts, strict=True)
            data.append({"category": category, **{column: str(count) for column, count in by_column}})
    return Table(
        header=["Category", "Scores", "Seeds known", "With ±", "Groups", "Leader with ±"],
        rows=rows,
        widths=[35, 13, 13, 13, 13, 13],
        caption=caption,
        label=label,
        numeric=frozenset([1, 2, 3, 4, 5]),
        data=data,
    )


def second_backbones(*, least: int = 10, caption: str, label: str, survey: Survey) -> Table:
    """Return for each task how many methods stand on more than one backbone, and how far one backbone prevails.

    Tasks of fewer than `least` methods are left out.
    """
    numbers: dict[str, list[Result]] = defaultdict(list)
    for number in survey.results:
        if number.backbone:
            numbers[survey.benchmark(number.benchmark).task].append(number)
    rows, data = [], []
    for task, scores in sorted(numbers.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        backbones: dict[str, set[str]] = defaultdict(set)
        for number in scores:
            backbones[method_of(number)].add(number.backbone)
        if not task or len(backbones) < least:
            continue
        several = sum(len(held) > 1 for held in backbones.values())
        (most, count), *_ = Counter(number.backbone for number in scores).most_common(1)
        rows.append(
            [
                escape(task[0].upper() + task[1:]),
                f"{len(scores):,}",
                str(len(backbones)),
                str(several),
                escape(most),
                share(count, len(scores)),
            ]
        )
        texts = (task, str(len(scores)), str(len(backbones)), str(several), most, str(count))
        data.append(dict(zip(("task", "numbers", "methods", "several", "backbone", "on_it"), texts, strict=True)))
    return Table(
        header=["Task", "Scores", "Methods", "On several backbones", "Most used", "Share of scores"],
        rows=rows,
        widths=[30, 11, 11, 14, 20, 14],
        caption=caption,
        label=label,
        numeric=frozenset([1, 2, 3]),
        data=data,
    )


def families_untried(*, caption: str, label: str, survey: Survey) -> Table:
    """List for each group of tasks the families without a paper in the catalogue, and those with papers but no number."""
    families = {paper.key: paper.families for paper in survey.papers}
    counted: dict[str, set[str]] = defaultdict(set)
    for number in survey.results:
        group = GROUP_OF.get(survey.benchmark(number.benchmark).task, "")
        counted[group].update(families.get(number.method_key, ()))
    rows, data = [], []
    for group in GROUPS:
        papers = [paper for paper in survey.papers if group in paper.groups]
        tried = {family for paper in papers for family in paper.families}
        never = [family for family in FAMILIES if family not in tried]
        unnumbered = [family for family in FAMILIES if family in tried - counted[group]]
        if papers:
            texts = (group, f"{len(papers):,}", ", ".join(never), ", ".join(unnumbered))
            rows.append([escape(group), *(cell or NOT_ESTABLISHED for cell in texts[1:])])
            data.append(dict(zip(("group", "papers", "without_paper", "without_number"), texts, strict=True)))
    return Table(
        header=["Group of tasks", "Papers", "Families without a paper", "Families with papers, without a number"],
        rows=rows,
        widths=[27, 9, 28, 36],
        caption=caption,
        label=label,
        numeric=frozenset([1]),
        note=f"{NOT_ESTABLISHED}: none.",
        data=data,
    )


def costs_reported(*, caption: str, label: str, survey: Survey) -> Table:
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
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 8)),
        note=(
            "*Trained*: the share or number of trained parameters stands beside a score. *Inference*: time, throughput, "
            "operations or memory at inference. A cost that a paper reports and that was not read is not counted."
        ),
        data=data,
    )


def standing(*, caption: str, label: str, survey: Survey) -> Table:
    """Count for each task of an open problem its papers and methods, those with code, with a score, and with a table of their own."""
    numbered = {number.method_key for number in survey.results}
    read = {origin.key for origin in survey.origins}
    rows, data = [], []
    for tasks in _OPEN:
        papers = [paper for paper in survey.papers if set(paper.task) & set(tasks)]
        methods = [paper for paper in papers if paper.kind == "method"]
        counts = {
            "papers": len(papers),
            "methods": len(methods),
            "code": sum(bool(paper.code) for paper in papers),
            "score": sum(paper.key in numbered for paper in methods),
            "table": sum(paper.key in read for paper in papers),
        }
        name = ", ".join(tasks)
        rows.append([escape(name[0].upper() + name[1:]), *(f"{count:,}" for count in counts.values())])
        data.append({"tasks": "; ".join(tasks), **{column: str(count) for column, count in counts.items()}})
    return Table(
        header=["Tasks", "Papers", "Methods", "With code", "With a score", "Own table read"],
        rows=rows,
        widths=[42, 10, 11, 12, 12, 13],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 6)),
        note="*With a score*: methods that have a score in this book. *Own table read*: papers of which a table of results was read.",
        data=data,
    )
