"""The sources that were searched as wholes, and the count of their records step by step."""

from peft_vlm_survey import tables

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def test_the_records_are_summed_by_step(good):
    assert [row[:2] for row in tables.flow(survey=good, **ABOUT).rows] == [
        ["Titles in the sources", "150"],
        ["Found by a key word", "29"],
        ["In the catalogue or left out before", "6"],
        ["Held against the criteria", "16"],
        ["Left out", "11"],
        ["Not judged", "7"],
    ]
