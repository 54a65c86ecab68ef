"""How far a contest lies from a question: the task first, then the kind of model."""

from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.choose.backbones import Choice
from peft_vlm_survey.choose.contests import Contest
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.tasks import GROUPS

# What lies further off says nothing.
SAME, KIND, KINDRED, OTHER = 1, 2, 3, 4
DISTANCES = (SAME, KIND, KINDRED, OTHER)
# To a multimodal LLM these are one task: it answers in words what it is asked about an image.
_ANSWERS_IN_WORDS = frozenset({"visual question answering", "multimodal instruction tuning"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearness:
    """What lies near: the kind of each backbone of the tables, and the kindred of each task."""

    kinds: Mapping[str, str]
    kindred: Mapping[str, frozenset[str]]

    def distance(self, contest: Contest, task: str, backbone: Choice | None) -> int:
        """Return how far a contest lies from a task on a backbone; 0 if it says nothing.

        Without a backbone every backbone is the same one, and kindred tasks say nothing.
        """
        kind = self.kinds.get(contest.group.backbone, "")
        near = backbone is None or (bool(kind) and kind == backbone.kind)
        in_words = near and kind == "MLLM" and {contest.task, task} <= _ANSWERS_IN_WORDS
        if contest.task == task or (backbone and in_words):
            same = backbone is None or contest.group.backbone in backbone.rows
            return SAME if same else KIND if near else OTHER
        return KINDRED if backbone and near and contest.task in self.kindred.get(task, ()) else 0


def nearness(survey: Survey) -> Nearness:
    """Return what lies near in a survey, made once."""
    return survey.derived(_nearness)


def _nearness(survey: Survey) -> Nearness:
    kindred: dict[str, set[str]] = {task: set(tasks) for tasks in GROUPS.values() for task in tasks}
    for benchmark in survey.benchmarks:
        dataset = survey.dataset_of.get(benchmark.benchmark)
        if dataset and benchmark.task and dataset.task != benchmark.task:  # two tasks on one data set
            kindred[benchmark.task].add(dataset.task)
            kindred[dataset.task].add(benchmark.task)
    return Nearness(
        kinds={backbone.backbone: backbone.kind for backbone in survey.backbones},
        kindred={task: frozenset(others - {task}) for task, others in kindred.items()},
    )
