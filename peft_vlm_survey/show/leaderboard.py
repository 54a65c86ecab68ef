"""Leaderboards: the methods of one comparable group, each number with its table and the tier it was read in."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from peft_vlm_survey.compare.choosable import first_ids
from peft_vlm_survey.compare.groups import Entry, Group, group, groups, method_of
from peft_vlm_survey.compare.ranks import FEWEST_IN_WORDS
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.origins import TIERS
from peft_vlm_survey.show.markup import NOT_REPORTED, cite, escape, link
from peft_vlm_survey.show.numbers import heading, printed
from peft_vlm_survey.show.table import Column, Numbers, Table, table

OWN_SET_UPS = "Listed, not ranked: each row keeps its own set-up."
# One sign a tier; what was read in notes alone decides nothing.
MARKS = {"primary": "●", "secondary": "○", "plot": "△", "notes": "†", "abstract": "◇", "measured": "■"}


def leaderboard(
    protocol: str,
    backbone: str,
    *,
    benchmarks: list[str] | None = None,
    survey: Survey,
) -> Table:
    """Rank the methods of one comparable group by its main benchmark.

    What ranks stands first, with the gain over full fine-tuning beside it. `benchmarks` chooses the columns, of which
    the last one named ranks; without it every benchmark of the group has a column.
    Numbers read in notes alone stand below, unranked; where each row keeps a set-up of its own, all keep the order of
    their tables. Raises KeyError if there is no such group or benchmark.
    """
    compared = group(survey, protocol, backbone)
    columns = [survey.benchmark(name) for name in benchmarks] if benchmarks else list(compared.benchmarks)
    if benchmarks:
        compared = replace(compared, main=columns[-1])
    others = [b for b in columns if b != compared.main]
    entries = sorted(
        (e for e in compared.entries if any(e.on(b.benchmark) for b in columns)), key=lambda e: _rank(compared, e)
    )
    width = max(8, 60 // (len(columns) + 4))
    trained: list[Column[Entry]] = []
    if any(e.trained_percent for e in entries):
        trained = [Numbers("Trained, %", width, lambda e: e.trained_percent or NOT_REPORTED, further=True)]
    elif any(e.trained_millions for e in entries):
        trained = [Numbers("Trained, M", width, lambda e: e.trained_millions or NOT_REPORTED, further=True)]
    gain: Column[Entry] = Numbers("Gain", width, lambda e: _gain(compared, e))
    return table(
        entries,
        Column("Method", 22, lambda e: f"{escape(e.method)} {_mark(e)}".rstrip()),
        _score(compared.main, width),
        *([gain] if compared.comparable else []),
        *(_score(b, width) for b in others),
        Column("Reported in", 22, lambda e: source(survey, e.origin)),
        *trained,
        note=_note(survey, compared, entries) + _side_by_side(survey, compared, entries),
        classes=["longtable"],
        data=survey.number_rows(number for entry in entries for number in entry.numbers),
    )


def _score(benchmark: Benchmark, width: int) -> Column[Entry]:
    return Numbers(heading(benchmark), width, lambda entry: _cell(entry, benchmark))


def _gain(compared: Group, entry: Entry) -> str:
    gain = compared.gain(entry)
    return "" if gain is None else f"{gain:+.2f}".replace("-", "−")


def _mark(entry: Entry) -> str:
    """Return the sign of the tier of an entry; what was read in the table itself needs none."""
    return "" if entry.read_in == "primary" else MARKS[entry.read_in]


def comparable(*, least: int = 2, survey: Survey) -> Table:
    """List the comparable groups of at least so many methods: protocol in words, backbone, what ranks, methods, tables.

    A method counts once in all its configurations. A note tells how many smaller groups there are. Raises KeyError if no group is as large.
    """
    all_groups = groups(survey)
    listed = [g for g in all_groups if len(g.methods) >= least]
    if not listed:
        raise KeyError(f"no comparable group of {least} methods")
    smaller = len(all_groups) - len(listed)
    return table(
        sorted(listed, key=lambda g: (-len(g.methods), g.protocol, g.backbone)),
        Column("Protocol", 34, lambda g: escape(survey.protocol(g.protocol).name)),
        Numbers("Methods", 9, lambda g: len(g.methods)),
        Column("Backbone", 22, lambda g: escape(g.backbone)),
        Column("Ranked by", 16, lambda g: heading(g.main)),
        Numbers("Benchmarks", 10, lambda g: len(g.benchmarks), further=True),
        Numbers("Tables", 9, lambda g: len({entry.origin for entry in g.entries}), further=True),
        classes=["longtable"],
        note=f"Groups with fewer than {least} methods, not listed here: {smaller}." if smaller else "",
        data=survey.number_rows(number for g in listed for number in g.numbers),
    )


def unranked(protocol: str, metric: str = "", *, comparable: bool) -> str:
    """Return why the numbers of a group are listed and not ranked; a `metric` names what ranks where several stand there."""
    if not protocol:
        return "Listed, not compared: the protocol or the backbone of these numbers is not established."
    if not comparable:
        return OWN_SET_UPS
    on = f" on {metric}" if metric else ""
    return f"Listed, not ranked: fewer than {FEWEST_IN_WORDS} methods have a number{on} that is not known from notes alone."


def source(survey: Survey, origin: str) -> str:
    """Return whose table an origin is, with its place there (in full among the rows behind it), as MyST."""
    place = survey.origin(origin)
    if place.key:
        return f"{cite(place.key)}, {escape(place.locator.partition(',')[0].partition(';')[0])}"
    name, address = place.repository
    return f"{link(name, address)}, {escape(place.locator)}" if name else escape(place.locator)


def _cell(entry: Entry, benchmark: Benchmark) -> str:
    number = entry.on(benchmark.benchmark)
    return printed(number) if number else NOT_REPORTED


def _rank(compared: Group, entry: Entry) -> tuple[bool, bool, Decimal]:
    """Return what sorts an entry; numbers read in notes alone keep the order of their table, behind all others.

    In a group that is not comparable every entry keeps it.
    """
    if not compared.comparable:
        return False, False, Decimal(0)
    number = entry.on(compared.main.benchmark)
    if entry.read_in == "notes" or number is None:
        return entry.read_in == "notes", True, Decimal(0)
    return False, False, -compared.worth(number)


def _side_by_side(survey: Survey, compared: Group, entries: Sequence[Entry]) -> str:
    """Return a link to the first methods of a ranked table side by side; nothing where nothing may be compared."""
    ranked = sorted(entries, key=lambda e: _rank(compared, e)) if compared.comparable else []
    ids = first_ids(survey, [method_of(entry.numbers[0]) for entry in ranked if entry.read_in != "notes"])
    return f" {{beside}}`{ids}`" if ids else ""


def _note(survey: Survey, compared: Group, entries: Sequence[Entry]) -> str:
    tiers = {entry.read_in for entry in entries}
    order = f"Ranked by {heading(compared.main)}, {'highest' if compared.main.more_is_better else 'lowest'} first."
    if not compared.comparable:
        order = OWN_SET_UPS
    elif tiers == {"notes"}:
        order = "Known from notes alone and therefore not ranked; in the order of the table."
    elif "notes" in tiers:
        order += " Numbers read in notes alone stand last, unranked."
    gain = " *Gain*: points ahead of full fine-tuning." if compared.comparable else ""
    marked = "; ".join(f"{MARKS[tier]} {meaning}" for tier, meaning in TIERS.items() if tier in tiers - {"primary"})
    legend = f" {escape(marked)}." if marked else ""
    return f"Protocol: {escape(survey.protocol(compared.protocol).name)}. {order}{gain}{legend}"
