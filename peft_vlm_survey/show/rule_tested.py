"""How far the chooser's rule can be trusted: its predictions for groups that it has not seen."""

from collections.abc import Mapping

from peft_vlm_survey.choose.tested import (
    FEWEST_HELD_OUT,
    HELD,
    foretold,
    held_out,
)
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import escape
from peft_vlm_survey.show.table import Column, Numbers, Table, table


def rule(*, survey: Survey) -> Mapping[str, int | str]:
    """Count what the rule got right on groups that it had not seen."""
    strict = foretold(held_out(survey, reprinted=False))
    return {
        "unseen_groups": int(strict["groups"]),
        "pairs": int(strict["pairs"]),
        "right": f"{100 * strict['right']:.0f} %",
        "upper": int(strict["upper"]),
    }


def rule_foretold(*, survey: Survey) -> Table:
    """Return how well groups are foretold that were left out, by the rule and by taking the newest first."""
    ways = (
        ("the rule, without groups that share a value", held_out(survey, reprinted=False)),
        ("newest first, without groups that share a value", held_out(survey, reprinted=False, newest=True)),
        ("the rule, with groups that share a value", held_out(survey)),
        ("newest first, with groups that share a value", held_out(survey, newest=True)),
    )
    return table(
        [(name, foretold(held)) for name, held in ways],
        Column("Order", 38, lambda row: escape(row[0])),
        Numbers("Groups", 10, lambda row: int(row[1]["groups"])),
        Numbers("Pairs", 10, lambda row: int(row[1]["pairs"])),
        Numbers("Pairs right, %", 14, lambda row: f"{100 * row[1]['right']:.0f}"),
        Numbers("Mean of groups, %", 14, lambda row: f"{100 * row[1]['mean']:.0f}"),
        Numbers("First in upper half", 14, lambda row: int(row[1]["upper"])),
        note=f"Only groups with at least {FEWEST_HELD_OUT} methods count, and at least {HELD} of the methods must appear in other groups. "
        "Pairs whose scores differ by no more than re-runs are not counted.",
    )
