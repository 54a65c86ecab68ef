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
    **{title: lambda run, kind=kind: run.kind == kind for kind, title in KINDS.items()},  # type: ignore[misc]
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
    runs = set_on(survey)
    inside = dict(zip(map(id, runs), left_out(runs), strict=True))
    rows = []
    for name, holds in PARTS.items():
        basis = [run for run in runs if holds(run)]
        held = [run for run in foretold(survey) if holds(run)]
        rows.append([name, *_held(basis, [inside[id(run)] for run in basis]), *_held_unseen(held)])
    for family in BESIDE:
        basis, held = set_on(survey, family), foretold(survey, family)
        outer = left_out_around(basis, family) if family == GENERATOR else [run.inside(run.outer) for run in basis]
        rows.append([family, *_held(basis, outer), *_held_unseen(held)])
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
    groups = [(f"{UNSEEN}: {title}", [run for run in held if run.kind == kind]) for kind, title in KINDS.items()]
    groups += [(f"{ALL[UNSEEN]}, of {DECODER}", held)]
    groups += [(f"{UNSEEN}: {family}", foretold(survey, family)) for family in BESIDE]
    groups += [(f"all that set the ranges, of {family}", set_on(survey, family)) for family in FAMILIES]
    rows = []
    for name, some in groups:
        verdicts = judged(some)
        rows.append([name, *_right(verdicts)])
        if verdicts.sources > 1 and name in [f"{UNSEEN}: {family}" for family in BESIDE]:
            rows.append([f"{name}, each of {verdicts.sources} sources weighing the same", *_right_alike(verdicts)])
    return Table(
        header=["Runs", "Number", "Told to fit", "Did, %", "Told not to fit", "Did not, %", "Told may fit, %"],
        rows=rows,
        widths=[34, 10, 11, 11, 12, 11, 11],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 7)),
    )


def _held(basis: list[Priced], outer: Sequence[bool]) -> list[str]:
    """Return of runs that set a range how many of how many sources they are, and how often both ranges hold; "–" of none."""
    if not basis:
        return ["0", "0", *["–"] * 4]
    held, first = share(basis), by_source(basis, [run.inside(run.after) for run in basis])
    return [
        str(held.runs),
        str(len(set(sources(basis).values()))),
        f"{100 * first:.0f}",
        f"{held.after_width:.2f}",
        f"{100 * by_source(basis, outer):.0f}",
        f"{held.outer_width:.2f}",
    ]


def _held_unseen(held: list[Priced]) -> list[str]:
    if not held:
        return ["0", "–", "–"]
    then = share(held)
    return [str(then.runs), f"{100 * then.after / then.runs:.0f}", f"{100 * then.outer / then.runs:.0f}"]


def _held_unseen_alike(held: list[Priced]) -> list[str]:
    ranges = ([run.inside(run.after) for run in held], [run.inside(run.outer) for run in held])
    return [str(len(held)), *(f"{100 * by_source(held, inside):.0f}" for inside in ranges)]


def _right(verdicts: Tested) -> list[str]:
    """Return how many runs there are, how often each verdict was given, and how often it was right."""
    cells_of = [str(verdicts.runs)]
    for word in (FITS, NOT):
        right = verdicts.share_right(word)
        cells_of += [str(verdicts.said[word]), "–" if right is None else f"{100 * right:.0f}"]
    return [*cells_of, f"{100 * verdicts.said[MAY] / verdicts.asked:.0f}" if verdicts.asked else "–"]


def _right_alike(verdicts: Tested) -> list[str]:
    """Return the same, but what share was right with every source weighing the same."""
    fits, fails, left_open = (
        f"{100 * verdicts.alike[word]:.0f}" if word in verdicts.alike else "–" for word in (FITS, NOT, MAY)
    )
    return [str(verdicts.runs), str(verdicts.said[FITS]), fits, str(verdicts.said[NOT]), fails, left_open]
