"""Set methods side by side: what each does, what it costs, every number that may be compared, and what its difference is worth.

The answer is made from the plain values of `side_by_side_data`, as plain values that `types/page.d.ts` names;
`_static/compare.js` makes the same one, and a test compares the two.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from peft_vlm_survey.compare.group_comparisons import EVEN, MORE, UNKNOWN, WITHIN
from peft_vlm_survey.show.sentences import counted, listed

Data = Mapping[str, Any]
Made = dict[str, Any]


def answer(data: Data, ids: Sequence[str], backbone: str = "") -> Made:
    """Return the comparison of methods by their ids, with costs on a backbone of the menu, by default the usual one.

    Where a backbone is named, the groups on it come first, and the sentences speak of the first of these.
    """
    place_of = {row[0]: place for place, row in enumerate(data["methods"])}
    places = [place_of[id] for id in ids]
    names = _names(data, places)
    groups = sorted(_groups(data, places), key=lambda group: _is_elsewhere(data, group, backbone))
    comparison: Made = {
        "methods": [
            {"id": row[0], "key": row[1], "name": names[at], "where": row[4]}
            for at, row in enumerate(data["methods"][place] for place in places)
        ],
        "groups": groups,
        "backbone": backbone or _usual(data, places, groups),
        "disagreements": list(_disagreements(data, places)),
    }
    named = bool(backbone and groups) and not _is_elsewhere(data, groups[0], backbone)
    return {
        **comparison,
        "said": list(_sentences(data, comparison, named)),
        "costs": _costs(data, places, comparison["backbone"]),
    }


def _names(data: Data, places: Sequence[int]) -> list[str]:
    """Return what each method is called here; those of one name are told apart by their authors."""
    names = [data["methods"][place][2] for place in places]
    return [
        f"{name} ({data['methods'][place][4]})" if names.count(name) > 1 else name
        for name, place in zip(names, places, strict=True)
    ]


def _groups(data: Data, places: Sequence[int]) -> Iterator[Made]:
    """Yield the groups in which two of the methods meet on a benchmark, those first in which more of them do, on more."""
    met = []
    for group in data["groups"]:
        standings = [group["standings"].get(str(place), group["standings"].get(place)) for place in places]
        rows = list(_rows(data, group, standings))
        if rows:
            met.append((sum(standing is not None for standing in standings), len(rows), group, standings, rows))
    for _, _, group, standings, rows in sorted(met, key=lambda meeting: (-meeting[0], -meeting[1])):
        yield {
            "protocol": group["protocol"],
            "name": group["name"],
            "backbone": group["backbone"],
            "board": group["board"],
            "settings": [_setting(standing) for standing in standings],
            "rows": rows,
        }


def _setting(standing: Any) -> Made | None:
    if standing is None:
        return None
    return {"printed": standing["printed"], "trained": standing["trained"], "others": standing["others"]}


def _is_elsewhere(data: Data, group: Data, backbone: str) -> bool:
    """Return whether a backbone is named that is not that of a group: those on it come first."""
    return backbone != "" and data["configurations"].get(group["backbone"]) != backbone


def _rows(data: Data, group: Data, standings: Sequence[Any]) -> Iterator[Made]:
    for at, benchmark in enumerate(group["benchmarks"]):
        cells: list[Any] = [standing["cells"][at] if standing else 0 for standing in standings]
        if sum(bool(cell) for cell in cells) > 1:
            id, name, unit, higher = data["benchmarks"][benchmark]
            scatter = group["scatter"][at]
            behind = _behind([Decimal(cell[0]) if cell else None for cell in cells], higher)
            yield {
                "benchmark": id,
                "name": name,
                "unit": unit,
                "higher": higher,
                "apart": scatter[0] if scatter else "",
                "elsewhere": bool(scatter and not scatter[1]),
                "cells": [
                    _cell(data, cell, gap, scatter[0] if scatter else "") if gap is not None else None
                    for cell, gap in zip(cells, behind, strict=True)
                ],
            }


def _behind(values: Sequence[Decimal | None], higher: bool) -> list[Decimal | None]:
    known = [value for value in values if value is not None]
    best = max(known) if higher else min(known)
    return [None if value is None else abs(best - value) for value in values]


def _cell(data: Data, cell: Sequence[Any], gap: Decimal, apart: str) -> Made:
    value, spread, origin, claim, alike = cell
    verdict = EVEN if not gap else UNKNOWN if not apart else MORE if gap > Decimal(apart) else WITHIN
    return {
        "value": value,
        "spread": spread,
        "table": data["origins"][origin][0],
        "origin": origin,
        "claim": data["claims"][claim],
        "alike": alike,
        "behind": f"{gap:f}",
        "verdict": verdict,
    }


def _usual(data: Data, places: Sequence[int], groups: Sequence[Data]) -> str:
    """Return the backbone to price on: that of the first group, else one that tables print a share on, else the first that any method goes with."""
    menu, configurations = data["backbones"], data["configurations"]
    met = [group["backbone"] for group in groups]
    printed = [row[0] for place in places for row in _at(data["printed"], place) or ()]
    for name in (*met, *printed):
        if configurations.get(name) in menu:
            return str(configurations[name])
    priced = [id for place in places for id in _at(data["priced"], place) or ()]
    fitting = [id for id in menu if any(not isinstance(data["costs"][id][method], str) for method in priced)]
    return str([*fitting, *menu][0])


def _at(rows: Mapping[Any, Any], place: int) -> Any:
    """Return what stands at a place, which JSON writes as text."""
    return rows.get(place, rows.get(str(place)))


def _costs(data: Data, places: Sequence[int], backbone: str) -> list[Made]:
    """Return for each method its closed forms on the backbone, why there is none, and what tables print as trained."""
    costs: list[Made] = []
    for place in places:
        rows = [(id, data["costs"][backbone][id]) for id in _at(data["priced"], place) or ()]
        printed = _at(data["printed"], place) or []
        here = [row for row in printed if data["configurations"].get(row[0]) == backbone]
        costs.append(
            {
                "closed": [[id, *row] for id, row in rows if not isinstance(row, str)],
                "why": [row for _, row in rows if isinstance(row, str)],
                "here": here,
                "elsewhere": [row for row in printed if row not in here],
            }
        )
    return costs


def _disagreements(data: Data, places: Sequence[int]) -> Iterator[Made]:
    """Yield what the tables of these papers print differently."""
    keys = {row[1]: at for at, row in enumerate(data["methods"][place] for place in places) if row[1]}
    for method, backbone, benchmark, printed, right in data["disagreements"]:
        reported = [(keys[key], tables) for key, tables in printed if key in keys]
        if len({tuple(sorted({value for value, _ in tables})) for _, tables in reported}) > 1:
            id, name, unit, _ = data["benchmarks"][benchmark]
            yield {
                "method": method,
                "backbone": backbone,
                "benchmark": id,
                "name": name,
                "unit": unit,
                "printed": [[at, value, origin] for at, tables in reported for value, origin in tables],
                "right": right,
            }


def _sentences(data: Data, comparison: Data, named: bool) -> Iterator[str]:
    """Yield the sentences; `named` says that the first group is on the backbone that the reader named."""
    words, names, groups = data["words"], [method["name"] for method in comparison["methods"]], comparison["groups"]
    if not groups:
        yield words["none"]
    else:
        rows = sum(len(group["rows"]) for group in groups)
        all_meet = any(all(group["settings"]) for group in groups)
        yield words["met" if all_meet else "some"].format(
            names=listed(names), groups=counted(len(groups), "comparable group"), rows=counted(rows, "shared result")
        )
        yield _main(words, names, groups[0], "here" if named else "main")
        yield _tally(words, names, groups)
        yield _scatter(words, groups[0]["rows"][0])
    cases = len(comparison["disagreements"])
    if cases:
        yield words["disagree"].format(cases=counted(cases, "case"))


def _main(words: Mapping[str, str], names: Sequence[str], group: Data, template: str) -> str:
    """Return what the first row of the first group says: who is best, and how far the others are behind."""
    row = group["rows"][0]
    cells = [(name, cell) for name, cell in zip(names, row["cells"], strict=True) if cell]
    best, first = next((name, cell) for name, cell in cells if cell["verdict"] == EVEN)
    others = []
    for name, cell in cells:
        if name != best:
            text = words["even"] if cell["verdict"] == EVEN else words["behind"]
            worth = words.get(cell["verdict"], "")
            others.append(text.format(behind=_points(cell["behind"], row["unit"]), name=name, worth=worth))
    return words[template].format(
        group=group["name"],
        best=best,
        value=f"{first['value']} {row['unit']}".rstrip(),
        benchmark=row["name"],
        others="; ".join(others),
    )


def _points(value: str, unit: str) -> str:
    return f"{value} points" if unit == "%" else f"{value} {unit}".rstrip()


def _tally(words: Mapping[str, str], names: Sequence[str], groups: Sequence[Data]) -> str:
    """Return how often each method is ahead of all others of a row, and how often by more than the scatter."""
    ahead, surely, even = [0] * len(names), [0] * len(names), 0
    for row in (row for group in groups for row in group["rows"]):
        first = [at for at, cell in enumerate(row["cells"]) if cell and cell["verdict"] == EVEN]
        if len(first) > 1:
            even += 1
            continue
        ahead[first[0]] += 1
        rest = [cell["verdict"] for at, cell in enumerate(row["cells"]) if cell and at != first[0]]
        surely[first[0]] += all(verdict == MORE for verdict in rest)
    parts = [
        words["ahead"].format(name=name, ahead=times, surely=words["surely"].format(surely=sure) if sure else "")
        for name, times, sure in zip(names, ahead, surely, strict=True)
    ]
    if even:
        parts.append(words["evens"].format(even=even))
    return words["tally"].format(ahead=", ".join(parts))


def _scatter(words: Mapping[str, str], row: Data) -> str:
    if not row["apart"]:
        return words["no-scatter"]
    where = words["elsewhere"] if row["elsewhere"] else ""
    return words["scatter"].format(apart=_points(row["apart"], row["unit"]), where=where)


TEMPLATES = {
    "none": "No comparable group contains numbers of two of these methods.",
    "met": "{names} are compared in {groups}, with {rows}.",
    "some": "No group contains all of {names}; two or more of them are compared in {groups}, with {rows}.",
    "main": "Largest shared group: {group}; best on {benchmark}: {best}, {value}, {others}.",
    "here": "Group on the backbone that you named: {group}; best on {benchmark}: {best}, {value}, {others}.",
    "behind": "{behind} ahead of {name}{worth}",
    "even": "level with {name}",
    "more": " (beyond noise)",
    "within": " (within noise)",
    "unknown": "",
    "ahead": "{name} is ahead in {ahead}{surely}",
    "surely": " ({surely} beyond noise)",
    "evens": "and {even} are level",
    "tally": "Of these results, {ahead}.",
    "scatter": "Noise is the median difference between re-runs of one method, here {apart}{where}.",
    "elsewhere": ", on other benchmarks of the set-up",
    "no-scatter": "For this group no re-runs are known, so we cannot say which of its differences are noise.",
    "disagree": "In {cases}, tables give different values for the same method and benchmark.",
}
# What a table says of whose run a number is, by its first letter in the data.
CLAIMS = {"o": "own", "r": "re-run", "c": "copied", "n": "–", "": "–"}
