import pytest
from every import each

from peft_vlm_survey.export.csv_json import COLUMNS
from peft_vlm_survey.tables import columns

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


@each("table", COLUMNS)
def test_every_column_of_a_table_is_explained_in_its_order(table):
    assert [row[0] for row in columns(table, **ABOUT).rows] == [f"`{column.name}`" for column in COLUMNS[table]]


def test_a_column_is_explained_in_the_words_of_the_dictionary():
    (spread,) = [row for row in columns("results", **ABOUT).rows if row[0] == "`spread`"]
    assert spread[1:] == ["what is printed behind ±, in the same unit", "none printed, or not established"]


def test_a_table_that_there_is_not_has_no_columns():
    with pytest.raises(KeyError, match="no table 'colours'"):
        columns("colours", **ABOUT)
