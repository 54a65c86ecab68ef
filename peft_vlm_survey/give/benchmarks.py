"""What a reader of one benchmark takes along: exactly its numbers, and the papers that they come from."""

from collections.abc import Sequence

from peft_vlm_survey.give.bibtex import bibtex
from peft_vlm_survey.give.csv_json import rows_csv
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.results import Result


def benchmark_files(survey: Survey) -> dict[str, str]:
    """Return two files for every benchmark that has numbers, by their names: its rows as CSV and its papers as BibTeX."""
    numbers: dict[str, list[Result]] = {}
    for number in survey.results:
        numbers.setdefault(number.benchmark, []).append(number)
    made = {}
    for benchmark, own in numbers.items():
        made[f"{benchmark}.csv"] = rows_csv(survey.number_rows(own))
        made[f"{benchmark}.bib"] = bibtex(survey.references[key] for key in papers_of(survey, benchmark, own))
    return made


def papers_of(survey: Survey, benchmark: str, numbers: Sequence[Result]) -> tuple[str, ...]:
    """Return the keys of the works that describe a benchmark, propose its methods or print its numbers."""
    origins = survey.origins_by_id
    keys = {*survey.benchmark(benchmark).reference}
    keys |= {key for number in numbers for key in (number.method_key, origins[number.origin].key)}
    return tuple(sorted(keys - {""}))
