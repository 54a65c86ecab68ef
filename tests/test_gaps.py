"""What the survey does not hold: costs, code, facts."""

from peft_vlm_survey import tables

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def test_costs_are_counted_for_methods_with_a_score(good):
    rows = {row[0]: row[1:] for row in tables.costs_reported(survey=good, **ABOUT).rows}
    assert rows["Question answering and captioning"] == ["1", "1", "1", "1", "0", "0", "0"]
    assert rows["Vision-only".replace("-", "\\-")] == ["1", "1", "1", "1", "0", "1", "0"]
    assert rows["Language-only".replace("-", "\\-")] == ["1", "0", "0", "0", "0", "0", "0"]
