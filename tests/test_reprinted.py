from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.compare.reprinted import Pair, reprints_by_paper, spreads_by_paper
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.paper_page import MOST_SPREADS, PaperPages, reprinted

KEY = "hart2022asker"


def again(good, *, own=("65.9",), other="66.4", change=None, **cells):
    """Return what the tiny survey says if another table prints a number of Asker again."""
    first = next(n for n in good.results if n.method_key == KEY)
    numbers = [replace(first, value=value, trained_percent=f"{i}") for i, value in enumerate(own, 1)]
    said = {"origin": "grounder-table3", "claim": "copied", "trained_percent": "", "value": other} | cells
    numbers.append(replace(first, **said))
    survey = replace(good, results=tuple(numbers))
    return reprints_by_paper(change(survey) if change else survey).get(KEY, ())


def test_another_table_with_the_same_method_backbone_and_benchmark_is_found(good):
    (reprint,) = again(good)
    assert (reprint.origin.origin, reprint.protocol) == ("grounder-table3", True)
    assert (reprint.widest.own.value, reprint.widest.other.value, reprint.widest.difference) == (
        "65.9",
        "66.4",
        Decimal("0.5"),
    )


@pytest.mark.parametrize("cells", [{"benchmark": "tinyref"}, {"backbone": "ViT-B/16"}, {"method": "Asker 2"}])
def test_another_method_backbone_or_benchmark_is_another_thing(cells, good):
    assert again(good, **cells) == ()


def test_of_two_own_values_that_of_the_same_share_counts(good):
    (reprint,) = again(good, own=("65.9", "64.0"), other="64.0", trained_percent="2")
    assert [(pair.own.value, pair.same) for pair in reprint.pairs] == [("64.0", True)]


def test_where_two_own_values_are_possible_none_is_chosen(good):
    assert again(good, own=("65.9", "64.0")) == ()


@pytest.mark.parametrize("tier", ["notes", "plot"])
def test_what_is_read_in_notes_or_off_a_plot_does_not_count(tier, good):
    def change(survey):
        origins = [replace(o, read_in=tier) if o.origin == "grounder-table3" else o for o in survey.origins]
        return replace(survey, origins=tuple(origins))

    assert again(good, change=change) == ()


def test_without_a_protocol_it_is_unknown_whether_they_share_one(good):
    def change(survey):
        return replace(survey, origins=tuple(replace(o, protocol="") for o in survey.origins))

    (reprint,) = again(good, change=change)
    assert reprint.protocol is None


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


def test_the_sentence_counts_tables_numbers_and_differences(good):
    assert reprinted(again(good)) == (
        "One table of others prints 1 number of this paper’s own method again. 1 of these differs, the furthest by 0.5 points."
    )
    assert reprinted(again(good, other="66")).endswith("All agree to the digits that both print.")
    assert reprinted(()) == ""


def test_no_reprint_of_the_survey_is_of_the_papers_own_table():
    found = reprints_by_paper(the_survey())
    assert found and all(reprint.origin.key != key for key, reprints in found.items() for reprint in reprints)
    for key, reprints in found.items():
        for pair in (pair for reprint in reprints for pair in reprint.pairs):
            assert {pair.own.method_key, pair.other.method_key} == {key}
            assert (pair.own.method, pair.own.backbone, pair.own.benchmark) == (
                pair.other.method,
                pair.other.backbone,
                pair.other.benchmark,
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
