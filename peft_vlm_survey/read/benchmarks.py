"""Read data/benchmarks.csv: what a number measures, and which way is better."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.sheets import Column, Row, read_records
from peft_vlm_survey.read.tasks import TASKS

PATH = "data/benchmarks.csv"
_NUMBER = r"-?[0-9]+(\.[0-9]+)?"
COLUMNS = (
    Column(
        name="benchmark",
        required=True,
        unique=True,
        pattern="[a-z0-9-]+",
        form="an id of small letters, digits and hyphens",
    ),
    Column(name="name", required=True),
    Column(name="category", required=True, words=tuple(CATEGORIES)),
    Column(name="task", words=TASKS),
    Column(name="dataset", required=True),
    Column(name="split"),
    Column(name="metric", required=True),
    Column(name="unit"),
    Column(name="direction", required=True, words=("higher", "lower")),
    Column(name="range_low", required=True, pattern=_NUMBER, form="a number"),
    Column(name="range_high", pattern=_NUMBER, form="a number"),
    Column(name="averages", words=("mean", "mean of group means", "harmonic mean")),
    Column(name="parts", many=True, leads=True),
    Column(name="reference", many=True, leads=True),
    Column(name="note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Benchmark:
    """One data set × split × metric.

    `range_low` and `range_high` bound what is possible, in `unit`; an empty `range_high` means unbounded.
    `parts` are the benchmarks that it averages, `averages` says how.
    """

    benchmark: str
    name: str
    category: str
    task: str
    dataset: str
    split: str
    metric: str
    unit: str
    direction: str
    range_low: str
    range_high: str
    averages: str
    parts: tuple[str, ...]
    reference: tuple[str, ...]
    note: str
    row: Row


def read_benchmarks(root: Path) -> tuple[tuple[Benchmark, ...], tuple[Problem, ...]]:
    """Read the benchmarks in the order of the file."""
    benchmarks, problems = read_records(root, PATH, COLUMNS, Benchmark)
    # Where an id has a problem of its own, the parts that lead to it are not to blame.
    whole = not any(problem.loses for problem in problems)
    return benchmarks, (*problems, *((*_unknown_part(benchmarks), *_part_of_itself(benchmarks)) if whole else ()))


def _unknown_part(benchmarks: tuple[Benchmark, ...]) -> Iterator[Problem]:
    known = {benchmark.benchmark for benchmark in benchmarks}
    for benchmark in benchmarks:
        if bool(benchmark.parts) != bool(benchmark.averages):
            yield benchmark.row.problem("parts and averages do not go together.", "Fill both, or leave both empty.")
        for part in benchmark.parts if benchmark.row.sound("parts") else ():
            if part not in known:
                yield benchmark.row.problem(f"part '{part}' is not a benchmark.", "Add its row, or correct the name.")


def _part_of_itself(benchmarks: tuple[Benchmark, ...]) -> Iterator[Problem]:
    parts = {benchmark.benchmark: benchmark.parts for benchmark in benchmarks}
    for benchmark in benchmarks:
        below: set[str] = set()
        ahead = list(benchmark.parts)
        while ahead:
            part = ahead.pop()
            if part not in below:
                below.add(part)
                ahead += parts.get(part, ())
        if benchmark.benchmark in below:
            problem = benchmark.row.problem("it averages itself, or a part that averages it.", "Correct the parts.")
            yield replace(problem, loses=True)  # nothing can be recomputed from it
