"""Rules of data/datasets.csv: every benchmark with numbers belongs to one data set."""

from collections.abc import Iterator

from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem


def member_without_number(survey: Survey) -> Iterator[Problem]:
    """Yield every benchmark of a data set that has no number."""
    used = {number.benchmark for number in survey.results}
    every_number_told = used <= survey.benchmarks_by_id.keys()  # or else one of another name may be meant
    for dataset in survey.datasets:
        for column in ("members", "also"):
            for benchmark in getattr(dataset, column) if dataset.row.sound(column) else ():
                if benchmark in survey.benchmarks_by_id and every_number_told and benchmark not in used:
                    yield dataset.row.problem(
                        f"{column}: benchmark '{benchmark}' has no number.", "Add its numbers, or take it out."
                    )


def not_in_one_data_set(survey: Survey) -> Iterator[Problem]:
    """Yield every benchmark with numbers that belongs to no data set, or to several."""
    homes: dict[str, str] = {}
    for dataset in survey.datasets:
        for benchmark in dataset.members:
            if benchmark in homes:
                yield dataset.row.problem(
                    f"benchmark '{benchmark}' belongs to data set '{homes[benchmark]}' already.",
                    "Keep it in members of one, and name it in also of the other.",
                )
            homes.setdefault(benchmark, dataset.id)
    used = {number.benchmark for number in survey.results}
    for held in survey.benchmarks:
        if held.benchmark in used and held.benchmark not in homes:
            yield held.row.problem(
                f"benchmark '{held.benchmark}' belongs to no data set.",
                "Name it in members of its row in data/datasets.csv, or add a row.",
            )
