"""Which task a text means that is the name of none, and which of its words that task leaves out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain

from peft_vlm_survey.choose.task_names import folded, leading_terms, names_of_tasks
from peft_vlm_survey.model import Survey

# What is one word however it is written, and words that mean the same.
_ONE = {
    **{"question answering": "qa", "vqa": "visual qa", "videoqa": "video qa", "docvqa": "document visual qa"},
    **{"test time": "testtime", "long tailed": "longtailed", "long tail": "longtailed", "few shot": "fewshot"},
    **{"zero shot": "zeroshot", "open vocabulary": "openvocabulary", "open set": "openvocabulary"},
    **{"remote sensing": "remotesensing", "earth observation": "remotesensing", "point cloud": "pointcloud"},
    **{"satellite": "remotesensing", "aerial": "remotesensing", "lifelong": "continual", "incremental": "continual"},
    **{"sequential": "continual", "clinical": "medical", "biomedical": "medical", "mri": "medical", "ct": "medical"},
    **{"radiology": "medical", "thermal": "rgbt", "rgb t": "rgbt", "rgb thermal": "rgbt", "imbalanced": "longtailed"},
    **{"mllm": "multimodal llm", "vlm": "multimodal llm", "lmm": "multimodal llm", "language model": "llm"},
    **{"fine tuning": "tuning", "finetuning": "tuning", "fine tune": "tuning", "text only": "textonly"},
    **{"recognise": "recognition", "classify": "classification", "segment": "segmentation", "detect": "detection"},
    **{"retrieve": "retrieval", "localising": "localisation", "unlearn": "unlearning", "track": "tracking"},
    **{"localization": "localisation", "retrieving": "retrieval", "segmenting": "segmentation"},
}
_AS_WRITTEN = {one: written.replace(" ", "-") for written, one in _ONE.items() if one == written.replace(" ", "")}
# Words that change a task weigh most; of the others each counts once, and those that every task may have not at all.
_CHANGING = frozenset(
    re.findall(
        "[a-z0-9]+",
        "continual testtime longtailed medical remotesensing video 3d unlearning multilingual federated private textonly "
        "document chart preference dpo grpo reinforcement robot embedding audio rgbt hallucination pointcloud gui "
        "adversarial calibration anomaly personalised reasoning camouflaged crosslingual",
    )
)
_REGIMES = frozenset(re.findall("[a-z0-9]+", "fewshot zeroshot openvocabulary referring multimodal"))
_UNTELLING = frozenset(
    re.findall(
        "[a-z0-9]+",
        "a an the of for on in to with and or my our from by at using via is are as it new own some few many adaptation adapt "
        "adapting tuning tune analysis learning learn clip image images picture visual vision language text model large "
        "recognition understanding generation task data dataset training train method peft parameter efficient pretrained "
        "foundation deep neural network high low small big efficient best how what which",
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """The tasks that a text may mean, the words that they leave out, and the tasks that these words would mean."""

    tasks: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    ask_too: tuple[str, ...] = ()


def near_tasks(text: str, survey: Survey) -> Near:
    """Return the tasks of which a name has most of the telling words of a text; none if no name has any."""
    names = survey.derived(_words_of_names)
    said = tuple(dict.fromkeys(_words(" ".join(_corrected(folded(text).split(), survey)))))
    tasks, held = _nearest(frozenset(said), names)
    left_out = tuple(word for word in said if word not in held and word not in survey.derived(_models))
    if wider := {survey.wider_task(task) for task in tasks}.intersection(tasks):
        tasks = tuple(task for task in tasks if survey.wider_task(task) not in wider or task in wider)
    if not tasks or not left_out:
        return Near(tasks=tasks)
    others, _ = _nearest(frozenset(left_out) & _CHANGING, names)
    return Near(
        tasks=tasks,
        left_out=tuple(_AS_WRITTEN.get(word, word) for word in left_out),
        ask_too=tuple(task for task in others if task not in tasks)[:1],
    )


def _nearest(
    said: frozenset[str], names: Mapping[str, Iterable[frozenset[str]]]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the tasks with the nearest name, and the words that it shares; one that says more counts against it twice."""
    found: dict[str, tuple[int, int, frozenset[str]]] = {}
    for task, sets in names.items():
        scores = [(sum(map(_weight, said & name)) - 2 * sum(map(_weight, name - said)), said & name) for name in sets]
        near = [(score, len(held), held) for score, held in scores if score > 0]
        if near:
            found[task] = max(near, key=lambda score: score[:1])
    if not found:
        return (), frozenset()
    best = max(score[:1] for score in found.values())
    tasks = tuple(task for task, score in found.items() if score[:1] == best)
    return tasks, frozenset(chain.from_iterable(found[task][2] for task in tasks))


def _weight(word: str) -> int:
    return 4 if word in _CHANGING else 2 if word in _REGIMES else 1


def _words(text: str) -> list[str]:
    """Return the telling words of a text; all of them, if none is telling."""
    said = f" {folded(text)} "
    for written, one in _ONE.items():
        said = re.sub(rf"(?<= ){written}(?= )", one, said)
    return [word for word in said.split() if word not in _UNTELLING] or said.split()


def _words_of_names(survey: Survey) -> Mapping[str, tuple[frozenset[str], ...]]:
    """Return the words of each name of each task; terms of the glossary that lead to one task are names of it too."""
    found: dict[str, list[frozenset[str]]] = {}
    names = names_of_tasks(survey)
    leading = {name: tasks[0] for name, tasks in leading_terms(survey).items() if len(tasks) == 1}
    for name, task in {**leading, **names}.items():
        found.setdefault(task, []).append(frozenset(_words(name)))
    return {task: tuple(dict.fromkeys(sets)) for task, sets in found.items()}


def _corrected(said: Iterable[str], survey: Survey) -> Iterator[str]:
    """Yield words, those that no name has as the name writes them that is nearly so written."""
    known = {word for name in (*names_of_tasks(survey), *_ONE) for word in name.split()} | _UNTELLING
    long = sorted(word for word in known if len(word) > 4)
    for word in said:
        close = [] if word in known or len(word) < 5 else get_close_matches(word, long, n=1, cutoff=0.85)
        yield close[0] if close else word


def _models(survey: Survey) -> frozenset[str]:
    """Return the words of the names of models: to leave one out changes no task."""
    names = (name for backbone in survey.backbones for name in (backbone.backbone, *backbone.aliases))
    words = frozenset(word for name in names for word in folded(name).split() if len(word) > 2)
    return words - _CHANGING - _REGIMES
