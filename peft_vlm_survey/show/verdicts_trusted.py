"""How far a verdict on a card may be trusted: how often it was right on runs priced unseen, and which of these it missed."""

from collections.abc import Callable, Iterable

from peft_vlm_survey.costs.cards import FITS, MAY, NOT, SCATTERED
from peft_vlm_survey.costs.ends import many
from peft_vlm_survey.costs.fit_tested import judged, just_fits, took
from peft_vlm_survey.costs.kinds import FAMILIES
from peft_vlm_survey.costs.need import CONTEXT
from peft_vlm_survey.costs.priced import Priced, share
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.held_back import foretold
from peft_vlm_survey.show.markup import Markup, escape
from peft_vlm_survey.show.sentences import listed


def memory_trust(*, survey: Survey) -> Markup:
    """Return in words how often verdicts and the range were right on runs priced unseen, and by how much they missed."""
    known = {family: unseen for family in FAMILIES if (unseen := foretold(survey, family))}
    if not known:
        return Markup("No published run was priced unseen, so that nothing says how far a verdict may be trusted.\n")
    tested = {family: judged(unseen) for family, unseen in known.items()}
    runs = listed(f"{many(len(unseen), 'run')} of {family}" for family, unseen in known.items())
    fits, fails = (
        listed(_part(verdicts.right[word], verdicts.said[word]) for verdicts in tested.values()) for word in (FITS, NOT)
    )
    widths = listed(f"{share(unseen).width:.1f}" for unseen in known.values())
    return Markup(
        f"On {runs} that were priced unseen, a *{FITS}* was right in {fits} of cases, and a *{NOT}* in {fails}; a *{MAY}* claims nothing.\n"
        "Most of these cases are easy, a small run on a large card: of a card that is just large enough by the upper end of the range "
        f"a *{FITS}* would have been right for {_each(known, just_fits)} of these runs{_excess(known.values())}.\n"
        "The range itself, meant to hold nine runs in ten, "
        f"held {_each(known, lambda run: run.inside)} of them, at a width of {widths} in the middle (high divided by low).\n"
    )


def memory_outside(*, survey: Survey) -> Markup:
    """List the runs priced unseen that lie outside the range, by source, and what part of its nearer end they took."""
    lines = []
    for family in FAMILIES:
        known = foretold(survey, family)
        groups: dict[str, list[float]] = {}
        for run in known:
            if not run.inside:
                groups.setdefault(run.case.group, []).append(_of_nearer_end(run))
        if groups:
            sources = "; ".join(f"{escape(name)} ({len(taken)}: {_span(taken)})" for name, taken in groups.items())
            lines.append(f"- of {len(known)} of {family}: {sources}")
    return Markup("\n".join(lines or ["- none"]) + "\n")


def _of_nearer_end(run: Priced) -> float:
    """Return what was reported as a factor of the end of the range that it lies beyond."""
    return run.reported / (run.range.high if run.reported > run.range.high else run.range.low)


def _excess(known: Iterable[list[Priced]]) -> str:
    """Return in words how much more than it was told at most a run took for which a card would have been too small."""
    taken = [took(run) / (SCATTERED * run.needs.high + CONTEXT) for runs in known for run in runs if not just_fits(run)]
    return f", and the others took {_span(taken)} that end" if taken else ""


def _span(factors: Iterable[float]) -> str:
    low, *_, high = sorted([*factors] * 2)
    ends = dict.fromkeys((_factor(low), _factor(high)))
    return f"{' to '.join(ends)} times"


def _factor(taken: float) -> str:
    """Write a factor with two digits behind the point, or as many more as tell it from one.

    >>> _factor(1.94), _factor(1.0034), _factor(0.99996)
    ('1.94', '1.003', '0.99996')
    """
    digits = next((few for few in range(2, 6) if round(taken, few) != 1), 2)
    return f"{taken:.{digits}f}"


def _each(known: dict[str, list[Priced]], holds: Callable[[Priced], bool]) -> str:
    return listed(_part(sum(map(holds, runs)), len(runs)) for runs in known.values())


def _part(some: int, of: int) -> str:
    return f"{100 * some / of:.0f} %" if of else "none"
