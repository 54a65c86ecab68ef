"""All that the chooser knows, as plain values: the command and the script on the page answer from the same ones."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from peft_vlm_survey.choose.settings import (
    CLASSES,
    FEW_ONLY,
    GENERATES,
    GENERATION,
    HEAD_ONLY,
    LADDERS,
    NAMES,
    PURPOSES,
    RUNGS,
    TOWERS,
)
from peft_vlm_survey.choose.words import RULE, TEMPLATES
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import Group, every_group, method_of
from peft_vlm_survey.costs import METHODS, CostError, Counts, Shape, cost, known_shapes, memory_ratio
from peft_vlm_survey.costs.shapes import Number
from peft_vlm_survey.costs.software import snippets
from peft_vlm_survey.data import load
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.origins import TIERS
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import GROUPS

# What is trained on few examples: VTAB-1k, with 1,000 images a task, and the tasks of CLIP that are defined so.
FEW_BENCHMARKS = "vtab-1k"
FEW_TASKS = (*GROUPS["CLIP few-shot and base-to-novel"][:3], "few-shot image classification", "few-shot segmentation")


@cache
def facts(root: Path) -> Mapping[str, Any]:
    """Return the facts of the survey below a root. Raises SurveyError if it has problems."""
    return facts_of(load(root))


def facts_of(survey: Survey) -> Mapping[str, Any]:
    """Return the facts of a survey; every value is one that JSON knows."""
    shapes = known_shapes(survey)
    known = {id: shape for id, shape in shapes.items() if _offered(shape)}
    found = [group for group in every_group(survey).values() if group.comparable]
    homes: dict[str, list[str]] = {}
    for benchmark in survey.benchmarks:
        if benchmark.task and benchmark.category not in homes.setdefault(benchmark.task, []):
            homes[benchmark.task].append(benchmark.category)
    return {
        "categories": dict(CATEGORIES),
        "tasks": {name: list(tasks) for name, tasks in GROUPS.items()},
        "homes": homes,
        "generation": list(GENERATION),
        "tiers": dict(TIERS),
        "backbones": {
            id: {
                "name": shape.name,
                "type": shape.type,
                "total": shape.total,
                "part": shape.default,
                "generates": shape.type in GENERATES,
            }
            for id, shape in known.items()
        },
        "methods": {id: _method(survey, id) for id in LADDERS},
        "costs": {part: dict(_costs(known, part)) for part in ("", "vision")},
        "groups": [_described(survey, one, shapes) for one in found],
        "rows": [row for index, one in enumerate(found) for row in _rows(survey, one, index)],
        "words": dict(TEMPLATES),
        "rule": list(RULE),
    }


def _offered(shape: Shape) -> bool:
    return shape.configuration is not None and shape.configuration.menu == "yes"


def _method(survey: Survey, id: str) -> dict[str, Any]:
    method = METHODS[id]
    purpose = PURPOSES.get(id)
    papers = {paper.key: paper.category for paper in survey.papers}
    return {
        "name": method.name,
        "reference": method.key,
        "category": papers.get(method.key, ""),
        "mergeable": method.mergeable,
        "gradient": method.backbone_gradient,
        "tower": TOWERS.get(id, ""),
        "groups": list(purpose.groups) if purpose else [],
        "categories": list(purpose.categories) if purpose else [],
        "few_only": id in FEW_ONLY,
        "head_only": id in HEAD_ONLY,
        "software": list(_software(survey, id)),
    }


def _software(survey: Survey, id: str) -> Iterator[dict[str, Any]]:
    """Yield who implements a method; `lines` holds those that run it, for each setting, where a library has some."""
    steps = [snippets(survey, id, _values(setting)) for setting in LADDERS[id]]
    for same in zip(*steps, strict=True):
        one = same[0]
        yield {
            "library": one.library,
            "name": one.class_or_option,
            "version": one.version,
            "licence": one.licence,
            "maintained": one.maintained,
            "verified": one.verified,
            "source": one.source,
            "lines": [list(step.lines) for step in same],
        }


def _values(setting: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in setting.split())


def _costs(known: Mapping[str, Shape], part: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield, for each backbone, every method's costs at each of its settings, or why it has none.

    `vision` holds backbones whose methods act elsewhere unless they are told to act on the vision tower.
    """
    for id, shape in known.items():
        if not part or ("vision" in shape.parts and shape.default != "vision"):
            yield id, {method: _ladder(method, id, known, part) for method in LADDERS}


def _ladder(method: str, backbone: str, known: Mapping[str, Shape], part: str) -> list[list[Any]] | str:
    bound = METHODS[method].needs in ("clip", "detector")  # it acts where it was made to
    pairs = [f"part={part}"] if part and not bound and not METHODS[method].whole else []
    found: list[list[Any]] = []
    why = ""
    for rung, setting in enumerate(LADDERS[method]):
        try:
            found.append([*_at(method, backbone, [*setting.split(), *pairs], known), rung])
        except CostError as error:
            why = why or error.message
    return found or why


