from dataclasses import replace

import pytest

from peft_vlm_survey.compare.related import MOST, related_by_paper
from peft_vlm_survey.data import the_survey


def with_papers(good, **tasks_and_families):
    """Return the tiny survey with these tasks and families for its four papers, by the first letter of their keys."""
    papers = []
    for paper in good.papers:
        task, family = tasks_and_families.get(paper.key[0], ((), ""))
        papers.append(replace(paper, task=task, family=family, further_families=()))
    return replace(good, papers=tuple(papers))


def keys(survey, key):
    return [other.key for other in related_by_paper(survey)[key]]


def test_papers_that_share_no_task_are_not_related(good):
    assert {other for others in related_by_paper(good).values() for other in others} == set()


def test_a_paper_is_not_related_to_itself(good):
    survey = with_papers(good, g=(("a",), "prompt"), h=(("a",), "prompt"))
    assert keys(survey, "garcia2021grounder") == ["hart2022asker"]


def test_a_shared_family_brings_a_paper_nearer(good):
    survey = with_papers(good, g=(("a",), "prompt"), h=(("a",), "adapter"), i=(("a",), "prompt"))
    assert keys(survey, "garcia2021grounder") == ["ivey2022seer", "hart2022asker"]


def test_two_shared_tasks_count_more_than_a_family(good):
    survey = with_papers(good, g=(("a", "b"), "prompt"), h=(("b", "a"), "adapter"), i=(("a",), "prompt"))
    assert keys(survey, "garcia2021grounder")[0] == "hart2022asker"


def test_among_equals_a_discussed_paper_comes_first(good):
    survey = with_papers(good, g=(("a",), ""), i=(("a",), ""), j=(("a",), ""))
    assert keys(survey, "garcia2021grounder") == ["ivey2022seer", "jones2023teller"]


@pytest.mark.parametrize(
    ("tasks", "family", "reason"),
    [
        (("a",), "prompt", "same task a and family prompt"),
        (("a",), "", "same task a"),
        (("b", "a"), "adapter", "same tasks a and b"),
    ],
)
def test_the_reason_names_what_is_shared(tasks, family, reason, good):
    survey = with_papers(good, g=(("a", "b"), "prompt"), h=(tasks, family))
    (other,) = related_by_paper(survey)["garcia2021grounder"]
    assert other.reason == reason


def test_the_order_of_the_file_does_not_matter():
    survey = the_survey()
    turned = replace(survey, papers=tuple(reversed(survey.papers)))
    assert dict(related_by_paper(turned)) == dict(related_by_paper(survey))


def test_at_most_six_are_named():
    assert max(map(len, related_by_paper(the_survey()).values())) == MOST
