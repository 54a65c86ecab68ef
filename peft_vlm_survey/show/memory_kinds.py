"""How often ranges of memory and verdicts on cards were right, by kinds of published runs."""

from peft_vlm_survey.costs.cards import FITS, MAY, NOT
from peft_vlm_survey.costs.ends import by_source, ends_of, left_out, sources
from peft_vlm_survey.costs.fit_tested import judged
from peft_vlm_survey.costs.kinds import FAMILIES, KINDS
from peft_vlm_survey.costs.priced import Priced, share
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.held_back import foretold, set_on, traced
from peft_vlm_survey.show.markup import Table


def memory_kinds(*, caption: str, label: str, survey: Survey) -> Table:
    """Return the ends by kind of run, how often they hold with each source left out in turn, and on runs priced unseen."""
    runs = [run for family in FAMILIES for run in traced(survey, family)]
    ends, held_out = ends_of(runs), left_out(runs)
    unseen = [run for family in FAMILIES for run in foretold(survey, family)]
    rows = []
    for kind, title in KINDS.items():
        found = ends[kind]
        some = [(run, low <= run.reported <= high, high / low) for run, low, high in held_out if run.kind == kind]
        basis, inside = [run for run, *_ in some], [is_inside for _, is_inside, _ in some]
        widths = sorted(width for *_, width in some)
        rows.append(
            [
                title,
                str(found.runs),
                str(found.sources),
                f"{found.low:.2f}",
                f"{found.high:.2f}",
                f"{100 * sum(inside) / len(inside):.0f}",
                f"{100 * by_source(basis, inside):.0f}",
                f"{widths[len(widths) // 2]:.2f}",
                *_unseen([run for run in unseen if run.kind == kind]),
            ]
        )
    return Table(
        header=[
            "Runs",
            "Set on",
            "Sources",
            "Low x",
            "High x",
            "Inside, left out, %",
            "By source, %",
            "High / low",
            "Unseen",
            "Inside, %",
            "By source, %",
        ],
        rows=rows,
        widths=[20, 8, 8, 8, 8, 9, 8, 8, 8, 8, 8],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 11)),
    )


def _unseen(runs: list[Priced]) -> list[str]:
    if not runs:
        return ["0", "–", "–"]
    held, alike = share(runs), by_source(runs, [run.inside for run in runs])
    return [str(held.runs), f"{100 * held.inside / held.runs:.0f}", f"{100 * alike:.0f}"]


def memory_verdicts(*, caption: str, label: str, survey: Survey) -> Table:
    """Return how often the verdict on a card was right, by kinds of runs priced unseen, and on all that set the ranges."""
    unseen = [run for family in FAMILIES for run in foretold(survey, family)]
    groups = [(f"priced unseen: {title}", [run for run in unseen if run.kind == kind]) for kind, title in KINDS.items()]
    groups.append(("all priced unseen", unseen))
    groups += [(f"all that set the ranges, of {family}", set_on(survey, family)) for family in FAMILIES]
    return Table(
        header=[
            "Runs",
            "Number",
            "Sources",
            "Told to fit",
            "Did, %",
            "Told not to fit",
            "Did not, %",
            "Told may fit, %",
        ],
        rows=[[name, *_right(some)] for name, some in groups],
        widths=[30, 9, 9, 10, 10, 11, 11, 10],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 8)),
    )


def _right(runs: list[Priced]) -> list[str]:
    """Return how many runs of how many sources there are, how often each verdict was given, and how often it was right."""
    verdicts = judged(runs)
    cells = [str(verdicts.runs), str(len(set(sources(run.case for run in runs).values())))]
    for word in (FITS, NOT):
        right = verdicts.share_right(word)
        cells += [str(verdicts.said[word]), "–" if right is None else f"{100 * right:.0f}"]
    return [*cells, f"{100 * verdicts.said[MAY] / verdicts.asked:.0f}" if verdicts.asked else "–"]
