"""What the page of a benchmark shows, as plain values for its template."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from peft_vlm_survey.compare.boards import Board, Standing, boards_of
from peft_vlm_survey.compare.choosable import beside_first
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.contradictions import Contradiction
from peft_vlm_survey.read.mismatches import Mismatch
from peft_vlm_survey.read.origins import TIERS, Origin
from peft_vlm_survey.show.benchmark_facts import (
    ResultPages,
    address_of,
    conditions,
    contradictions_of,
    facts_of,
    headings,
    mismatches_by_benchmark,
    sentence,
)
from peft_vlm_survey.show.group_names import board_id, group_name
from peft_vlm_survey.show.leaderboard import MARKS, unranked
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, align_decimals
from peft_vlm_survey.show.numbers import metric_beside, printed, printed_short
from peft_vlm_survey.show.reported import Number, in_words
from peft_vlm_survey.show.scatter import scatter
from peft_vlm_survey.show.sentences import capitalised

# How a page tells contradictions, by whether their tables share a protocol: an id, a heading, and what to make of them.
_PARTS = {
    True: (
        "contradictions-one-protocol",
        "Under one protocol",
        "One method on one backbone, in tables that follow one protocol: these values ought to agree.",
    ),
    False: (
        "contradictions-protocols",
        "Under different protocols",
        "One method on one backbone, in tables that do not follow one protocol: where it was run again, its values need not agree.",
    ),
}


class BenchmarkPages(ResultPages):
    """What the pages of a survey's benchmarks show."""

    @property
    def headings(self) -> Mapping[str, str]:
        """What the page of every benchmark is headed."""
        return self.survey.derived(headings)

    def content(self, benchmark: Benchmark) -> dict[str, Any]:
        """Return everything that the page of a benchmark shows and that does not depend on the site around it."""
        name, boards = benchmark.benchmark, boards_of(self.survey, benchmark.benchmark)
        numbers = [number for board in boards for number in board.numbers]
        protocols = self._protocols(benchmark, boards)
        return {
            "benchmark": name,
            "dataset": self._dataset(name),
            "heading": self.headings[name],
            "name": self.titles[name],
            "title": ", ".join(filter(None, (self.headings[name], metric_beside(benchmark)))),
            "task": benchmark.task,
            "category": f"{benchmark.category}.html",
            "sentence": sentence(benchmark),
            "facts": facts_of(self.survey, benchmark),
            "references": [work_of(self.survey, key) for key in dict.fromkeys(benchmark.reference)],
            "unit": benchmark.unit,
            "best": "highest" if benchmark.more_is_better else "lowest",
            "numbers": len(numbers),
            "methods": len(set(map(method_of, numbers))),
            "configurations": len({number.method for number in numbers}),
            "groups": sum(board.comparable for board in boards),
            "ranked": sum(board.ranked for board in boards),
            "protocols": protocols,
            "boards": [board for protocol in protocols for board in protocol["boards"]],
            "mismatches": [
                self._mismatch(mismatch) for mismatch in self.survey.derived(mismatches_by_benchmark).get(name, ())
            ],
            "contradictions": self._contradictions(name),
        }

    def _dataset(self, benchmark: str) -> dict[str, str]:
        """Return where a benchmark stands among the others of its data set."""
        dataset = self.survey.dataset_of[benchmark]
        return {"id": dataset.id, "name": dataset.name, "address": f"datasets/{dataset.id}.html#{column_id(benchmark)}"}

    def _protocols(self, benchmark: Benchmark, boards: Iterable[Board]) -> list[dict[str, Any]]:
        """Return the boards under their protocols, each protocol where the first of its boards stands."""
        gathered: dict[str, list[Board]] = {}
        for board in boards:
            gathered.setdefault(board.protocol, []).append(board)
        places = count(1)
        told = []
        for name, own in gathered.items():
            protocol = self.survey.protocol(name) if name else None
            said, lacking = conditions(protocol, benchmark) if protocol else ((), ())
            told.append(
                {
                    "id": f"protocol-{name}" if name else "",
                    "name": protocol.name if protocol else "",
                    "conditions": said,
                    "lacking": lacking,
                    "boards": [self._board(board, next(places)) for board in own],
                }
            )
        return told

    def _board(self, board: Board, place: int) -> dict[str, Any]:
        name = board_id(board)
        tiers = dict.fromkeys(standing.origin.read_in for standing in board.standings)
        values = align_decimals([printed_short(first.number) for first, *_ in board.rows])
        beside = beside_first(self.survey, board.methods) if board.comparable else {}
        drawn = scatter(self.survey, board, name)
        told = {number.anchor: number for number in in_words(self.survey, board.numbers)}
        rows = [
            {
                "value": value,
                "full": _full(printed(first.number), printed_short(first.number)),
                **self._standing(first, told),
                "beside": beside.get(method_of(first.number)),
                "copies": [self._standing(copy, told) for copy in copies],
            }
            for (first, *copies), value in zip(board.rows, values, strict=True)
        ]
        return {
            "id": name,
            "place": place,
            "heading": group_name(self.survey.protocol(board.protocol), board.backbone) if board.protocol else "",
            "backbone": board.backbone,
            "ranked": board.ranked,
            "unranked": "" if board.ranked else unranked(board.protocol, comparable=board.comparable),
            "notes_last": board.ranked and "notes" in tiers,
            "gains": any(row["gain"] for row in rows),
            "shares": any(row["told"].trained != NOT_ESTABLISHED for row in rows),
            "rows": rows,
            "tiers": [(MARKS[tier], meaning) for tier, meaning in TIERS.items() if tier in tiers],
            "figure": {"svg": drawn.svg, "caption": drawn.caption} if drawn else {},
        }

    def _standing(self, standing: Standing, told: Mapping[str, Number]) -> dict[str, Any]:
        gain = "" if standing.gain is None else f"{standing.gain:f}"
        decimals = len(short(standing.number.value).partition(".")[2])  # as many as the number beside it, or fewer
        shown = gain if gain == short(gain) else min(short(gain), f"{standing.gain:.{decimals}f}", key=len)
        return {
            "told": told[standing.number.anchor],
            "rank": standing.rank or NOT_ESTABLISHED,
            "gain": _signed(shown),
            "gain_full": _signed(_full(gain, shown)),
            "mark": MARKS[standing.origin.read_in],
            "table": table_of(self.survey, standing.origin),
        }

    def _mismatch(self, mismatch: Mismatch) -> dict[str, Any]:
        return {
            "method": mismatch.method,
            "backbone": mismatch.backbone or NOT_ESTABLISHED,
            "average": self.titles[mismatch.benchmark],
            "address": address_of(mismatch.benchmark),
            "table": table_of(self.survey, self.survey.origin(mismatch.origin)),
            **_digits("printed", mismatch.printed),
            **_digits("recomputed", mismatch.recomputed),
            "explanation": capitalised(mismatch.explanation),
        }

    def _contradictions(self, benchmark: str) -> list[dict[str, Any]]:
        """Return the contradictions on a benchmark: first those whose tables share a protocol, then the others."""
        recorded = contradictions_of(self.survey, benchmark)
        parts = []
        for shared, (name, heading, said) in _PARTS.items():
            own = [self._contradiction(found) for found in recorded if self._one_protocol(found) == shared]
            if own:
                parts.append({"id": name, "heading": heading, "sentence": said, "records": own})
        return parts

    def _one_protocol(self, found: Contradiction) -> bool:
        protocols = {self.survey.origin(origin).protocol for origin in found.printed}
        return len(protocols) == 1 and "" not in protocols

    def _contradiction(self, found: Contradiction) -> dict[str, Any]:
        tables = {value: self._short_tables(origins) for value, origins in found.tables.items()}
        owners = Counter(table["name"] for own in tables.values() for table in own)
        return {
            "method": found.method,
            "backbone": found.backbone or NOT_ESTABLISHED,
            "values": [
                {
                    **_digits("value", value),
                    "tables": [{**table, "alone": owners[table["name"]] == 1} for table in own],
                }
                for value, own in tables.items()
            ],
            "kind": capitalised(found.kind),
            **_digits("right", found.right),
            "reason": capitalised(found.reason),
        }

    def _short_tables(self, origins: Iterable[str]) -> list[dict[str, Any]]:
        """Return tables, but only once what a reader would see twice: two parts of one printed table."""
        tables = [table_of(self.survey, self.survey.origin(origin)) for origin in origins]
        return list({(table["name"], table["short"]): table for table in tables}.values())


