"""Answers of the first page: how much the book holds, a tile for each part of the field, and what came last."""

from collections import Counter

from peft_vlm_survey.compare.dataset_tables import DatasetTable, tables_by_dataset
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.datasets import Dataset
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.markup import Markup, escape

_LEADERS = 2  # data sets named on a tile


def at_a_glance(*, survey: Survey) -> Markup:
    """Count what the book holds, each count with a link to where it stands."""
    links = [f"{{ref}}`{words} <{place}>`{rest}" for words, place, rest in counts(survey=survey)]
    return Markup(f":::{{container}} at-a-glance\n{' · '.join(links)}\n:::\n")


def counts(*, survey: Survey) -> list[tuple[str, str, str]]:
    """Return how much the book holds: what is counted, the label of the place where it stands, and what is to be added."""
    methods = {number.method_key for number in (*survey.results, *survey.measurements)}
    with_numbers = [paper for paper in survey.papers if paper.key in methods]
    return [
        (f"{len(survey.papers):,} papers", "catalogue", ""),
        (f"{len(survey.numbers):,} reported numbers", "results", f" for {len(with_numbers):,} of them"),
        (f"{len(survey.datasets)} data sets", "benchmarks", ""),
        (f"{len(survey.reported_costs)} reported costs", "costs", " recalculated"),
    ]


def tiles(*, survey: Survey) -> Markup:
    """Show a tile for each category, with its papers, its numbers and who leads its most reported data sets, and what is new."""
    dataset_tables = tables_by_dataset(survey)
    lines = ["::::::{container} tiles"]
    for category, name in CATEGORIES.items():
        papers = [paper for paper in survey.papers if paper.category == category]
        datasets = [dataset for dataset in survey.datasets if dataset.category == category]
        ranked = sorted(
            ((dataset, dataset_tables[dataset.id][0]) for dataset in datasets if dataset_tables[dataset.id][0].ranked),
            key=lambda pair: (-_methods(pair[1]), pair[0].id),
        )
        lines += [
            ":::::{container} tile",
            f"**{{ref}}`{escape(name)} <{category}>`**",
            "",
            f"{{filtered}}`{len(papers):,} papers <category={category}>`, {len(datasets)} data sets",
            "",
            *(f"{_lead(survey, dataset, group)}\n" for dataset, group in _apart(ranked)[:_LEADERS]),
            ":::::",
        ]
    lines += [":::::{container} tile", "**{ref}`What is new <new>`**", "", _lately(survey), ":::::"]
    return Markup("\n".join([*lines, "::::::"]) + "\n")


def _apart(ranked: list[tuple[Dataset, DatasetTable]]) -> list[tuple[Dataset, DatasetTable]]:
    """Leave out data sets whose largest group is part of one that stands before: a family and its members."""
    seen: set[str] = set()
    kept = []
    for dataset, group in ranked:
        members = {benchmark.benchmark for benchmark in group.benchmarks}
        if not members & seen:
            kept.append((dataset, group))
        seen |= members
    return kept


def _lead(survey: Survey, dataset: Dataset, group: DatasetTable) -> str:
    """Name who leads a group, and where that is no method of a paper, such as full fine-tuning, the first one that is."""
    first = {line.method: line for line in reversed(group.leading)}
    names = [_linked(survey, line) for line in first.values()]
    on = f" on {escape(group.backbone)}" if group.backbone else ""
    best = f"best of {_methods(group)}{on} by {_metric(group)}"
    sentence = f"{{dataset}}`{dataset.id}`: {' and '.join(names)}, {_value(group.leading[0], group)} ({best})"
    known = [line for line in group.lines if line.rank and line.method_key in survey.papers_by_key]
    if known and not any(line.method_key in survey.papers_by_key for line in first.values()):
        sentence += f", then {_linked(survey, known[0])}, {_value(known[0], group)}"
    return sentence


def _value(line: Line, group: DatasetTable) -> str:
    """Return the value with its unit, and a fraction, which has none, with the whole that it is of."""
    scale = group.main.unit or ("of 1" if group.main.range_high == "1" else "")
    return escape(f"{short(line.cells[group.main.benchmark][0].value)} {scale}".rstrip()).replace(" ", "\u00a0")


def _metric(group: DatasetTable) -> str:
    return escape(group.main.metric.partition(",")[0])


def _linked(survey: Survey, line: Line) -> str:
    known = line.method_key in survey.papers_by_key
    return f"{{paper}}`{line.method} <{line.method_key}>`" if known else escape(line.method)


def _methods(group: DatasetTable) -> int:
    return len({method_of(line.numbers[0]) for line in group.lines if line.rank})


def _lately(survey: Survey) -> str:
    """Return in two sentences which papers came last and how many corrections the book has made."""
    date = max(paper.added for paper in survey.papers)
    came = [paper for paper in survey.papers if paper.added == date]
    counts = Counter(paper.category for paper in came)
    by_category = ", ".join(
        f"{counts[category]:,} in {name[0].lower()}{name[1:]}"
        for category, name in CATEGORIES.items()
        if counts[category]
    )
    text = f"On {date}, {len(came):,} {'paper' if len(came) == 1 else 'papers'} came in: {by_category}."
    if survey.corrections:
        text += f" {len(survey.corrections):,} facts that the book reported have been corrected, the last on {max(c.date for c in survey.corrections)}."
    return text
