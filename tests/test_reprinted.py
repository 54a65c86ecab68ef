from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.compare.reprinted import Pair, differing_reprints, spreads_by_paper
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.paper_page import MOST_SPREADS, PaperPages

KEY = "hart2022asker"


def again(good, *, own=("65.9",), other="66.4", change=None, **cells):
    """Return what the tiny survey says if another table prints a number of Asker again."""
    first = next(n for n in good.results if n.method_key == KEY)
    numbers = [replace(first, value=value, trained_percent=f"{i}") for i, value in enumerate(own, 1)]
    said = {"origin": "grounder-table3", "claim": "copied", "trained_percent": "", "value": other} | cells
    numbers.append(replace(first, **said))
    survey = replace(good, results=tuple(numbers))
    return [*differing_reprints(change(survey) if change else survey)]


def test_another_table_with_the_same_method_backbone_and_benchmark_is_found(good):
    (pair,) = again(good)
    assert (pair.own.value, pair.other.value, pair.difference) == ("65.9", "66.4", Decimal("0.5"))
    assert pair.other.origin == "grounder-table3"


@pytest.mark.parametrize("cells", [{"benchmark": "tinyref"}, {"backbone": "ViT-B/16"}, {"method": "Asker 2"}])
def test_another_method_backbone_or_benchmark_is_another_thing(cells, good):
    assert again(good, **cells) == []


def test_of_two_own_values_that_of_the_same_share_counts(good):
    assert again(good, own=("65.9", "64.0"), other="64.0", trained_percent="2") == []
    (pair,) = again(good, own=("65.9", "64.0"), other="65.9", trained_percent="2")
    assert pair.own.value == "64.0"


def test_where_two_own_values_are_possible_none_is_chosen(good):
    assert again(good, own=("65.9", "64.0")) == []


@pytest.mark.parametrize("tier", ["notes", "plot"])
def test_what_is_read_in_notes_or_off_a_plot_does_not_count(tier, good):
    def change(survey):
        origins = [replace(o, read_in=tier) if o.origin == "grounder-table3" else o for o in survey.origins]
        return replace(survey, origins=tuple(origins))

    assert again(good, change=change) == []


@given(st.decimals(0, 99, places=3), st.integers(0, 3))
def test_a_value_agrees_with_its_rounding_to_fewer_digits(good, value, digits):
    number = good.results[0]
    pair = Pair(own=replace(number, value=str(value)), other=replace(number, value=f"{value:.{digits}f}"))
    assert pair.same and Pair(own=pair.other, other=pair.own).same


@given(st.decimals(1, 99, places=2), st.integers(1, 50))
def test_values_that_are_a_printed_unit_apart_do_not_agree(good, value, units):
    number = good.results[0]
    other = value + Decimal(units).scaleb(-2)
    pair = Pair(own=replace(number, value=str(value)), other=replace(number, value=str(other)))
    assert not pair.same and pair.difference == Decimal(units).scaleb(-2)


def test_no_reprint_of_the_survey_is_of_the_papers_own_table():
    survey = the_survey()
    found = [*differing_reprints(survey)]
    assert found and all(survey.origin(pair.other.origin).key != pair.own.method_key for pair in found)
    for one, other in ((pair.own, pair.other) for pair in found):
        assert all(
            getattr(one, name) == getattr(other, name) for name in ("method_key", "method", "backbone", "benchmark")
        )


def test_a_contradiction_on_the_method_of_a_paper_is_told_on_its_page(good):
    (spread,) = spreads_by_paper(good)[KEY]
    assert (spread.lowest, spread.highest, spread.points) == ("64.0", "66.1", Decimal("2.1"))
    told = PaperPages(good).content(KEY)
    assert told["spread"] == (
        "Tables report different values for this paper’s method on one backbone and benchmark in 1 case. "
        "The values differ by 2.10 points in the median, and 2.10 at most."
    )
    (shown,) = told["spreads"]
    assert [(end["value"], end["table"]["name"], end["more"]) for end in shown["ends"]] == [
        ("64.0", "Asker", 0),
        ("66.1", "Asker", 0),
    ]
    assert shown["address"] == "benchmarks/tinyqa.html#contradictions"


def test_scores_without_a_bound_have_no_points_and_stand_last(good):
    (recorded,) = good.contradictions
    open_ended = replace(recorded, id="other", benchmark="tinycaptions")
    spreads = spreads_by_paper(replace(good, contradictions=(open_ended, recorded)))[KEY]
    assert [spread.points for spread in spreads] == [Decimal("2.1"), None]


def test_the_values_of_a_contradiction_are_ordered_as_numbers(good):
    (recorded,) = good.contradictions
    values = ("asker-table1=9.8", "asker-table2=10.2", "grounder-table3=10.0")
    (spread,) = spreads_by_paper(replace(good, contradictions=(replace(recorded, values=values),)))[KEY]
    assert (spread.lowest, spread.highest) == ("9.8", "10.2")


def test_the_baseline_that_is_run_again_most_often_has_its_spread_told():
    content = PaperPages(the_survey()).content("zhou2022coop")
    assert len(content["spreads"]) == MOST_SPREADS and "widest" in content["spread"]
