"""What the catalogue holds, where it was searched, and what was left out."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.excluded import REASONS
from peft_vlm_survey.read.kept_back import FOUND
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.pool_draws import PoolDraw
from peft_vlm_survey.read.second_readings import JUDGED, SecondReading
from peft_vlm_survey.show.markup import escape
from peft_vlm_survey.show.sentences import capitalised
from peft_vlm_survey.show.table import Column, Numbers, Table, table


def left_out_candidates(*, survey: Survey) -> Table:
    """Count the candidates that were left out, by reason."""
    count = Counter(candidate.reason for candidate in survey.excluded)
    return table(
        count.most_common(),
        Column("Reason", 25, lambda pair: escape(pair[0])),
        Column("What it means", 60, lambda pair: escape(capitalised(REASONS[pair[0]]))),
        Numbers("Candidates", 15, lambda pair: pair[1]),
        data=[{"reason": reason, "candidates": str(number)} for reason, number in count.most_common()],
    )


def venues_searched(*, most: int = 20, survey: Survey) -> Table:
    """Count by venue and year of publication what was looked at: candidates, those taken in, those left out.

    The `most` frequent venues have a row each, the others one together.
    """
    taken = [(survey.venue(paper.key), str(survey.references[paper.key].year)) for paper in survey.papers]
    left = [(candidate.venue, candidate.year) for candidate in survey.excluded]
    count = Counter(venue for venue, _ in (*taken, *left))
    ranked = [venue for venue, _ in sorted(count.items(), key=lambda pair: (-pair[1], pair[0].casefold())) if venue]
    venues = {venue: {venue} for venue in ranked[:most]}
    if rest := set(count) - set(venues):
        venues[f"{len(rest - {''})} other venues"] = rest

    def years(name: str) -> str:
        held = sorted({year for venue, year in (*taken, *left) if venue in venues[name] and year})
        return "–".join(dict.fromkeys((held[0], held[-1])))

    def number(name: str, group: Sequence[tuple[str, str]]) -> int:
        return sum(venue in venues[name] for venue, _ in group)

    return table(
        venues,
        Column("Venue", 38, escape),
        Numbers("Candidates", 16, lambda name: number(name, [*taken, *left])),
        Numbers("Taken in", 13, lambda name: number(name, taken)),
        Numbers("Left out", 13, lambda name: number(name, left)),
        Column("Years", 20, years),
        data=[
            {"venue": name, "years": years(name)}
            | {"candidates": str(number(name, [*taken, *left]))}
            | {"taken_in": str(number(name, taken)), "left_out": str(number(name, left))}
            for name in venues
        ],
    )


def holdings(*, survey: Survey) -> Table:
    """Count the papers by category: all, methods among them, with code, verified; and their years."""
    held = {name: [p for p in survey.papers if p.category == category] for category, name in CATEGORIES.items()}
    held["All"] = list(survey.papers)

    def years(name: str) -> str:
        appeared = [survey.references[paper.key].year for paper in held[name]]
        return f"{min(appeared)}–{max(appeared)}" if appeared else ""

    counts = {
        "Papers": {name: len(papers) for name, papers in held.items()},
        "Methods": {name: sum(paper.kind == "method" for paper in papers) for name, papers in held.items()},
        "With code": {name: sum(bool(paper.code) for paper in papers) for name, papers in held.items()},
        "Verified": {name: sum(paper.status == "verified" for paper in papers) for name, papers in held.items()},
    }
    numbers: list[Column[str]] = [Numbers(head, 13, by_name.get) for head, by_name in counts.items()]
    return table(
        held,
        Column("Category", 34, escape),
        *numbers,
        Column("Years", 15, years),
        data=[
            {
                "category": name,
                **{head.lower().removeprefix("with "): str(by_name[name]) for head, by_name in counts.items()},
                "years": years(name),
            }
            for name in held
        ],
    )


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "0 %"


def recall(*, survey: Survey) -> Table:
    """Count by category how many papers of the last set kept back the catalogue held, or left out with a right reason."""
    edition = max((paper.edition for paper in survey.kept_back), key=lambda edition: [*map(int, edition.split("."))])
    papers = [paper for paper in survey.kept_back if paper.edition == edition]
    groups = {name: [paper for paper in papers if paper.category == key] for key, name in CATEGORIES.items()}
    groups = {name: group for name, group in groups.items() if group} | {"All": papers}

    def found(name: str, *ways: str) -> int:
        return sum(paper.found in ways for paper in groups[name])

    def way_column(way: str) -> Column[str]:
        return Numbers(capitalised(way), 14, lambda name: found(name, way))

    return table(
        groups,
        Column("Category", 30, escape),
        Numbers("Recall", 9, lambda name: _percent(found(name, *list(FOUND)[:2]), len(groups[name]))),
        Numbers("Papers", 10, lambda name: len(groups[name])),
        *map(way_column, FOUND),
        note="Recall is the share of papers that are in the catalogue or were rightly left out.",
        data=[paper.row.cells for paper in papers],
    )


def recall_in_pools(*, survey: Survey) -> Table:
    """Estimate by category how many papers in scope with a word of tuning the pools have and the catalogue lacks.

    The absent records are too many to be judged; those of a draw were, and stand for the others.
    """

    def ends(e: _Estimate) -> str:
        low, high = (100 * e.held / (e.held + absent) for absent in (e.most, e.least))
        return f"{low:.0f}–{high:.0f} %"

    return table(
        _estimates(survey),
        Column("Category", 30, lambda e: e.name),
        Numbers("Recall", 12, lambda e: _percent(e.held, e.held + e.absent)),
        Numbers("In 95 of 100 draws", 18, ends),
        Numbers("Held", 11, lambda e: e.held),
        Numbers("Absent", 11, lambda e: round(e.absent)),
        note="The column *Absent* is estimated from a random sample.",
        data=[draw.row.cells for draw in survey.pool_draws],
    )


def _whole_draws(survey: Survey) -> list[PoolDraw]:
    """Return the rows of all categories together of the newest edition that was measured."""
    last = max(([int(n) for n in draw.edition.split(".")], draw.edition) for draw in survey.pool_draws)[1]
    return [draw for draw in survey.pool_draws if draw.edition == last and not draw.category]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Estimate:
    """How many papers the catalogue holds, and how many are absent."""

    name: str
    held: int
    absent: float
    least: float
    most: float


def _estimates(survey: Survey) -> list[_Estimate]:
    """Return what is estimated of each category, and last of all of them together.

    `least` and `most` are 1.96 standard errors from the estimate, of shares to which two drawn records of each kind are added.
    """
    whole = {draw.words: draw for draw in _whole_draws(survey)}
    edition = next(iter(whole.values())).edition
    parts: dict[str, list[PoolDraw]] = {category: [] for category in CATEGORIES}
    for draw in survey.pool_draws:
        if draw.edition == edition and draw.category:
            parts[draw.category].append(draw)
    groups = [(CATEGORIES[category], draws) for category, draws in parts.items() if draws]
    estimates = []
    for name, draws in [*groups, ("All", list(whole.values()))]:
        absent = sum(int(draw.in_scope) * whole[draw.words].weight for draw in draws)
        variance = 0.0
        for draw in draws:
            drawn = int(whole[draw.words].drawn)
            share = (int(draw.in_scope) + 2) / (drawn + 4)
            variance += int(whole[draw.words].absent) ** 2 * share * (1 - share) / (drawn + 4)
        error = 1.96 * math.sqrt(variance)
        held = sum(int(draw.held) for draw in draws)
        estimates.append(
            _Estimate(name=name, held=held, absent=absent, least=max(0.0, absent - error), most=absent + error)
        )
    return estimates


def second_readings(*, survey: Survey) -> Table:
    """Count what somebody found wrong who read papers again without having found them, the newest draw first.

    A dash says that a draw did not count it.
    """

    def share(reading: SecondReading, what: str) -> str:
        wrong = reading.wrong(what)
        return "" if wrong is None else _percent(wrong, int(reading.drawn)) if wrong else "0"

    def judged(what: str) -> Column[SecondReading]:
        return Numbers(capitalised(what), 11, lambda reading: share(reading, what))

    return table(
        sorted(survey.second_readings, key=lambda reading: [-int(n) for n in reading.edition.split(".")]),
        Column("Drawn", 26, lambda reading: f"{reading.edition}: {escape(reading.drawn_from)}"),
        Numbers("Papers", 9, lambda reading: reading.drawn),
        *map(judged, JUDGED),
        note="; ".join(f"*{what}*: {meaning}" for what, meaning in JUDGED.items()) + ". –: not counted.",
        data=[reading.row.cells for reading in survey.second_readings],
    )
