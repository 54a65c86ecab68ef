"""What the survey's own numbers say of open problems of evaluation: what was compared, on what, and how surely."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations, pairwise

from peft_vlm_survey.compare.experiments import experiments, middle, nine_of_ten, points
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import Group, groups, method_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.tasks import GROUP_OF, GROUPS
from peft_vlm_survey.show.markup import Markup, Table, escape

_ON_THE_TEST_SET = "best epoch on the test set"  # how a protocol's `selection` begins that chose so
_LARGE = 1_000_000_000  # parameters


def share(part: int, whole: int) -> str:
    """Return a part of a whole in percent, with one decimal.

    >>> share(1, 8)
    '12.5 %'
    """
    return f"{100 * part / whole:.1f} %" if whole else "–"


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


def references_beside(*, survey: Survey) -> Markup:
    """Return in words in how many comparable groups full fine-tuning stands, how often it is matched, and how many benchmarks have one method."""
    all_groups = groups(survey)
    beside = [g for g in all_groups if any(entry.method == REFERENCE for entry in g.entries)]
    matched = sum(
        any(e.method != REFERENCE and (gain := g.gain(e)) is not None and gain >= 0 for e in g.entries) for g in beside
    )
    methods: dict[str, set[str]] = defaultdict(set)
    for number in survey.results:
        methods[number.benchmark].add(method_of(number))
    alone = sum(len(names) == 1 for names in methods.values())
    return Markup(
        f"Of {len(all_groups):,} comparable groups, which are protocols on one backbone with at least two methods, "
        f"{len(beside):,} have full fine-tuning among their rows ({share(len(beside), len(all_groups))}); in {matched:,} of these some "
        "other method of the same table is at least as good. "
        f"On {alone:,} of {len(methods):,} benchmarks a single method has a number.\n"
    )


def selection_known(*, survey: Survey) -> Markup:
    """Return in words for how many protocols it is established how a run was chosen, and how many numbers were chosen on the test set."""
    known = [protocol for protocol in survey.protocols if protocol.selection]
    chosen = {protocol.protocol for protocol in known if protocol.selection.startswith(_ON_THE_TEST_SET)}
    numbers = sum(survey.origin(number.origin).protocol in chosen for number in survey.results)
    return Markup(
        f"Of {len(survey.protocols):,} protocols, how the reported run or epoch was chosen is established for {len(known):,} "
        f"({share(len(known), len(survey.protocols))}). "
        f"In {len(chosen):,} of these it was the best epoch on the test set, which concerns {numbers:,} numbers.\n"
    )


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


def leads_in_noise(*, least: int = 3, survey: Survey) -> Markup:
    """Return in words how many distances between neighbours in rank are smaller than what a re-run moves, and how many leads.

    The yardstick is the median distance between runs of one configuration by several authors in the same category, or in
    all where that category has none. Groups of fewer than `least` methods are left out, and what is read in notes alone.
    Raises ValueError where nothing was run again.
    """
    again: dict[str, list[float]] = defaultdict(list)
    for rerun in (rerun for e in experiments(survey) for rerun in e.reruns):
        again[rerun.benchmark.category].append(rerun.points)
    if not again:
        raise ValueError("no configuration was run again")
    overall = middle([distance for distances in again.values() for distance in distances])
    steps, within, counted, unsure = 0, 0, 0, 0
    for g in groups(survey):
        scale, ranked = points(g.main), g.ranked
        if scale is None or len(ranked) < least:
            continue
        yardstick = middle(again[g.main.category]) if again[g.main.category] else overall
        apart = [scale * abs(float(a.value) - float(b.value)) for a, b in pairwise(ranked)]
        counted += 1
        unsure += apart[0] < yardstick
        steps += len(apart)
        within += sum(distance < yardstick for distance in apart)
    return Markup(
        f"In the {counted:,} comparable groups of at least {least} methods, {within:,} of {steps:,} distances between neighbours "
        f"in rank ({share(within, steps)}) are smaller than the median distance between runs of one configuration by several "
        f"authors in the same category; so are {unsure:,} of the {counted:,} leads of the first over the second.\n"
    )


def reruns_apart(*, survey: Survey) -> Markup:
    """Return in words how far runs of one configuration by several authors or at several dates lie apart."""
    reruns = [(rerun.points, rerun) for e in experiments(survey) for rerun in e.reruns]
    if not reruns:
        raise ValueError("no configuration was run again")
    distances = [distance for distance, _ in reruns]
    widest = max(reruns, key=lambda pair: pair[0])[1]
    return Markup(
        f"{len(reruns):,} numbers were run by several authors or at several dates. Their values lie {middle(distances):.2f} points "
        f"apart in the median, nine of ten within {nine_of_ten(distances):.2f}, and at most {widest.points:.2f} "
        f"({escape(widest.said.method)} on {escape(widest.benchmark.name)}).\n"
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


def large_backbones(*, survey: Survey) -> Markup:
    """Return in words how many scores stand on a backbone that is known to have more than a billion parameters."""
    sizes = {b.backbone: _parameters(survey, b.configuration) for b in survey.backbones}
    known = [n for n in survey.results if sizes.get(n.backbone)]
    large = [n for n in known if sizes[n.backbone] > _LARGE]
    seeing = sum(survey.benchmark(n.benchmark).category != "language" for n in large)
    return Markup(
        f"The size of the backbone is established for {len(known):,} of {len(survey.results):,} scores; {len(large):,} of these "
        f"stand on more than a billion parameters, and {seeing:,} of them are of a task with images or video.\n"
    )


def _parameters(survey: Survey, configuration: str) -> int:
    shape = survey.configurations_by_id.get(configuration)
    return int(shape.total_params) if shape and shape.total_params else 0
