"""The book's own data, held against what no single row tells: the day on which it is read, and other rows like it."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from itertools import combinations

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.registry import TABLES
from peft_vlm_survey.read.sheets import DATE_FORM

# Two papers of the same authors whose titles differ in a few words: a paper and what became of it, looked up one by one.
KNOWN = {("wang2024clipbias", "wang2024reclippp")}


def test_no_date_lies_in_the_future():
    latest = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()  # it is tomorrow already where somebody checks
    dated = [
        (name, column.name) for name, table in TABLES.items() for column in table.columns if column.form == DATE_FORM
    ]
    assert {name for name, _ in dated} >= {"papers", "origins", "corrections", "background"}
    rows = [(getattr(row, column), row.row) for name, column in dated for row in getattr(the_survey(), name)]
    assert [f"{row.path}:{row.line}: {day}" for day, row in rows if day > latest] == []


def test_no_paper_stands_twice_under_titles_that_are_nearly_the_same():
    by_authors = defaultdict(list)
    for key, reference in sorted(the_survey().references.items()):
        by_authors[reference.authors].append((key, reference.title.casefold()))
    pairs = [pair for same in by_authors.values() for pair in combinations(same, 2)]
    near = {(one, other) for (one, its), (other, another) in pairs if SequenceMatcher(None, its, another).ratio() > 0.8}
    assert near == KNOWN


def test_values_of_one_metric_are_better_in_one_direction_and_a_percentage_ends_at_a_hundred():
    benchmarks = the_survey().benchmarks
    directions = defaultdict(set)
    for one in benchmarks:
        directions[one.metric].add(one.direction)
    assert {metric: found for metric, found in directions.items() if len(found) > 1} == {}
    assert {one.unit for one in benchmarks} == {"%", ""}
    assert [one.benchmark for one in benchmarks if one.unit == "%" and one.range_high != "100"] == []
