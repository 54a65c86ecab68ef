"""Which row of the edition before is which row now, also where its key or name was changed."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from peft_vlm_survey.editions.package import Cells, Package
from peft_vlm_survey.read.sheets import LIST_SEPARATOR

# The columns that lead to each kind of id, by table; in a list each member leads there.
_LEADING: Mapping[str, Mapping[str, str]] = {
    "papers": {"key": "papers", "benchmarks": "benchmarks", "backbones": "backbones"},
    "descriptions": {"key": "papers"},
    "origins": {"key": "papers", "protocol": "protocols", "origin": "origins"},
    "benchmarks": {"benchmark": "benchmarks", "parts": "benchmarks"},
    "protocols": {"protocol": "protocols"},
    "methods": {"key": "papers", "method": "methods"},
    "backbones": {"backbone": "backbones"},
    "results": {
        "origin": "origins",
        "method": "methods",
        "method_key": "papers",
        "backbone": "backbones",
        "benchmark": "benchmarks",
    },
    "measurements": {"origin": "origins", "method": "methods", "backbone": "backbones"},
}
_IDS = {
    "papers": "key",
    "protocols": "protocol",
    "benchmarks": "benchmark",
    "origins": "origin",
    "methods": "method",
    "backbones": "backbone",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """The package of the edition before in today's keys and names, and what was renamed: by table, old name to new."""

    package: Package
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def matched(old: Package, new: Package) -> Matched:
    """Return the old package with every key and name that was changed since put in its new form.

    A paper is known by DOI, arXiv identifier or title, a method or backbone by its aliases, a table by its place in its
    paper, a protocol by its name, and a benchmark by what it measures.
    """
    renamed: dict[str, Mapping[str, str]] = {}
    for table, rule in _RULES.items():
        names = {name: now for name, now in rule(_gone(old, new, table), _come(old, new, table), new) if name != now}
        if names:
            renamed[table] = names
            old = _in_new_names(old, table, names)
    return Matched(package=old, renamed=renamed)


def _gone(old: Package, new: Package, table: str) -> list[Cells]:
    there = {row[_IDS[table]] for row in new.rows(table)}
    return [row for row in old.rows(table) if row[_IDS[table]] not in there]


def _come(old: Package, new: Package, table: str) -> list[Cells]:
    return _gone(new, old, table)


def _in_new_names(package: Package, kind: str, renamed: Mapping[str, str]) -> Package:
    tables = dict(package.tables)
    for table, columns in _LEADING.items():
        names = [name for name, leads in columns.items() if leads == kind]
        if names and table in tables:
            tables[table] = tuple({**row, **_replaced(row, names, renamed)} for row in tables[table])
    return replace(package, tables=tables)


def _replaced(row: Cells, names: Iterable[str], renamed: Mapping[str, str]) -> dict[str, str]:
    return {
        name: LIST_SEPARATOR.join(renamed.get(part, part) for part in row[name].split(LIST_SEPARATOR))
        for name in names
        if row.get(name)
    }


Pairs = Iterable[tuple[str, str]]


def _papers(gone: list[Cells], come: list[Cells], new: Package) -> Pairs:
    for says in (_lower("doi"), _lower("eprint"), _title):
        yield from _alike(gone, come, "key", says)


def _lower(column: str) -> Callable[[Cells], str]:
    return lambda row: row.get(column, "").lower()


def _title(row: Cells) -> str:
    return re.sub(r"[\W_]+", " ", row.get("title", "").lower()).strip()


def _aliased(table: str) -> Callable[[list[Cells], list[Cells], Package], Pairs]:
    def rule(gone: list[Cells], come: list[Cells], new: Package) -> Pairs:
        known = [(alias, row[_IDS[table]]) for row in new.rows(table) for alias in row["aliases"].split(LIST_SEPARATOR)]
        often = Counter(alias for alias, _ in known)
        names = {alias: name for alias, name in known if often[alias] == 1}
        return [(row[_IDS[table]], names[row[_IDS[table]]]) for row in gone if row[_IDS[table]] in names]

    return rule


def _same(table: str, *columns: str) -> Callable[[list[Cells], list[Cells], Package], Pairs]:
    def rule(gone: list[Cells], come: list[Cells], new: Package) -> Pairs:
        return _alike(gone, come, _IDS[table], lambda row: "\n".join(row.get(name, "") for name in columns))

    return rule


def _alike(gone: list[Cells], come: list[Cells], id: str, says: Callable[[Cells], str]) -> list[tuple[str, str]]:
    """Return the pairs of rows that say the same, where it is said by one row alone on either side."""
    before, after = ({text: row[id] for text, row in _alone(rows, says)} for rows in (gone, come))
    return [(before[text], after[text]) for text in before if text in after]


def _alone(rows: list[Cells], says: Callable[[Cells], str]) -> list[tuple[str, Cells]]:
    often = Counter(map(says, rows))
    return [(says(row), row) for row in rows if says(row).strip() and often[says(row)] == 1]


# Papers and protocols first: tables of papers are known by them.
_RULES: Mapping[str, Callable[[list[Cells], list[Cells], Package], Pairs]] = {
    "papers": _papers,
    "protocols": _same("protocols", "name"),
    "benchmarks": _same("benchmarks", "dataset", "split", "metric", "category"),
    "origins": _same("origins", "key", "locator"),
    "methods": _aliased("methods"),
    "backbones": _aliased("backbones"),
}
