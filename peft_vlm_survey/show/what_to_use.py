"""What to use in the situations that a chapter of the field names: the evidence of each answer, and its recipe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from peft_vlm_survey.choose.backbones import read_backbone
from peft_vlm_survey.choose.entries import Entry, entries, evidence_on
from peft_vlm_survey.choose.evidence import Evidence
from peft_vlm_survey.choose.numbers import ordinal
from peft_vlm_survey.choose.recipes import recipes_of
from peft_vlm_survey.choose.traits import FEW
from peft_vlm_survey.costs.recipes import TASK
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.recipes import Recipe
from peft_vlm_survey.show.markup import cite, escape, link
from peft_vlm_survey.show.recipes import rate, size
from peft_vlm_survey.show.table import Column, Table, table

OPEN = "*not established*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """What a reader has or wants, in the words of the chapter, and the methods that it answers with.

    The evidence is sought on `task` and near `backbone`, which may be empty; with `data` on benchmarks that train on so
    much of it, as far as there are any.
    """

    says: str
    task: str
    methods: tuple[str, ...]
    backbone: str = ""
    data: str = ""


# Three of each chapter, as its *What to use* names them; everything else that is shown is worked out.
SITUATIONS: Mapping[str, tuple[Situation, ...]] = {
    "grounding": (
        Situation(
            says="masks for expressions, a data set at hand",
            task="referring segmentation",
            methods=("huang2025detris", "xu2023etris"),
        ),
        Situation(
            says="rare or fine categories, and example images of them",
            task="open-vocabulary detection",
            methods=("xu2023mqdet",),
        ),
        Situation(says="small objects named by expressions", task="visual grounding", methods=("goto2025piza",)),
    ),
    "segmentation": (
        Situation(
            says="another kind of image, no prompt",
            task="medical image analysis",
            methods=("zhang2023samed",),
            backbone="sam-vit-h",
        ),
        Situation(says="no clicks", task="promptable segmentation", methods=("shaharabany2023autosam",)),
        Situation(
            says="fine structures, everything else as it was",
            task="promptable segmentation",
            methods=("ke2023hqsam",),
        ),
    ),
    "qa": (
        Situation(
            says="several image–text tasks on an encoder–decoder model",
            task="visual question answering",
            methods=("hu2023vlpet", "sung2022vladapter"),
            backbone="clip-bart",
        ),
        Situation(
            says="memory decides", task="visual question answering", methods=("sung2022lst",), backbone="clip-t5"
        ),
        Situation(
            says="retrieval between images or videos and text",
            task="image-text retrieval",
            methods=("yuan2023persitr",),
        ),
    ),
    "multimodal": (
        Situation(
            says="one task or one domain, a 24 GB card",
            task="multimodal instruction tuning",
            methods=("hu2022lora",),
            backbone="llava-1.5-7b",
        ),
        Situation(
            says="many unlike tasks in one model",
            task="multimodal instruction tuning",
            methods=("chen2024llavamole",),
        ),
        Situation(
            says="the general ability must survive",
            task="multimodal instruction tuning",
            methods=("liang2025lorasculpt",),
        ),
    ),
    "recognition": (
        Situation(
            says="a few labelled images per class, and the classes will not change",
            task="CLIP few-shot recognition",
            methods=("zanella2024cliplora",),
            backbone="clip-vit-b16",
        ),
        Situation(
            says="classes will be added later",
            task="CLIP base-to-novel recognition",
            methods=("zheng2025hicropl", "khattak2023promptsrc"),
            backbone="clip-vit-b16",
        ),
        Situation(
            says="no labels, only the test image",
            task="CLIP test-time adaptation",
            methods=("zanella2024mta",),
        ),
    ),
    "vision": (
        Situation(
            says="classification with few images",
            task="image classification",
            methods=("steitz2024adapterplus", "lian2022ssf"),
            backbone="vit-b16",
            data=FEW,
        ),
        Situation(
            says="detection and segmentation", task="object detection", methods=("yin2025mona",), backbone="swin-b"
        ),
        Situation(
            says="many tasks to store",
            task="image classification",
            methods=("jie2023binaryadapter",),
            backbone="vit-b16",
        ),
    ),
    "language": (
        Situation(
            says="a language model of billions of parameters",
            task="LLM adaptation",
            methods=("hu2022lora",),
            backbone="llama-3.2-3b",
        ),
        Situation(says="a high rank", task="LLM adaptation", methods=("kalajdzievski2023rslora",)),
        Situation(
            says="many related small tasks",
            task="natural language understanding",
            methods=("karimimahabadi2021hyperformer",),
            backbone="t5-base",
        ),
    ),
}


def what_to_use(chapter: str, *, survey: Survey) -> Table:
    """Return for each situation of a chapter its answer, the evidence with the place in the chooser's list, and the recipe.

    Raises KeyError if the chapter names no situations.
    """
    answers = [_answered(survey, situation, key) for situation in SITUATIONS[chapter] for key in situation.methods]
    return table(
        answers,
        Column("Situation", 20, lambda a: escape(a.situation.says[:1].upper() + a.situation.says[1:])),
        Column("Answer", 16, lambda a: f"{escape(survey.name(a.key))} {cite(a.key)}"),
        Column("Evidence", 34, lambda a: _evidence(a.evidence, a.place, a.candidates)),
        Column("Nearest recipe", 30, lambda a: _recipe(a.recipe, a.same_task)),
        classes=["longtable"],
        note="*Evidence*: the most telling number of the method on the task, and its place in the list of {ref}`choose`.",
        data=[
            {"situation": a.situation.says, "task": a.situation.task, "backbone": a.situation.backbone, "method": a.key}
            | {"place": str(a.place) if a.place else "", "of": str(len(a.candidates))}
            | {"origin": a.evidence.origin if a.evidence else "", "recipe": a.recipe.source if a.recipe else ""}
            for a in answers
        ],
    )


class _Answered(NamedTuple):
    """A method that answers a situation, with its place among the candidates, its evidence and its recipe."""

    situation: Situation
    key: str
    place: int
    candidates: Sequence[Entry]
    evidence: Evidence | None
    recipe: Recipe | None
    same_task: bool


def _answered(survey: Survey, situation: Situation, key: str) -> _Answered:
    backbone = read_backbone(survey, situation.backbone)
    candidates = entries(survey, situation.task, backbone)
    place, entry = next(((i, one) for i, one in enumerate(candidates, 1) if one.key == key), (0, None))
    evidence = evidence_on(survey, situation.task, backbone, entry, situation.data) if entry else None
    near, recipes = recipes_of(survey, key, situation.task, backbone)
    return _Answered(situation, key, place, candidates, evidence, recipes[0] if recipes else None, near == TASK)


def _evidence(evidence: Evidence | None, place: int, candidates: Sequence[Entry]) -> str:
    if evidence is None:
        return f"{OPEN}: no number that can be compared"
    first = "" if place == 1 else f", which begins with {escape(candidates[0].name)}"
    return f"{escape(evidence.why)} {ordinal(place).capitalize()} of {len(candidates)} in the chooser’s list{first}."


def _recipe(recipe: Recipe | None, same_task: bool) -> str:
    if recipe is None:
        return OPEN
    elsewhere = "" if same_task else " (on another task)"
    details = (
        size(recipe),
        f"rate {rate(recipe)}" if recipe.learning_rate else "",
        f"batch {recipe.batch}" if recipe.batch else "",
    )
    how = "; ".join(filter(None, details))
    return f"{link(recipe.repository.partition('/')[2], recipe.address)}{elsewhere}: {escape(recipe.backbone)}" + (
        f"; {escape(how)}" if how else ""
    )
