import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.compare.front import pareto_front

POINTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12)


def dominates(one, other, higher):
    no_worse = one[0] <= other[0] and (one[1] >= other[1] if higher else one[1] <= other[1])
    return no_worse and one != other


def by_definition(points, higher):
    return {i for i, point in enumerate(points) if not any(dominates(other, point, higher) for other in points)}


@pytest.mark.parametrize("higher", [True, False])
@given(points=POINTS)
def test_the_front_is_what_no_other_point_dominates(points, higher):
    assert set(pareto_front(points, higher=higher)) == by_definition(points, higher)


@given(points=POINTS)
def test_the_front_runs_from_the_cheapest_to_the_best(points):
    front = [points[i] for i in pareto_front(points, higher=True)]
    assert front == sorted(front)


def test_equal_points_stand_on_the_front_together():
    assert pareto_front([(1, 5), (1, 5), (2, 5)], higher=True) == (0, 1)


def test_lower_may_be_better():
    assert pareto_front([(1, 9.0), (2, 5.0), (3, 7.0)], higher=False) == (0, 1)


def test_no_points_have_no_front():
    assert pareto_front([], higher=True) == ()
