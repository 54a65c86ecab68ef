"""Which papers a reader of one paper may want next: those with the same tasks and family, and why."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nsmallest

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import Paper

MOST = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """A related paper by its key, and in words what it shares."""

    key: str
    reason: str


def related_by_paper(survey: Survey) -> Mapping[str, tuple[Related, ...]]:
    """Return at most six related papers of every paper, the nearest first; the same data give the same papers.

    A paper is related if it shares a task. A shared task counts four points, and one more if it is the main task of
    both; a shared family counts two. Among equals stands first what a chapter discusses, then what is nearer in year.
    """
    papers = survey.papers_by_key
    years = {key: survey.references[key].year for key in papers}
    names = {family.family: family.name.lower() for family in survey.families}
    on_task: dict[str, list[str]] = defaultdict(list)
    for paper in survey.papers:
        for task in paper.task:
            on_task[task].append(paper.key)

    def nearest(paper: Paper) -> list[str]:
        shared = Counter(key for task in paper.task for key in on_task[task])
        del shared[paper.key]

        def distance(key: str) -> tuple[int, bool, int, str]:
            other = papers[key]
            score = 4 * shared[key] + (other.task[0] == paper.task[0])
            score += 2 * len(set(paper.families) & set(other.families))
            return -score, other.depth != "core", abs(years[key] - years[paper.key]), key

        return nsmallest(MOST, shared, key=distance)

    return {
        paper.key: tuple(Related(key=key, reason=_reason(paper, papers[key], names)) for key in nearest(paper))
        for paper in survey.papers
    }


def _reason(paper: Paper, other: Paper, names: Mapping[str, str]) -> str:
    tasks = [task for task in paper.task if task in other.task]
    families = [names[family] for family in paper.families if family in other.families]
    same = [f"{'tasks' if len(tasks) > 1 else 'task'} {_and(tasks)}"]
    same += [f"{'families' if len(families) > 1 else 'family'} {_and(families)}"] if families else []
    return f"same {' and '.join(same)}"


def _and(words: list[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]
