"""What the search finds of the data: papers, names of every kind, data sets, benchmarks and reported numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peft_vlm_survey.compare.weight import weights
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.datasets import Dataset
from peft_vlm_survey.read.folding import folded
from peft_vlm_survey.read.glossary import names_of
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.results import QUANTITIES
from peft_vlm_survey.show.benchmark_facts import titles
from peft_vlm_survey.show.catalogue import weightiest_first
from peft_vlm_survey.show.numbers import metric_beside, printed
from peft_vlm_survey.show.reported import home
from peft_vlm_survey.show.sentences import capitalised


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name by which something is looked for; `kind` and `key` say what, `said` tells it from its namesakes."""

    name: str
    kind: str
    key: str
    said: str = ""


def names(survey: Survey) -> list[Name]:
    """Return the names of papers and of the methods in them, of data sets, terms and works, each once; the best known first.

    Of papers that others compare with or chapters cite, the title is there too.
    """
    by_name: dict[tuple[str, str, str], Name] = {}
    for name in _names(survey):
        by_name.setdefault((folded(name.name), name.kind, name.key), name)
    return list(by_name.values())


def _names(survey: Survey) -> Iterator[Name]:
    known = survey.derived(weights)
    in_order = weightiest_first(survey)
    for paper in in_order:
        if known[paper.key]:
            yield from _of_paper(survey, paper)
    for dataset in survey.datasets:  # before those that bear the name of one as another
        yield Name(name=dataset.name, kind="dataset", key=dataset.id)
    for dataset in survey.datasets:
        for alias in dataset.aliases:
            yield Name(name=alias, kind="dataset", key=dataset.id, said=dataset.name)
    for term in survey.glossary:
        for name in (*term.names, term.zh):
            yield Name(name=name, kind="term", key=term.term, said=term.zh if name != term.zh else term.term)
    for work in survey.background:
        if work.name:
            yield Name(name=work.name, kind="work", key=work.key, said=survey.references[work.key].short_authors)
    for paper in in_order:
        if known[paper.key]:
            title = survey.references[paper.key].title_without_formulas
            yield Name(name=title, kind="paper", key=paper.key, said=paper.name)
    for method in survey.methods:
        if method.key in survey.papers_by_key:
            yield Name(name=method.method, kind="paper", key=method.key, said=survey.name(method.key))
    for paper in in_order:
        if not known[paper.key]:
            yield from _of_paper(survey, paper)


def _of_paper(survey: Survey, paper: Paper) -> Iterator[Name]:
    beside = f"{survey.venue(paper.key)} {survey.references[paper.key].year}".strip()
    for name in filter(None, (paper.name, *paper.aliases)):
        yield Name(name=name, kind="paper", key=paper.key, said=beside)


def papers(survey: Survey) -> Iterator[tuple[str, Sequence[str], str, str, str, str, str]]:
    """Yield of every paper, in the order of the catalogue: key, names, title, where it appeared, authors, what it does, families and tasks with their other names."""
    methods: dict[str, list[str]] = {}
    for method in survey.methods:
        methods.setdefault(method.key, []).append(method.method)
    for paper in weightiest_first(survey):
        reference = survey.references[paper.key]
        description = survey.description(paper.key)
        yield (
            paper.key,
            tuple(dict.fromkeys(filter(None, (paper.name, *paper.aliases, *methods.get(paper.key, ()))))),
            reference.title_without_formulas,
            f"{survey.venue(paper.key)} {reference.year}".strip(),
            ", ".join(reference.authors),
            description.summary if description else "",
            ", ".join(
                (*paper.families, *(name for task in paper.task for name in names_of(task, survey.glossary_by_term)))
            ),
        )


def datasets(survey: Survey) -> Iterator[tuple[str, Sequence[str], str]]:
    """Yield of every data set: id, names, and in words what it is and which methods have numbers on it."""
    methods: dict[str, dict[str, None]] = {}
    for number in survey.results:
        methods.setdefault(number.benchmark, {})[number.method] = None
    for dataset in survey.datasets:
        yield dataset.id, (dataset.name, *dataset.aliases), _words(survey, dataset, methods)


def _words(survey: Survey, dataset: Dataset, methods: Mapping[str, Mapping[str, None]]) -> str:
    shown = [b for b in survey.benchmarks if b.benchmark in dataset.shown]
    ranked = dict.fromkeys(method for b in shown for method in methods.get(b.benchmark, ()))
    parts = (
        f"{dataset.task}.",
        dataset.size and f"{dataset.size}.",
        dataset.misread and f"Easily misread: {dataset.misread}.",
        f"Scores: {', '.join(dict.fromkeys(b.name for b in shown))}.",
        f"Methods with numbers: {', '.join(ranked)}.",
    )
    text = " ".join(filter(None, parts))
    return capitalised(text)


def benchmarks(survey: Survey) -> Iterator[tuple[str, str, str]]:
    """Yield of every benchmark that has numbers: id, title, and in words what is measured on what."""
    measured = {number.benchmark for number in survey.results}
    called = titles(survey)
    for benchmark in survey.benchmarks:
        if benchmark.benchmark in measured:
            metric = metric_beside(benchmark)
            facts = dict.fromkeys(filter(None, (benchmark.dataset, benchmark.split, metric, benchmark.task)))
            yield benchmark.benchmark, called[benchmark.benchmark], ", ".join(facts)


def numbers(survey: Survey) -> dict[str, Any]:
    """Return every reported number, as printed, with its method, its backbone and its place in the site.

    Members of `rows` are the value, the places of method, backbone and home in their lists, and the anchor; they are
    gathered by what was measured. A number is at home on the page of a paper, or else on that of its benchmark.
    """
    placed: dict[str, dict[str, int]] = {"methods": {}, "backbones": {}, "homes": {}}

    def place(kind: str, name: str) -> int:
        return placed[kind].setdefault(name, len(placed[kind]))

    groups: dict[str, list[list[object]]] = {}
    for number in (*survey.results, *survey.measurements):
        on_page = home(survey, number) if number.unit else ""
        if number.unit and not on_page:
            continue  # a measurement that stands on no page
        groups.setdefault(number.benchmark, []).append(
            [
                printed(number),
                place("methods", number.method),
                place("backbones", number.backbone),
                place("homes", on_page),
                number.anchor.removeprefix("r-"),
            ]
        )
    called = titles(survey)
    return {
        **{kind: list(known) for kind, known in placed.items()},
        "rows": [[name, called.get(name) or QUANTITIES[name], rows] for name, rows in groups.items()],
    }
