import shutil
from dataclasses import replace

import pytest
from mistakes import GOOD

from peft_vlm_survey.data import load, the_survey
from peft_vlm_survey.read.results import IDENTITY
from peft_vlm_survey.show.paper_page import PaperPages


def ids(numbers):
    return [number.anchor for number in numbers]


def test_no_two_numbers_of_the_survey_share_an_address():
    anchors = ids((*the_survey().results, *the_survey().measurements))
    assert len(set(anchors)) == len(anchors)


def test_an_address_can_stand_in_a_link(good):
    assert all(anchor.startswith("r-") and anchor[2:].isalnum() for anchor in ids(good.results))


def test_the_order_of_the_rows_changes_no_address(good, tmp_path):
    root = shutil.copytree(GOOD, tmp_path / "survey")
    path = root / "data" / "results.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(header + "".join(reversed(rows)), encoding="utf-8")
    assert ids(load(root).results) == ids(reversed(good.results))


@pytest.mark.parametrize("field", ["value", "spread", "seeds", "claim", "remark", "method_key", "trained_millions"])
def test_a_correction_of_a_cell_that_names_no_row_changes_no_address(field, good):
    number = good.results[0]
    assert replace(number, **{field: "another"}).anchor == number.anchor


@pytest.mark.parametrize("field", IDENTITY)
def test_another_row_has_another_address(field, good):
    number = good.results[0]
    assert replace(number, **{field: "another"}).anchor != number.anchor


def test_a_score_and_a_measurement_of_one_name_have_two_addresses(good):
    number = good.results[0]
    assert replace(number, unit="GB").anchor != number.anchor


def test_a_papers_own_tables_come_with_all_their_numbers_and_before_those_of_others(good):
    tables = PaperPages(good).tables("hart2022asker")
    printed = [n for n in (*good.results, *good.measurements) if n.origin.startswith("asker-")]
    assert [table.origin.origin for table in tables] == ["asker-table1", "asker-table2"]
    assert sorted(ids(n for table in tables for n in table.numbers)) == sorted(ids(printed))


def test_of_another_table_come_the_numbers_of_the_papers_method_alone(good):
    tables = PaperPages(good).tables("ivey2022seer")
    assert {n.method for table in tables for n in table.numbers} == {"Seer"}


def test_a_paper_without_numbers_has_no_tables(good):
    assert PaperPages(good).tables("jones2023teller") == ()


def test_a_number_is_at_home_with_the_paper_of_its_table(good):
    numbers = [n for table in PaperPages(good).tables("hart2022asker") for n in table.numbers]
    assert {n.home for n in numbers} == {"hart2022asker"}


def test_a_number_of_no_papers_table_is_at_home_with_the_paper_of_its_method(good):
    numbers = [n for table in PaperPages(good).tables("ivey2022seer") for n in table.numbers]
    assert {n.home for n in numbers} == {"ivey2022seer"}


def test_a_method_whose_paper_has_no_page_leads_nowhere(good):
    numbers = [n for table in PaperPages(good).tables("hart2022asker") for n in table.numbers]
    assert [n.method_key for n in numbers if n.method == "Tiny Adapter"] == [""]


@pytest.mark.parametrize(
    ("method", "benchmark", "said"),
    [
        ("Tiny Adapter", "TinyQA", ("60 ±\u00a00.25 %", "4.18 %", "re-run", "accuracy")),
        ("Asker", "TinyLoss", ("0.625 nats", "2.50 %", "own", "loss; lower is better")),
        ("Asker", "Training memory", ("5.5 GB", "2.50 %", "own", "")),
    ],
)
def test_a_number_is_told_as_printed_with_its_unit(method, benchmark, said, good):
    numbers = PaperPages(good).tables("hart2022asker")[0].numbers
    (number,) = [n for n in numbers if n.method == method and n.benchmark == benchmark]
    assert (number.value, number.trained, number.claim, number.measures) == said


def test_every_number_with_a_home_stands_on_that_papers_page():
    pages = PaperPages(the_survey())
    shown = {paper.key: pages.tables(paper.key) for paper in the_survey().papers}
    at_home = {key: {n.anchor for table in tables for n in table.numbers} for key, tables in shown.items()}
    numbers = [n for tables in shown.values() for table in tables for n in table.numbers]
    assert numbers and [n for n in numbers if n.anchor not in at_home[n.home]] == []
