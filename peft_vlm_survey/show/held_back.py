"""How well the memory of published runs is told from the words that a reader would type."""

from collections.abc import Callable, Mapping
from statistics import median

from peft_vlm_survey.costs import known_shapes
from peft_vlm_survey.costs.fit_tested import INSIDE, judged, just_fits
from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.outer import DECODER, ENCODER, FAMILIES, GENERATOR
from peft_vlm_survey.costs.outer_ends import by_source, many, sources
from peft_vlm_survey.costs.priced import Priced, Share, of_family, priced, share, unseen
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.markup import Markup, Table, escape

STATED, UPCAST = "library=", "upcast="  # in a command that names the library, or how the rest is held
BESIDE = tuple(family for family in FAMILIES if family != DECODER)
STATEMENTS: Mapping[str, Callable[[Priced], bool]] = {
    "what tensors need, modules on 16 bits": lambda run: run.case.allocated and _trains(run) == "16 bits",
    "what tensors need, modules on few bits": lambda run: run.case.allocated and _trains(run) == "few bits",
    "what tensors need, all weights trained": lambda run: run.case.allocated and _trains(run) == "full",
    "what a card shows, examples of one length": lambda run: not run.case.allocated and run.lengths == "one",
    "what a card shows, examples that differ": lambda run: not run.case.allocated and run.lengths == "vary",
    "with few bits, whether the rest is held in 32": lambda run: (
        _trains(run) == "few bits" and UPCAST in run.case.command
    ),
    "with few bits, neither that nor the library": lambda run: (
        _trains(run) == "few bits" and UPCAST not in run.case.command and STATED not in run.case.command
    ),
    "of the length a limit alone": lambda run: run.lengths == "cap",
    "the library": lambda run: STATED in run.case.command,
    "not the library": lambda run: STATED not in run.case.command,
}
UNSEEN = "priced unseen"  # those that are held back; while none is, those last held back, as they were priced then
ALL = {"fitted": "all fitted", "spread": "all that the spread alone was set on", UNSEEN: "all priced unseen"}


def runs(survey: Survey) -> tuple[Priced, ...]:
    """Return every published run that can be priced, made once."""
    return survey.derived(_runs)


def _runs(survey: Survey) -> tuple[Priced, ...]:
    return priced(survey.memory_cases, known_shapes(survey))


def set_on(survey: Survey, family: str = DECODER) -> list[Priced]:
    """Return the runs of a family of backbones that set its ranges."""
    return [run for run in of_family(runs(survey), family) if not run.case.held_back]


def foretold(survey: Survey, family: str = DECODER) -> list[Priced]:
    """Return the runs of a family that were priced before anybody had looked at them."""
    return of_family(survey.derived(_foretold), family)


def _foretold(survey: Survey) -> tuple[Priced, ...]:
    return unseen(survey.memory_cases, known_shapes(survey))


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
        header=["Published by", "Role", "Runs", "Inside before, %", "High / low", "Inside as traced, %", "High / low"],
        rows=rows,
        widths=[30, 14, 8, 14, 10, 14, 10],
        caption=caption,
        label=label,
        numeric=frozenset(range(2, 7)),
        data=[cells(case) for case in survey.memory_cases],
    )


def _row(name: str, role: str, some: list[Priced]) -> list[str]:
    held = share(some)
    return [
        escape(name),
        role,
        str(held.runs),
        *_inside_and_width(held.before, held.runs, held.before_width),
        *_inside_and_width(held.after, held.runs, held.after_width),
    ]


def _inside_and_width(inside: int, number: int, width: float) -> tuple[str, str]:
    return f"{100 * inside / number:.0f}", f"{width:.2f}"


def _trains(run: Priced) -> str:
    return "full" if run.case.kind == "full" else "few bits" if run.case.bits in ("4", "8") else "16 bits"


