import re
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.compare.boards import boards_by_benchmark
from peft_vlm_survey.compare.front import pareto_front
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.scatter import _log_ticks, _ticks, scatter


@cache
def every_board():
    return [board for boards in boards_by_benchmark(the_survey()).values() for board in boards]


@cache
def figures_of_boards():
    return [(board, figure) for board in every_board() if (figure := scatter(the_survey(), board, "f"))]


def parsed(figure):
    return ElementTree.fromstring(figure.svg)  # noqa: S314 - our own text


def test_only_ranked_boards_have_a_figure_and_many_have_one():
    assert all(board.ranked for board, _ in figures_of_boards())
    assert 2 * len(figures_of_boards()) > sum(board.ranked for board in every_board())


def test_every_figure_is_well_formed_and_says_in_words_what_it_shows():
    for board, figure in figures_of_boards():
        root = parsed(figure)
        names = root.get("aria-labelledby").split()
        told = [root.find(tag) for tag in ("title", "desc")]
        assert root.get("role") == "img" and [one.get("id") for one in told] == names == ["f-title", "f-desc"]
        assert board.benchmark.name in told[0].text and "On the front: " in told[1].text


def test_every_point_lies_within_the_frame_and_names_its_number():
    for board, figure in figures_of_boards():
        told = {f"{n.method}: {n.value} {board.benchmark.unit}".rstrip() for n in board.numbers}
        for circle in parsed(figure).findall("circle"):
            assert 58 < float(circle.get("cx")) < 664 and 22 < float(circle.get("cy")) < 280
            assert circle.find("title").text in told


def test_no_figure_sets_a_colour_of_its_own():
    assert [
        figure.svg for _, figure in figures_of_boards() if re.search(r"fill=|stroke=|style=|#[0-9a-f]{3}", figure.svg)
    ] == []


def board_of(good, points, **same):
    """Return a board of made-up numbers: trained share, value."""
    first = next(n for n in good.results if n.origin == "asker-table1")
    numbers = tuple(
        replace(first, method=f"M{i}", method_key="", trained_percent=share, value=value, **same)
        for i, (share, value) in enumerate(points)
    )
    ((board,),) = boards_by_benchmark(replace(good, results=numbers)).values()
    return board


@given(
    st.lists(
        st.tuples(st.integers(1, 10_000), st.integers(0, 1000)),
        min_size=3,
        max_size=20,
        unique_by=lambda point: point[0],
    )
)
def test_the_points_of_the_front_are_the_marked_ones(good, points):
    board = board_of(good, [(f"{x / 100:.2f}", f"{y / 10:.1f}") for x, y in points])
    root = parsed(scatter(good, board, "f"))
    best = {c.find("title").text.partition(":")[0] for c in root.findall("circle") if c.get("class") == "best"}
    assert best == {f"M{i}" for i in pareto_front(points, higher=True)}


def test_what_has_no_share_is_counted_in_the_caption_and_not_drawn(good):
    figure = scatter(good, board_of(good, [("1", "50.0"), ("2", "51.0"), ("3", "52.0"), ("", "53.0")]), "f")
    assert len(parsed(figure).findall("circle")) == 3
    assert figure.caption.endswith(
        "For 1 ranked number the trained share is not established. "
        "M3, which stands first with 53.0, is not drawn, since its trained share is not established."
    )


def test_a_share_of_zero_is_known_and_has_no_place_among_logarithms(good):
    figure = scatter(good, board_of(good, [("1", "50.0"), ("2", "51.0"), ("3", "53.0"), ("0", "52.0")]), "f")
    assert figure.caption.endswith(" 1 trains nothing and has no place on a logarithmic axis.")
    assert "not established" not in figure.caption


