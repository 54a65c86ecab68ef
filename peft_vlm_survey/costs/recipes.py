"""What others ran: the range over comparable recipes, and the one nearest to a setting, each with its source."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.costs.method import WAYS
from peft_vlm_survey.read.recipes import Recipe

# How near recipes lie: the same method on the same task and kind of model, on the kind alone; another method that acts alike,
# on the kind; or the method on another kind, of which nothing is told but that there are some.
TASK, KIND, KINDRED, OTHER, NONE = "task", "kind", "kindred", "other", "none"
DEMO = "demo"  # examples of few steps, which say nothing of how long to train
UNKNOWN = "No recipe is known."
_SAID = {
    TASK: "{count} on {kind} backbones for {task}",
    KIND: "{count} on {kind} backbones",
    KINDRED: "None of it on {kind} backbones; of other {alike} on these {count}",
    OTHER: "None of it on {kind} backbones; {count} on others",
}
# What a range is told of: its name, and the number of a recipe.
_TOLD: tuple[tuple[str, Callable[[Recipe], str]], ...] = (
    ("rank", lambda recipe: recipe.rank),
    ("learning rate", lambda recipe: "" if recipe.base_rate else recipe.learning_rate),
    ("batch", lambda recipe: recipe.batch),
    ("epochs", lambda recipe: "" if recipe.length_note.endswith(DEMO) else recipe.epochs),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What recipes are sought for; `key` is the method's paper, or empty where `method_id` tells the method.

    Of a backbone are given what sort of model it is, and the id of its shapes; either may be empty.
    """

    key: str = ""
    method_id: str = ""
    kind: str = ""
    task: str = ""
    configuration: str = ""

    def is_of(self, recipe: Recipe) -> bool:
        """Return whether a recipe is of the method."""
        return recipe.key == self.key if self.key else bool(self.method_id) and recipe.method_id == self.method_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """What others ran: how near it lies, the comparable recipes, and both in words.

    `nearest` is on the very backbone where one is known, whatever its task, and else the first of the comparable ones; it is
    empty where all are on backbones of another kind.

    `script` are the lines of the nearest recipe whose repository names a command, `script_of` says of what, and
    `script_address` where it is stated.
    """

    near: str
    recipes: tuple[Recipe, ...]
    said: str
    nearest: str
    address: str
    script: tuple[str, ...] = ()
    script_of: str = ""
    script_address: str = ""


def comparable(recipes: Iterable[Recipe], wanted: Wanted) -> tuple[str, tuple[Recipe, ...]]:
    """Return how near the nearest recipes of a method lie, and those that lie so near, the nearest first."""
    of_method = [recipe for recipe in recipes if wanted.is_of(recipe)]
    alike = [recipe for recipe in of_method if not wanted.kind or recipe.backbone_kind == wanted.kind]
    same = [recipe for recipe in alike if recipe.task == wanted.task]
    near, nearest = next(
        ((near, some) for near, some in ((TASK, same), (KIND, alike), (OTHER, of_method)) if some), (NONE, [])
    )
    if near == OTHER:  # shapes of another kind of model are those of another backbone
        wanted = replace(wanted, configuration="")
    return near, tuple(sorted(nearest, key=lambda recipe: _distance(recipe, wanted)))


def ran(recipes: Iterable[Recipe], wanted: Wanted) -> Ran:
    """Return what others ran of a method, as near to a setting as anything is known."""
    recipes = tuple(recipes)
    near, ordered = comparable(recipes, wanted)
    if near in (OTHER, NONE) and (alike := _alike(recipes, wanted)):
        near, ordered = KINDRED, alike
    if not ordered:
        return Ran(near=NONE, recipes=(), said=UNKNOWN, nearest="", address="")
    count = f"{counted(len(ordered), 'recipe')} from {counted(len({r.repository for r in ordered}), 'repository')}"
    if wanted.kind:
        count = _SAID[near].format(count=count, kind=wanted.kind, task=wanted.task, alike=WAYS.get(_way(wanted), ""))
    elif near == TASK:
        count = f"{count} for {wanted.task}"
    if near == OTHER:  # their ranks, rates and scripts are those of other models
        return Ran(near=near, recipes=ordered, said=f"{count}.", nearest="", address="")
    nearest = (*_on_its_shapes(recipes, wanted), *ordered)
    scripted = next((recipe for recipe in nearest if recipe.command), None)
    ranges = [text for name, number in _TOLD if (text := _range(name, number, ordered))]
    return Ran(
        near=near,
        recipes=ordered,
        said=f"{count}{': ' if ranges else ''}{'; '.join(ranges)}.",
        nearest=line_of(nearest[0]),
        address=nearest[0].address,
        script=scripted.lines if scripted else (),
        script_of=_of(scripted) if scripted else "",
        script_address=scripted.address if scripted else "",
    )


