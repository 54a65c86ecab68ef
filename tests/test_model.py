import dataclasses

import pytest

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.registry import TABLES


@pytest.mark.parametrize(
    ("ask", "name"),
    [("paper", "hart2022asker"), ("origin", "asker-table1"), ("benchmark", "tinyqa"), ("protocol", "few-shot")],
)
def test_a_row_is_found_by_its_name_and_one_that_there_is_not_is_a_key_error(good, ask, name):
    assert name in dataclasses.astuple(getattr(good, ask)(name))
    with pytest.raises(KeyError, match="nothing"):
        getattr(good, ask)("nothing")


def test_the_core_of_a_category_holds_no_paper_of_the_catalogue(good):
    assert good.core("language") == ()


def test_the_core_of_a_category_keeps_the_order_of_the_file(good):
    papers = tuple(dataclasses.replace(paper, category="qa", depth="core") for paper in good.papers)
    survey = dataclasses.replace(good, papers=papers)
    assert [paper.key for paper in survey.core("qa")] == [paper.key for paper in good.papers]


def test_a_survey_cannot_be_changed(good):
    with pytest.raises(dataclasses.FrozenInstanceError):
        good.papers = ()


@pytest.mark.parametrize(
    ("table", "place", "column", "names"),
    [
        ("methods", 0, "aliases", ("Full", "FT")),
        ("methods", 2, "aliases", ()),
        ("backbones", 2, "aliases", ("ViT-B", "Base")),
        ("backbones", 0, "reference", ("dataset2019pictures",)),
        ("benchmarks", 0, "task", "referring segmentation"),
        ("protocols", 0, "name", "One seed, 10 epochs"),
        ("mismatches", 0, "recomputed", "76.68"),
        ("contradictions", 0, "values", ("asker-table1=64.0", "asker-table2=66.1")),
        ("left_out", 0, "source_row", "12"),
    ],
)
def test_a_cell_of_every_table_is_read(good, table, place, column, names):
    assert getattr(getattr(good, table)[place], column) == names


def test_every_table_of_the_registry_is_a_part_of_the_survey():
    assert set(TABLES) <= {field.name for field in dataclasses.fields(Survey)}
