"""What changed between two editions as rows to download."""

import csv
import io
from collections.abc import Mapping, Sequence

from peft_vlm_survey.editions.changes import Changes
from peft_vlm_survey.editions.ranking_changes import Ranking

Row = dict[str, str]
# The columns of each download, which it has also where nothing changed.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "papers": ("key", "change", "kind", "column", "before", "now"),
    "numbers": ("change", "origin", "method", "backbone", "benchmark", "trained_percent", "column", "before", "now"),
    "rankings": (
        *("protocol", "backbone", "benchmark", "method", "method_key"),
        *("place_before", "place_now", "value_before", "value_now"),
    ),
}


def rows_of(changes: Changes) -> dict[str, list[Row]]:
    """Return every change as a row, by the name of the file that it stands in."""
    papers, numbers = changes.papers, changes.numbers
    made: dict[str, list[Row]] = {
        "papers": [
            *({"key": row["key"], "change": "in", "now": row["title"]} for row in papers.come),
            *({"key": row["key"], "change": "out", "before": row["title"]} for row in papers.gone),
            *(
                {"key": c.key, "change": c.how, "kind": c.kind, "column": c.column, "before": c.before, "now": c.now}
                for c in papers.cells
            ),
        ],
        "numbers": [
            *({**row, "change": "added", "column": "value", "now": row["value"]} for row in numbers.come),
            *({**row, "change": "withdrawn", "column": "value", "before": row["value"]} for row in numbers.gone),
            *(
                {**c.number, "change": "changed", "column": c.column, "before": c.before, "now": c.now}
                for c in numbers.cells
            ),
        ],
        "rankings": [row for ranking in changes.rankings.changed for row in _places(ranking)],
    }
    return {
        name: [{column: row.get(column, "") for column in COLUMNS[name]} for row in rows] for name, rows in made.items()
    }


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


def changed_csv(name: str, rows: Sequence[Row]) -> str:
    """Return such rows as CSV, with their header also where there are none: UTF-8, comma, LF."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS[name], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
