"""What a reader of one benchmark takes along: exactly its numbers, and the papers that they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from peft_vlm_survey.compare.groups import numbers_by_benchmark
from peft_vlm_survey.export.bibtex import bibtex
from peft_vlm_survey.export.csv_json import rows_csv
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.results import Result


def benchmark_files(survey: Survey) -> dict[str, str]:
    """Return two files for every benchmark that has numbers, by their names: its rows as CSV and its papers as BibTeX."""
    made = {}
    for benchmark in numbers_by_benchmark(survey):
        made[f"{benchmark}.csv"], made[f"{benchmark}.bib"] = survey.derived(_Files(benchmark))
    return made


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of one benchmark: after an edit a build makes only those again that the edit can have changed."""

    benchmark: str
    dear: ClassVar = True

    def __call__(self, survey: Survey) -> tuple[str, str]:
        """Return their texts."""
        numbers = numbers_by_benchmark(survey)[self.benchmark]
        papers = papers_of(survey, self.benchmark, numbers)
        return rows_csv(survey.number_rows(numbers)), bibtex(survey.references[key] for key in papers)


def papers_of(survey: Survey, benchmark: str, numbers: Sequence[Result]) -> tuple[str, ...]:
    """Return the keys of the works that describe a benchmark, propose its methods or print its numbers."""
    origins = survey.origins_by_id
    keys = {*survey.benchmark(benchmark).reference}
    keys |= {key for number in numbers for key in (number.method_key, origins[number.origin].key)}
    return tuple(sorted(keys - {""}))
