"""All data sets and benchmarks of a category as a reader looks for them: by task, with who leads and how much is held."""

from collections.abc import Iterable
from dataclasses import dataclass

from peft_vlm_survey.compare.boards import Board, boards_by_benchmark
from peft_vlm_survey.compare.dataset_tables import DatasetTable, ranked_methods, tables_by_dataset
from peft_vlm_survey.compare.ranks import FEWEST_IN_WORDS
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import TASKS
from peft_vlm_survey.show.dataset_facts import years_of
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, escape
from peft_vlm_survey.show.table import Column, Numbers, Table, table

FOLDER = "splits"  # of the site
# What the counts mean, wherever they are shown.
TERMS = {
    "Groups": "numbers of one protocol on one backbone, without lists in which each row keeps its own set-up.",
    "Ranked": f"groups of at least {FEWEST_IN_WORDS} methods whose numbers are not known from notes alone.",
    "Methods": "a method counts once in all its configurations.",
}
_ORDER = {task: place for place, task in enumerate((*TASKS, ""))}


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What the book holds on one benchmark, or on several."""

    groups: int
    ranked: int
    methods: int
    numbers: int


def page_of(category: str) -> str:
    """Return the name of the page that lists a category's benchmarks, without extension."""
    return f"{FOLDER}/{category}"


def anchor_of(task: str) -> str:
    """Return the anchor of a task on such a page."""
    return f"task-{task.replace(' ', '-')}" if task else "task-none"


def many(number: int) -> str:
    """Return a number of benchmarks in words."""
    return f"{number:,} {'benchmark' if number == 1 else 'benchmarks'}"


def by_task(category: str, *, survey: Survey) -> dict[str, list[tuple[Benchmark, Counts]]]:
    """Return the benchmarks of a category that have numbers by task, within it those of most numbers first.

    Raises KeyError for an unknown category.
    """
    if category not in CATEGORIES:
        raise KeyError(f"no category '{category}'")
    boards = boards_by_benchmark(survey)
    counted = [
        (b, _counts(boards[b.benchmark])) for b in survey.benchmarks if b.category == category and b.benchmark in boards
    ]
    counted.sort(key=lambda pair: (_ORDER[pair[0].task], -pair[1].numbers))
    gathered: dict[str, list[tuple[Benchmark, Counts]]] = {}
    for benchmark, counts in counted:
        gathered.setdefault(benchmark.task, []).append((benchmark, counts))
    return gathered


def _counts(boards: Iterable[Board]) -> Counts:
    boards = list(boards)
    return Counts(
        groups=sum(board.comparable for board in boards),
        ranked=sum(board.ranked for board in boards),
        methods=len({method for board in boards for method in board.methods}),
        numbers=sum(len(board.numbers) for board in boards),
    )


def dataset_overview(category: str, *, survey: Survey) -> Table:
    """List the data sets of a category by task, within it those of most methods first, each with a link to its page.

    Raises KeyError for an unknown category.
    """
    if category not in CATEGORIES:
        raise KeyError(f"no category '{category}'")
    held = tables_by_dataset(survey)
    methods = {d.id: len({m for one in held[d.id] for m in one.methods}) for d in survey.datasets}
    datasets = [dataset for dataset in survey.datasets if dataset.category == category]
    datasets.sort(key=lambda d: (_ORDER[d.task], -methods[d.id]))
    leaders = {d.id: _leader(held[d.id][0]) for d in datasets}
    years = {d.id: years_of(survey, held[d.id]) for d in datasets}
    return table(
        datasets,
        Column("Data set", 28, lambda d: f"{{dataset}}`{d.id}`"),
        Numbers("Methods", 7, lambda d: methods[d.id]),
        Column("Leader", 18, lambda d: escape(leaders[d.id][0])),
        Column("Its score", 18, lambda d: escape(leaders[d.id][1])),
        Numbers("Of", 5, lambda d: leaders[d.id][2]),
        Column("Task", 18, lambda d: escape(d.task)),
        Column("Years", 9, lambda d: years[d.id], further=True),
        classes=["longtable"],
        note="*Leader*: the best method of the largest ranked group, by the mean if one is reported; "
        f"{NOT_ESTABLISHED}: no group is ranked. *Of*: number of methods in that group. *Methods*: number of methods on the page.",
        data=[
            {"dataset": d.id, "name": d.name, "category": d.category, "task": d.task}
            | dict(zip(("leader", "score", "of"), leaders[d.id], strict=True))
            | {"methods": str(methods[d.id]), "years": years[d.id]}
            for d in datasets
        ],
    )


def _leader(largest: DatasetTable) -> tuple[str, str, str]:
    """Return who leads a group, its score with what it is a score of, and of how many methods; nothing without ranks."""
    if not largest.ranked:
        return "", "", ""
    value = short(largest.leading[0].cells[largest.main.benchmark][0].value)
    names = "; ".join(dict.fromkeys(line.method for line in largest.leading))
    score = f"{value} {largest.main.unit}".rstrip()
    return names, f"{score}, {largest.main.name}", str(ranked_methods(largest))
