"""The questions of the chapter of disagreements: made-up tables with known answers, and the book's by a second way."""

import csv
import dataclasses
import statistics
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import made
from mistakes import GOOD

from peft_vlm_survey import tables
from peft_vlm_survey.compare.experiments import experiments, nine_of_ten, single_runs, spreads, turns, usual_values
from peft_vlm_survey.data import ROOT, load, the_survey
from peft_vlm_survey.show.disagreements import rerun_ranges

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def cells(table):
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


TWO = {
    "one": ("quoted", {"A": "60.0", "B": "70.0", "C": "50.0"}),
    "two": ("again", {"A": "66.0", "B": "65.0", "C": "40.5"}),
}
RERUN = (("A", "re-run"), ("B", "re-run"), ("C", "re-run"))


# Experiments


def test_protocols_that_run_the_same_again_are_one_experiment(good):
    (found,) = experiments(made(good, TWO, kinds=RERUN))
    assert (found.protocols, found.ranges) == (("quoted", "again"), (9.5, 6.0, 5.0))


def test_three_protocols_that_hang_together_are_one_experiment(good):
    printed = {
        "one": ("p", {"A": "60.0"}),
        "two": ("q", {"A": "61.0", "B": "50.0"}),
        "three": ("r", {"B": "52.0"}),
    }
    (found,) = experiments(made(good, printed, kinds=(("A", "re-run"), ("B", "re-run"))))
    assert (set(found.protocols), found.ranges) == ({"p", "q", "r"}, (2.0, 1.0))


def test_protocols_without_a_common_run_are_two_experiments(good):
    printed = {
        "one": ("p", {"A": "60.0"}),
        "two": ("q", {"A": "61.0"}),
        "three": ("r", {"B": "52.0"}),
        "four": ("s", {"B": "50.0"}),
    }
    found = experiments(made(good, printed, kinds=(("A", "re-run"), ("B", "re-run"))))
    assert sorted(e.protocols for e in found) == [("p", "q"), ("r", "s")]


@pytest.mark.parametrize("kind", ["typing error", "version", "rounding", "unknown"])
def test_what_was_not_run_again_is_no_experiment(good, kind):
    assert experiments(made(good, TWO, kinds=[(method, kind) for method, _ in RERUN])) == ()


def test_tables_of_one_protocol_are_no_experiment(good):
    printed = {name: ("quoted", values) for name, (_, values) in TWO.items()}
    assert experiments(made(good, printed, kinds=RERUN)) == ()


@pytest.mark.parametrize(("high", "expected"), [("100", 0.25), ("1", 25.0)])
def test_distances_are_points_of_a_hundred(good, high, expected):
    printed = {"one": ("quoted", {"A": "0.50"}), "two": ("again", {"A": "0.75"})}
    (found,) = experiments(made(good, printed, kinds=(("A", "re-run"),), high=high))
    assert found.ranges == (expected,)


def test_a_score_without_bounds_has_no_points(good):
    assert experiments(made(good, TWO, kinds=RERUN, high="")) == ()


# Values and turns


def test_the_usual_value_is_what_most_tables_print(good):
    printed = {
        "one": ("quoted", {"A": "60.0"}),
        "two": ("quoted", {"A": "61.0"}),
        "three": ("quoted", {"A": "61.0"}),
    }
    assert list(usual_values(made(good, printed), "quoted").values()) == [{"A": 61.0}]


def test_notes_have_no_usual_value(good):
    assert usual_values(made(good, TWO, tier="notes"), "quoted") == {}


def test_a_pair_that_changes_places_is_turned(good):
    found = turns(made(good, TWO), "quoted", "again")
    ((turn,), pairs) = found.turned, found.pairs
    assert (turn.ahead, turn.behind, turn.there, turn.here, pairs, found.methods) == ("B", "A", 10.0, 1.0, 3, 3)


def test_where_lower_is_better_the_other_method_was_ahead(good):
    (turn,) = turns(made(good, TWO, direction="lower"), "quoted", "again").turned
    assert (turn.ahead, turn.behind) == ("A", "B")


def test_methods_that_are_even_are_not_compared(good):
    printed = {"one": ("quoted", {"A": "60.0", "B": "60.0"}), "two": ("again", {"A": "61.0", "B": "62.0"})}
    assert turns(made(good, printed), "quoted", "again").pairs == 0


SCORES = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 1000).map(lambda n: f"{n / 10:.1f}"), min_size=2)


