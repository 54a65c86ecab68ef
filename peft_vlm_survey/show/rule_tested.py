"""How far the chooser's rule can be trusted: its predictions for groups that it has not seen."""

from collections.abc import Mapping, Sequence

from peft_vlm_survey.choose.tested import (
    FEWEST_HELD_OUT,
    HELD,
    HeldOut,
    foretold,
    held_out,
)
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import escape
from peft_vlm_survey.show.table import Table


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
        ("newest first, the same", held_out(survey, reprinted=False, newest=True)),
        ("the rule, with groups that share a value", held_out(survey)),
        ("newest first, the same", held_out(survey, newest=True)),
    )
    return Table(
        header=["How", "Groups", "Pairs", "Pairs right, %", "Mean of groups, %", "First in upper half"],
        rows=[[escape(name), *_figures(held)] for name, held in ways],
        widths=[38, 10, 10, 14, 14, 14],
        numeric=frozenset([1, 2, 3, 4, 5]),
        note=f"Groups of at least {FEWEST_HELD_OUT} methods, of which at least {HELD} are known elsewhere. A pair that differs "
        "by no more than re-runs do is not counted.",
    )


def _figures(held: Sequence[HeldOut]) -> list[str]:
    sums = foretold(held)
    return [
        str(int(sums["groups"])),
        str(int(sums["pairs"])),
        f"{100 * sums['right']:.0f}",
        f"{100 * sums['mean']:.0f}",
        str(int(sums["upper"])),
    ]
