"""What is adapted for one task, whatever the category: kinds of models, families, data sets, and which of its methods ever met."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from urllib.parse import urlencode

from peft_vlm_survey.compare.groups import groups, method_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.tasks import TASKS
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, Table, escape
from peft_vlm_survey.show.open_problems import share
from peft_vlm_survey.show.sentences import counted, listed

_NAMED = 3  # kinds of models and families that a sentence names
_BESIDE = 2  # families and tasks that a cell names
_SPARED = ("no", "none")  # words of a description: no gradient passes through the backbone, or none is computed


def papers_of(task: str, survey: Survey) -> tuple[Paper, ...]:
    """Return the papers on a task. Raises KeyError for a word that is no task."""
    if task not in TASKS:
        raise KeyError(f"no task '{task}'")
    return tuple(paper for paper in survey.papers if task in paper.task)


def task_adapted(task: str, *, survey: Survey) -> Markup:
    """Return in words how many papers are on a task, which kinds of models most of them adapt, and by which main families."""
    papers = papers_of(task, survey)
    described = [paper for paper in papers if _models(survey, paper)]
    models = Counter(model for paper in described for model in _models(survey, paper))
    families = Counter(paper.family for paper in papers if paper.family)
    return Markup(
        f"The catalogue holds {counted(len(papers), 'paper')} on {task}. Of the {len(described):,} whose adapted model is described, the commonest kinds are {_shares(models, len(described))}; "
        f"of main families, {_shares(families, len(papers))}.\n"
    )


def _shares(count: Counter[str], whole: int) -> str:
    return listed([f"*{name}* ({number:,}, {share(number, whole)})" for name, number in count.most_common(_NAMED)])


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


def task_met(task: str, *, survey: Survey) -> Markup:
    """Return in words how many methods of a task have a number here, which met in a comparable group, and how its data sets are shared."""
    papers = papers_of(task, survey)
    methods = {paper.key for paper in papers if paper.kind == "method"}
    numbered = methods & {number.method_key for number in survey.results}
    met: dict[tuple[str, ...], set[str]] = {}
    for group in groups(survey):
        present = {entry.method_key: method_of(entry) for entry in group.entries if entry.method_key in methods}
        if len(present) > 1:
            met.setdefault(tuple(sorted(set(map(str, _names(survey, present))))), set()).add(group.backbone)
    pairs = {pair for names in met for pair in combinations(names, 2)}
    backbones = sorted({backbone for shared in met.values() for backbone in shared})
    text = f"Of the {len(methods):,} methods, {len(numbered):,} have a number in this book. "
    if pairs:
        text += f"Only {listed(sorted({name for pair in pairs for name in pair}))} stand in one comparable group with another of them, on {listed(backbones)}; "
        text += "of all others no two can be set side by side. "
    else:
        text += "No two of them stand in one comparable group. "
    return Markup(text + _data_sets(papers))


def _names(survey: Survey, keys: Iterable[str]) -> list[str]:
    return [escape(survey.papers_by_key[key].name or survey.references[key].title_without_formulas) for key in keys]


def _data_sets(papers: Sequence[Paper]) -> str:
    known = [paper for paper in papers if paper.benchmarks]
    count = Counter(name for paper in known for name in paper.benchmarks)
    if not count:
        return "Of none is it recorded on which data sets it was tried.\n"
    most = max(count.values())
    first = sorted(name for name, number in count.items() if number == most)
    return (
        f"Of {len(known):,} papers it is recorded on which data sets they were tried: these name {len(count):,}, "
        f"and {escape(listed(first))}, the most shared, {'is' if len(first) == 1 else 'are each'} named by {most:,} ({share(most, len(known))}).\n"
    )