def _digits(name: str, value: str) -> dict[str, str]:
    """Return a value as it is shown, and in full if that has more digits."""
    return {name: short(value), f"{name}_full": _full(value, short(value))}


def _full(value: str, shown: str) -> str:
    return value if value != shown else ""


def _signed(number: str) -> str:
    """Return a number with its sign, the minus as it is printed; nothing for nothing."""
    return f"{'' if number.startswith('-') or not number else '+'}{number}".replace("-", "−")


def work_of(survey: Survey, key: str) -> dict[str, str]:
    """Return a work as a citation names it, and where it lies itself, for works that stand nowhere in the book."""
    reference = survey.references[key]
    return {"key": key, "text": f"{reference.short_authors}, {reference.year}", "address": reference.address}


def column_id(benchmark: str) -> str:
    """Return the id of a benchmark's first column on the page of its data set."""
    return f"b-{benchmark}"


def table_of(survey: Survey, origin: Origin) -> dict[str, str]:
    """Return whose table an origin is and where it stands there, in full and in short."""
    owner = survey.name(origin.key) if origin.key else ""
    repository, address = ("", "") if owner else origin.repository
    locator = origin.locator if owner or repository else capitalised(origin.locator)
    return {
        "key": origin.key,
        "name": owner or repository,
        "address": address,
        "locator": locator,
        "short": re.split("[,;] ", locator)[0],
    }
