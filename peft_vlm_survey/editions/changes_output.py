"""What changed between two editions as plain text, as JSON and as rows to download."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from peft_vlm_survey.editions.changes import Changes
from peft_vlm_survey.editions.paper_changes import KINDS
from peft_vlm_survey.editions.ranking_changes import Ranking

Row = dict[str, str]
# The columns of each download, which it has also where nothing changed.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "papers": ("key", "change", "kind", "column", "before", "now"),
    "numbers": ("change", "origin", "method", "backbone", "benchmark", "trained_percent", "column", "before", "now"),
    "rankings": (
        "protocol",
        "backbone",
        "benchmark",
        "method",
        "method_key",
        "place_before",
        "place_now",
        "value_before",
        "value_now",
    ),
    "costs": ("method_id", "configuration", "quantity", "before", "now"),
}


def rows_of(changes: Changes) -> dict[str, list[Row]]:
    """Return every change as a row, by the name of the file that it stands in."""
    papers = [{"key": row["key"], "change": "in", "now": row["title"]} for row in changes.papers.come]
    papers += [{"key": row["key"], "change": "out", "before": row["title"]} for row in changes.papers.gone]
    papers += [
        {
            "key": cell.key,
            "change": cell.how,
            "kind": cell.kind,
            "column": cell.column,
            "before": cell.before,
            "now": cell.now,
        }
        for cell in changes.papers.cells
    ]
    numbers = [{**row, "change": "added", "column": "value", "now": row["value"]} for row in changes.numbers.come]
    numbers += [
        {**row, "change": "withdrawn", "column": "value", "before": row["value"]} for row in changes.numbers.gone
    ]
    numbers += [
        {**cell.number, "change": "changed", "column": cell.column, "before": cell.before, "now": cell.now}
        for cell in changes.numbers.cells
    ]
    costs = [
        {
            "method_id": cell.method,
            "configuration": cell.configuration,
            "quantity": cell.quantity,
            "before": " to ".join(filter(None, cell.before)),
            "now": " to ".join(filter(None, cell.now)),
        }
        for cell in changes.costs.cells
    ]
    rankings = [row for ranking in changes.rankings.changed for row in _places(ranking)]
    made = {"papers": papers, "numbers": numbers, "rankings": rankings, "costs": costs}
    return {
        name: [{column: row.get(column, "") for column in COLUMNS[name]} for row in rows] for name, rows in made.items()
    }


def changed_csv(name: str, rows: Sequence[Row]) -> str:
    """Return such rows as CSV, with their header also where there are none: UTF-8, comma, LF."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS[name], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _places(ranking: Ranking) -> list[Row]:
    rows = []
    for name in dict.fromkeys((*ranking.now, *ranking.before)):
        before, now = ranking.before.get(name), ranking.now.get(name)
        key, method = ranking.names[name]
        rows.append(
            {
                "protocol": ranking.protocol,
                "backbone": ranking.backbone,
                "benchmark": ranking.benchmark,
                "method": method,
                "method_key": key,
                "place_before": str(before.place) if before else "",
                "place_now": str(now.place) if now else "",
                "value_before": before.value if before else "",
                "value_now": now.value if now else "",
            }
        )
    return rows


def counts_of(changes: Changes) -> dict[str, dict[str, int]]:
    """Return how much changed, by kind."""
    papers, numbers, rankings, costs = changes.papers, changes.numbers, changes.rankings, changes.costs
    corrected = {kind: len({cell.key for cell in papers.of(kind, "changed", "emptied")}) for kind in KINDS}
    filled = {kind: len({cell.key for cell in papers.of(kind, "filled")}) for kind in KINDS}
    return {
        "papers": {
            "in": len(papers.come),
            "out": len(papers.gone),
            **{f"{kind} corrected": count for kind, count in corrected.items()},
            **{f"{kind} completed": count for kind, count in filled.items()},
        },
        "numbers": {
            "added": len(numbers.come),
            "withdrawn": len(numbers.gone),
            "changed": len(numbers.values),
            "otherwise labelled": len({id(cell.number) for cell in numbers.cells if cell.column != "value"}),
        },
        "rankings": {
            "in both": rankings.ranked,
            "new": rankings.come,
            "gone": rankings.gone,
            "with another leader": len(rankings.turned),
            "places moved": sum(len(ranking.moved) for ranking in rankings.changed),
        },
        "costs": {
            f"methods with other {quantity}": count
            for quantity, count in sorted(
                Counter(quantity for by_quantity in costs.by_method.values() for quantity in by_quantity).items()
            )
        }
        | {"methods new": len(costs.methods_come), "methods gone": len(costs.methods_gone)},
        "renamed": {table: len(names) for table, names in changes.renamed.items()},
    }


def as_json(changes: Changes) -> dict[str, Any]:
    """Return everything that changed, for programs."""
    return {
        "before": {"version": changes.old.version, "date": changes.old.date},
        "now": {"version": changes.new.version, "date": changes.new.date},
        "counts": counts_of(changes),
        "costs_known": changes.costs.known,
        "renamed": {table: dict(names) for table, names in changes.renamed.items()},
        **rows_of(changes),
    }


def as_lines(changes: Changes, most: int) -> list[str]:
    """Return the counts, and at most so many rows of each kind."""
    lines = [f"{changes.old.version} ({changes.old.date}) to {changes.new.version} ({changes.new.date})"]
    for kind, counts in counts_of(changes).items():
        text = ", ".join(f"{name} {count:,}" for name, count in counts.items() if count) or "nothing"
        lines.append(f"{kind}: {text}")
    if not changes.costs.known:
        lines.append("costs: one of the packages does not say what methods cost, so these were not compared")
    for kind, rows in rows_of(changes).items():
        lines += [f"  {kind}: {' | '.join(filter(None, row.values()))}" for row in rows[:most]]
        if len(rows) > most > 0:
            lines.append(f"  {kind}: and {len(rows) - most:,} more; --json has all")
    return lines
