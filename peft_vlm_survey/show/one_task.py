"""What is adapted for one task, whatever the category: kinds of models, families, data sets, and which of its methods ever met."""

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.tasks import TASKS
from peft_vlm_survey.show.counts import share
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Table, escape

_BESIDE = 2  # families and tasks that a cell names
_SPARED = ("no", "none")  # words of a description: no gradient passes through the backbone, or none is computed


def papers_of(task: str, survey: Survey) -> tuple[Paper, ...]:
    """Return the papers on a task. Raises KeyError for a word that is no task."""
    if task not in TASKS:
        raise KeyError(f"no task '{task}'")
    return tuple(paper for paper in survey.papers if task in paper.task)


def task_by_model(task: str, *, least: int, caption: str, label: str, survey: Survey) -> Table:
    """List the kinds of models that at least `least` papers on a task adapt, with families, further tasks, and what is spared.

    A paper counts with every kind that it adapts.
    """
    papers = papers_of(task, survey)
    count = Counter(model for paper in papers for model in _models(survey, paper))
    rows, data = [], []
    for model, number in count.most_common():
        adapting = [paper for paper in papers if model in _models(survey, paper)]
        if number < least:
            break
        link = f"{{filtered}}`{number:,} <{urlencode({'task': task, 'model': model})}>`"
        known = [d.gradient for paper in adapting if (d := survey.descriptions_by_key[paper.key]).gradient]
        spared = sum(set(gradient) <= set(_SPARED) for gradient in known)
        families = Counter(family for paper in adapting for family in paper.families)
        beside = Counter(other for paper in adapting for other in paper.task if other != task)
        coded = sum(bool(paper.code) for paper in adapting)
        rows.append(
            [
                escape(model),
                link,
                *(_commonest(c) for c in (families, beside)),
                share(spared, len(known)),
                share(coded, number),
            ]
        )
        counts = {"papers": number, "spared": spared, "gradient_known": len(known), "code": coded}
        data.append({"model": model, **{name: str(count) for name, count in counts.items()}})
    return Table(
        header=["Adapted model", "Papers", "Families", "Also on", "Gradient spared", "Code"],
        rows=rows,
        widths=[18, 9, 27, 26, 11, 9],
        caption=caption,
        label=label,
        numeric=frozenset([1, 4, 5]),
        note=f"*Gradient spared*: no gradient passes through the backbone; of the papers of which that is known. {NOT_ESTABLISHED}: not established.",
        data=data,
    )


def _commonest(count: Counter[str]) -> str:
    return escape(", ".join(f"{name} {number:,}" for name, number in count.most_common(_BESIDE))) or NOT_ESTABLISHED


def _models(survey: Survey, paper: Paper) -> Sequence[str]:
    known = survey.description(paper.key)
    return known.model if known else ()
