from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.tables import tradeoffs

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def test_the_trade_offs_have_a_row_for_every_family(good):
    rows = tradeoffs(survey=good, **ABOUT).rows
    assert [cells[0].split("#family-")[1].rstrip(")") for cells in rows] == list(FAMILIES)
