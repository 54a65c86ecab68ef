"""The taxonomy by typed facts: its counts against the raw rows of descriptions.csv, its links against the vocabulary."""

import csv
import re
from functools import cache
from urllib.parse import parse_qs, parse_qsl

from every import each

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.show.mechanisms import MECHANISMS, PARTS
from peft_vlm_survey.tables import mechanisms

ABOUT = {"caption": "A caption", "label": "tbl-label"}
LINK = re.compile(r"\{filtered\}`([0-9,]+) <([^`<>]+)>`")


@cache
def raw():
    """Return the sets of what is trained and of the parts of every described paper, from the file alone."""
    with (ROOT / "data" / "descriptions.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["key"]: (set(row["trained"].split("; ")), set(row["part"].split("; ")))
            for row in csv.DictReader(stream)
        }


@cache
def the_values():
    with (ROOT / "data" / "vocabulary.csv").open(encoding="utf-8", newline="") as stream:
        return {(row["field"], row["value"]) for row in csv.DictReader(stream)}


@cache
def the_table():
    return mechanisms(**ABOUT, survey=the_survey())


@cache
def the_links():
    text = "".join(cell for row in the_table().rows for cell in row)
    return LINK.findall(text)


def counted(trained, parts=()):
    """Return how many papers train that, in one of these parts if there are any."""
    return sum(trained <= what and (not parts or bool(parts & where)) for what, where in raw().values())


@each("link", lambda: the_links(), ids=str)
def test_every_count_is_that_of_the_file_for_the_papers_that_its_link_asks_for(link):
    said = parse_qs(link[1], strict_parsing=True)
    assert int(link[0].replace(",", "")) == counted(set(said["trained"]), set(said.get("part", ())))


@each("link", lambda: the_links(), ids=str)
def test_every_link_names_values_of_the_vocabulary(link):
    assert [value for value in parse_qsl(link[1]) if value not in the_values()] == []


def test_a_dash_stands_where_no_paper_is_and_nowhere_else():
    for value, row in zip(MECHANISMS, the_table().rows, strict=True):
        for part, cell in zip(PARTS, row[2:], strict=True):
            assert (cell == "–") is (counted({value}, set(PARTS[part])) == 0)


def test_the_numbers_that_can_be_taken_away_are_those_of_the_table():
    cells = [
        (LINK.match(cell).group(1).replace(",", "") if cell != "–" else "0")
        for row in the_table().rows
        for cell in row[2:]
    ]
    assert [row["papers"] for row in the_table().data] == cells


def test_every_part_of_the_vocabulary_stands_in_one_column_and_every_mechanism_that_trains_in_one_row():
    parts = [value for values in PARTS.values() for value in values]
    assert sorted(parts) == sorted(value for field, value in the_values() if field == "part")
    trained = {value for field, value in the_values() if field == "trained"}
    assert MECHANISMS.keys() <= trained
    left_out = {value: counted({value}) for value in trained - MECHANISMS.keys()}
    assert left_out.keys() <= {"nothing", "module of unstated form", "whole"}, left_out
