"""Numbers as tables that a person reads: nothing is lost, and nothing stands where it does not belong."""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from every import each

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.paper_page import PaperPages
from peft_vlm_survey.show.reported import by_protocol, pivot


@cache
def the_tables():
    pages = PaperPages(the_survey())
    return {paper.key: tables for paper in the_survey().papers if (tables := pages.tables(paper.key))}


each_paper = each("key", lambda: sorted(the_tables()))


@cache
def the_own():
    """Return the tables of a paper with several numbers."""
    return next(tables for tables in the_tables().values() if len(tables) > 1 and len(tables[0].numbers) > 4)


joinings = pytest.mark.parametrize("joined", [False, True])


def numbers_of(pivots):
    return [number for found in pivots for setting in found.settings for cell in setting.cells for number in cell]


@joinings
@each_paper
def test_every_number_stands_in_one_cell(key, joined):
    tables = the_tables()[key]
    wanted = Counter(number.anchor for table in tables for number in table.numbers)
    assert Counter(number.anchor for number in numbers_of(by_protocol(tables, joined=joined))) == wanted


@joinings
@each_paper
def test_a_number_stands_in_the_column_of_its_benchmark_and_the_row_of_its_setting(key, joined):
    for found in by_protocol(the_tables()[key], joined=joined):
        for setting in found.settings:
            assert len(setting.cells) == len(found.columns)
            for column, cell in zip(found.columns, setting.cells, strict=True):
                for number in cell:
                    assert (number.benchmark_id, number.benchmark) == (column.id, column.name)
                    assert number.value.partition(" ")[2] == column.unit
                    assert (number.method, number.backbone) == (setting.method, setting.backbone)
                    assert joined or number in setting.table.numbers


@joinings
@each_paper
def test_no_column_and_no_row_is_empty_and_no_column_stands_twice(key, joined):
    for found in by_protocol(the_tables()[key], joined=joined):
        assert all(any(setting.cells) for setting in found.settings)
        assert all(any(cells) for cells in zip(*(setting.cells for setting in found.settings), strict=True))
        named = [(column.id or column.name, column.unit) for column in found.columns]
        assert len(set(named)) == len(named)


@each_paper
def test_tables_stand_together_only_under_one_protocol_and_unknown_protocols_stand_alone(key):
    for found in by_protocol(the_tables()[key]):
        assert {table.protocol for table in found.tables} == {found.protocol}
        assert found.protocol or len(found.tables) == 1


def test_a_setting_of_two_tables_has_one_row_unless_both_print_it_on_one_benchmark():
    table = the_own()[0]
    number = table.numbers[0]
    origin = replace(table.origin, origin="another-table")
    tables = [replace(table, numbers=(number,)), replace(table, origin=origin, numbers=(number,))]
    elsewhere = replace(number, benchmark="Another", benchmark_id="another")
    assert len(pivot(tables, joined=True).settings) == 2
    tables[1] = replace(tables[1], numbers=(elsewhere,))
    assert len(pivot(tables, joined=True).settings) == 1
    assert len(pivot(tables).settings) == 2


def test_a_remark_that_all_rows_share_is_said_once():
    table = the_own()[0]
    number = replace(table.numbers[0], remark="read off a plot")
    other = replace(number, backbone="another backbone")
    found = pivot([replace(table, numbers=(number, other))])
    assert found.remark == "read off a plot" and {row.remark for row in found.settings} == {""}
    found = pivot([replace(table, numbers=(number, replace(other, remark="")))])
    assert not found.remark and [row.remark for row in found.settings] == ["read off a plot", ""]


def test_numbers_of_one_setting_share_a_row_and_of_another_backbone_do_not():
    table = the_own()[0]
    number = table.numbers[0]
    other = replace(number, benchmark="Another", benchmark_id="another")
    assert len(pivot([replace(table, numbers=(number, other))]).settings) == 1
    other = replace(number, backbone="another backbone")
    assert len(pivot([replace(table, numbers=(number, other))]).settings) == 2


@pytest.mark.parametrize("field", ["trained", "claim", "remark", "method"])
def test_settings_that_differ_in_anything_that_a_row_says_do_not_share_it(field):
    table = the_own()[0]
    number = table.numbers[0]
    other = replace(number, **{field: "something else"})
    assert len(pivot([replace(table, numbers=(number, other))]).settings) == 2


def test_two_numbers_of_one_setting_and_benchmark_both_stand_in_the_cell():
    table = the_own()[0]
    number = table.numbers[0]
    (setting,) = pivot([replace(table, numbers=(number, replace(number, anchor="r-other")))]).settings
    assert [len(cell) for cell in setting.cells] == [2]