def memory_misses(*, caption: str, label: str, survey: Survey, most: int = 10) -> Table:
    """Return the published runs that lie furthest outside."""
    outside = [run for run in runs(survey) if not run.inside(run.after)]
    worst = sorted(outside, key=_beyond, reverse=True)[:most]
    return Table(
        header=["Published by", "Backbone", "Run", "Reported, GB", "Low", "High"],
        rows=[
            [
                escape(run.case.group),
                escape(survey.configurations_by_id[run.case.configuration].name),
                escape(f"{run.case.printed_method}, {run.case.batch} x {run.case.tokens} tokens"),
                f"{run.case.gigabytes:.1f}",
                f"{run.after.low / GB:.1f}",
                f"{run.after.high / GB:.1f}",
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
    printed = run.case.gigabytes * GB
    return max(printed / run.after.high, run.after.low / printed)


def memory_share(*, survey: Survey) -> Markup:
    """Return how often the range held on runs priced before they were looked at, by what is told of them, and on the others."""
    held = share(foretold(survey))
    others = share(set_on(survey))
    stated = share(run for run in foretold(survey) if STATED in run.case.command)
    return Markup(
        f"{held.runs} published runs of decoders were priced from the command line before anybody who sets the ranges had looked at them; "
        f"{_percent(held.after, held)} of these lay inside, at a median width of {held.after_width:.2f} "
        f"(high divided by low), against {_percent(held.before, held)} at {held.before_width:.2f} by the closed form of "
        f"earlier editions; of the {stated.runs} whose library is stated {_percent(stated.after, stated)} did.\n"
        f"In the outer range, by which it is told whether a run fits, lay {_percent(held.outer, held)}, at a median width of "
        f"{held.outer_width:.2f}.{_since(survey)}\n"
        f"Of the {others.runs} runs that the ends were set on it is {_percent(others.after, others)} at "
        f"{others.after_width:.2f}, against {_percent(others.before, others)} at {others.before_width:.2f}.\n"
        + "".join(_share_beside(foretold(survey, family), family) for family in BESIDE)
    )


def _share_beside(some: list[Priced], family: str) -> str:
    """Return in words how often the range held of a family with few sources, each run weighing the same and each source."""
    if not some:
        return f"Of {family} no run was priced so.\n"
    held, verdicts = share(some), judged(some)
    first = by_source(some, [run.inside(run.after) for run in some])
    return (
        f"Of {family}, {many(held.runs, 'run')} of {many(verdicts.sources, 'source')} were priced so: {_percent(held.after, held)} lay in "
        f"the range ({100 * first:.0f} % with every source weighing the same) at a median width of {held.after_width:.2f}, and "
        f"{_percent(held.outer, held)} in the outer range ({100 * verdicts.alike[INSIDE]:.0f} %) at {held.outer_width:.2f}.\n"
    )


def memory_encoders(*, survey: Survey) -> Markup:
    """Return what the ends of the outer range around encoders rest on."""
    return _rest_on(survey, ENCODER)


def memory_generators(*, survey: Survey) -> Markup:
    """Return what the ends of the outer range around image generators rest on."""
    return _rest_on(survey, GENERATOR)


def _rest_on(survey: Survey, family: str) -> Markup:
    basis = set_on(survey, family)
    misses = sorted(run.miss for run in basis)
    held = share(basis)
    groups = "; ".join(dict.fromkeys(escape(run.case.group) for run in basis))
    return Markup(
        f"The ends around {family} rest on {many(held.runs, 'run')} of {many(len({*sources(basis).values()}), 'source')} ({groups}).\n"
        f"These took {misses[0]:.2f} to {misses[-1]:.2f} times what was traced, in the middle {median(misses):.2f}; {held.after} of them lie "
        f"in the first range and {held.outer} in the outer one, and {sum(map(just_fits, basis))} took no more than the smallest card has "
        "that is told to be large enough.\n"
    )


def _since(survey: Survey) -> str:
    """Return the sentence that the runs priced unseen serve the ranges now, where they do."""
    if any(run.case.held_back for run in foretold(survey)):
        return ""
    return " These are the ranges of then; the runs have been looked at since, and set those of now with the others."


def memory_statements(*, caption: str, label: str, survey: Survey) -> Table:
    """Return how wide the range is, and how often it holds, by what is known of a run of a decoder."""
    rows = []
    for name, holds in STATEMENTS.items():
        cells_of = [name]
        for known in (set_on(survey), foretold(survey)):
            some = [run for run in known if holds(run)]
            held = share(some) if some else None
            cells_of += [
                str(len(some)),
                *(_inside_and_width(held.after, held.runs, held.after_width) if held else ("–", "–")),
            ]
        rows.append(cells_of)
    return Table(
        header=["What is known", "Runs set on", "Inside, %", "High / low", "Priced unseen", "Inside, %", "High / low"],
        rows=rows,
        widths=[34, 11, 11, 11, 11, 11, 11],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 7)),
    )


def _percent(inside: int, held: Share) -> str:
    return f"{100 * inside / held.runs:.0f} %"
