"""What others ran as a script, worked out before: a page looks it up and works nothing out."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from peft_vlm_survey.choose.backbones import choices
from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.costs.recipes import NONE, OTHER, Wanted, ran
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.recipes import Recipe
from peft_vlm_survey.site.data_script import DataScript, compact

_KIND = "{kind}"  # what the page fills in where there is no recipe on a kind of model


def recipes_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.recipes`: what is said, once each, and which of it by method, kind, task and shapes."""
    texts: dict[tuple[str, ...], int] = {}
    places: dict[str, int] = {}
    for name, wanted in _wanted(survey):
        runs = ran(survey.recipes, wanted)
        if runs.near != NONE and (runs.near == OTHER) == (wanted.kind == _KIND):
            row: tuple[str, ...] = (runs.said, runs.nearest, runs.address)
            if runs.script:
                row += ("\n".join(runs.script), runs.script_of, runs.script_address)
            places[name] = texts.setdefault(row, len(texts))
    kinds = {
        choice.configuration: choice.kind for choice in choices(survey).values() if choice.id == choice.configuration
    }
    return f"survey.data.recipes = {compact({'said': list(texts), 'places': places, 'kinds': kinds})};\n"


def _wanted(survey: Survey) -> Iterator[tuple[str, Wanted]]:
    """Yield what a page may ask for, by the text under which it looks it up."""
    known: dict[tuple[str, str, str], list[Recipe]] = defaultdict(list)
    for recipe in survey.recipes:
        subjects = [(recipe.key, "")] if recipe.key else []
        subjects += [("", recipe.method_id)] if recipe.method_id else []
        for key, id in subjects:
            for kind in ("", recipe.backbone_kind, _KIND):
                known[key, id, kind].append(recipe)
    for (key, id, kind), recipes in known.items():
        tasks = dict.fromkeys(("", *(recipe.task for recipe in recipes)))
        shapes = (
            dict.fromkeys(("", *(recipe.configuration for recipe in recipes))) if kind not in ("", _KIND) else ("",)
        )
        for task, shape in product(tasks, shapes):
            yield (
                f"{key or id}|{kind}|{task}|{shape}",
                Wanted(key=key, method_id=id, kind=kind, task=task, configuration=shape),
            )
    yield from _wanted_of_alike(survey, known)


def _wanted_of_alike(survey: Survey, known: Mapping[tuple[str, str, str], object]) -> Iterator[tuple[str, Wanted]]:
    """Yield the same of methods that act alike, on kinds of model where no recipe of the method itself is known.

    A backbone whose recipe is the nearest anyway is found without its shapes.
    """
    shapes: dict[str, dict[str, None]] = {}
    for recipe in survey.recipes:
        shapes.setdefault(recipe.backbone_kind, {"": None})[recipe.configuration] = None
    subjects = {("", m.id): m for m in METHODS.values()} | {(m.key, ""): m for m in METHODS.values() if m.key}
    for (key, id), method in subjects.items():
        for kind in shapes if method.way else ():
            if (key, id, kind) not in known:
                wanted = Wanted(key=key, method_id=id, kind=kind)
                plain = ran(survey.recipes, wanted)
                for shape in shapes[kind]:
                    if not shape or ran(survey.recipes, replace(wanted, configuration=shape)) != plain:
                        yield f"{key or id}|{kind}||{shape}", replace(wanted, configuration=shape)


SCRIPT = DataScript("recipes.js", lambda survey, anchors: recipes_script(survey))
