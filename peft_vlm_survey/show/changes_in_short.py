"""In two sentences, for who comes back: what changed since the edition before, and what the book has taken back."""

from peft_vlm_survey.editions.changes import Changes, changes_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import Markup


def changes_in_short(*, survey: Survey) -> Markup:
    """Return in words how much changed since the edition before, how much the book said was corrected, and when last."""
    changes = changes_of(survey)
    lines = ["This is the first edition that is kept." if changes is None else _since(changes)]
    if survey.corrections:
        corrected = _counted(len(survey.corrections), "correction of what", "corrections of what")
        latest = max(correction.date for correction in survey.corrections)
        lines.append(f"Below are {corrected} the book said, the latest of {latest}.")
    return Markup("\n".join(lines) + "\n")


def _since(changes: Changes) -> str:
    numbers = changes.numbers
    counts = [
        (len(changes.papers.come), "paper came in", "papers came in"),
        (len(changes.papers.gone), "paper went out", "papers went out"),
        (len(numbers.come), "number was added", "numbers were added"),
        (len(numbers.gone), "number was withdrawn", "numbers were withdrawn"),
        (len(changes.rankings.turned), "group has another leader", "comparable groups have another leader"),
    ]
    counted = [_counted(count, one, many) for count, one, many in counts if count]
    summary = ", ".join(counted) or "papers, numbers and rankings stayed as they were"
    return f"Since edition {changes.old.version} of {changes.old.date}: {summary} ({{ref}}`changes`)."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
