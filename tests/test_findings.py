"""The findings of the synthesis: what each measures, and that a finding which the numbers leave is told."""

import dataclasses
from statistics import StatisticsError

import pytest
from made_up import made

from peft_vlm_survey.compare import measures
from peft_vlm_survey.compare.findings import find_problems, grade
from peft_vlm_survey.compare.measures import MEASURES, Measured
from peft_vlm_survey.data import ROOT, the_survey

THREE = {"one": ("p", {"A": "60.0", "B": "64.0", "C": "65.0"}), "two": ("q", {"A": "63.0"})}


def beside_full(good, **values):
    return made(good, {"one": ("p", {"Full fine-tuning": "70.0", **values})})


@pytest.mark.parametrize(
    ("values", "best", "middle"),
    [
        ({"A": "69.0", "B": "68.0", "C": "71.0"}, 1.0, 0.0),
        ({"A": "70.0", "B": "68.0", "C": "71.0"}, 1.0, 1.0),
        ({"A": "60.0", "B": "61.0", "C": "62.0"}, 0.0, 0.0),
    ],
)
def test_the_best_and_the_middle_method_are_held_against_full_fine_tuning(values, best, middle, good):
    survey = beside_full(good, **values)
    assert MEASURES["best matches full"](survey).value == best
    assert MEASURES["middle matches full"](survey).value == middle


def test_luck_alone_puts_full_fine_tuning_first_as_often_as_any_of_the_methods(good):
    survey = beside_full(good, A="69.0", B="68.0", C="71.0")
    assert MEASURES["best matches full"](survey).chance == pytest.approx(3 / 4)
    assert MEASURES["middle matches full"](survey).chance == pytest.approx(1 / 2)


@pytest.mark.parametrize(("again", "within", "unsure"), [("63.0", 1, 1), ("60.5", 0, 0)])
def test_neighbours_closer_than_what_a_rerun_moves_are_counted(again, within, unsure, good):
    printed = {**THREE, "two": ("q", {"A": again})}
    counts = measures.within_noise(made(good, printed, kinds={"A": "re-run"})).counts
    assert (counts["groups"], counts["steps"], counts["within"], counts["unsure"]) == (1, 2, within, unsure)


def test_of_a_suite_that_is_run_again_only_the_newest_round_counts(good):
    survey = made(good, {f"suite-2026-{month}": ("p", {"A": "60.0", "B": "64.0"}) for month in ("01", "07")})
    rounds = tuple(dataclasses.replace(o, key="", source=f"x/y@{o.origin[-2:]}: results") for o in survey.origins)
    assert len(measures.table_scores(dataclasses.replace(survey, origins=rounds))) == 1
    assert len(measures.table_scores(survey)) == 2


def test_without_a_rerun_there_is_no_yardstick(good):
    with pytest.raises(StatisticsError):
        measures.within_noise(made(good, THREE))


@pytest.mark.parametrize(("papers", "words"), [(1, "one paper"), (2, "a few papers"), (10, "many papers")])
def test_the_grade_says_how_many_papers_bear_a_finding(papers, words):
    assert grade(Measured(value=0, counts={}, papers=papers)) == words


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"low": "0.9", "high": "1"}, "the numbers no longer support finding 'best-matches': its measure is 0"),
        ({"measure": "best matches"}, "no measure 'best matches'."),
        ({"measure": "memory"}, "no number bears finding 'best-matches'."),
    ],
)
def test_a_finding_that_the_numbers_leave_is_told_with_its_line(change, told, good):
    survey = beside_full(dataclasses.replace(good, measurements=()), A="69.0", B="68.0")
    finding = dataclasses.replace(good.findings[0], **change)
    (problem,) = find_problems(dataclasses.replace(survey, findings=(finding,)))
    assert problem.message.startswith(told)
    assert (problem.path, problem.line) == ("data/findings.csv", 2)


def test_each_finding_has_its_section_in_the_chapter():
    chapter = (ROOT / "book" / "known.md").read_text(encoding="utf-8")
    assert [f.finding for f in the_survey().findings if f"(finding-{f.finding})=" not in chapter] == []
