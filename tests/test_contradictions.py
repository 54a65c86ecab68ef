"""The rule for contradictions: against made-up tables with known ones, and the book's own by a second, independent way."""

import csv
import dataclasses
from collections import defaultdict
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.check.contradictions import disagreements
from peft_vlm_survey.data import ROOT, find_problems, load, the_survey
from peft_vlm_survey.read.rounding import explanation

HERE = Path(__file__).parent


@cache
def tiny():
    """Return the tiny survey; no fixture, for hypothesis prints the arguments of a test that fails."""
    return load(HERE / "good")


def printed(*values, seeds=(), keys=(), read_in="primary", protocol="one-seed", **cells):
    """Return a survey in which one number is printed by as many tables as there are values."""
    (number,) = [number for number in tiny().results if number.origin == "grounder-table3"]
    (origin,) = [origin for origin in tiny().origins if origin.origin == "grounder-table3"]
    names = [f"table-{place}" for place in range(len(values))]
    origins = [
        dataclasses.replace(
            origin, origin=name, protocol=protocol, read_in=read_in, key=keys[place] if keys else f"key{place}"
        )
        for place, name in enumerate(names)
    ]
    numbers = [
        dataclasses.replace(number, origin=name, value=value, seeds=seeds[place] if seeds else "", **cells)
        for place, (name, value) in enumerate(zip(names, values, strict=True))
    ]
    return dataclasses.replace(tiny(), origins=tuple(origins), results=tuple(numbers))


def found(survey):
    return [[number.value for number in numbers] for numbers in disagreements(survey)]


def told(root):
    return [(problem.path, problem.line) for problem in find_problems(root)]


def replace(root, file, old, new):
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("values", "contradict"),
    [
        (("89.81", "89.31"), True),
        (("89.81", "89.81", "89.31"), True),
        (("89.81", "89.81"), False),
        (("79.89", "79.88636"), False),
        (("79.5", "79.50"), False),
        (("60.26", "60.27"), True),
        (("79.5", "79.46", "79.54"), True),
        (("60", "60.4"), False),
        (("60.0", "60.4"), True),
        (("60",), False),
    ],
)
def test_values_contradict_unless_one_is_the_other_rounded(values, contradict):
    assert found(printed(*values)) == ([list(values)] if contradict else [])


@given(st.lists(st.integers(0, 300).map(lambda number: f"{number / 100:.2f}"), min_size=2, max_size=5))
def test_values_of_one_precision_contradict_when_they_are_not_all_one(values):
    assert found(printed(*values)) == ([values] if len(set(values)) > 1 else [])


@given(st.integers(0, 99_999), st.integers(1, 3), st.integers(1, 3))
def test_a_number_and_its_rounding_do_not_contradict(number, digits, more):
    exact = f"{Decimal(number).scaleb(-digits - more):.{digits + more}f}"
    assert found(printed(exact, str(round(Decimal(exact), digits)))) == []


def test_tables_of_different_protocols_do_not_contradict():
    survey = printed("60.0", "70.0")
    first, second = survey.origins
    assert found(dataclasses.replace(survey, origins=(first, dataclasses.replace(second, protocol="few-shot")))) == []


@pytest.mark.parametrize(
    "told_apart",
    [{"method": "Asker"}, {"backbone": "ViT-B/16"}, {"benchmark": "tinyqa"}],
    ids=lambda cell: next(iter(cell)),
)
def test_numbers_of_different_things_do_not_contradict(told_apart):
    survey = printed("60.0", "70.0")
    first, second = survey.results
    assert found(dataclasses.replace(survey, results=(first, dataclasses.replace(second, **told_apart)))) == []


@pytest.mark.parametrize(
    "cells", [{"protocol": ""}, {"read_in": "plot"}, {"backbone": ""}], ids=lambda cell: next(iter(cell))
)
def test_what_is_not_known_well_enough_does_not_contradict(cells):
    assert found(printed("60.0", "70.0", **cells)) == []


def test_a_table_of_several_settings_is_not_compared():
    survey = printed("60.0", "70.0")
    again = dataclasses.replace(survey.results[0], value="61.0", trained_percent="2.0")
    assert found(dataclasses.replace(survey, results=(*survey.results, again))) == []


