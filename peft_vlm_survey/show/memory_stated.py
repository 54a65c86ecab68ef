"""What stating a thing of a run is worth: how often the ranges of memory hold with it and without it, and how wide they are."""

from collections.abc import Sequence
from statistics import median

from peft_vlm_survey.costs.outer import KINDS
from peft_vlm_survey.costs.outer_ends import by_source, left_out, sources
from peft_vlm_survey.costs.priced import Priced
from peft_vlm_survey.costs.unsaid import DECIDES
from peft_vlm_survey.costs.worth import SOURCES
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.held_back import set_on
from peft_vlm_survey.show.markup import Table


def memory_stated(*, caption: str, label: str, survey: Survey) -> Table:
    """Return by kind and by what decides the memory how the ranges do on the runs that state it and on the others."""
    runs = set_on(survey)
    inside = dict(zip(map(id, runs), left_out(runs), strict=True))
    rows = []
    for kind, title in KINDS.items():
        of_kind = [run for run in runs if run.kind == kind]
        parts = {f"{title}: {says}": frozenset([name]) for name, says in DECIDES.items()}
        parts[f"{title}: all of them"] = frozenset(DECIDES)
        for name, asked in parts.items():
            sides = [[run for run in of_kind if asked.isdisjoint(run.unsaid) is states] for states in (True, False)]
            if all(len(set(sources(side).values())) >= SOURCES for side in sides):
                for says, side in zip(("yes", "no"), sides, strict=True):
                    rows.append([name, says, *_cells(side, [inside[id(run)] for run in side])])
    return Table(
        header=["What", "Stated", "Runs", "Sources", "First, %", "Outer, %", "High / low"],
        rows=rows,
        widths=[34, 10, 10, 11, 11, 11, 13],
        caption=caption,
        label=label,
        numeric=frozenset(range(2, 7)),
        classes=["longtable"],
    )


def _cells(side: Sequence[Priced], left: Sequence[bool]) -> list[str]:
    """Return runs and sources, what share both ranges hold, every source weighing the same, and how wide the outer one is."""
    return [
        str(len(side)),
        str(len(set(sources(side).values()))),
        f"{100 * by_source(side, [run.inside(run.after) for run in side]):.0f}",
        f"{100 * by_source(side, left):.0f}",
        f"{median(run.outer.high / run.outer.low for run in side):.2f}",
    ]
