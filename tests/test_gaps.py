"""What the survey does not hold: families, costs, code, facts."""

import dataclasses

from peft_vlm_survey import tables
from peft_vlm_survey.read.families import FAMILIES

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def with_papers(good, **changes):
    """Return the tiny survey with changed papers, by the first letter of their keys."""
    papers = tuple(dataclasses.replace(paper, **changes.get(paper.key[0], {})) for paper in good.papers)
    return dataclasses.replace(good, papers=papers)


def untried(survey):
    return {row["group"]: row for row in tables.families_untried(survey=survey, **ABOUT).data}


def test_a_family_without_a_paper_is_told_in_each_group_of_tasks(good):
    said = untried(good)
    assert said["Referring and grounding"]["without_paper"] == ", ".join(f for f in FAMILIES if f != "adapter")
    assert "side-tuning" not in said["Image classification"]["without_paper"]


def test_a_family_with_papers_and_no_number_is_told(good):
    assert untried(good)["Referring and grounding"]["without_number"] == ""
    without = dataclasses.replace(good, results=tuple(n for n in good.results if n.origin != "grounder-table3"))
    assert untried(without)["Referring and grounding"]["without_number"] == "adapter"


def test_a_number_of_another_group_of_tasks_is_none_of_this(good):
    survey = with_papers(good, g={"task": ("medical image analysis",)})
    assert untried(survey)["Applied domains"]["without_number"] == "adapter"


def test_groups_without_papers_have_no_row(good):
    assert set(untried(good)) == {group for paper in good.papers for group in paper.groups}


def test_costs_are_counted_for_methods_with_a_score(good):
    rows = {row[0]: row[1:] for row in tables.costs_reported(survey=good, **ABOUT).rows}
    assert rows["Question answering and captioning"] == ["1", "1", "1", "1", "0", "0", "0"]
    assert rows["Vision-only".replace("-", "\\-")] == ["1", "1", "1", "1", "0", "1", "0"]
    assert rows["Language-only".replace("-", "\\-")] == ["1", "0", "0", "0", "0", "0", "0"]
