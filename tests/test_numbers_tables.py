import dataclasses
import re

import pytest
from every import each

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.markup import align_decimals
from peft_vlm_survey.show.numbers import describe
from peft_vlm_survey.tables import results, tiers

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def cells(table):
    """Return the table's rows by method, backbone and shares, each as a mapping from header to cell."""
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def test_methods_and_benchmarks_stand_in_the_order_of_the_printed_table(good):
    table = results("asker-table1", survey=good, **ABOUT)
    assert (table.caption, table.label) == ("A caption.", "tbl-a")
    assert [row["Method"] for row in cells(table)] == [r"Full fine\-tuning", "Asker", "Asker", "Tiny Adapter"]
    assert list(table.header) == [
        *("Method", "Trained, %", r"TinyQA\, \%", "TinyCaptions", r"TinyLoss\, nats ↓"),
        r"Training memory\, GB",
    ]
    assert table.numeric == frozenset([1, 2, 3, 4, 5])


@pytest.mark.parametrize(
    ("row", "column", "printed"),
    [
        (0, r"TinyQA\, \%", "66.90"),
        (0, "TinyCaptions", "110"),
        (0, "Trained, %", "100"),
        (1, r"TinyQA\, \%", "65.9"),
        (1, "TinyCaptions", "112.25"),
        (1, "Trained, %", "2.50"),
        (1, r"TinyLoss\, nats ↓", "0.625"),
        (1, r"Training memory\, GB", "5.5"),
        (2, r"TinyQA\, \%", "64.0"),
        (3, r"TinyQA\, \%", "60 ±\u00a00.25"),
        (3, "TinyCaptions", "–"),
    ],
)
def test_a_number_is_printed_as_its_source_prints_it(good, row, column, printed):
    assert cells(results("asker-table1", survey=good, **ABOUT))[row][column] == printed


def test_numbers_of_a_column_align_at_the_decimal_point(good):
    table = results("asker-table1", survey=good, **ABOUT)
    captions = table.header.index("TinyCaptions")
    aligned = align_decimals([row[captions] for row in table.rows])
    assert all(cell in str(table) for cell in aligned)


def test_a_column_stands_where_its_cells_differ_or_are_printed(good):
    table = results("asker-table2", survey=good, **ABOUT)
    assert [row["Backbone"] for row in cells(table)] == ["CLIP RN50", r"CLIP ViT\-B\/16"]
    assert [row["Trained, M"] for row in cells(table)] == ["1.94", "2.1"]
    assert "Trained, %" not in table.header
    assert len(table.widths) == len(table.header)
    assert "Backbone" not in results("asker-table1", survey=good, **ABOUT).header


@pytest.mark.parametrize(
    ("origin", "note"),
    [
        (
            "asker-table1",
            r"{cite:t}`hart2022asker`, Table 1. Protocol: One seed\, 10 epochs. Read in: code\.example\/asker\@0000005\: README\.md (primary, checked 2026-01-02).",
        ),
        (
            "asker-table2",
            "{cite:t}`hart2022asker`, Table 2. Read in: a secondary text (secondary, checked 2026-01-02).",
        ),
        (
            "list-costs",
            r"Table of costs. Read in: code\.example\/list\@0000004\: README\.md (notes, checked 2026-01-02).",
        ),
    ],
)
def test_a_note_says_where_the_numbers_were_read(good, origin, note):
    assert results(origin, survey=good, **ABOUT).note == note


@each("origin", lambda: sorted({n.origin for n in (*the_survey().results, *the_survey().measurements)}))
def test_no_number_of_the_book_is_lost_in_its_table(origin):
    survey = the_survey()
    numbers = [n for n in (*survey.results, *survey.measurements) if n.origin == origin]
    settings = {(n.method, n.backbone, n.trained_percent, n.trained_millions) for n in numbers}
    values = [f"{n.value} ±\u00a0{n.spread}" if n.spread else n.value for n in numbers]
    shares = [share for setting in settings for share in setting[2:] if share]
    table = results(origin, survey=survey, **ABOUT)
    printed = [row[column] for row in table.rows for column in table.numeric if row[column] != "–"]
    assert sorted(printed) == sorted(values + shares)