def test_what_trains_nothing_and_is_best_of_all_is_named(good):
    points = [("1", "50.0"), ("2", "51.0"), ("3", "52.0"), ("0", "53.0"), ("0.00", "49.0"), ("", "48.0"), ("", "47.0")]
    assert scatter(good, board_of(good, points), "f").caption.endswith(
        "For 2 ranked numbers the trained share is not established. "
        "2 train nothing and have no place on a logarithmic axis. "
        "M3, which stands first with 53.0, is not drawn, since it trains nothing."
    )


def test_a_leader_that_is_drawn_too_is_not_called_missing(good):
    points = [("1", "50.0"), ("2", "51.0"), ("3", "53.0"), ("", "52.0")]
    assert "stands first" not in scatter(good, board_of(good, points), "f").caption


def test_every_leader_without_a_place_is_named_below_its_figure():
    for board, figure in figures_of_boards():
        drawn = {circle.find("title").text.partition(": ")[0] for circle in parsed(figure).findall("circle")}
        top = {s.number.method for s in board.standings if s.rank and s.number.value == board.numbers[0].value}
        assert {name for name in top - drawn if f"{name}, which stands first with" not in figure.caption} == set()


def test_a_front_of_one_point_is_no_line(good):
    figure = scatter(good, board_of(good, [("1", "53.0"), ("2", "51.0"), ("3", "52.0")]), "f")
    assert figure.caption == (
        "3 numbers of this group; the front is one point, M0 53.0: no number beside trains less or scores better."
    )


def test_a_number_that_several_tables_print_alike_is_one_point(good):
    points = [("1", "50.0"), ("2", "51.0"), ("3", "52.0")]
    (copied, *_) = board_of(good, points).numbers
    numbers = (*board_of(good, points).numbers, replace(copied, origin="grounder-table3"))
    ((board,),) = boards_by_benchmark(replace(good, results=numbers)).values()
    assert len(parsed(scatter(good, board, "f")).findall("circle")) == 3


@pytest.mark.parametrize("shares", [("1", "1", "1"), ("", "", ""), ("0", "0", "1")])
def test_without_three_shares_that_differ_nothing_is_drawn_against_them(shares, good):
    assert scatter(good, board_of(good, [(share, f"5{i}.0") for i, share in enumerate(shares)]), "f") is None


def test_names_that_are_markup_are_only_text(good):
    board = board_of(good, [("1", "50.0"), ("2", "51.0"), ("3", "52.0")])
    bad = replace(board, standings=tuple(replace(s, number=replace(s.number, method='<b>&"')) for s in board.standings))
    root = parsed(scatter(good, bad, "f"))
    assert {circle.find("title").text for circle in root.findall("circle")} == {f'<b>&": 5{i}.0 %' for i in range(3)}


@given(st.floats(-1000, 1000), st.floats(0.001, 1000))
def test_the_marks_of_an_axis_are_round_and_lie_on_it(low, width):
    ticks = _ticks(low, low + width)
    assert 2 <= len(ticks) <= 9
    assert all(low - 1e-6 <= value <= low + width + 1e-6 for value, _ in ticks)
    assert [float(text.replace("−", "-")) for _, text in ticks] == pytest.approx([value for value, _ in ticks])


@given(st.floats(0.001, 10), st.floats(1.01, 1000))
def test_the_marks_of_a_logarithmic_axis_lie_on_it(low, factor):
    assert all(low <= tick <= low * factor for tick in _log_ticks([low, low * factor]))
    assert _log_ticks([low, low * factor])


def test_names_stand_at_points_those_of_the_front_first_and_none_hides_another():
    written = 0
    for _, figure in figures_of_boards():
        names = [text for text in parsed(figure).findall("text") if (text.get("class") or "").startswith("name")]
        drawn = {circle.find("title").text.partition(": ")[0] for circle in parsed(figure).findall("circle")}
        assert {text.text for text in names} <= drawn
        kinds = [text.get("class") for text in names]
        assert kinds == sorted(kinds)
        written += "name other" in kinds
    assert 2 * written > len(figures_of_boards())
