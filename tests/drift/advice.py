"""Report advice of the chapters that its own evidence now ranks in the lower half."""

import re

import pytest

from peft_vlm_survey.choose.backbones import read_backbone
from peft_vlm_survey.choose.entries import entries
from peft_vlm_survey.choose.tested import FEWEST
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.show.what_to_use import SITUATIONS


@pytest.mark.parametrize("chapter", SITUATIONS)
def test_no_advice_of_a_chapter_comes_from_the_lower_half_of_the_group_that_tells_of_it(chapter):
    survey = the_survey()
    text = (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8")
    advice = text.partition("## What to use\n")[2].partition("```")[0]
    told = {head.lower(): said for head, said in re.findall(r"^- \*(.+?):\*(.*)$", advice, re.MULTILINE)}
    for situation in SITUATIONS[chapter]:
        said = told.get(situation.says.lower(), "")  # the table below names methods where the text has no such item
        named = {key for keys in re.findall(r"\{cite:\w\}`([^`]+)`", said) for key in keys.split(",")}
        for entry in entries(survey, situation.task, read_backbone(survey, situation.backbone)):
            if entry.key in named | {*situation.methods} and entry.evidence.of >= FEWEST:
                assert 2 * entry.evidence.place <= entry.evidence.of + 1, entry.evidence.why