@given(SCORES, SCORES)
def test_no_more_pairs_turn_than_there_are_and_the_order_of_protocols_does_not_matter(one, two):
    survey = made(the_survey_of_the_tests(), {"one": ("p", one), "two": ("q", two)})
    there, back = turns(survey, "p", "q"), turns(survey, "q", "p")
    both = one.keys() & two.keys()
    assert len(there.turned) <= there.pairs <= len(both) * (len(both) - 1) / 2
    assert (there.pairs, len(there.turned)) == (back.pairs, len(back.turned))
    assert {(t.ahead, t.behind) for t in there.turned} == {(t.behind, t.ahead) for t in back.turned}


@given(SCORES)
def test_nothing_turns_against_itself(scores):
    survey = made(the_survey_of_the_tests(), {"one": ("p", scores), "two": ("q", scores)})
    assert turns(survey, "p", "q").turned == ()


@cache
def the_survey_of_the_tests():
    return load(GOOD)


# Runs and spreads


def test_single_runs_of_one_paper_are_set_side_by_side(good):
    printed = {"one": ("p", {"A": "60.0"}), "two": ("p", {"A": "61.5"}), "three": ("p", {"A": "60.5"})}
    assert single_runs(made(good, printed, seeds="1")) == {"p": (1.5,)}


@pytest.mark.parametrize("seeds", ["", "3"])
def test_means_are_no_single_runs(good, seeds):
    assert single_runs(made(good, TWO, seeds=seeds)) == {}


def test_a_lone_run_has_no_distance(good):
    assert single_runs(made(good, {"one": ("p", {"A": "60.0"})}, seeds="1")) == {}


@pytest.mark.parametrize(("least", "expected"), [(3, {"quoted": (0.5,) * 3, "again": (0.5,) * 3}), (4, {})])
def test_few_deviations_say_nothing_of_a_protocol(good, least, expected):
    assert spreads(made(good, TWO, spread="0.5"), least) == expected


@given(st.lists(st.integers(0, 100), min_size=1, max_size=60))
def test_nine_of_ten_values_do_not_exceed_it(values):
    bound = nine_of_ten(values)
    assert bound in values
    assert 10 * sum(value <= bound for value in values) >= 9 * len(values)
    assert 10 * sum(value < bound for value in values) < 9 * len(values)


# Tables


def test_pairs_that_turn_are_counted_and_the_widest_is_named(good):
    (row,) = cells(tables.turned_round(further=["quoted again"], survey=made(good, TWO), **ABOUT))
    assert (row["Methods"], row["Pairs"], row["Turned"]) == ("3", "3", "1")
    assert row["The widest change"].startswith("B before A on ")
    assert row["The widest change"].endswith("ahead by 10.00, then behind by 1.00")


def test_protocols_with_few_methods_in_common_are_not_compared(good):
    assert tables.turned_round(further=["quoted again"], least=4, survey=made(good, TWO), **ABOUT).rows == []


def test_the_widest_run_of_each_method_is_told_once(good):
    table = tables.widest_reruns(survey=made(good, TWO, kinds=RERUN), **ABOUT)
    assert [(row["Method"], row["Range, points"]) for row in cells(table)] == [
        ("C", "9.50"),
        ("A", "6.00"),
        ("B", "5.00"),
    ]


def test_as_many_runs_are_told_as_are_asked_for(good):
    assert len(tables.widest_reruns(survey=made(good, TWO, kinds=RERUN), most=2, **ABOUT).rows) == 2


def test_no_experiment_gives_more_rows_than_are_asked_for(good):
    table = tables.widest_reruns(survey=made(good, TWO, kinds=RERUN), each=1, **ABOUT)
    assert [row["Method"] for row in cells(table)] == ["C"]


def test_the_tables_that_print_a_value_stand_behind_it(good):
    (row,) = cells(tables.contradictions("version", survey=good, **ABOUT))
    assert (row["Reported"], row["Right"]) == (
        "64.0 ({cite:t}`hart2022asker`, Table 1); 66.1 ({cite:t}`hart2022asker`, Table 2)",
        "66.1",
    )


@pytest.mark.parametrize("asked", [{"kinds": ("unknown",)}, {"kinds": ("version",), "one_protocol": True}])
def test_contradictions_that_there_are_not_cannot_be_told(good, asked):
    with pytest.raises(KeyError, match="no contradiction"):
        tables.contradictions(*asked.pop("kinds"), survey=good, **asked, **ABOUT)


