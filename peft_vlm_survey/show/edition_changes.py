"""Answers about what changed since the last edition: in two sentences, as counts, and the groups that another method leads."""

from collections.abc import Sequence

from peft_vlm_survey.editions.changes import Changes, changes_of
from peft_vlm_survey.editions.changes_output import rows_of
from peft_vlm_survey.editions.paper_changes import PaperCell
from peft_vlm_survey.editions.ranking_changes import Ranking
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.group_names import group_name
from peft_vlm_survey.show.markup import Markup, escape
from peft_vlm_survey.show.sentences import counted
from peft_vlm_survey.show.table import Column, Numbers, Table, table

MOST = 12  # rows of a table that would otherwise have thousands
_FIRST = "This is the first edition that is kept, so there is none to compare it with.\n"


def changes_counted(*, survey: Survey) -> Markup:
    """Return in a list how much changed since the last edition."""
    changes = changes_of(survey)
    if changes is None:
        return Markup(_FIRST)
    numbers = changes.numbers
    lines = [
        f"The data are compared with those of edition {changes.old.version} of {changes.old.date}.",
        "",
        _papers_counted(changes),
        f"- **Numbers**: {len(numbers.come):,} were added, {len(numbers.gone):,} withdrawn, "
        f"and {len(numbers.values):,} have another value."
        if numbers.come or numbers.gone or numbers.values
        else "- **Numbers**: the same as before.",
        _rankings_counted(changes),
    ]
    return Markup("\n".join(lines) + "\n")


def changes_in_short(*, survey: Survey) -> Markup:
    """Return in words how much changed since the last edition, how much the book said was corrected, and when last."""
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
        (len(changes.papers.come), "paper was added", "papers were added"),
        (len(changes.papers.gone), "paper was removed", "papers were removed"),
        (len(numbers.come), "number was added", "numbers were added"),
        (len(numbers.gone), "number was withdrawn", "numbers were withdrawn"),
        (len(changes.rankings.turned), "group has another leader", "comparable groups have another leader"),
    ]
    told = [_counted(count, one, many) for count, one, many in counts if count]
    summary = ", ".join(told) or "papers, numbers and rankings stayed as they were"
    return f"Since edition {changes.old.version} of {changes.old.date}: {summary} ({{ref}}`changes`)."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def all_editions(*, survey: Survey) -> Table:
    """List the published editions, the newest first, with their size and what each added."""
    return table(
        survey.editions[::-1],
        Column("Edition", 10, lambda e: e.version),
        Numbers("Papers", 10, lambda e: int(e.papers) if e.papers else ""),
        Numbers("Scores", 10, lambda e: int(e.results) if e.results else ""),
        Column("Added", 56, lambda e: escape(e.added)),
        Column("Date", 14, lambda e: e.date),
        data=[edition.row.cells for edition in survey.editions[::-1]],
    )


def _papers_counted(changes: Changes) -> str:
    papers = changes.papers
    corrected = {kind: papers.of(kind, "changed", "emptied") for kind in ("record", "label", "description")}
    if not (papers.come or papers.gone or any(corrected.values())):
        return "- **Papers**: the same as before, and nothing that was said of them was corrected."
    return (
        f"- **Papers**: {len(papers.come):,} added and {len(papers.gone):,} removed. "
        f"Corrections changed the records of {_papers(corrected['record'])}, "
        f"the labels of {_papers(corrected['label'])} and the descriptions of {_papers(corrected['description'])}."
    )


def _rankings_counted(changes: Changes) -> str:
    rankings = changes.rankings
    if not (rankings.turned or rankings.changed or rankings.come):
        return (
            f"- **Rankings**: the {rankings.ranked:,} comparable groups that both editions rank are in the same order."
        )
    return (
        f"- **Rankings**: of {rankings.ranked:,} comparable groups that both editions rank, "
        f"{len(rankings.turned):,} have another leader, and {sum(len(group.moved) for group in rankings.changed):,} "
        f"methods another rank; {rankings.come:,} groups are ranked for the first time."
    )


def _papers(cells: Sequence[PaperCell]) -> str:
    return counted(len({cell.key for cell in cells}), "paper")


def rankings_turned(*, most: int = MOST, survey: Survey) -> Table | Markup:
    """List the comparable groups with another leader, those of most methods first."""
    changes = changes_of(survey)
    if not changes or not changes.rankings.turned:
        return Markup("No comparable group that both editions rank has another leader.\n")
    protocols, turned = survey.protocols_by_id, changes.rankings.turned

    def leaders(turn: Ranking, when: int) -> str:
        return ", ".join(escape(turn.names[name][1]) for name in turn.leaders[when])

    return table(
        turned[:most],
        Column("Group", 34, lambda turn: escape(group_name(protocols[turn.protocol], turn.backbone))),
        Column("Ranked by", 20, lambda turn: f"{{benchmark}}`{turn.benchmark}`"),
        Column("Led before", 16, lambda turn: leaders(turn, 0)),
        Column("Leads now", 16, lambda turn: leaders(turn, 1)),
        Numbers("Places moved", 14, lambda turn: len(turn.moved)),
        note=f"And {counted(left, 'other group')}." if (left := len(turned) - most) > 0 else "",
        data=rows_of(changes)["rankings"],
    )
