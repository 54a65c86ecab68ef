"""Which papers a reader of one paper may want next: those it is compared with, and those that do the same, and why."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest, nsmallest

from peft_vlm_survey.compare.weight import weights
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.papers import Paper

MOST = 6
_COMPARED = 3  # of these at most so many because tables report them together
# What two papers may share, what it counts, and how it is called in a reason.
_WEIGHTS = {"trained": (4, "mechanism"), "part": (2, "part of the model"), "regime": (1, "regime")}
_TASK, _MAIN_TASK = 3, 1
_ALL_WEIGHTS = (_TASK, _MAIN_TASK, *(weight for weight, _ in _WEIGHTS.values()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """A related paper by its key, and in words what it shares."""

    key: str
    reason: str


def related_by_paper(survey: Survey) -> Mapping[str, tuple[Related, ...]]:
    """Return at most six related papers of every paper, the nearest first; the same data give the same papers.

    Papers whose methods are reported together in most tables come first. The others share a task, or train the same in
    the same part of a model; a shared mechanism counts four points, a task three and one more if it is the main task
    of both, a part two, a regime one. Among equals stands first what weighs more, then what is nearer in year.
    """
    papers = {paper.key: paper for paper in survey.papers}
    years = {key: survey.references[key].year for key in papers}
    described = {description.key: description for description in survey.descriptions}
    facts = {key: _facts(described.get(key)) for key in papers}
    together = _reported_together(survey, papers)
    weight = survey.derived(weights)
    sharing: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for paper in survey.papers:
        for thing in _groups(paper, facts[paper.key]):
            sharing[thing].append(paper.key)

    # Millions of pairs are weighed: what a paper has is as many bits as it counts, so that one look counts what two share.
    bits: dict[tuple[str, str], int] = {}
    shares = {paper.key: _shares(paper, facts[paper.key], bits) for paper in survey.papers}

    def scores(key: str, others: Iterable[str]) -> dict[str, int]:
        here = shares[key]
        return {other: (here & shares[other]).bit_count() for other in others}

    def nearest(paper: Paper, most: int, others: Iterable[str]) -> list[str]:
        """Return the nearest of other papers; only those that may be among them are put in order."""
        points = scores(paper.key, others)
        least = min(nlargest(most, points.values()), default=0)

        def distance(key: str) -> tuple[int, int, int, str]:
            return -points[key], -weight[key], abs(years[key] - years[paper.key]), key

        return nsmallest(most, (key for key, score in points.items() if score >= least), key=distance)

    def related(paper: Paper) -> tuple[Related, ...]:
        tables = together.get(paper.key, Counter())
        by_tables: dict[int, list[str]] = defaultdict(list)
        for key, count in tables.items():
            by_tables[count].append(key)
        compared: list[str] = []
        for count in sorted(by_tables, reverse=True):
            compared += nearest(paper, _COMPARED - len(compared), by_tables[count])
        near = {key for thing in _groups(paper, facts[paper.key]) for key in sharing[thing]} - {paper.key, *compared}
        alike = nearest(paper, MOST - len(compared), near)
        return (
            *(Related(key=key, reason=f"reported together in {_tables(tables[key])}") for key in compared),
            *(Related(key=key, reason=_reason(paper, papers[key], facts)) for key in alike),
        )

    return {paper.key: related(paper) for paper in survey.papers}


def _facts(description: Description | None) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(description.fact(name) if description else ()) for name in _WEIGHTS}


def _shares(paper: Paper, facts: Mapping[str, frozenset[str]], bits: dict[tuple[str, str], int]) -> int:
    """Return the tasks of a paper, its main task and its facts as one number, in which each has as many bits as it counts."""
    had = (("task", frozenset(paper.task)), ("main task", paper.task[:1]), *facts.items())
    for weight, (name, values) in zip(_ALL_WEIGHTS, had, strict=True):
        for value in values:
            if (name, value) not in bits:
                bits[name, value] = ((1 << weight) - 1) << sum(map(int.bit_count, bits.values()))
    return sum(bits[name, value] for name, values in had for value in values)


def _groups(paper: Paper, facts: Mapping[str, frozenset[str]]) -> Iterable[tuple[str, ...]]:
    """Yield what makes a paper a candidate: its tasks, and each thing that it trains with the part in which it does."""
    yield from ((task,) for task in paper.task)
    yield from ((trained, part) for trained in sorted(facts["trained"]) for part in sorted(facts["part"]))


def _reported_together(survey: Survey, papers: Collection[str]) -> Mapping[str, Counter[str]]:
    """Return in how many printed tables the methods of two papers stand together, by paper."""
    methods: dict[str, set[str]] = defaultdict(set)
    for number in survey.results:
        if number.method_key in papers:
            methods[number.origin].add(number.method_key)
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for keys in methods.values():
        for key in keys:
            together[key].update(keys - {key})
    return together


def _tables(count: int) -> str:
    return f"{count} tables" if count > 1 else "one table"


def _reason(paper: Paper, other: Paper, facts: Mapping[str, Mapping[str, frozenset[str]]]) -> str:
    tasks = [task for task in paper.task if task in other.task]
    same = [f"{'tasks' if len(tasks) > 1 else 'task'} {_and(tasks)}"] if tasks else []
    for name, (_, called) in _WEIGHTS.items():
        shared = sorted(facts[paper.key][name] & facts[other.key][name])
        same += [f"{called} ({', '.join(shared)})"] if shared else []
    return f"same {_and(same)}"


def _and(words: list[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]
