"""How well the memory of published runs is told from the words that a reader would type."""

from peft_vlm_survey.costs.answer import described_shapes
from peft_vlm_survey.costs.ends import by_source, made_of_shapes, many, sources
from peft_vlm_survey.costs.kinds import DECODER, FAMILIES
from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.priced import Priced, of_family, priced, share, unseen
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.markup import Markup, Table, escape

UNSEEN = "priced unseen"  # those that are held back; while none is, those last held back, as they were priced then
ALL = {"fitted": "all fitted", "spread": "all that the spread alone was set on", UNSEEN: "all priced unseen"}


def runs(survey: Survey) -> tuple[Priced, ...]:
    """Return every published run that can be priced, made once."""
    return survey.derived(_runs)


def _runs(survey: Survey) -> tuple[Priced, ...]:
    return made_of_shapes(survey, "runs", lambda known: priced(survey.memory_cases, known))


def traced(survey: Survey, family: str = DECODER) -> list[Priced]:
    """Return the runs that set the ranges of a family, with their ranges as traced, not yet calibrated."""
    return [run for run in of_family(survey.derived(_traced), family) if not run.case.held_back]


def _traced(survey: Survey) -> tuple[Priced, ...]:
    return priced(survey.memory_cases, described_shapes(survey))


def set_on(survey: Survey, family: str = DECODER) -> list[Priced]:
    """Return the runs of a family of backbones that set its ranges."""
    return [run for run in of_family(runs(survey), family) if not run.case.held_back]


def foretold(survey: Survey, family: str = DECODER) -> list[Priced]:
    """Return the runs of a family that were priced before anybody had looked at them."""
    return of_family(survey.derived(_foretold), family)


def _foretold(survey: Survey) -> tuple[Priced, ...]:
    return made_of_shapes(survey, "runs_unseen", lambda known: unseen(survey.memory_cases, known))


def memory_fit(*, caption: str, label: str, survey: Survey) -> Table:
    """Return how many published runs lie inside, by source: those that set constants, or the spread alone, and those priced unseen."""
    rows = []
    for family in FAMILIES:
        groups: dict[tuple[str, str], list[Priced]] = {}
        for run in set_on(survey, family):
            groups.setdefault((run.case.role, run.case.group), []).append(run)
        for run in foretold(survey, family):
            groups.setdefault((UNSEEN, run.case.group), []).append(run)
        for role, title in ALL.items():
            by_group = {group: some for (of, group), some in groups.items() if of == role}
            rows += [_row(group, role, some) for group, some in by_group.items()]
            if by_group:
                name = title if family == DECODER else f"{title}, of {family}"
                rows.append(_row(name, role, [run for some in by_group.values() for run in some]))
    return Table(
        header=["Published by", "Role", "Runs", "Inside, %", "High / low"],
        rows=rows,
        widths=[40, 16, 12, 16, 16],
        caption=caption,
        label=label,
        numeric=frozenset(range(2, 5)),
        data=[cells(case) for case in survey.memory_cases],
    )


def _row(name: str, role: str, some: list[Priced]) -> list[str]:
    held = share(some)
    inside = f"{100 * held.inside / held.runs:.0f}"
    return [escape(name), role, str(held.runs), inside, f"{held.width:.2f}"]


def memory_misses(*, caption: str, label: str, survey: Survey, most: int = 10) -> Table:
    """Return the published runs that lie furthest outside."""
    outside = [run for run in runs(survey) if not run.inside]
    worst = sorted(outside, key=_beyond, reverse=True)[:most]
    return Table(
        header=["Published by", "Backbone", "Run", "Reported, GB", "Low", "High"],
        rows=[
            [
                escape(run.case.group),
                escape(survey.configurations_by_id[run.case.configuration].name),
                escape(f"{run.case.printed_method}, {run.case.batch} x {run.case.tokens} tokens"),
                f"{run.case.gigabytes:.1f}",
                f"{run.range.low / GB:.1f}",
                f"{run.range.high / GB:.1f}",
            ]
            for run in worst
        ],
        widths=[22, 16, 32, 10, 10, 10],
        caption=caption,
        label=label,
        numeric=frozenset([3, 4, 5]),
    )


def _beyond(run: Priced) -> float:
    """Return how far the printed value lies outside, as a factor."""
    return max(run.reported / run.range.high, run.range.low / run.reported)


def memory_share(*, survey: Survey) -> Markup:
    """Return how often the range held on runs priced before they were looked at, by family of backbones."""
    return Markup("".join(_share(foretold(survey, family), family) for family in FAMILIES))


def _share(some: list[Priced], family: str) -> str:
    if not some:
        return f"Of {family} no run was priced before anybody who sets the ranges had looked at it.\n"
    held, alike = share(some), by_source(some, [run.inside for run in some])
    number = len(set(sources(run.case for run in some).values()))
    return (
        f"Of {family}, {many(held.runs, 'published run')} of {many(number, 'source')} were priced from the command line before anybody "
        f"who sets the ranges had looked at them: {100 * held.inside / held.runs:.0f} % lay in the range "
        f"({100 * alike:.0f} % with every source weighing the same), at a median width of {held.width:.2f} (high divided by low).\n"
    )
