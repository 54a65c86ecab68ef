"""The boards of every benchmark, recomputed from the raw CSV by pandas, and their rules on made-up numbers."""

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.compare.boards import boards_by_benchmark
from peft_vlm_survey.compare.ranks import FEWEST
from peft_vlm_survey.data import ROOT, the_survey


@cache
def the_boards():
    return boards_by_benchmark(the_survey())


@cache
def every_board():
    return [board for boards in the_boards().values() for board in boards]


PLACES = ["benchmark", "protocol", "backbone"]


def raw(name):
    return pd.read_csv(ROOT / "data" / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def numbers():
    """Return every score of the CSV beside its method in all its settings, the protocol and the tier of its table.

    `compared` says whether its rows share a set-up, so that they may be compared at all.
    """
    found = raw("results").merge(raw("origins")[["origin", "protocol", "read_in"]], on="origin")
    bare = found["method"].str.replace(r" *\([^()]*\)", "", regex=True)
    found["whose"] = found["method_key"].where(found["method_key"] != "", bare)
    shared = set(raw("protocols").query("ranked == 'yes'")["protocol"])
    found["compared"] = found["protocol"].isin(shared) & (found["backbone"] != "")
    return found


@pytest.fixture(scope="module")
def ranked(numbers):
    """Return what pandas ranks: the scores of groups with enough methods, notes left out."""
    lower = set(raw("benchmarks").query("direction == 'lower'")["benchmark"])
    known = numbers[(numbers["read_in"] != "notes") & numbers["compared"]].copy()
    known["worth"] = [
        float(v) * (-1 if b in lower else 1) for v, b in zip(known["value"], known["benchmark"], strict=True)
    ]
    enough = known.groupby(PLACES)["whose"].transform("nunique") >= FEWEST
    known = known[enough].copy()
    best = known.groupby([*PLACES, "whose"])["worth"].max().rename("best").reset_index()
    pairs = known.reset_index().merge(best, on=PLACES, suffixes=("", "_other"))
    ahead = pairs[(pairs["best"] > pairs["worth"]) & (pairs["whose"] != pairs["whose_other"])]
    known["rank"] = 1 + ahead.groupby("index").size().reindex(known.index, fill_value=0)
    return known


def identity(number):
    return number.origin, number.method, number.backbone, number.benchmark, number.trained_percent


def test_the_ranks_of_every_benchmark_are_those_that_pandas_finds(ranked):
    columns = ["origin", "method", "backbone", "benchmark", "trained_percent"]
    expected = {tuple(row[:-1]): row[-1] for row in ranked[[*columns, "rank"]].itertuples(index=False)}
    found = {identity(s.number): s.rank for board in every_board() for s in board.standings if s.rank}
    assert found == expected


def test_the_gains_of_every_benchmark_are_those_that_pandas_finds(numbers):
    lower = set(raw("benchmarks").query("direction == 'lower'")["benchmark"])
    grouped = numbers[numbers["compared"]]
    full = grouped[grouped["method"] == "Full fine-tuning"]
    in_table = full.groupby([*PLACES, "origin"])["value"].agg(set).to_dict()
    in_group = full.groupby(PLACES)["value"].agg(set).to_dict()
    for board in every_board():
        for standing in board.standings:
            number = standing.number
            place = (number.benchmark, board.protocol, board.backbone)
            values = {float(v) for v in in_table.get((*place, number.origin)) or in_group.get(place, set())}
            if number.method == "Full fine-tuning" or len(values) != 1:
                assert standing.gain is None
            else:
                difference = float(number.value) - values.pop()
                gain = -difference if number.benchmark in lower else difference
                assert float(standing.gain) == pytest.approx(gain, abs=1e-9)


def test_every_number_stands_on_one_board_of_its_own_benchmark(numbers):
    found = sorted(identity(number) for board in every_board() for number in board.numbers)
    assert found == sorted(
        numbers[["origin", "method", "backbone", "benchmark", "trained_percent"]].itertuples(index=False, name=None)
    )
    assert {number.benchmark == board.benchmark.benchmark for board in every_board() for number in board.numbers} == {
        True
    }


def test_no_two_protocols_and_no_two_backbones_stand_in_one_ranking():
    protocols = dict(raw("origins")[["origin", "protocol"]].itertuples(index=False, name=None))
    for board in every_board():
        if board.ranked or board.protocol:
            assert {(protocols[n.origin], n.backbone) for n in board.numbers} == {(board.protocol, board.backbone)}


def test_no_board_of_a_benchmark_has_the_protocol_and_the_backbone_of_another():
    for boards in the_boards().values():
        places = [(board.protocol, board.backbone) for board in boards]
        assert len(set(places)) == len(places)


def test_what_keeps_set_ups_of_its_own_is_neither_ranked_nor_subtracted():
    """A list that collects what papers print names a protocol, and its rows share none all the same."""
    own = set(raw("protocols").query("ranked == 'no'")["protocol"])
    kept = [board for board in every_board() if board.protocol in own]
    assert kept and not any(board.ranked or board.comparable for board in kept)
    assert {(s.rank, s.gain) for board in kept for s in board.standings} == {(0, None)}


def test_a_protocol_whose_rows_share_no_set_up_ranks_none_of_many_methods(good):
    protocols = tuple(replace(protocol, ranked="no") for protocol in good.protocols)
    board = made(replace(good, protocols=protocols), ["50.0", "70.0", "60.0", "65.0"])
    assert (board.comparable, board.ranked, [n.value for n in board.numbers]) == (
        False,
        False,
        ["50.0", "70.0", "60.0", "65.0"],
    )


def test_no_method_of_a_board_has_a_rank_beyond_the_number_of_its_methods():
    for board in every_board():
        assert all(standing.rank <= len(board.methods) for standing in board.standings)


def test_every_number_has_a_row_and_what_shares_one_is_printed_alike():
    for board in every_board():
        assert sorted(s.number.anchor for row in board.rows for s in row) == sorted(n.anchor for n in board.numbers)
        for row in board.rows:
            assert len({(s.number.method, s.number.value, s.number.spread, s.rank, s.gain) for s in row}) == 1


def test_the_rows_of_a_ranked_board_are_in_the_order_of_its_ranks():
    for board in every_board():
        if board.ranked:
            ranks = [first.rank for first, *_ in board.rows if first.rank]
            assert ranks == sorted(ranks) and ranks[0] == 1


def test_a_board_without_ranks_keeps_the_order_of_the_tables():
    place = {number.anchor: i for i, number in enumerate(the_survey().results)}
    for board in every_board():
        if not board.ranked:
            assert {standing.rank for standing in board.standings} == {0}
            assert [place[n.anchor] for n in board.numbers] == sorted(place[n.anchor] for n in board.numbers)


def test_numbers_read_in_notes_alone_stand_last_without_a_rank():
    for board in every_board():
        ranks = [standing.rank for standing in board.standings]
        assert all(not s.rank for s in board.standings if s.origin.read_in == "notes")
        if board.ranked:
            assert ranks == sorted(ranks, key=lambda rank: (not rank, rank))


def made(good, values, *, benchmark="tinyqa", origin="asker-table1", method="Method {}"):
    """Return the board of made-up numbers in one table of the tiny survey."""
    (first, *_) = [n for n in good.results if n.origin == origin]
    numbers = tuple(
        replace(first, benchmark=benchmark, method=method.format(i), value=str(value), method_key="")
        for i, value in enumerate(values)
    )
    ((board,),) = boards_by_benchmark(replace(good, results=numbers)).values()
    return board


@given(st.lists(st.decimals(0, 99, places=1), min_size=FEWEST, max_size=12))
def test_a_rank_is_one_more_than_the_number_of_methods_with_a_better_value(good, values):
    board = made(good, values)
    assert all(s.rank == 1 + sum(v > Decimal(s.number.value) for v in values) for s in board.standings)
    assert [Decimal(n.value) for n in board.numbers] == sorted(values, reverse=True)


# Ranks were once counted by rows, so that a number that thirteen tables print stood thirteen times before all behind it,
# and a method could be the 104th of 44. They count other methods now.
def test_configurations_and_copies_of_one_method_push_nobody_down(good):
    (first, *_) = [n for n in good.results if n.origin == "asker-table1"]
    values = {"A": "90.0", "A (rank 4)": "80.0", "A (rank 8)": "75.0", "B": "85.0", "C": "70.0"}
    numbers = [replace(first, method=name, method_key="", value=value) for name, value in values.items()]
    origins = (*good.origins, replace(good.origin("asker-table1"), origin="third"))
    numbers.append(replace(numbers[3], origin="third"))
    ((board,),) = boards_by_benchmark(replace(good, results=tuple(numbers), origins=origins)).values()
    told = [(row[0].number.method, row[0].rank, len(row)) for row in board.rows]
    assert told == [("A", 1, 1), ("B", 2, 2), ("A (rank 4)", 2, 1), ("A (rank 8)", 2, 1), ("C", 3, 1)]
    assert board.methods == ("A", "B", "C")


def test_the_number_of_the_methods_own_paper_stands_first_in_its_row(good):
    (first, *_) = [n for n in good.results if n.origin == "asker-table1"]
    copy, own = replace(first, claim="copied"), replace(first, origin="grounder-table3", claim="own")
    ((board,),) = boards_by_benchmark(replace(good, results=(copy, own))).values()
    assert [[s.number.claim for s in row] for row in board.rows] == [["own", "copied"]]


@pytest.mark.parametrize("changed", [{"value": "64.00"}, {"spread": "0.3"}, {"trained_percent": "7"}, {"remark": "r"}])
def test_numbers_that_are_not_printed_alike_share_no_row(changed, good):
    (first, *_) = [n for n in good.results if n.origin == "asker-table1"]
    other = replace(first, origin="grounder-table3", **changed)
    ((board,),) = boards_by_benchmark(replace(good, results=(first, other))).values()
    assert len(board.rows) == 2


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["LaVIN", "LaVIN (4 hours)", "LaVIN (lite)"], ["", "", ""]),
        (["LaVIN", "LaVIN-lite", "LaVIN (4 hours)"], ["luo", "luo", "luo"]),
        (["Two", "Two (image)", "Other"], ["", "", ""]),
    ],
)
def test_settings_of_one_method_do_not_make_a_group_large_enough(names, keys, good):
    (first, *_) = [n for n in good.results if n.origin == "asker-table1"]
    numbers = tuple(
        replace(first, method=name, method_key=key, value=f"{60 + i}.0")
        for i, (name, key) in enumerate(zip(names, keys, strict=True))
    )
    ((board,),) = boards_by_benchmark(replace(good, results=numbers)).values()
    assert not board.ranked and len(board.methods) < FEWEST


