"""What the tables of data sets call their columns, which they leave out, and where they lead for methods without a paper."""

from functools import cache

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.dataset_page import DatasetPages, _says_what
from peft_vlm_survey.show.markup import NOT_ESTABLISHED


@cache
def the_groups():
    pages = DatasetPages(the_survey())
    contents = [pages.content(dataset) for dataset in the_survey().datasets]
    return [(content["id"], group) for content in contents for group in (content["first"], *content["others"])]


def names_of(dataset):
    return {
        c["name"] for name, group in the_groups() if name == dataset for c in (*group["columns"], *group["further"])
    }


def test_no_two_columns_of_a_table_have_one_name():
    for name, group in the_groups():
        names = [column["name"] for column in (*group["columns"], *group["further"])]
        assert len(set(names)) == len(names), name


def test_a_column_is_named_without_its_data_set_where_that_leaves_all_apart():
    assert {"AUC, %", "precision, %"} <= names_of("lasot")
    assert "RefCOCO val, box, %" in names_of("refcoco-family") and "val, box, %" in names_of("refcoco")
    assert "ADE20K-847, open vocabulary, %" in names_of("open-vocabulary-segmentation")


def test_a_column_of_what_is_known_of_papers_stands_where_a_row_fills_it():
    columns = ("year", "venue", "family", "trains", "code")
    for name, group in the_groups():
        filled = {c for c in columns for row in group["rows"] if row[c] not in ("", NOT_ESTABLISHED)}
        assert set(group["filled"]) == filled, name


def test_a_method_without_a_paper_says_what_it_is_or_whose_table_it_stands_in():
    bare = [row for _, group in the_groups() for row in group["rows"] if not row["key"]]
    assert len(bare) > 300
    assert all(row["known"] or row["known_from"] for row in bare)
    assert all(row["first"]["name"] or row["first"]["short"] for row in bare if row["known_from"])
    assert not _says_what("As the tables of X print it") and not _says_what("Not among the references")
    assert _says_what("All weights of what the table adapts")
