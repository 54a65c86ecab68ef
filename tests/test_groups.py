"""The comparable groups of the book's own data, recomputed from the raw CSV."""

import csv
from collections import defaultdict
from decimal import Decimal
from functools import cache

import pytest
from every import each

from peft_vlm_survey import figures, tables
from peft_vlm_survey.compare.boards import boards_by_benchmark
from peft_vlm_survey.compare.groups import group, groups
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.show.disagreements import differing_copies
from peft_vlm_survey.show.leaderboard import MARKS
from peft_vlm_survey.show.markup import NOT_REPORTED

BOARD = ("vl-multitask-three-seeds", "CLIP-RN101 + BART-base")


@cache
def raw(name):
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def board(**asked):
    return tables.leaderboard(*BOARD, caption="c", label="l", **asked)


def names(table):
    signs = tuple(f" {sign}" for sign in MARKS.values())
    return [(row[0][:-2] if row[0].endswith(signs) else row[0]).replace("\\", "") for row in table.rows]


def test_a_group_holds_every_number_of_its_protocol_and_backbone_and_no_other():
    protocols = {origin["origin"]: origin["protocol"] for origin in raw("origins")}
    expected = defaultdict(int)
    for number in raw("results"):
        expected[protocols[number["origin"]], number["backbone"]] += 1
    for found in groups(the_survey()):
        assert len(found.numbers) == expected[found.protocol, found.backbone]


def test_no_list_whose_rows_keep_set_ups_of_their_own_is_a_group():
    own = {protocol["protocol"] for protocol in raw("protocols") if protocol["ranked"] == "no"}
    assert own and {found.protocol for found in groups(the_survey())}.isdisjoint(own)


def test_a_list_whose_rows_keep_set_ups_of_their_own_keeps_the_order_of_its_table_and_takes_no_gain():
    table = tables.leaderboard("vtab-dtl", "ViT-B/16 (IN-21k)", caption="c", label="l")
    printed = [n["method"] for n in raw("results") if n["origin"] == "dtl-plot" and n["benchmark"] == "vtab-1k-mean"]
    assert names(table) == printed
    assert "Gain" not in table.header
    assert "Listed, not ranked: each row keeps its own set-up." in table.note


def test_no_front_is_drawn_where_each_row_keeps_a_set_up_of_its_own():
    with pytest.raises(KeyError, match="ranks nothing"):
        figures.front("vtab-dtl", "ViT-B/16 (IN-21k)")


def test_no_group_mixes_protocols():
    protocols = {origin["origin"]: origin["protocol"] for origin in raw("origins")}
    for found in groups(the_survey()):
        assert {protocols[entry.origin] for entry in found.entries} == {found.protocol}


@pytest.mark.parametrize("least", [2, 3, 20])
def test_the_list_of_groups_has_every_group_of_so_many_methods_and_counts_the_others(least):
    sizes = [len(found.methods) for found in groups(the_survey())]
    table = tables.comparable(caption="c", label="l", least=least)
    assert sorted(int(row[1]) for row in table.rows) == sorted(size for size in sizes if size >= least)
    left = sum(size < least for size in sizes)
    assert table.note == (f"Groups with fewer than {least} methods, not listed here: {left}." if left else "")


def test_a_list_of_groups_larger_than_any_is_an_error():
    with pytest.raises(KeyError, match="no comparable group of 999 methods"):
        tables.comparable(caption="c", label="l", least=999)


def test_a_group_that_there_is_not_is_an_error():
    with pytest.raises(KeyError):
        group(the_survey(), "vl-multitask-three-seeds", "Swin-B (IN-21k)")


@each("found", lambda: groups(the_survey()), ids=lambda g: f"{g.protocol}, {g.backbone}")
def test_a_gain_is_the_difference_to_full_fine_tuning_of_the_same_table_or_else_of_the_group(found):
    protocols = {origin["origin"]: origin["protocol"] for origin in raw("origins")}
    rows = [
        (n["origin"], n["method"], n["trained_percent"], Decimal(n["value"]))
        for n in raw("results")
        if n["backbone"] == found.backbone
        and n["benchmark"] == found.main.benchmark
        and protocols[n["origin"]] == found.protocol
    ]
    values = {(origin, method, percent): value for origin, method, percent, value in rows}
    full = [(origin, value) for origin, method, _, value in rows if method == "Full fine-tuning"]
    for entry in found.entries:
        mine = values.get((entry.origin, entry.method, entry.trained_percent))
        same = {value for origin, value in full if origin == entry.origin} or {value for _, value in full}
        expected = None
        if mine is not None and len(same) == 1 and entry.method != "Full fine-tuning":
            (theirs,) = same
            expected = mine - theirs if found.main.direction == "higher" else theirs - mine
        assert found.gain(entry) == expected


def test_the_leaderboard_of_a_chapter_and_the_page_of_a_benchmark_print_the_same_gains():
    boards = [board for found in boards_by_benchmark(the_survey()).values() for board in found]
    on_pages = {s.number.anchor: s.gain for board in boards for s in board.standings}
    in_chapters = {
        number.anchor: found.gain(entry)
        for found in groups(the_survey())
        for entry in found.entries
        for number in [entry.on(found.main.benchmark)]
        if number
    }
    assert {anchor: on_pages[anchor] for anchor in in_chapters} == in_chapters


def test_a_leaderboard_is_ranked_by_the_score_that_stands_first():
    scores = [float(row[1].split(" ")[0]) for row in board().rows]
    assert scores == sorted(scores, reverse=True)


def test_full_fine_tuning_is_on_the_leaderboard():
    assert "Full fine-tuning" in names(board())


def test_a_group_known_from_notes_alone_keeps_the_order_of_its_table_and_says_so():
    table = tables.leaderboard("fid-256", "DiT-XL/2", caption="c", label="l", benchmarks=["fid-average"])
    printed = [
        n["method"] for n in raw("results") if n["origin"] == "difffit-table1" and n["benchmark"] == "fid-average"
    ]
    first = list(dict.fromkeys(n["method"] for n in raw("results") if n["origin"] == "difffit-table1"))
    assert names(table) == sorted(printed, key=first.index)
    assert "not ranked" in table.note


def test_a_front_is_not_drawn_from_notes_alone():
    with pytest.raises(KeyError):
        figures.front("fid-256", "DiT-XL/2")


def test_numbers_from_notes_stand_below_whatever_they_say():
    for found in groups(the_survey()):
        table = tables.leaderboard(found.protocol, found.backbone, caption="c", label="l")
        noted = [row[0].endswith(MARKS["notes"]) for row in table.rows]
        assert noted == sorted(noted)


def test_what_is_not_reported_is_said():
    table = tables.leaderboard("ris-416", "CLIP-RN101", caption="c", label="l")
    assert all(cell for row in table.rows for cell in row)
    assert any(NOT_REPORTED in row for row in table.rows) or all("n. r." not in str(row) for row in table.rows)


def test_a_benchmark_that_is_named_last_ranks():
    table = board(benchmarks=["vl-average", "vqav2"])
    assert names(table)[0] == "Full fine-tuning"


def test_the_rows_behind_a_leaderboard_are_its_numbers():
    found = group(the_survey(), *BOARD)
    assert len(board().data) == len(found.numbers)


def test_a_copy_that_differs_is_of_the_same_method_backbone_and_benchmark():
    pairs = list(differing_copies(the_survey()))
    assert pairs
    for copy, original in pairs:
        assert (copy.method, copy.backbone, copy.benchmark) == (original.method, original.backbone, original.benchmark)
        assert copy.value != original.value
        assert (copy.claim, original.claim) == ("copied", "own")
