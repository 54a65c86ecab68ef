"""What a reader of one data set takes along: every number that its page shows, and the papers that they come from."""

from dataclasses import dataclass

from peft_vlm_survey.compare.groups import numbers_by_benchmark
from peft_vlm_survey.export.bibtex import bibtex
from peft_vlm_survey.export.csv_json import rows_csv
from peft_vlm_survey.model import Survey


def dataset_files(survey: Survey) -> dict[str, str]:
    """Return two files for every data set, by their names: its rows as CSV and its papers as BibTeX."""
    made = {}
    for dataset in survey.datasets:
        made[f"{dataset.id}.csv"], made[f"{dataset.id}.bib"] = survey.derived(_Files(dataset.id))
    return made


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of one data set: after an edit a build makes only those again that the edit can have changed."""

    dataset: str

    def __call__(self, survey: Survey) -> tuple[str, str]:
        """Return their texts."""
        dataset, numbers, origins = survey.dataset(self.dataset), numbers_by_benchmark(survey), survey.origins_by_id
        shown = survey.in_order(n for name in dataset.shown for n in numbers.get(name, ()))
        keys = {*dataset.made_by} | {key for n in shown for key in (n.method_key, origins[n.origin].key)}
        return rows_csv(survey.number_rows(shown)), bibtex(survey.references[key] for key in sorted(keys - {""}))
