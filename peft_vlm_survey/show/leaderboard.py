"""Leaderboards: the methods of one comparable group, each number with its table and the tier it was read in."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from peft_vlm_survey.compare.choosable import first_ids
from peft_vlm_survey.compare.groups import Entry, Group, group, groups, method_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.origins import TIERS
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, NOT_REPORTED, Table, cite, escape, link
from peft_vlm_survey.show.numbers import heading, printed

UNESTABLISHED = "The protocol or the backbone of these numbers is not established: they are listed, and nothing is to be compared with them."
OWN_SET_UPS = "Listed, not ranked: each row keeps its own set-up. The rows stand in the order of their tables, and no gain is taken."
_LONG = 14  # rows; a longer table may break across printed pages
# One sign a tier; what was read in notes alone decides nothing.
MARKS = {"primary": "●", "secondary": "○", "plot": "△", "notes": "†", "abstract": "◇", "measured": "■"}


def leaderboard(
    protocol: str,
    backbone: str,
    *,
    caption: str,
    label: str,
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
    entries = [e for e in compared.entries if any(e.on(b.benchmark) for b in columns)]
    shares = any(e.trained_percent for e in entries)
    millions = not shares and any(e.trained_millions for e in entries)
    rows = []
    for entry in sorted(entries, key=lambda e: _rank(compared, e)):
        gain = compared.gain(entry)
        trained = [entry.trained_percent] if shares else [entry.trained_millions] if millions else []
        rows.append(
            [
                f"{escape(entry.method)} {MARKS[entry.read_in]}",
                *(share or NOT_REPORTED for share in trained),
                _cell(entry, compared.main),
                NOT_ESTABLISHED if gain is None else f"{gain:+.2f}".replace("-", "−"),
                *(_cell(entry, b) for b in others),
                source(survey, entry.origin),
            ]
        )
    share = ["Trained, %"] if shares else ["Trained, M"] if millions else []
    header = ["Method", *share, heading(compared.main), "Gain", *map(heading, others), "Reported in"]
    return Table(
        header=header,
        rows=rows,
        widths=[22, *[max(8, 60 // len(header))] * (len(header) - 2), 22],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, len(header) - 1)),
        classes=["board", *(["longtable"] if len(rows) > _LONG else [])],
        note=_note(survey, compared, {entry.read_in for entry in entries}) + _side_by_side(survey, compared, entries),
        data=survey.number_rows(number for entry in entries for number in entry.numbers),
    )


def comparable(*, caption: str, label: str, category: str | None = None, least: int = 2, survey: Survey) -> Table:
    """List the comparable groups of at least so many methods: protocol in words, backbone, what ranks, methods, tables.

    A method counts once in all its configurations. A note tells how many smaller groups there are. Raises KeyError if no group is as large.
    """
    all_groups = groups(survey, category)
    listed = [g for g in all_groups if len(g.methods) >= least]
    if not listed:
        raise KeyError(f"no comparable group of {least} methods")
    rows = []
    for g in sorted(listed, key=lambda g: (-len(g.methods), g.protocol, g.backbone)):
        protocol = survey.protocol(g.protocol)
        rows.append(
            [
                escape(protocol.name),
                escape(g.backbone),
                heading(g.main),
                str(len(g.benchmarks)),
                str(len(g.methods)),
                str(len({entry.origin for entry in g.entries})),
            ]
        )
    return Table(
        header=["Protocol", "Backbone", "Ranked by", "Benchmarks", "Methods", "Tables"],
        rows=rows,
        widths=[34, 22, 16, 10, 9, 9],
        caption=caption,
        label=label,
        numeric=frozenset([3, 4, 5]),
        classes=["longtable"],
        note=_smaller(len(all_groups) - len(listed), least),
        data=survey.number_rows(number for g in listed for number in g.numbers),
    )


def _smaller(groups: int, least: int) -> str:
    if not groups:
        return ""
    return f"Groups with fewer than {least} methods, not listed here: {groups}."


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


def _note(survey: Survey, compared: Group, tiers: set[str]) -> str:
    protocol = survey.protocol(compared.protocol)
    way = "highest" if compared.main.more_is_better else "lowest"
    order = f"Ranked by {heading(compared.main)}, {way} first."
    if not compared.comparable:
        order = OWN_SET_UPS
    elif tiers == {"notes"}:
        order = "Known from notes alone and therefore not ranked; in the order of the table."
    elif "notes" in tiers:
        order += " Numbers read in notes alone stand last, unranked."
    legend = "; ".join(f"{MARKS[tier]} {meaning}" for tier, meaning in TIERS.items() if tier in tiers)
    gain = (
        f"*Gain*: points by which a method is better than full fine-tuning on {heading(compared.main)}, of the same table "
        f"or else of the group if its tables agree on one value; {NOT_ESTABLISHED} where there is none. "
    )
    return f"Protocol: {escape(protocol.name)}. {order} {gain if compared.comparable else ''}{NOT_REPORTED}: not reported in the table as we read it. {escape(legend)}."
