"""How far a contest lies from a question: the task first, then the kind of model."""

from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.choose.backbones import Choice
from peft_vlm_survey.choose.contests import Contest
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.advice import split
from peft_vlm_survey.read.tasks import GROUPS

# What lies further off says nothing.
SAME, KIND, KINDRED, OTHER = 1, 2, 3, 4
DISTANCES = (SAME, KIND, KINDRED, OTHER)
# To a multimodal LLM these are one task: it answers in words what it is asked about an image.
_ANSWERS_IN_WORDS = frozenset({"visual question answering", "multimodal instruction tuning"})
# And to these it answers in words too, with boxes written as numbers.
_SAID_IN_WORDS = (
    *GROUPS["Multimodal instruction tuning"],
    *("visual grounding", "grounded dialogue", "visual captioning", "video question answering", "video grounding"),
    *("audio-visual understanding", "multimodal classification", "medical image analysis", "remote sensing"),
)
_UNLIKE = ("Applied domains", "Generation", "Video and 3D")  # tasks that share no more than that


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearness:
    """What lies near: the kind of each backbone of the tables, the kindred of each task, and what an advice rests on.

    `rested_on` has protocol and backbone of the groups behind the advice for a task and a kind. `narrower` has the protocols
    that answer each narrower task; those of `apart` say nothing of the wider one.
    """

    kinds: Mapping[str, str]
    kindred: Mapping[str, frozenset[str]]
    rested_on: Mapping[tuple[str, str], frozenset[tuple[str, str]]]
    narrower: Mapping[str, frozenset[str]]
    apart: frozenset[str]

    def on_task(self, contest: Contest, task: str) -> bool:
        """Return whether a contest is about a task."""
        protocol = contest.group.protocol
        if task in self.narrower:
            return protocol in self.narrower[task]
        return contest.task == task and protocol not in self.apart

    def distance(self, contest: Contest, task: str, backbone: Choice | None) -> int:
        """Return how far a contest lies from a task on a backbone; 0 if it says nothing.

        Without a backbone every backbone is the same one, and kindred tasks say nothing.
        """
        kind = self.kinds.get(contest.group.backbone, "")
        near = backbone is None or (bool(kind) and kind == backbone.kind)
        in_words = near and kind == "MLLM" and {contest.task, task} <= _ANSWERS_IN_WORDS
        if self.on_task(contest, task) or (backbone and in_words):
            same = backbone is None or contest.group.backbone in backbone.rows
            return SAME if same else KIND if near else OTHER
        if backbone is None:
            return 0
        rests = (contest.group.protocol, contest.group.backbone) in self.rested_on.get((task, backbone.kind), ())
        return KINDRED if rests or (near and contest.task in self.kindred_of(task, backbone.kind)) else 0

    def kindred_of(self, task: str, kind: str) -> frozenset[str]:
        """Return the tasks that are kindred to a task on a kind of backbone."""
        return self.kindred.get(task, frozenset()) | in_words(task, kind)


def in_words(task: str, kind: str) -> frozenset[str]:
    """Return the tasks that are one with a task to a model that answers in words; none to any other."""
    if kind == "LLM":  # which sees no image: to it instruction tuning is that of a language model
        return frozenset({"LLM adaptation"}) if task in GROUPS["Multimodal instruction tuning"] else frozenset()
    return _ANSWERS_IN_WORDS if kind == "MLLM" and task in _SAID_IN_WORDS else frozenset()


def nearness(survey: Survey) -> Nearness:
    """Return what lies near in a survey, made once."""
    return survey.derived(_nearness)


def _nearness(survey: Survey) -> Nearness:
    kindred: dict[str, set[str]] = {
        task: set() if group in _UNLIKE else set(tasks) for group, tasks in GROUPS.items() for task in tasks
    }
    for benchmark in survey.benchmarks:
        dataset = survey.dataset_of.get(benchmark.benchmark)
        if dataset and benchmark.task and dataset.task != benchmark.task:  # two tasks on one data set
            kindred[benchmark.task].add(dataset.task)
            kindred[dataset.task].add(benchmark.task)
    kindred |= {asked.task: set(asked.like) for asked in survey.asked_tasks if asked.within}
    return Nearness(
        kinds={backbone.backbone: backbone.kind for backbone in survey.backbones},
        kindred={task: frozenset(others - {task}) for task, others in kindred.items()},
        rested_on={
            (advice.task, kind): frozenset(
                (protocol, backbone) for protocol, backbone, *_ in map(split, advice.evidence)
            )
            for advice in survey.advice
            for kind in advice.kinds
        },
        narrower={asked.task: frozenset(asked.protocols) for asked in survey.asked_tasks if asked.within},
        apart=frozenset(protocol for asked in survey.asked_tasks if asked.apart for protocol in asked.protocols),
    )
