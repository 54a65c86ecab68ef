import dataclasses
from collections import Counter

import pytest

from peft_vlm_survey import figures, tables
from peft_vlm_survey.read.excluded import REASONS
from peft_vlm_survey.read.papers import CATEGORIES

TEXT = {"caption": "A caption.", "label": "tbl-a"}


def test_every_reason_of_an_exclusion_is_counted_and_explained(good):
    table = tables.left_out_candidates(**TEXT, survey=good)
    assert Counter({row["reason"]: int(row["candidates"]) for row in table.data}) == Counter(
        candidate.reason for candidate in good.excluded
    )
    assert all(REASONS[row["reason"]][1:10] in str(table) for row in table.data)


def test_recall_counts_what_was_found_and_what_was_rightly_left_out_of_the_last_set(good):
    table = tables.recall(**TEXT, survey=good)
    assert [row[1:] for row in table.rows] == [
        ["100.0 %", "2", "1", "1", "0", "0"],
        ["0.0 %", "1", "0", "0", "0", "1"],
        ["66.7 %", "3", "1", "1", "0", "1"],
    ]
    assert {row["edition"] for row in table.data} == {"0.10.0"}


def test_recall_in_pools_weighs_what_was_drawn_by_what_is_absent(good):
    table = tables.recall_in_pools(**TEXT, survey=good)
    rows = {row[0]: [str(cell) for cell in row[1:]] for row in table.rows}
    # Of 50 absent records with the words in their title 25 were drawn: each stands for two.
    whole = rows["All"]
    for name, told in (
        ("Question answering and captioning", ["71.4 %", "20", "8"]),
        ("Vision-only", ["90.9 %", "20", "2"]),
    ):
        assert [rows[name][0], *rows[name][2:4]] == told
    assert [whole[0], *whole[2:]] == ["80.0 %", "40", "10"]
    low, high = (float(share) for share in whole[1].removesuffix(" %").split("–"))
    assert low < 80 < high <= 100


def test_second_readings_stand_newest_first_and_a_dash_is_not_a_nought(good):
    table = tables.second_readings(**TEXT, survey=good)
    assert [list(row) for row in table.rows] == [
        ["0.10.0: its newcomers", "2", "0", "0", "0", "0", "0", "0"],
        ["0.9.0: the whole catalogue", "4", "0", "25.0 %", "0", "25.0 %", "–", "0"],
    ]
    assert {row["then"] for row in table.data} == {"", "One category was sought in all papers."}


def test_the_holdings_add_up(good):
    table = tables.holdings(**TEXT, survey=good)
    assert [row[1] for row in table.rows] == ["1", "1", "0", "1", "1", "4"]
    assert [row["category"] for row in table.data] == [*CATEGORIES.values(), "All"]


def test_counts_of_four_digits_are_printed_as_in_the_prose_and_given_away_plain(good):
    papers = tuple(dataclasses.replace(good.papers[0], key=f"k{number}") for number in range(1234))
    references = {paper.key: good.references[good.papers[0].key] for paper in papers}
    excluded = tuple(good.excluded[:1]) * 1234
    survey = dataclasses.replace(good, papers=papers, references=references, excluded=excluded)
    table = tables.holdings(**TEXT, survey=survey)
    assert (table.rows[-1][1], table.data[-1]["papers"]) == ("1,234", "1234")
    table = tables.left_out_candidates(**TEXT, survey=survey)
    assert (table.rows[0][2], table.data[0]["candidates"]) == ("1,234", "1234")


@pytest.mark.parametrize("name", ["growth", "families_by_group"])
def test_a_figure_of_the_field_stands_on_every_paper(name, good):
    assert [row["key"] for row in getattr(figures, name)(survey=good).data] == [paper.key for paper in good.papers]