def wide(survey, backbones=("CLIP RN50",)):
    """Return the survey with a printed table of nine benchmarks, too wide for paper."""
    (one,) = [n for n in survey.results if n.origin == "grounder-table3"]
    named = survey.benchmark("tinyref")
    names = [f"tiny{number}" for number in range(9)]
    return dataclasses.replace(
        survey,
        benchmarks=tuple(dataclasses.replace(named, benchmark=name, name=name.upper()) for name in names),
        results=tuple(
            dataclasses.replace(one, benchmark=name, backbone=backbone, value=f"{7 + place}.{number}0")
            for place, backbone in enumerate(backbones)
            for number, name in enumerate(names)
        ),
    )


def test_a_table_too_wide_for_paper_has_its_benchmarks_down_and_its_methods_across(good):
    table = results("grounder-table3", survey=wide(good), **ABOUT)
    assert [row[0] for row in table.rows] == ["Trained, M", *(rf"TINY{number}\, \%" for number in range(9))]
    table = results("grounder-table3", survey=wide(good, ["RN50", "RN101"]), **ABOUT)
    assert list(table.header) == ["Benchmark", "Grounder, RN50", "Grounder, RN101"]
    assert table.rows[1:] == [[rf"TINY{number}\, \%", f"7.{number}0", f"8.{number}0"] for number in range(9)]


def test_a_backbone_that_is_not_established_prints_as_a_dash(good):
    (first, second) = [n for n in good.results if n.origin == "asker-table2"]
    survey = dataclasses.replace(good, results=(first, dataclasses.replace(second, backbone="")))
    table = results("asker-table2", survey=survey, **ABOUT)
    assert [row["Backbone"] for row in cells(table)] == ["CLIP RN50", "–"]


@pytest.mark.parametrize(("origin", "asked"), [("nowhere", {}), ("asker-table1", {"benchmarks": ["tinyref"]})])
def test_what_there_is_not_has_no_table(good, origin, asked):
    with pytest.raises(KeyError):
        results(origin, **asked, survey=good, **ABOUT)


def test_a_method_that_looks_like_markup_prints_as_text(good):
    changed = tuple(dataclasses.replace(n, method="<b>|$") for n in good.results)
    table = results("grounder-table3", survey=dataclasses.replace(good, results=changed), **ABOUT)
    assert table.rows[0][0] == r"\<b\>\|\$"


@pytest.mark.parametrize(
    ("tier", "tables", "numbers"),
    [("primary", "1", "10"), ("secondary", "3", "23"), ("plot", "0", "0"), ("notes", "1", "2"), ("all", "5", "35")],
)
def test_numbers_are_counted_by_where_they_were_read(good, tier, tables, numbers):
    (row,) = [row for row in tiers(survey=good, **ABOUT).rows if row[0] == tier]
    assert row[2:] == [tables, numbers]


def test_the_numbers_that_are_not_counted_by_where_they_were_read_are_said(good):
    table = tiers(survey=good, **ABOUT)
    beside = int(re.search(r"([\d,]+) reported costs", table.note)[1].replace(",", ""))
    assert int(table.rows[-1][3]) + beside == len(good.numbers)


@pytest.mark.parametrize(
    ("benchmark", "said"),
    [
        ("tinyqa", "TinyQA (accuracy, %; higher is better)"),
        ("tinycaptions", "TinyCaptions (CIDEr; higher is better)"),
        ("tinyloss", "TinyLoss (loss, nats; lower is better)"),
    ],
)
def test_a_benchmark_is_described_with_its_unit_and_direction(good, benchmark, said):
    assert describe(good.benchmark(benchmark)) == said
