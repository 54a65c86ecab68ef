from dataclasses import replace

import pytest

from peft_vlm_survey.compare.related import MOST, related_by_paper
from peft_vlm_survey.data import the_survey


def with_papers(good, **said):
    """Return the tiny survey with these tasks and typed facts for its four papers, by the first letter of their keys.

    No printed table reports any two of them together.
    """
    papers, descriptions = [], []
    like = good.descriptions[0]
    for paper in good.papers:
        task, facts = said.get(paper.key[0], ((), {}))
        papers.append(replace(paper, task=task))
        facts = {name: facts.get(name, ()) for name in ("trained", "part", "regime")}
        descriptions.append(replace(like, key=paper.key, **facts))
    return replace(good, papers=tuple(papers), descriptions=tuple(descriptions), results=())


def reported_together(survey, *tables):
    """Return a survey in which each printed table has one number of each of these papers."""
    like = the_survey().results[0]
    results = [
        replace(like, origin=f"table-{place}", method_key=key) for place, keys in enumerate(tables) for key in keys
    ]
    return replace(survey, results=tuple(results))


def keys(survey, key):
    return [other.key for other in related_by_paper(survey)[key]]


TOKENS = {"trained": ("tokens",), "part": ("text encoder",), "regime": ("few-shot",)}
ADAPTER = {"trained": ("bottleneck",), "part": ("image encoder",), "regime": ("full data",)}


def test_papers_that_share_nothing_are_not_related(good):
    survey = with_papers(good, g=(("a",), TOKENS), h=(("b",), ADAPTER))
    assert {other for others in related_by_paper(survey).values() for other in others} == set()


def test_a_paper_is_not_related_to_itself(good):
    survey = with_papers(good, g=(("a",), {}), h=(("a",), {}))
    assert keys(survey, "garcia2021grounder") == ["hart2022asker"]


def test_papers_that_train_the_same_in_the_same_part_are_related_without_a_task_in_common(good):
    survey = with_papers(good, g=(("a",), TOKENS), h=(("b",), TOKENS), i=(("c",), {"trained": ("tokens",)}))
    assert keys(survey, "garcia2021grounder") == ["hart2022asker"]


def test_a_regime_or_a_part_alone_relates_no_papers(good):
    alike = {"part": ("text encoder",), "regime": ("few-shot",)}
    assert keys(with_papers(good, g=(("a",), alike), h=(("b",), alike)), "garcia2021grounder") == []


def test_a_shared_mechanism_brings_a_paper_nearer(good):
    survey = with_papers(good, g=(("a",), TOKENS), h=(("a",), ADAPTER), i=(("a",), {"trained": ("tokens",)}))
    assert keys(survey, "garcia2021grounder") == ["ivey2022seer", "hart2022asker"]


def test_a_part_counts_more_than_a_regime(good):
    survey = with_papers(
        good,
        g=(("a",), TOKENS),
        h=(("a",), {"regime": ("few-shot",)}),
        i=(("a",), {"part": ("text encoder",)}),
    )
    assert keys(survey, "garcia2021grounder") == ["ivey2022seer", "hart2022asker"]


def test_among_equals_a_discussed_paper_comes_first(good):
    survey = with_papers(good, g=(("a",), {}), i=(("a",), {}), j=(("a",), {}))
    assert keys(survey, "garcia2021grounder") == ["ivey2022seer", "jones2023teller"]


def test_papers_that_a_table_reports_together_come_first_whatever_they_do(good):
    survey = with_papers(good, g=(("a",), TOKENS), h=(("a",), TOKENS), i=(("b",), ADAPTER), j=(("c",), {}))
    one, two = ("garcia2021grounder", "ivey2022seer"), ("garcia2021grounder", "jones2023teller")
    survey = reported_together(survey, one, two, two)
    others = related_by_paper(survey)["garcia2021grounder"]
    assert [(other.key, other.reason) for other in others[:2]] == [
        ("jones2023teller", "reported together in 2 tables"),
        ("ivey2022seer", "reported together in one table"),
    ]
    assert [other.key for other in others[2:]] == ["hart2022asker"]


def test_a_method_that_stands_twice_in_a_table_is_reported_together_once(good):
    one = ("garcia2021grounder", "ivey2022seer", "ivey2022seer")
    (other,) = related_by_paper(reported_together(with_papers(good), one))["garcia2021grounder"]
    assert other.reason == "reported together in one table"


@pytest.mark.parametrize(
    ("tasks", "facts", "reason"),
    [
        (("a",), {"trained": ("tokens",)}, "same task a and mechanism (tokens)"),
        (("a",), {}, "same task a"),
        (("b", "a"), ADAPTER, "same tasks a and b"),
        ((), TOKENS, "same mechanism (tokens), part of the model (text encoder) and regime (few-shot)"),
        (("a",), {"regime": ("few-shot",)}, "same task a and regime (few-shot)"),
    ],
)
def test_the_reason_names_what_is_shared(tasks, facts, reason, good):
    survey = with_papers(good, g=(("a", "b"), TOKENS), h=(tasks, facts))
    (other,) = related_by_paper(survey)["garcia2021grounder"]
    assert other.reason == reason


def test_the_order_of_the_files_does_not_matter():
    survey = replace(the_survey(), papers=the_survey().papers[::5])
    turned = replace(
        survey,
        papers=tuple(reversed(survey.papers)),
        descriptions=tuple(reversed(survey.descriptions)),
        results=tuple(reversed(survey.results)),
    )
    assert dict(related_by_paper(turned)) == dict(related_by_paper(survey))


def test_no_more_than_the_most_are_named_and_each_once():
    related = the_survey().derived(related_by_paper)
    assert max(map(len, related.values())) == MOST
    assert [key for key, others in related.items() if len({other.key for other in others}) < len(others)] == []


def test_almost_every_described_paper_has_related_ones():
    survey = the_survey()
    related = survey.derived(related_by_paper)
    alone = [found.key for found in survey.descriptions if not related[found.key]]
    assert len(alone) < len(survey.descriptions) / 100