@pytest.mark.parametrize(
    ("seeds", "keys", "contradict"),
    [
        (("1", "1"), ("a", "a"), False),
        (("1", "3"), ("a", "a"), False),
        (("1", "1"), ("a", "b"), True),
        (("1", ""), ("a", "a"), True),
        (("3", "3"), ("a", "a"), True),
        (("", ""), ("a", "a"), True),
    ],
)
def test_runs_of_one_paper_do_not_contradict_one_another(seeds, keys, contradict):
    assert bool(found(printed("60.0", "70.0", seeds=seeds, keys=keys))) is contradict


# Records


def test_a_contradiction_that_is_recorded_is_no_problem(break_it):
    root = break_it("contradiction-unrecorded")
    with (root / "data/contradictions.csv").open("a", encoding="utf-8") as stream:
        stream.write(
            "tiny,Tiny Adapter,CLIP RN50,tinyqa,grounder-table3=61.0; asker-table1=60,unknown,,not established,\n"
        )
    assert told(root) == []


def test_a_record_names_every_table_of_the_protocol(break_it):
    root = break_it("contradiction-unrecorded")
    with (root / "data/contradictions.csv").open("a", encoding="utf-8") as stream:
        stream.write(
            "tiny,Tiny Adapter,CLIP RN50,tinyqa,grounder-table3=61.0; asker-table2=62,unknown,,not established,\n"
        )
    assert told(root) == [("data/contradictions.csv", 3), ("data/results.csv", 13)]


def test_cutting_may_be_recorded_as_rounding(root):
    replace(root, "data/results.csv", "tinyqa,66.1,", "tinyqa,64.1,")
    replace(root, "data/contradictions.csv", "asker-table2=66.1,version,66.1,", "asker-table2=64.1,rounding,,")
    assert told(root) == []


# The book's own


@cache
def raw(name):
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def contradicting():
    """Return what contradicts itself in the raw tables: protocol and thing, with the value of each table."""
    tables = {row["origin"]: row for row in raw("origins.csv") if row["protocol"] and row["read_in"] != "plot"}
    values = defaultdict(lambda: defaultdict(list))
    for row in raw("results.csv"):
        if row["origin"] in tables and row["backbone"]:
            thing = (tables[row["origin"]]["protocol"], row["method"], row["backbone"], row["benchmark"])
            values[thing][row["origin"]].append((row["value"], row["seeds"]))
    for thing, printed_by in values.items():
        one = {origin: numbers[0] for origin, numbers in printed_by.items() if len(numbers) == 1}
        for (a, (value, seeds)), (b, (other, others)) in combinations(one.items(), 2):
            digits = min(len(text.partition(".")[2]) for text in (value, other))
            apart = abs(Decimal(value) - Decimal(other))
            same_length = len(value.partition(".")[2]) == len(other.partition(".")[2])
            runs = tables[a]["key"] == tables[b]["key"] and seeds and others and "1" in (seeds, others)
            if apart and (same_length or apart > Decimal(5).scaleb(-digits - 1)) and not runs:
                yield thing, {origin: number for origin, (number, _) in one.items()}
                break


def test_every_contradiction_of_the_raw_tables_is_recorded_and_found():
    recorded = [
        (
            (row["method"], row["backbone"], row["benchmark"]),
            dict(member.split("=") for member in row["values"].split("; ")),
        )
        for row in raw("contradictions.csv")
    ]
    expected = [(thing[1:], values) for thing, values in contradicting()]
    assert all(place in recorded for place in expected)
    assert [(n[0].method, n[0].backbone, n[0].benchmark) for n in disagreements(the_survey())] == [
        p for p, _ in expected
    ]


@each("row", lambda: raw("contradictions.csv"), ids=lambda row: row["id"])
def test_a_recorded_contradiction_is_one_of_the_raw_tables(row):
    members = dict(member.split("=") for member in row["values"].split("; "))
    thing = (row["method"], row["backbone"], row["benchmark"])
    for origin, value in members.items():
        assert any(
            (r["method"], r["backbone"], r["benchmark"], r["value"]) == (*thing, value)
            for r in raw("results.csv")
            if r["origin"] == origin
        )
    assert len({Decimal(value) for value in members.values()}) > 1
    assert row["right"] in ("", *members.values())


def test_what_is_called_rounding_can_be_rounding():
    for contradiction in the_survey().contradictions:
        if contradiction.kind == "rounding":
            assert all(explanation(*pair) for pair in combinations(contradiction.printed.values(), 2)), contradiction.id
