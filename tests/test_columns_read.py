"""An answer depends on the columns that it read of the large tables: no more, and no less."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from peft_vlm_survey.cache import Looks, Watched
from peft_vlm_survey.columns_read import ROWS, columns_read, nothing_noted, read_plainly
from peft_vlm_survey.data import load
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.results import Result

GOOD = Path(__file__).parent / "good"


@pytest.fixture
def survey():
    return load(GOOD)


@pytest.fixture(scope="module")
def plain():
    return {(row, name): row.__dict__[name] for row in ROWS.values() for name in row.__slots__}


def looked_at(survey, question):
    """Return the columns at which a question looks, of the tables that are watched by the column."""
    watched = Watched(survey, Looks(survey))
    with watched.noting():
        question(watched)
    return {look[1:] for look in watched.looks if look[0] == "column"}


def test_every_column_that_is_read_is_noted_once_and_no_slot_stays_changed(survey, plain):
    paper = survey.papers[0]
    with columns_read() as found:
        assert [paper.name, paper.name, paper.groups] == [paper.name, paper.name, paper.groups]
    assert found.columns == {(Paper, "name"), (Paper, "task")} and not found.rows
    assert {place: place[0].__dict__[place[1]] for place in plain} == plain


def test_an_inner_watcher_notes_for_itself_and_nobody_notes_what_is_read_meanwhile(survey):
    paper = survey.papers[0]
    with columns_read() as outer:
        outer_read = paper.kind
        with columns_read() as inner:
            assert paper.kind == outer_read and paper.status is not None
        with nothing_noted():
            assert paper.depth
        assert paper.status is not None
    assert outer.columns == inner.columns == {(Paper, "kind"), (Paper, "status")}


def test_slots_are_as_before_where_a_question_fails(survey, plain):
    with pytest.raises(KeyError), columns_read():
        raise KeyError(survey.papers[0].name)
    assert Paper.__dict__["name"] is plain[Paper, "name"]
    assert read_plainly((Paper, "name"), survey.papers[0]) == survey.papers[0].name


def test_rows_can_be_made_while_somebody_watches(survey):
    with columns_read():
        changed = replace(survey.papers[0], name="Another")
    assert changed.name == "Another" and changed.key == survey.papers[0].key


def test_a_question_looks_at_the_columns_that_it_reads_of_a_whole_table(survey):
    assert looked_at(survey, lambda s: [p.status for p in s.papers]) == {("papers", "key"), ("papers", "status")}
    assert looked_at(survey, lambda s: len(s.results)) == {("results", "origin")}


def test_results_and_measurements_have_rows_of_one_class(survey):
    found = looked_at(survey, lambda s: [number.spread for number in (*s.results, *s.measurements)])
    assert found >= {("results", "spread"), ("measurements", "spread")}


def test_what_is_looked_up_is_noted_as_a_row_and_not_as_columns(survey):
    watched = Watched(survey, Looks(survey))
    with watched.noting():
        key = "ivey2022seer"
        assert watched.paper(key).code == watched.papers_by_key[key].code == watched.papers_by_key.get(key).code
    assert watched.looks == {("paper", key)}


def test_who_asks_whether_an_index_has_a_key_looks_at_the_keys_alone(survey):
    assert looked_at(survey, lambda s: "ivey2022seer" in s.papers_by_key) == {("papers", "key")}


def test_rows_that_were_derived_count_as_looked_at_by_whoever_reads_them(survey):
    def first(survey):
        return next(paper for paper in survey.papers if paper.kind == "method")

    assert ("papers", "status") in looked_at(survey, lambda s: s.derived(first).status)
    known = Looks(survey)
    for name in ("status", "name"):  # derived before, for another question
        watched = Watched(survey, known)
        with watched.noting():
            getattr(watched.derived(first), name)
        assert {("column", "papers", "kind"), ("column", "papers", name)} <= watched.looks


@pytest.mark.parametrize("table", ROWS)
def test_a_column_is_another_when_a_cell_is_and_the_same_when_only_lines_move(survey, table):
    rows = getattr(survey, table)
    before, name = Looks(survey), next(held.name for held in fields(ROWS[table]) if held.name != "row")
    moved = [replace(row, row=replace(row.row, line=row.row.line + 7)) for row in rows]
    same = Looks(replace(survey, **{table: tuple(moved)}))
    changed = Looks(replace(survey, **{table: (replace(rows[0], **{name: "other"}), *rows[1:])}))
    fewer = Looks(replace(survey, **{table: rows[:-1]}))
    for column in (name, "row"):
        assert same["column", table, column] == before["column", table, column] != fewer["column", table, column]
    assert changed["column", table, name] != before["column", table, name]


def test_the_first_column_of_every_such_table_names_its_rows():
    assert [fields(row)[0].name for row in dict.fromkeys(ROWS.values())] == ["key", "key", "title", "origin", "origin"]
    assert ROWS["results"] is ROWS["measurements"] is Result