def test_averages_are_counted_by_category(good):
    last = cells(tables.averages_checked(survey=good, **ABOUT))[-1]
    assert (last["Averages"], last["Do not follow"], last["In tables"]) == ("6", "1", "1")


def test_a_lead_is_told_beside_what_runs_differ_by(good):
    printed = {"one": ("quoted", {"A": "60.0", "B": "70.0", "C": "50.0"}), "two": ("again", {"C": "48.0"})}
    survey = made(good, printed, kinds=(("C", "re-run"),))
    (row,) = cells(tables.leads(survey.benchmarks[0].category, survey=survey, **ABOUT))
    assert (row["First"], row["Second"], row["Lead"], row["Re-runs"]) == ("B 70.0", "A 60.0", "10.00", "2.00")


def test_where_lower_is_better_the_lowest_leads(good):
    survey = made(good, TWO, direction="lower")
    first, _ = cells(tables.leads(survey.benchmarks[0].category, survey=survey, **ABOUT))
    assert first["First"] in ("C 50.0", "C 40.5")


def test_the_second_of_a_lead_is_another_method_than_the_first(good):
    values = {"B": "70.0", "B (rank 4)": "69.9", "A": "60.0", "C": "50.0"}
    survey = made(good, {"one": ("quoted", values)})
    (row,) = cells(tables.leads(survey.benchmarks[0].category, survey=survey, **ABOUT))
    assert (row["Methods"], row["First"], row["Second"], row["Lead"]) == ("3", "B 70.0", "A 60.0", "10.00")


def test_configurations_of_two_methods_have_no_lead(good):
    survey = made(good, {"one": ("quoted", {"B": "70.0", "B (rank 4)": "69.9", "A": "60.0"})})
    with pytest.raises(KeyError, match="no comparable group"):
        tables.leads(survey.benchmarks[0].category, survey=survey, **ABOUT)


def test_nobody_leads_where_each_row_keeps_a_set_up_of_its_own(good):
    survey = made(good, TWO)
    survey = dataclasses.replace(
        survey, protocols=tuple(dataclasses.replace(protocol, ranked="no") for protocol in survey.protocols)
    )
    with pytest.raises(KeyError, match="no comparable group"):
        tables.leads(survey.benchmarks[0].category, survey=survey, **ABOUT)


def test_groups_that_are_too_small_have_no_lead(good):
    survey = made(good, TWO)
    with pytest.raises(KeyError, match="no comparable group"):
        tables.leads(survey.benchmarks[0].category, survey=survey, least=4, **ABOUT)


def test_yardsticks_name_runs_and_spreads(good):
    survey = made(good, TWO, kinds=RERUN)
    (row,) = cells(tables.yardsticks(survey=survey, **ABOUT))
    assert [row[name] for name in ("Cases", "Median", "Nine of ten below", "Largest")] == ["3", "6.00", "9.50", "9.50"]


def test_a_row_of_dots_is_drawn_for_each_experiment(good):
    one = rerun_ranges(survey=made(good, TWO, kinds=RERUN))
    other = rerun_ranges(
        survey=made(good, {**TWO, "two": ("again", {"A": "66.0", "B": "65.0", "C": "41.5"})}, kinds=RERUN)
    )
    assert one.svg.count("<svg") == 1
    assert one.svg != other.svg
    assert len(one.data) == 3


# The book's own


@cache
def raw(name):
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_ranges_of_the_experiments_are_those_of_the_raw_table():
    high = {row["benchmark"]: row["range_high"] for row in raw("benchmarks.csv")}
    protocol = {row["origin"]: row["protocol"] for row in raw("origins.csv")}
    expected = []
    for row in raw("contradictions.csv"):
        members = [member.split("=") for member in row["values"].split("; ")]
        several = len({protocol[origin] for origin, _ in members}) > 1
        if row["kind"] == "re-run" and high[row["benchmark"]] in ("1", "100") and several:
            values = [Decimal(value) for _, value in members]
            expected.append(float((max(values) - min(values)) * (100 if high[row["benchmark"]] == "1" else 1)))
    found = [points for e in experiments(the_survey()) for points in e.ranges]
    assert sorted(found) == pytest.approx(sorted(expected))


def test_the_median_of_the_book_is_that_of_the_standard_library():
    expected = sorted(f"{statistics.median(e.ranges):.2f}" for e in experiments(the_survey()))
    told = [row["Median"] for row in cells(tables.yardsticks(**ABOUT)) if row["What varies"].startswith("runs of")]
    assert sorted(told) == expected
