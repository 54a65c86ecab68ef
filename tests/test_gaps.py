"""What the survey does not hold: families, costs, code, facts."""

import dataclasses

import pytest

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


def test_measurements_are_counted_by_quantity_and_by_backbone(good):
    said = str(tables.costs_measured(survey=good))
    assert "4 measurements of cost from tables of 1 papers: training memory 3, inference time 1." in said
    assert "66.7 % stand on CLIP RN50" in said


def test_without_measurements_no_backbone_prevails(good):
    said = str(tables.costs_measured(survey=dataclasses.replace(good, measurements=())))
    assert "stand on" not in said


@pytest.mark.parametrize(
    ("aims", "said"), [((), "less memory for 0, of which 0"), (("less memory",), "for 1, of which 1")]
)
def test_an_aim_is_held_against_what_was_measured(good, aims, said):
    changed = tuple(
        dataclasses.replace(d, aims=aims) if d.key == "hart2022asker" else dataclasses.replace(d, aims=())
        for d in good.descriptions
    )
    assert said in str(tables.aims_measured(survey=dataclasses.replace(good, descriptions=changed)))


def test_a_fact_is_known_where_it_has_a_value(good):
    said = str(tables.fact_stated("place", survey=good))
    assert said.startswith("Of 2 methods")
    assert "the place in a block is known for 1 (50.0 %)" in said


def test_an_unknown_fact_is_a_key_error(good):
    with pytest.raises(KeyError, match="no fact 'colour'"):
        tables.fact_stated("colour", survey=good)


def test_the_papers_of_a_task_are_counted_with_code_and_numbers(good):
    said = str(tables.standing("referring segmentation", survey=good))
    assert "1 paper on referring segmentation; an address of code is known for 1" in said
    assert (
        "Of the 1 that propose a method, 1 has a score here; a table of the paper itself was read for 1 of the 1"
        in said
    )


def test_a_paper_of_two_tasks_counts_once(good):
    said = str(tables.standing("visual question answering", "visual captioning", survey=good))
    assert "1 paper on visual question answering or visual captioning" in said


def test_an_unknown_task_is_a_key_error(good):
    with pytest.raises(KeyError, match="no task 'juggling'"):
        tables.standing("juggling", survey=good)


def test_what_was_tried_on_language_alone_was_not_carried_over(good):
    languages = tuple(
        dataclasses.replace(b, category="language") if b.benchmark == "tinybase" else b for b in good.benchmarks
    )
    said = str(tables.carried_over(survey=dataclasses.replace(good, benchmarks=languages)))
    assert "Of 1 methods with a number on a language benchmark, 0 have one on a benchmark of a vision" in said
    assert "and 1 on one of vision alone" in said


def test_the_method_that_trains_most_can_be_the_best(good):
    trains = {"Asker": "1", "Tiny Adapter": "2", "Grounder": "3"}
    values = {"Asker": "60", "Tiny Adapter": "61", "Grounder": "62"}

    def asked(changed):
        results = tuple(
            dataclasses.replace(
                good.results[3],
                method=method,
                method_key="",
                value=changed.get(method, value),
                trained_percent=trains[method],
            )
            for method, value in values.items()
        )
        return str(tables.most_trained_first(survey=dataclasses.replace(good, results=results)))

    assert asked({}).startswith("In 1 of the 1 comparable groups")
    assert asked({"Asker": "70"}).startswith("In 0 of the 1 comparable groups")


def test_slips_are_counted_as_they_are_recorded(good):
    said = str(tables.slips(survey=good))
    assert "1 averages in 1 tables" in said
    assert f"0 typing errors that another table betrays, {len(good.errata)} errors" in said


@pytest.mark.parametrize(
    ("group", "family", "hole"),
    [
        ("Referring and grounding", "hypernetwork", "without_paper"),
        ("CLIP reliability", "hypernetwork", "without_paper"),
        ("Referring and grounding", "selective", "without_number"),
        ("CLIP reliability", "selective", "without_number"),
        ("Multimodal instruction tuning", "side-tuning", "without_number"),
    ],
)
def test_a_hole_that_the_chapter_names_is_still_one(group, family, hole):
    rows = {row["group"]: row for row in tables.families_untried(**ABOUT).data}
    assert family in rows[group][hole].split(", ")
