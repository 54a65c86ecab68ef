"""In two sentences, for who comes back: what changed since the edition before, and what the book has taken back."""

from peft_vlm_survey.editions.changes import Changes, changes_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import Markup


def changes_in_short(*, survey: Survey) -> Markup:
    """Say how much changed since the edition before, and how much of what the book said was corrected, the latest when."""
    found = changes_of(survey)
    lines = ["This is the first edition that is kept." if found is None else _since(found)]
    if survey.corrections:
        corrected = _counted(len(survey.corrections), "correction of what", "corrections of what")
        latest = max(correction.date for correction in survey.corrections)
        lines.append(f"Below are {corrected} the book said, the latest of {latest}.")
    return Markup("\n".join(lines) + "\n")


def _since(found: Changes) -> str:
    numbers = found.numbers
    counts = [
        (len(found.papers.come), "paper came in", "papers came in"),
        (len(found.papers.gone), "paper went out", "papers went out"),
        (len(numbers.come), "number was added", "numbers were added"),
        (len(numbers.gone), "number was withdrawn", "numbers were withdrawn"),
        (len(found.rankings.turned), "group has another leader", "comparable groups have another leader"),
        (len(found.costs.by_method), "method costs something else", "methods cost something else"),
    ]
    told = [_counted(count, one, many) for count, one, many in counts if count]
    said = ", ".join(told) or "papers, numbers, rankings and default costs stayed as they were"
    return f"Since edition {found.old.version} of {found.old.date}: {said} ({{ref}}`changes`)."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
