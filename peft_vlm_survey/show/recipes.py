"""Recipes as tables: those of a task, and those of a paper."""

from peft_vlm_survey.costs.recipes import counted, length
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.recipes import Recipe
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, Table, cite, escape, link


def of_paper(survey: Survey, key: str) -> tuple[Recipe, ...]:
    """Return the recipes that the repository of a paper's authors ships, those of its own method first."""
    shipped = [recipe for recipe in survey.recipes if recipe.paper == key]
    return tuple(sorted(shipped, key=lambda recipe: recipe.key != key))


def recipes(task: str, *, caption: str, label: str, kind: str = "", survey: Survey) -> Table:
    """Return the recipes of a task, on one kind of backbone if it is named: one of each repository, official code first."""
    by_method: dict[tuple[str, str], Recipe] = {}
    for recipe in survey.recipes:
        if recipe.task == task and kind in ("", recipe.backbone_kind) and recipe.kind == "official code":
            by_method.setdefault((recipe.repository, recipe.method), recipe)
    rows = sorted(by_method.values(), key=lambda recipe: (recipe.method.casefold(), recipe.backbone))
    return Table(
        header=["Method", "Backbone", "Size", "Learning rate", "Batch", "Length", "Source"],
        rows=[_cells(recipe) for recipe in rows],
        widths=[16, 17, 10, 13, 12, 10, 22],
        caption=caption,
        label=label,
        data=[dict(recipe.row.cells) for recipe in rows],
    )


def recipes_said(*tasks: str, survey: Survey) -> Markup:
    """Return in a sentence how many recipes are known for tasks, and where they stand."""
    known = [recipe for recipe in survey.recipes if recipe.task in tasks]
    if not known:
        return Markup("No recipe is known for these tasks.\n")
    repositories = len({recipe.repository for recipe in known})
    papers = sorted({recipe.paper for recipe in known if recipe.paper in survey.papers_by_key})
    on_pages = (
        f" The pages of {counted(len(papers), 'paper')} show those of the authors’ own repositories," if papers else ""
    )
    return Markup(
        f"**Recipes.** {counted(len(known), 'configuration')} from {counted(repositories, 'repository')} "
        f"for these tasks {'is' if len(known) == 1 else 'are'} known.{on_pages} {'and ' if on_pages else ''}{{ref}}`choose` shows those nearest to an answer; "
        f"{{ref}}`fit-recipes` says how to read them.\n"
    )


def size(recipe: Recipe) -> str:
    """Return rank and further sizes, in words."""
    return ", ".join(filter(None, (f"rank {recipe.rank}" if recipe.rank else "", recipe.size)))


def rate(recipe: Recipe) -> str:
    """Return the learning rate with what belongs to it, in words."""
    noted = [recipe.rate_note] if recipe.rate_note else []
    noted += ["multiplied before use"] if recipe.base_rate and not recipe.rate_note else []
    return f"{recipe.learning_rate} ({'; '.join(noted)})" if noted else recipe.learning_rate


def _cells(recipe: Recipe) -> list[str]:
    method = escape(recipe.method) + (f" {cite(recipe.key)}" if recipe.key else "")
    facts = (recipe.backbone, size(recipe), rate(recipe), recipe.batch or recipe.batch_note, length(recipe))
    place = link(recipe.repository.partition("/")[2], recipe.address)
    return [method, *(escape(text) if text else NOT_ESTABLISHED for text in facts), place]
