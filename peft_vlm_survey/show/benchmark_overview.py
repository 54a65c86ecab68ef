"""All benchmarks with numbers, by category and task: how many groups, methods and numbers each has."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from peft_vlm_survey.compare.boards import Board, boards_by_benchmark
from peft_vlm_survey.compare.ranks import FEWEST_IN_WORDS
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import TASKS
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, escape
from peft_vlm_survey.show.table import Table

FOLDER = "splits"  # of the site
# What the counts mean, wherever they are shown.
TERMS = {
    "Groups": "numbers of one protocol on one backbone, without lists in which each row keeps its own set-up.",
    "Ranked": f"groups of at least {FEWEST_IN_WORDS} methods whose numbers are not known from notes alone.",
    "Methods": "a method counts once in all its configurations.",
}
_NAMED = 2  # metrics of a task
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


def benchmark_overview(*, survey: Survey) -> Table:
    """Count the benchmarks by category and task; which they are, pages of the site list, and the rows behind the table."""
    boards, rows, data = boards_by_benchmark(survey), [], []
    for category, name in CATEGORIES.items():
        for task, benchmarks in by_task(category, survey=survey).items():
            counts = _counts([board for benchmark, _ in benchmarks for board in boards[benchmark.benchmark]])
            rows.append(
                [
                    name,
                    escape(task) or NOT_ESTABLISHED,
                    str(len(benchmarks)),
                    escape(_metrics(benchmarks)),
                    *_printed(counts).values(),
                ]
            )
            data += [
                {"benchmark": b.benchmark, "name": b.name, "category": category, "task": task} | _printed(held)
                for b, held in benchmarks
            ]
    return Table(
        header=["Category", "Task", "Benchmarks", "Measures", *TERMS, "Numbers"],
        rows=rows,
        widths=[15, 20, 11, 18, 8, 9, 9, 9],
        numeric=frozenset([2, 4, 5, 6, 7]),
        classes=["longtable"],
        note=" ".join(f"*{term}*: {meaning}" for term, meaning in TERMS.items()),
        data=data,
    )


def _printed(counts: Counts) -> dict[str, str]:
    return {name: str(number) for name, number in asdict(counts).items()}


def _metrics(benchmarks: Iterable[tuple[Benchmark, Counts]]) -> str:
    """Name the commonest metrics of a task, and say how many more there are."""
    metrics = [metric for metric, _ in Counter(benchmark.metric for benchmark, _ in benchmarks).most_common()]
    more = len(metrics) - _NAMED
    return "; ".join([*metrics[:_NAMED], *([f"{more} more"] if more > 0 else [])])


def _counts(boards: Iterable[Board]) -> Counts:
    boards = list(boards)
    return Counts(
        groups=sum(board.comparable for board in boards),
        ranked=sum(board.ranked for board in boards),
        methods=len({method for board in boards for method in board.methods}),
        numbers=sum(len(board.numbers) for board in boards),
    )
