"""How far the chooser's rule can be trusted: held against every group, and against groups that it has not seen."""

from collections.abc import Mapping, Sequence

from peft_vlm_survey.choose.evidence import key_of, name_of
from peft_vlm_survey.choose.tested import (
    FEWEST_HELD_OUT,
    HELD,
    TOP,
    HeldOut,
    Tested,
    foretold,
    held_out,
    most_possible,
    own_groups,
)
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import escape
from peft_vlm_survey.show.table import Table


def rule(*, survey: Survey) -> Mapping[str, int | str]:
    """Count what the rule got right on groups that it had not seen, and which groups find their best again."""
    strict, groups = foretold(held_out(survey, reprinted=False)), own_groups(survey)
    return {
        "unseen_groups": int(strict["groups"]),
        "pairs": int(strict["pairs"]),
        "right": f"{100 * strict['right']:.0f} %",
        "upper": int(strict["upper"]),
        "groups": len(groups),
        "top": TOP,
        "enough": HELD,
        "held": sum(tested.held >= HELD for tested in groups),
        "possible": most_possible(survey),
        "lower": sum(tested.first and not tested.upper for tested in groups),
    }


def rule_tested(*, survey: Survey) -> Table:
    """Hold the answer to every group's own task and backbone against the group."""
    groups = own_groups(survey)
    return Table(
        header=["Group", "Methods", f"Best {TOP} held", "Among its own", "First five answers"],
        rows=[
            [
                _group(survey, tested),
                str(len(tested.contest.best)),
                f"{tested.held}" + ("" if tested.passed else " (too few)"),
                str(tested.own),
                "; ".join(_named(survey, tested, method) for method in tested.answers),
            ]
            for tested in sorted(groups, key=lambda tested: (tested.passed, tested.held))
        ],
        widths=[25, 9, 10, 11, 45],
        numeric=frozenset([1, 3]),
        classes=["longtable"],
        note=f"*Best {TOP} held*: how many of the group’s best {TOP} are among the first {TOP} answers to its task and "
        f"backbone. *Among its own*: the same if only the group’s own methods count. In *italics*: "
        "answers that the group does not have, so that it cannot say whether they are better.",
    )


def _group(survey: Survey, tested: Tested | HeldOut) -> str:
    group = tested.contest.group
    return escape(f"{survey.protocol(group.protocol).name}; {group.backbone}; {tested.contest.task}")


def _named(survey: Survey, tested: Tested, method: str) -> str:
    name = escape(name_of(survey, method))
    by = f" {{cite:p}}`{key}`" if (key := key_of(survey, method)) else ""
    return f"{name}{by}" if method in tested.contest.best else f"*{name}*{by}"


def rule_foretold(*, survey: Survey) -> Table:
    """Return how well groups are foretold that were left out, by the rule and by taking the newest first."""
    ways = (
        ("the rule, no other group printing one of its values", held_out(survey, reprinted=False)),
        ("newest first, the same", held_out(survey, reprinted=False, newest=True)),
        ("the rule, values printed again allowed", held_out(survey)),
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


def rule_failed(*, most: int = 10, survey: Survey) -> Table:
    """Show the groups that were foretold worst."""
    worst = sorted(held_out(survey, reprinted=False), key=lambda group: (group.right / group.pairs, -group.pairs))[
        :most
    ]
    return Table(
        header=["Group", "Pairs", "Right, %", "Methods that no other group has"],
        rows=[
            [_group(survey, group), str(group.pairs), f"{100 * group.right / group.pairs:.0f}", str(group.unseen)]
            for group in worst
        ],
        widths=[52, 12, 12, 24],
        numeric=frozenset([1, 2, 3]),
    )
