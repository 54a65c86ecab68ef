"""What a reader of one data set takes along: every number that its page shows, and the papers that they come from."""

from collections import defaultdict

from peft_vlm_survey.give.bibtex import bibtex
from peft_vlm_survey.give.csv_json import rows_csv
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.results import Result


def dataset_files(survey: Survey) -> dict[str, str]:
    """Return two files for every data set, by their names: its rows as CSV and its papers as BibTeX."""
    origins = survey.origins_by_id
    numbers: dict[str, list[Result]] = defaultdict(list)
    for number in survey.results:
        numbers[number.benchmark].append(number)
    made = {}
    for dataset in survey.datasets:
        own = sorted((n for name in dataset.shown for n in numbers[name]), key=lambda n: n.row.line)
        keys = {*dataset.made_by} | {key for n in own for key in (n.method_key, origins[n.origin].key)}
        made[f"{dataset.id}.csv"] = rows_csv(survey.number_rows(own))
        made[f"{dataset.id}.bib"] = bibtex(survey.references[key] for key in sorted(keys - {""}))
    return made