def _at(method: str, backbone: str, pairs: list[str], known: Mapping[str, Shape]) -> list[Any]:
    """Return what a setting costs, as a list.

    Setting, part, trained scalars per task as a + b / tasks, stored bytes per task likewise, multiply–adds that inference
    needs more in percent, once merged and unmerged, and training memory against full fine-tuning; the caller adds which
    of the method's settings it is.
    """
    classes = CLASSES.get(method)
    one, two = (cost(method, backbone, [*pairs, f"tasks={tasks}"], known=known, classes=classes) for tasks in (1, 2))
    extra = _extra(one)
    return [
        " ".join([*pairs, *([f"classes={classes}"] if classes else [])]),
        one.setting.part,
        *_shared(one.per_task, two.per_task),
        *_shared(one.stored_bytes, two.stored_bytes),
        0.0 if METHODS[method].mergeable == "yes" else extra,
        # Where a method merges in part, none is no established cost of what is not merged.
        None if METHODS[method].mergeable == "partly" and not extra else extra,
        _short(memory_ratio(one)),
    ]


def _shared(one: Number, two: Number) -> tuple[float, float]:
    """Return what each task has of its own, and what all of them share."""
    shared = 2 * (one - two)
    return float(one - shared), float(shared)


def _extra(counts: Counts) -> float | None:
    """Return the multiply–adds that inference needs more, unmerged, in percent of the part's."""
    return None if counts.extra_flops is None else _short(100 * float(counts.extra_flops) / float(counts.base_flops))


def _short(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.6g}")


def _described(survey: Survey, one: Group, shapes: Mapping[str, Shape]) -> dict[str, Any]:
    configurations = {backbone.backbone: backbone.configuration for backbone in survey.backbones}
    configuration = configurations.get(one.backbone, "")
    shape = shapes.get(configuration)
    tiers = list(TIERS)
    protocol = survey.protocol(one.protocol)
    return {
        "protocol": one.protocol,
        "name": protocol.name,
        "selection": protocol.selection,
        "training": protocol.training,
        "note": protocol.note,
        "backbone": one.backbone,
        "configuration": configuration,
        "type": shape.type if shape else "",
        "total": shape.total if shape else None,
        "benchmark": one.main.name,
        "metric": one.main.metric,
        "unit": one.main.unit,
        "gain_unit": "points" if _scale(one.main) else f"in {one.main.metric} (above zero is better)",
        "direction": one.main.direction,
        "category": one.main.category,
        "task": one.main.task,
        "tasks": list(dict.fromkeys(benchmark.task for benchmark in one.benchmarks)),
        "few": one.main.benchmark.startswith(FEW_BENCHMARKS) or one.main.task in FEW_TASKS,
        # Notes alone order nothing, so their methods make no group larger, unless there are no others.
        "methods": len({method_of(entry) for entry in one.entries if entry.read_in != "notes"} or one.methods),
        "tier": min(tiers.index(entry.read_in) for entry in one.entries),
    }


def _scale(benchmark: Benchmark) -> int:
    """Return by what a difference becomes one of points: 1 for percent, 100 for a fraction; 0 for any other metric."""
    if benchmark.unit == "%":
        return 1
    bounds = benchmark.range_low, benchmark.range_high
    return 100 if bounds == ("0", "1") and "fraction" in benchmark.metric else 0


def _rounded(value: str) -> str:
    """Return a value with the digits that a reader can use: those that are printed, at most four decimals."""
    return f"{float(value):.4f}" if len(value.partition(".")[2]) > 4 else value


def _rows(survey: Survey, one: Group, index: int) -> Iterator[dict[str, Any]]:
    """Yield the numbers of a group's main benchmark whose method the chooser knows, with their gain."""
    method_of = {name: id for id, names in NAMES.items() for name in names}
    papers = survey.papers_by_key
    for entry in one.entries:
        number = entry.on(one.main.benchmark)
        if number is None or entry.method not in method_of:
            continue
        place = survey.origin(entry.origin)
        gain = Decimal(0) if entry.method == REFERENCE else one.gain(entry)
        yield {
            "group": index,
            "method": method_of[entry.method],
            "printed": entry.method,
            "origin": entry.origin,
            "key": place.key,
            # The paper on whose page the number has its address, as in peft_vlm_survey/show/reported.py.
            "home": next((key for key in (place.key, number.method_key) if key in papers), ""),
            "locator": place.locator,
            "anchor": number.anchor,
            "value": number.value,
            "shown": _rounded(number.value),
            "score": float(number.value) if one.main.direction == "higher" else -float(number.value),
            "spread": number.spread,
            "seeds": number.seeds,
            "trained_percent": float(entry.trained_percent) if entry.trained_percent else None,
            "trained_millions": float(entry.trained_millions) if entry.trained_millions else None,
            "rung": RUNGS.get(entry.method),
            "tier": entry.read_in,
            "claim": number.claim,
            "gain": None if gain is None else float(gain * (_scale(one.main) or 1)),
        }
