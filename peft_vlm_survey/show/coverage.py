"""What the catalogue holds, where it was searched, and what was left out."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.excluded import REASONS
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.kept_back import FOUND, KeptBack
from peft_vlm_survey.read.papers import CATEGORIES, Paper
from peft_vlm_survey.read.pool_draws import PoolDraw
from peft_vlm_survey.read.second_readings import JUDGED, SecondReading
from peft_vlm_survey.read.tasks import GROUP_OF
from peft_vlm_survey.show.markup import escape
from peft_vlm_survey.show.table import Table

_FOUND_HEADERS = [way[0].upper() + way[1:] for way in FOUND]


def left_out_candidates(*, survey: Survey) -> Table:
    """Count the candidates that were left out, by reason."""
    count = Counter(candidate.reason for candidate in survey.excluded)
    return Table(
        header=["Reason", "What it means", "Candidates"],
        rows=[[escape(r), escape(REASONS[r][0].upper() + REASONS[r][1:]), f"{n:,}"] for r, n in count.most_common()],
        widths=[25, 60, 15],
        numeric=frozenset([2]),
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
    lines = {venue: {venue} for venue in ranked[:most]}
    if rest := set(count) - set(lines):
        lines[f"{len(rest - {''})} other venues"] = rest
    rows = []
    for name, venues in lines.items():
        years = sorted({year for venue, year in (*taken, *left) if venue in venues and year})
        numbers = [sum(venue in venues for venue, _ in group) for group in ((*taken, *left), taken, left)]
        rows.append([name, f"{years[0]}–{years[-1]}" if len(years) > 1 else years[0], *map(str, numbers)])
    names = ("venue", "years", "candidates", "taken_in", "left_out")
    return Table(
        header=["Venue", "Years", "Candidates", "Taken in", "Left out"],
        rows=[[escape(name), *cells] for name, *cells in rows],
        widths=[38, 20, 16, 13, 13],
        numeric=frozenset([2, 3, 4]),
        data=[dict(zip(names, row, strict=True)) for row in rows],
    )


def holdings(*, survey: Survey) -> Table:
    """Count the papers by category: all, methods among them, with a name, with code, verified; and their years."""
    counts, years = {}, {}
    for category, name in CATEGORIES.items():
        papers = [paper for paper in survey.papers if paper.category == category]
        appeared = [survey.references[paper.key].year for paper in papers]
        years[name] = f"{min(appeared)}–{max(appeared)}" if appeared else "–"
        counts[name] = [
            len(papers),
            sum(paper.kind == "method" for paper in papers),
            sum(bool(paper.code) for paper in papers),
            sum(paper.status == "verified" for paper in papers),
        ]
    counts["All"] = [sum(column) for column in zip(*counts.values(), strict=True)]
    names = ("category", "papers", "methods", "code", "verified", "years")
    return Table(
        header=["Category", "Papers", "Methods", "With code", "Verified", "Years"],
        rows=[[name, *(f"{n:,}" for n in numbers), years.get(name, "")] for name, numbers in counts.items()],
        widths=[34, 12, 12, 14, 13, 15],
        numeric=frozenset([1, 2, 3, 4]),
        data=[
            dict(zip(names, (name, *map(str, numbers), years.get(name, "")), strict=True))
            for name, numbers in counts.items()
        ],
    )


def subareas(category: str, *, groups: str = "", least: int = 3, survey: Survey) -> Table:
    """List the tasks of a category's catalogue: how many papers, since when, half of them since when, which families.

    `groups` is a prefix of the groups of tasks to keep, with `-` before it of those to leave out; tasks of fewer than
    `least` papers share a row. Raises KeyError for an unknown category, ValueError where nothing is left.
    """
    if category not in CATEGORIES:
        raise KeyError(f"no category '{category}'")
    prefix = groups.removeprefix("-")
    tasks = [
        task for task, group in GROUP_OF.items() if not groups or group.startswith(prefix) != groups.startswith("-")
    ]
    papers = [paper for paper in survey.papers if paper.category == category]
    by_task = {task: [paper for paper in papers if task in paper.task] for task in tasks}
    shown = sorted(
        [task for task in tasks if len(by_task[task]) >= least], key=lambda task: (-len(by_task[task]), task)
    )
    lines = {task[0].upper() + task[1:]: by_task[task] for task in shown}
    few = [task for task in tasks if 0 < len(by_task[task]) < least]
    if few:
        lines[f"{len(few)} other tasks"] = [paper for paper in papers if set(paper.task) & set(few)]
    if not lines:
        raise ValueError(f"no paper of '{category}' has a task of these groups")
    rows = [[escape(name), *_summary(survey, papers)] for name, papers in lines.items()]
    names = ("papers", "first", "median", "families")
    return Table(
        header=["Task", "Papers", "First", "Median", "Most common families"],
        rows=rows,
        widths=[34, 10, 9, 10, 37],
        numeric=frozenset([1, 2, 3]),
        classes=["longtable"] if len(rows) > 20 else [],
        data=[
            {"task": name, **dict(zip(names, _summary(survey, papers), strict=True))} for name, papers in lines.items()
        ],
    )


def _summary(survey: Survey, papers: Sequence[Paper]) -> list[str]:
    """Return how many papers, the year of the first and of the middle one, and the three most common families."""
    years = sorted(survey.references[paper.key].year for paper in papers)
    count = Counter(paper.family for paper in papers if paper.family)
    common = sorted((family for family in FAMILIES if count[family]), key=lambda family: -count[family])[:3]
    families = ", ".join(f"{family} {count[family]}" for family in common)
    return [str(len(papers)), str(years[0]), str(years[(len(years) - 1) // 2]), families]


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "0 %"


def recall(*, survey: Survey) -> Table:
    """Count by category how many papers of the last set kept back the catalogue held, or left out with a right reason."""
    papers = _last(survey)
    counted = [(name, _counted(group)) for name, group in (*_by_category(papers), ("All", papers))]
    return Table(
        header=["Category", "Papers", *_FOUND_HEADERS, "Recall"],
        rows=[[name, *_printed(numbers)] for name, numbers in counted],
        widths=[30, 10, 14, 14, 14, 9, 9],
        numeric=frozenset(range(1, len(FOUND) + 3)),
        note="Recall is the share of those in the catalogue or rightly left out.",
        data=[paper.row.cells for paper in papers],
    )


def recall_in_pools(*, survey: Survey) -> Table:
    """Estimate by category how many papers in scope with a word of tuning the pools have and the catalogue lacks.

    The absent records are too many to be judged; those of a draw were, and stand for the others.
    """
    return Table(
        header=["Category", "Recall", "In 95 of 100 draws", "Held", "Absent", "Of what 1.2.0 lacked"],
        rows=[
            [
                estimate.name,
                _percent(estimate.held, estimate.held + estimate.absent),
                f"{100 * estimate.held / (estimate.held + estimate.most):.0f}–{100 * estimate.held / (estimate.held + estimate.least):.0f} %",
                f"{estimate.held:,}",
                f"{estimate.absent:,.0f}",
                _percent(estimate.since, estimate.since + estimate.absent),
            ]
            for estimate in _estimates(survey)
        ],
        widths=[30, 12, 18, 11, 11, 18],
        numeric=frozenset([1, 2, 3, 4, 5]),
        note="*Absent* is estimated from a draw. In the row of all categories, the last column also counts what was left out with a reason.",
        data=[draw.row.cells for draw in survey.pool_draws],
    )


def _whole_draws(survey: Survey) -> list[PoolDraw]:
    """Return the rows of all categories together of the newest edition that was measured."""
    last = max(([int(n) for n in draw.edition.split(".")], draw.edition) for draw in survey.pool_draws)[1]
    return [draw for draw in survey.pool_draws if draw.edition == last and not draw.category]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Estimate:
    """How many papers the catalogue holds, how many of them, or left out, edition 1.2.0 lacked, and how many are absent."""

    name: str
    held: int
    since: int
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
        # A candidate left out with a reason is not missed; which category it would have is not known.
        since = sum(int(draw.held_since) + int(draw.left_out_since or 0) for draw in draws)
        estimates.append(
            _Estimate(
                name=name, held=held, since=since, absent=absent, least=max(0.0, absent - error), most=absent + error
            )
        )
    return estimates


def second_readings(*, survey: Survey) -> Table:
    """Count what somebody found wrong who read papers again without having found them, the newest draw first.

    A dash says that a draw did not count it.
    """
    return Table(
        header=["Drawn", "Papers", *(what[0].upper() + what[1:] for what in JUDGED)],
        rows=[
            [_drawn(reading), reading.drawn, *(_share(reading, what) for what in JUDGED)]
            for reading in _newest_first(survey)
        ],
        widths=[26, 9, *[11] * len(JUDGED)],
        numeric=frozenset(range(1, len(JUDGED) + 2)),
        note="; ".join(f"*{what}*: {meaning}" for what, meaning in JUDGED.items()) + ". –: not counted.",
        data=[reading.row.cells for reading in survey.second_readings],
    )


def _newest_first(survey: Survey) -> list[SecondReading]:
    """Return the second readings, of the newest edition first and of each in the order of the file."""
    return sorted(survey.second_readings, key=lambda reading: [-int(n) for n in reading.edition.split(".")])


def _drawn(reading: SecondReading) -> str:
    return f"{reading.edition}: {escape(reading.drawn_from)}"


def _share(reading: SecondReading, what: str) -> str:
    wrong = reading.wrong(what)
    return "–" if wrong is None else _percent(wrong, int(reading.drawn)) if wrong else "0"


def _sets(survey: Survey) -> dict[str, list[KeptBack]]:
    """Return the papers kept back by the edition that was measured on them, the earliest edition first."""
    by_edition: dict[str, list[KeptBack]] = {}
    for paper in survey.kept_back:
        by_edition.setdefault(paper.edition, []).append(paper)
    return dict(sorted(by_edition.items(), key=lambda pair: [int(number) for number in pair[0].split(".")]))


def _last(survey: Survey) -> list[KeptBack]:
    return list(_sets(survey).values())[-1]


def _by_category(papers: Sequence[KeptBack]) -> list[tuple[str, list[KeptBack]]]:
    """Return the name of every category that has papers, with these."""
    groups = [(name, [paper for paper in papers if paper.category == key]) for key, name in CATEGORIES.items()]
    return [(name, group) for name, group in groups if group]


def _counted(papers: Sequence[KeptBack]) -> list[int]:
    """Return how many papers were found in each of the ways of FOUND."""
    return [sum(paper.found == way for paper in papers) for way in FOUND]


def _printed(counts: Sequence[int]) -> list[str]:
    """Return the cells of what was found: all papers, those of each kind, the recall."""
    return [f"{sum(counts):,}", *(f"{number:,}" for number in counts), _percent(sum(counts[:2]), sum(counts))]
