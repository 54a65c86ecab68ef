"""The survey as data frames: every table has the dtypes that are promised, and says what its columns hold."""

from pathlib import Path

import pandas as pd
import pytest
from every import each

import peft_vlm_survey
from peft_vlm_survey import frames
from peft_vlm_survey.export.csv_json import COLUMNS, table_csv

DTYPES = {"string", "object", "float64", "Int64", "datetime64[s]"}


@each("name", COLUMNS)
def test_a_table_has_the_rows_of_its_download_and_the_columns_and_dtypes_that_are_said_of_it(name, good):
    frame, told = frames.table(name, good), frames.columns(name)
    assert len(frame) == len(table_csv(good, name).splitlines()) - 1
    assert {column: str(dtype) for column, dtype in frame.dtypes.items()} == dict(told.set_index("column")["dtype"])
    assert set(told["dtype"]) <= DTYPES
    assert (told["holds"].str.len() > 0).all() and not told["column"].duplicated().any()


def test_a_column_says_its_unit():
    for name in ("results", "measurements"):
        units = frames.columns(name).set_index("column")["unit"]
        assert units[["value", "spread", "trained_percent"]].tolist() == ["see unit", "see unit", "%"]
    assert frames.columns("results").set_index("column")["unit"]["metric"] == ""


def test_a_number_is_kept_as_it_was_printed(good):
    found = frames.results(good)
    assert list(found["printed"][:3]) == ["66.90", "110", "0.50"]
    assert list(found["value"][:3]) == [66.9, 110.0, 0.5]


def test_a_score_stands_beside_what_it_measures_and_the_table_that_prints_it(good):
    first, number = frames.results(good).iloc[0], good.results[0]
    assert (first["metric"], first["direction"]) == (
        good.benchmark(number.benchmark).metric,
        good.benchmark(number.benchmark).direction,
    )
    assert (first["locator"], first["protocol"]) == (
        good.origin(number.origin).locator,
        good.origin(number.origin).protocol,
    )


def test_a_measurement_keeps_its_unit(good):
    found = frames.measurements(good)
    assert list(found[found["quantity"] == "latency"]["unit"]) == ["ms per image"]


def test_what_is_not_established_is_missing(good):
    assert pd.isna(frames.measurements(good)["trained_percent"]).any()
    assert frames.methods(good)["aliases"][2] == ()


def test_a_list_is_a_tuple(good):
    assert frames.papers(good)["benchmarks"][1] == ("TinyQA", "TinyCaptions")


def test_a_date_is_a_date(good):
    assert frames.papers(good)["added"].dt.year.ge(2026).all()


def test_a_table_that_there_is_not_is_named_with_those_that_there_are():
    with pytest.raises(KeyError, match=r"no table 'paper'; there are papers"):
        frames.table("paper")


def test_the_package_offers_what_its_documentation_names():
    assert {"papers", "results", "benchmarks", "methods", "datasets", "descriptions", "cost", "search", "cite"} <= set(
        peft_vlm_survey.__all__
    )
    assert all(callable(getattr(peft_vlm_survey, name)) for name in peft_vlm_survey.__all__)
    # A module of the same name would take the place of the function once anything imports it.
    modules = {path.stem for path in Path(peft_vlm_survey.__file__).parent.iterdir()}
    assert modules.isdisjoint(peft_vlm_survey.__all__)
    assert set(peft_vlm_survey.__all__) <= set(dir(peft_vlm_survey))


def test_the_package_has_nothing_else():
    with pytest.raises(AttributeError, match="no attribute 'paper'"):
        _ = peft_vlm_survey.paper
