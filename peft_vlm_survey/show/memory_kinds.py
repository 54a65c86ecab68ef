"""How often ranges of memory and verdicts on cards were right, on published runs."""

from peft_vlm_survey.costs.answer import described_shapes
from peft_vlm_survey.costs.cards import FITS, NOT
from peft_vlm_survey.costs.ends import ends_of, left_out, made_of_shapes, sources
from peft_vlm_survey.costs.fit_tested import judged, just_fits
from peft_vlm_survey.costs.kinds import FAMILIES, KINDS
from peft_vlm_survey.costs.priced import Priced, of_family, priced, share, unseen
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.markup import Table


def memory_kinds(*, caption: str, label: str, survey: Survey) -> Table:
    """Return the ends by kind of run, how often they hold with each source left out in turn, and on runs priced unseen."""
    runs = [run for family in FAMILIES for run in traced(survey, family)]
    ends, held_out = ends_of(runs), left_out(runs)
    fresh = [run for family in FAMILIES for run in foretold(survey, family)]
    rows = []
    for kind, title in KINDS.items():
        found = ends[kind]
        inside = [low <= run.reported <= high for run, low, high in held_out if run.kind == kind]
        anew = [run.inside for run in fresh if run.kind == kind]
        rows.append(
            [
                title,
                str(found.runs),
                str(found.sources),
                f"{found.low:.2f}",
                f"{found.high:.2f}",
                _percent(inside),
                str(len(anew)),
                _percent(anew),
            ]
        )
    return Table(
        header=["Runs", "Set on", "Sources", "Low x", "High x", "Inside, left out, %", "Unseen", "Inside, %"],
        rows=rows,
        widths=[28, 9, 10, 10, 10, 13, 10, 10],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 8)),
    )


def memory_trust(*, caption: str, label: str, survey: Survey) -> Table:
    """Return how often the range and the verdicts were right on runs priced unseen, by family of backbones."""
    known = {family: runs for family in FAMILIES if (runs := foretold(survey, family))}
    return Table(
        header=[
            "Backbones",
            "Runs",
            "Sources",
            "Inside the range, %",
            "High / low",
            "Fits, right, %",
            "Does not fit, right, %",
            "Just fits, right, %",
        ],
        rows=[[family.capitalize(), *_trust(runs)] for family, runs in known.items()],
        widths=[20, 8, 9, 13, 10, 12, 15, 13],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 8)),
        data=[cells(case) for case in survey.memory_cases],
    )


def _trust(runs: list[Priced]) -> list[str]:
    verdicts = judged(runs)
    right = [verdicts.share_right(word) for word in (FITS, NOT)]
    return [
        str(len(runs)),
        str(len(set(sources(run.case for run in runs).values()))),
        _percent([run.inside for run in runs]),
        f"{share(runs).width:.1f}",
        *("–" if part is None else f"{100 * part:.0f}" for part in right),
        _percent([just_fits(run) for run in runs]),
    ]


def _percent(held: list[bool]) -> str:
    return f"{100 * sum(held) / len(held):.0f}" if held else "–"


def traced(survey: Survey, family: str) -> list[Priced]:
    """Return the runs that set the ranges of a family, with their ranges as traced, not yet calibrated."""
    return [run for run in of_family(survey.derived(_traced), family) if not run.case.held_back]


def _traced(survey: Survey) -> tuple[Priced, ...]:
    return priced(survey.memory_cases, described_shapes(survey))


def foretold(survey: Survey, family: str) -> list[Priced]:
    """Return the runs of a family that were priced before anybody had looked at them."""
    return of_family(survey.derived(_foretold), family)


def _foretold(survey: Survey) -> tuple[Priced, ...]:
    return made_of_shapes(survey, "runs_unseen", lambda known: unseen(survey.memory_cases, known))
