"""How often ranges of memory and verdicts on cards were right, by kinds of published runs."""

from collections.abc import Callable, Mapping, Sequence

from peft_vlm_survey.costs.cards import FITS, MAY, NOT
from peft_vlm_survey.costs.fit_tested import Tested, judged
from peft_vlm_survey.costs.outer import DECODER, FAMILIES, GENERATOR, KINDS
from peft_vlm_survey.costs.outer_ends import by_source, left_out, left_out_around, sources
from peft_vlm_survey.costs.priced import CARDS, Priced, share
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.held_back import ALL, BESIDE, STATED, UNSEEN, foretold, set_on
from peft_vlm_survey.show.markup import Table

# How runs of decoders are parted where it is told how often the outer range held: first by the kinds that set it, then across these.
PARTS: Mapping[str, Callable[[Priced], bool]] = {
    **{told: lambda run, kind=kind: run.kind == kind for kind, told in KINDS.items()},  # type: ignore[misc]
    "the library stated": lambda run: STATED in run.case.command,
    "the library not stated": lambda run: STATED not in run.case.command,
    "one card": lambda run: CARDS not in run.case.command,
    "several cards": lambda run: CARDS in run.case.command,
    "examples of one length": lambda run: run.lengths == "one",
    "examples that differ": lambda run: run.lengths == "vary",
    "of the length a limit alone": lambda run: run.lengths == "cap",
    "printed is what tensors take": lambda run: run.case.allocated,
    "printed is what is reserved or shown": lambda run: not run.case.allocated,
    "all": lambda run: True,
}


def memory_kinds(*, caption: str, label: str, survey: Survey) -> Table:
    """Return how often both ranges hold by kinds of runs: those that set them, each source left out in turn, and those priced unseen.

    The outer range around encoders is told as it stands, since no source was left out in turn when it was set.
    """
    found = set_on(survey)
    inside = dict(zip(map(id, found), left_out(found), strict=True))
    rows = []
    for name, holds in PARTS.items():
        own = [run for run in found if holds(run)]
        held = [run for run in foretold(survey) if holds(run)]
        rows.append([name, *_held(own, [inside[id(run)] for run in own]), *_held_unseen(held)])
    for family in BESIDE:
        own, held = set_on(survey, family), foretold(survey, family)
        outer = left_out_around(own, family) if family == GENERATOR else [run.inside(run.outer) for run in own]
        rows.append([family, *_held(own, outer), *_held_unseen(held)])
        if (number := len(set(sources(held).values()))) > 1:
            rows.append(
                [f"{family}, each of {number} sources weighing the same", *["–"] * 6, *_held_unseen_alike(held)]
            )
    return Table(
        header=[
            "Runs",
            "Set on",
            "Sources",
            "Inside, %",
            "High / low",
            "Outer, %",
            "High / low",
            "Priced unseen",
            "Inside, %",
            "Outer, %",
        ],
        rows=rows,
        widths=[26, 8, 9, 8, 8, 8, 8, 9, 8, 8],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 10)),
    )


def memory_verdicts(*, caption: str, label: str, survey: Survey) -> Table:
    """Return how often the verdict on a card was right, by kinds of runs priced unseen, and on all that set the ranges."""
    held = foretold(survey)
    groups = [(f"{UNSEEN}: {told}", [run for run in held if run.kind == kind]) for kind, told in KINDS.items()]
    groups += [(f"{ALL[UNSEEN]}, of {DECODER}", held)]
    groups += [(f"{UNSEEN}: {family}", foretold(survey, family)) for family in BESIDE]
    groups += [(f"all that set the ranges, of {family}", set_on(survey, family)) for family in FAMILIES]
    rows = []
    for name, some in groups:
        found = judged(some)
        rows.append([name, *_right(found)])
        if found.sources > 1 and name in [f"{UNSEEN}: {family}" for family in BESIDE]:
            rows.append([f"{name}, each of {found.sources} sources weighing the same", *_right_alike(found)])
    return Table(
        header=["Runs", "Number", "Told to fit", "Did, %", "Told not to fit", "Did not, %", "Told may fit, %"],
        rows=rows,
        widths=[34, 10, 11, 11, 12, 11, 11],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 7)),
    )


def _held(own: list[Priced], outer: Sequence[bool]) -> list[str]:
    """Return of runs that set a range how many of how many sources they are, and how often both ranges hold; "–" of none."""
    if not own:
        return ["0", "0", *["–"] * 4]
    told, first = share(own), by_source(own, [run.inside(run.after) for run in own])
    return [
        str(told.runs),
        str(len(set(sources(own).values()))),
        f"{100 * first:.0f}",
        f"{told.after_width:.2f}",
        f"{100 * by_source(own, outer):.0f}",
        f"{told.outer_width:.2f}",
    ]


def _held_unseen(held: list[Priced]) -> list[str]:
    if not held:
        return ["0", "–", "–"]
    then = share(held)
    return [str(then.runs), f"{100 * then.after / then.runs:.0f}", f"{100 * then.outer / then.runs:.0f}"]


def _held_unseen_alike(held: list[Priced]) -> list[str]:
    ranges = ([run.inside(run.after) for run in held], [run.inside(run.outer) for run in held])
    return [str(len(held)), *(f"{100 * by_source(held, inside):.0f}" for inside in ranges)]


def _right(found: Tested) -> list[str]:
    """Return how many runs there are, how often each verdict was given, and how often it was right."""
    cells_of = [str(found.runs)]
    for word in (FITS, NOT):
        right = found.share_right(word)
        cells_of += [str(found.said[word]), "–" if right is None else f"{100 * right:.0f}"]
    return [*cells_of, f"{100 * found.said[MAY] / found.asked:.0f}" if found.asked else "–"]


def _right_alike(found: Tested) -> list[str]:
    """Return the same, but what share was right with every source weighing the same."""
    fits, fails, left_open = (
        f"{100 * found.alike[word]:.0f}" if word in found.alike else "–" for word in (FITS, NOT, MAY)
    )
    return [str(found.runs), str(found.said[FITS]), fits, str(found.said[NOT]), fails, left_open]