def _way(wanted: Wanted) -> str:
    """Return how the method acts that is sought; empty where the book prices none of it, or it acts as no other."""
    named = METHODS.get(wanted.method_id)
    acting = named or next((method for method in METHODS.values() if wanted.key and method.key == wanted.key), None)
    return acting.way if acting else ""


def _alike(recipes: Iterable[Recipe], wanted: Wanted) -> tuple[Recipe, ...]:
    """Return the recipes of other methods that act alike on the kind of backbone, the nearest first."""
    way = _way(wanted)
    if not way or not wanted.kind:
        return ()
    alike = [
        recipe
        for recipe in recipes
        if recipe.backbone_kind == wanted.kind and recipe.method_id and METHODS[recipe.method_id].way == way
    ]
    return tuple(sorted(alike, key=lambda recipe: _distance(recipe, replace(wanted, task=""))))


def _on_its_shapes(recipes: Iterable[Recipe], wanted: Wanted) -> list[Recipe]:
    """Return the recipes on the very backbone, whatever their task: its targets and rate carry over more than its task does."""
    on_backbone = [
        recipe
        for recipe in recipes
        if wanted.is_of(recipe)
        and wanted.configuration == recipe.configuration != ""
        and wanted.kind in ("", recipe.backbone_kind)
    ]
    return sorted(on_backbone, key=lambda recipe: (recipe.task != wanted.task, _distance(recipe, wanted)))


def line_of(recipe: Recipe) -> str:
    """Return a recipe in one line: where, what, how."""
    note = f" ({recipe.rate_note})" if recipe.rate_note else ""
    base = " before it is multiplied" if recipe.base_rate else ""
    parts = (
        f"rank {recipe.rank}" if recipe.rank else "",
        recipe.size,
        f"alpha {recipe.alpha}" if recipe.alpha else "",
        f"learning rate {recipe.learning_rate}{base}{note}" if recipe.learning_rate else "",
        recipe.schedule,
        f"batch {recipe.batch}" if recipe.batch else recipe.batch_note,
        length(recipe),
        f"GPUs: {recipe.gpus}" if recipe.gpus else "",
    )
    return f"{_of(recipe)}: {', '.join(filter(None, parts))}"


def _of(recipe: Recipe) -> str:
    return f"{recipe.method} on {recipe.backbone}, {recipe.printed_task}"


def length(recipe: Recipe) -> str:
    """Return how long a recipe trains, in words."""
    number, unit = (recipe.epochs, "epoch") if recipe.epochs else (recipe.steps, "step")
    text = f"{number} {unit}{'' if number == '1' else 's'}" if number else ""
    return f"{text} ({recipe.length_note})" if text and recipe.length_note else text or recipe.length_note


def _distance(recipe: Recipe, wanted: Wanted) -> tuple[bool, ...]:
    """Return what sets a recipe apart, the weightiest first; the order of the file decides among equals."""
    return (
        not wanted.configuration or recipe.configuration != wanted.configuration,
        recipe.task != wanted.task,
        recipe.backbone_kind != wanted.kind,
        not recipe.paper or recipe.paper != recipe.key,
        DEMO in recipe.length_note,
        not recipe.learning_rate,
    )


def _range(name: str, number: Callable[[Recipe], str], recipes: Sequence[Recipe]) -> str:
    """Return least, most and commonest of a number; repositories are counted, since one may ship many recipes."""
    who: dict[float, set[str]] = defaultdict(set)
    shown: dict[float, str] = {}
    for recipe in recipes:
        if text := number(recipe):
            who[float(text)].add(recipe.repository)
            shown[float(text)] = _short(float(text))
    if not who:
        return ""
    if len(who) == 1:
        return f"{name} {shown[min(who)]}"
    most = max(len(repositories) for repositories in who.values())
    often = [value for value, repositories in who.items() if len(repositories) == most]
    commonest = f", most often {shown[often[0]]}" if len(often) == 1 and most > 1 else ""
    return f"{name} {shown[min(who)]} to {shown[max(who)]}{commonest}"


def _short(number: float) -> str:
    """Return a number as people write rates.

    >>> _short(0.0002), _short(0.0025), _short(16.0)
    ('2e-4', '0.0025', '16')
    """
    digits, _, exponent = f"{number:e}".partition("e-")
    if exponent and int(exponent) > 3:
        return f"{float(digits):g}e-{int(exponent)}"
    return f"{number:g}"


def counted(count: int, what: str) -> str:
    """Return a number of things in words."""
    if count == 1:
        return f"1 {what}"
    return f"{count} {what.removesuffix('y')}ies" if what.endswith("y") else f"{count} {what}s"