@given(st.lists(st.decimals(0, 99, places=1), min_size=FEWEST, max_size=12))
def test_where_lower_is_better_the_lowest_stands_first(good, values):
    board = made(good, values, benchmark="tinyloss")
    assert [Decimal(n.value) for n in board.numbers] == sorted(values)


def test_one_method_with_many_numbers_is_not_ranked(good):
    board = made(good, ["1.0", "2.0", "3.0", "4.0"], method="One method")
    assert (board.ranked, board.methods) == (False, ("One method",))


def test_without_a_protocol_nothing_is_ranked_and_nothing_gains(good):
    (number,) = [n for n in good.results if n.origin == "asker-table2" and n.backbone == "CLIP RN50"]
    others = [
        replace(number, method=name, value=f"6{i}.0") for i, name in enumerate(("Full fine-tuning", "B", "C", "D"))
    ]
    ((board,),) = boards_by_benchmark(replace(good, results=tuple(others))).values()
    assert (board.protocol, board.ranked, {s.gain for s in board.standings}) == ("", False, {None})


@pytest.mark.parametrize(
    ("full", "gain"),
    [
        ({"asker-table1": "60.0"}, "5.0"),
        ({"asker-table1": "60.0", "grounder-table3": "61.0"}, "5.0"),
        ({"grounder-table3": "61.0"}, "4.0"),
        ({}, None),
    ],
)
def test_a_gain_is_taken_against_the_same_table_before_the_same_group(full, gain, good):
    first = next(n for n in good.results if n.origin == "asker-table1" and n.method == "Asker")
    numbers = [replace(first, value="65.0")]
    numbers += [replace(first, origin=o, method="Full fine-tuning", method_key="", value=v) for o, v in full.items()]
    ((board,),) = boards_by_benchmark(replace(good, results=tuple(numbers))).values()
    (standing,) = [s for s in board.standings if s.number.method == "Asker"]
    assert standing.gain == (gain and Decimal(gain))


def test_no_gain_is_taken_where_the_tables_of_a_group_disagree(good):
    first = next(n for n in good.results if n.origin == "asker-table1" and n.method == "Asker")
    full = replace(first, method="Full fine-tuning", method_key="")
    origins = (*good.origins, replace(good.origin("asker-table1"), origin="third"))
    numbers = (
        first,
        replace(full, origin="grounder-table3", value="61.0"),
        replace(full, origin="third", value="62.0"),
    )
    ((board,),) = boards_by_benchmark(replace(good, results=numbers, origins=origins)).values()
    assert {standing.gain for standing in board.standings} == {None}
