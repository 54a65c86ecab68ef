"""All data sets of a category as a reader looks for them: by task, with who leads, how many methods, and their years."""

from peft_vlm_survey.compare.dataset_tables import DatasetTable, tables_by_dataset
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import TASKS
from peft_vlm_survey.show.dataset_facts import years_of
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, escape
from peft_vlm_survey.show.table import Table

_ORDER = {task: place for place, task in enumerate(TASKS)}


def dataset_overview(category: str, *, survey: Survey) -> Table:
    """List the data sets of a category by task, within it those of most methods first, each with a link to its page.

    Raises KeyError for an unknown category.
    """
    if category not in CATEGORIES:
        raise KeyError(f"no category '{category}'")
    dataset_tables = tables_by_dataset(survey)
    methods = {
        d.id: len({method for dataset_table in dataset_tables[d.id] for method in dataset_table.methods})
        for d in survey.datasets
    }
    datasets = [dataset for dataset in survey.datasets if dataset.category == category]
    datasets.sort(key=lambda d: (_ORDER[d.task], -methods[d.id]))
    leaders = [(dataset, *_leader(dataset_tables[dataset.id][0])) for dataset in datasets]
    return Table(
        header=["Task", "Data set", "Leader", "Its score", "Of", "Methods", "Years"],
        rows=[
            [
                escape(dataset.task),
                f"{{dataset}}`{dataset.id}`",
                escape(leader) or NOT_ESTABLISHED,
                escape(score) or NOT_ESTABLISHED,
                of or NOT_ESTABLISHED,
                str(methods[dataset.id]),
                years_of(survey, dataset_tables[dataset.id]) or NOT_ESTABLISHED,
            ]
            for dataset, leader, score, of in leaders
        ],
        widths=[18, 28, 18, 18, 5, 7, 9],
        numeric=frozenset([4, 5]),
        classes=["longtable"],
        note=(
            "*Leader*: who stands first in the largest group of one protocol and one backbone, ranked by the mean where the data set has one, with its score there, *of* so many methods; "
            f"{NOT_ESTABLISHED} where no group is large enough to be ranked. *Methods*, *Years*: of everything on the page."
        ),
        data=[
            {
                "dataset": dataset.id,
                "name": dataset.name,
                "category": dataset.category,
                "task": dataset.task,
                "leader": leader,
                "score": score,
                "of": of,
                "methods": str(methods[dataset.id]),
                "years": years_of(survey, dataset_tables[dataset.id]),
            }
            for dataset, leader, score, of in leaders
        ],
    )


def _leader(largest: DatasetTable) -> tuple[str, str, str]:
    """Return who leads a group, its score with what it is a score of, and of how many methods; nothing without ranks."""
    if not largest.ranked:
        return "", "", ""
    first = largest.leading[0]
    value = short(first.cells[largest.main.benchmark][0].value)
    names = "; ".join(dict.fromkeys(line.method for line in largest.leading))
    ranked = {method_of(line.numbers[0]) for line in largest.lines if line.rank}
    return names, f"{value} {largest.main.unit}".rstrip() + f", {largest.main.name}", str(len(ranked))
