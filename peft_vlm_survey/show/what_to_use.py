"""What to use in the situations that a chapter of the field names: the evidence of each answer, and its recipe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from peft_vlm_survey.show.table import Table

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
    rows, data = [], []
    for situation in SITUATIONS[chapter]:
        backbone = read_backbone(survey, situation.backbone)
        candidates = entries(survey, situation.task, backbone)
        for key in situation.methods:
            place, entry = next(
                ((i, candidate) for i, candidate in enumerate(candidates, 1) if candidate.key == key), (0, None)
            )
            evidence = evidence_on(survey, situation.task, backbone, entry, situation.data) if entry else None
            near, recipes = recipes_of(survey, key, situation.task, backbone)
            recipe = recipes[0] if recipes else None
            rows.append(
                [
                    escape(situation.says[:1].upper() + situation.says[1:]),
                    f"{escape(survey.name(key))} {cite(key)}",
                    _evidence(evidence, place, candidates),
                    _recipe(recipe, near == TASK),
                ]
            )
            data.append(
                {
                    "situation": situation.says,
                    "task": situation.task,
                    "backbone": situation.backbone,
                    "method": key,
                    "place": str(place) if place else "",
                    "of": str(len(candidates)),
                    "origin": evidence.origin if evidence else "",
                    "recipe": recipe.source if recipe else "",
                }
            )
    return Table(
        header=["Situation", "Answer", "Evidence", "Nearest recipe"],
        rows=rows,
        widths=[20, 16, 34, 30],
        classes=["longtable"],
        note="*Evidence*: the most telling number of the method on the task, and its place in the list of {ref}`choose`.",
        data=data,
    )


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
