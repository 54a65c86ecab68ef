"""Recipes as tables: those of a task, those of a paper, and what those with LoRA have in common."""

from collections import Counter

from peft_vlm_survey.costs.recipes import length
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.recipes import Recipe
from peft_vlm_survey.show.markup import cite, escape, link
from peft_vlm_survey.show.table import Column, Numbers, Table, table

_WITH_LORA = ("lora", "qlora")
_COMMON = 4  # values of a setting that are named


def of_paper(survey: Survey, key: str) -> tuple[Recipe, ...]:
    """Return the recipes that the repository of a paper's authors ships, those of its own method first."""
    shipped = [recipe for recipe in survey.recipes if recipe.paper == key]
    return tuple(sorted(shipped, key=lambda recipe: recipe.key != key))


def recipes(task: str, *, kind: str = "", survey: Survey) -> Table:
    """Return the recipes of a task, on one kind of backbone if it is named: one of each repository, official code first."""
    by_method: dict[tuple[str, str], Recipe] = {}
    for recipe in survey.recipes:
        if recipe.task == task and kind in ("", recipe.backbone_kind) and recipe.kind == "official code":
            by_method.setdefault((recipe.repository, recipe.method), recipe)
    rows = sorted(by_method.values(), key=lambda recipe: (recipe.method.casefold(), recipe.backbone))
    return table(
        rows,
        Column("Method", 16, lambda r: escape(r.method) + (f" {cite(r.key)}" if r.key else "")),
        Column("Size", 10, lambda r: escape(size(r))),
        Column("Learning rate", 13, lambda r: escape(rate(r))),
        Column("Batch", 12, lambda r: escape(r.batch or r.batch_note)),
        Column("Length", 10, lambda r: escape(length(r))),
        Column("Source", 22, lambda r: link(r.repository.partition("/")[2], r.address)),
        Column("Backbone", 17, lambda r: escape(r.backbone)),
        data=[dict(recipe.row.cells) for recipe in rows],
    )


def recipe_habits(*, kind: str, survey: Survey) -> Table:
    """Return the most frequent rank, scale and learning rate of recipes with LoRA on one kind of backbone.

    A repository counts once for each value that it uses, however many configurations it ships.
    """
    known = [r for r in survey.recipes if r.method_id in _WITH_LORA and r.backbone_kind == kind]
    habits = {
        "Rank $r$": {(r.repository, f"{float(r.rank):g}") for r in known if r.rank},
        "Scale $\\alpha / r$": {
            (r.repository, f"{float(r.alpha) / float(r.rank):g}") for r in known if r.alpha and r.rank
        },
        "Learning rate": {
            (r.repository, f"{float(r.learning_rate):.0e}") for r in known if _is_number(r.learning_rate)
        },
    }

    def common(name: str) -> str:
        counts = Counter(value for _, value in habits[name])
        first = sorted(counts.items(), key=lambda item: (-item[1], float(item[0])))[:_COMMON]
        return "; ".join(f"{_power(value)} ({count})" for value, count in first)

    named: Column[str] = Column("Setting", 20, lambda name: name)
    return table(
        habits,
        named,
        Column("Most frequent values (repositories)", 58, common),
        Numbers("Repositories that state it", 22, lambda name: len({repository for repository, _ in habits[name]})),
        data=[dict(recipe.row.cells) for recipe in known],
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _power(value: str) -> str:
    """Return a number as people write it: 2e-4 and not 2e-04.

    >>> _power("2e-04")
    '2e-4'
    """
    return value.replace("e-0", "e-")


def size(recipe: Recipe) -> str:
    """Return rank and further sizes, in words."""
    return ", ".join(filter(None, (f"rank {recipe.rank}" if recipe.rank else "", recipe.size)))


def rate(recipe: Recipe) -> str:
    """Return the learning rate with what belongs to it, in words."""
    noted = [recipe.rate_note] if recipe.rate_note else []
    noted += ["multiplied before use"] if recipe.base_rate and not recipe.rate_note else []
    return f"{recipe.learning_rate} ({'; '.join(noted)})" if noted else recipe.learning_rate
