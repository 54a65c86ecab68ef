"""All benchmarks with numbers, by category and task: how many groups, methods and numbers each has."""

from collections import Counter

from peft_vlm_survey.compare.boards import FEWEST_IN_WORDS, Board, boards_by_benchmark
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import TASKS
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, Table, escape

_NAMED = 2  # metrics of a task on paper
_ORDER = {task: place for place, task in enumerate((*TASKS, ""))}


def benchmark_overview(category: str, *, caption: str, label: str, survey: Survey) -> Table:
    """List the benchmarks of a category by task, within it those of most numbers first, each with a link to its page.

    Raises KeyError for an unknown category.
    """
    if category not in CATEGORIES:
        raise KeyError(f"no category '{category}'")
    boards = boards_by_benchmark(survey)
    found = [b for b in survey.benchmarks if b.category == category and b.benchmark in boards]
    counted = {b.benchmark: _counts(boards[b.benchmark]) for b in found}
    found.sort(key=lambda b: (_ORDER[b.task], -counted[b.benchmark]["numbers"]))
    rows = [
        [
            escape(b.task) or NOT_ESTABLISHED,
            f"{{benchmark}}`{b.benchmark}`",
            escape(", ".join(filter(None, (b.metric, b.unit)))),
            *(str(number) for number in counted[b.benchmark].values()),
        ]
        for b in found
    ]
    return Table(
        header=["Task", "Benchmark", "Measures", "Groups", "Ranked", "Methods", "Numbers"],
        rows=rows,
        widths=[22, 24, 22, 8, 8, 8, 8],
        caption=caption,
        label=label,
        numeric=frozenset([3, 4, 5, 6]),
        classes=["longtable"],
        note=(
            "*Groups*: numbers of one protocol on one backbone, without lists in which each row keeps its own set-up. "
            f"*Ranked*: groups of at least {FEWEST_IN_WORDS} methods whose numbers are not known from notes alone. "
            "*Methods*: a method counts once in all its configurations."
        ),
        data=[
            {"benchmark": b.benchmark, "name": b.name, "category": b.category, "task": b.task}
            | {name: str(number) for name, number in counted[b.benchmark].items()}
            for b in found
        ],
    )


def by_task(category: str, *, survey: Survey) -> list[list[str]]:
    """Return the same list with one row a task, in plain text under the same header: more than paper needs is on the site."""
    boards = boards_by_benchmark(survey)
    found = [b for b in survey.benchmarks if b.category == category and b.benchmark in boards]
    rows = []
    for task in sorted({b.task for b in found}, key=lambda task: _ORDER[task]):
        of_task = [b for b in found if b.task == task]
        counts = _counts(tuple(board for b in of_task for board in boards[b.benchmark]))
        metrics = [metric for metric, _ in Counter(b.metric for b in of_task).most_common()]
        more = len(metrics) - _NAMED
        rows.append(
            [
                task or NOT_ESTABLISHED,
                f"{len(of_task)} {'benchmark' if len(of_task) == 1 else 'benchmarks'}",
                "; ".join([*metrics[:_NAMED], *([f"{more} more"] if more > 0 else [])]),
                *map(str, counts.values()),
            ]
        )
    return rows


def benchmark_counts(*, survey: Survey) -> Markup:
    """Say in sentences how many benchmarks, groups and numbers there are, and how many of the groups are ranked."""
    boards = [board for found in boards_by_benchmark(survey).values() for board in found]
    groups = [board for board in boards if board.comparable]
    lists = sum(bool(board.protocol) for board in boards) - len(groups)
    held = {board.benchmark.benchmark for board in boards}
    ranked = sum(board.ranked for board in groups)
    return Markup(
        f"The book holds {len(survey.results):,} scores on {len(held):,} benchmarks. "
        f"On these, each counted by itself, they form {len(groups):,} groups of one protocol and one backbone, and {ranked:,} of the groups are ranked; "
        f"the others have fewer than {FEWEST_IN_WORDS} methods, or are known from notes alone. "
        f"A further {lists:,} lists hold numbers that keep set-ups of their own; these are not groups, and rank nothing.\n"
    )


def _counts(boards: tuple[Board, ...]) -> dict[str, int]:
    return {
        "groups": sum(board.comparable for board in boards),
        "ranked": sum(board.ranked for board in boards),
        "methods": len({method for board in boards for method in board.methods}),
        "numbers": sum(len(board.numbers) for board in boards),
    }
