"""What changed between two editions, on the tiny survey and copies of it that say something else."""

import dataclasses
import re

import pytest

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.editions.changes import changes, last_edition
from peft_vlm_survey.editions.package import package_of, read_package
from peft_vlm_survey.editions.reduced import reduced, reduced_file
from peft_vlm_survey.show import edition_changes


def edited(package, table, change):
    """Return a package with the rows of a table as a function leaves them; None leaves one out."""
    rows = [row for row in map(change, package.rows(table)) if row is not None]
    return dataclasses.replace(package, tables={**package.tables, table: tuple(rows)})


@pytest.fixture
def package(good):
    return package_of(good)


def test_an_edition_that_says_the_same_changed_nothing(package):
    found = changes(package, package)
    assert not (found.papers.come or found.papers.gone or found.papers.cells or found.numbers.cells)
    assert not (found.numbers.come or found.numbers.gone or found.rankings.changed)


def test_what_is_the_same_as_before_is_said_without_counting_nothing(package, monkeypatch, good):
    monkeypatch.setattr(edition_changes, "changes_of", lambda survey: changes(package, package))
    said = str(edition_changes.changes_counted(survey=good))
    assert "- **Papers**: the same as before" in said and "- **Numbers**: the same as before." in said
    assert "are in the same order" in said
    assert not re.search(r"\b0 (?!of)", said)
    key = package.rows("papers")[0]["key"]
    less = edited(package, "papers", lambda row: None if row["key"] == key else row)
    monkeypatch.setattr(edition_changes, "changes_of", lambda survey: changes(less, package))
    assert "- **Papers**: 1 added and 0 removed." in str(edition_changes.changes_counted(survey=good))


def test_who_comes_back_is_told_in_short_what_changed_and_what_was_taken_back(package, monkeypatch, good):
    def told(old, survey=good, now=package):
        monkeypatch.setattr(edition_changes, "changes_of", lambda survey: old and changes(old, now))
        return edition_changes.changes_in_short(survey=survey).splitlines()

    since = f"Since edition {package.version} of {package.date}: "
    same, corrected = told(package)
    assert same == f"{since}papers, numbers and rankings stayed as they were ({{ref}}`changes`)."
    assert corrected == "Below are 2 corrections of what the book said, the latest of 2026-03-04."
    key = package.rows("papers")[0]["key"]
    assert told(edited(package, "papers", lambda row: None if row["key"] == key else row))[0].startswith(
        f"{since}1 paper was added"
    )
    first = package.rows("results")[0]
    less = edited(package, "results", lambda row: None if row == first else row)
    assert ": 1 number was added" in told(less)[0]
    assert ": 1 number was withdrawn" in told(package, now=less)[0]
    assert told(None, dataclasses.replace(good, corrections=())) == ["This is the first edition that is kept."]


def test_a_paper_and_its_description_that_are_gone_are_told_once(package):
    key = package.rows("papers")[0]["key"]
    less = edited(package, "papers", lambda row: None if row["key"] == key else row)
    assert [row["key"] for row in changes(package, less).papers.gone] == [key]
    assert [row["key"] for row in changes(less, package).papers.come] == [key]


def test_what_is_said_otherwise_is_changed_and_what_was_empty_is_filled(package):
    key = package.rows("papers")[0]["key"]
    old = edited(package, "papers", lambda row: {**row, "venue": "arXiv", "name": ""} if row["key"] == key else row)
    assert {(cell.column, cell.how) for cell in changes(old, package).papers.cells} == {
        ("venue", "changed"),
        ("name", "filled"),
    }


def test_a_number_is_added_withdrawn_or_changed(package):
    first = package.rows("results")[0]
    less = edited(package, "results", lambda row: None if row == first else row)
    other = edited(package, "results", lambda row: {**row, "value": "1.5"} if row == first else row)
    assert len(changes(less, package).numbers.come) == len(changes(package, less).numbers.gone) == 1
    assert [(cell.before, cell.now) for cell in changes(other, package).numbers.values] == [("1.5", first["value"])]


def test_numbers_that_change_places_turn_a_ranking():
    old = read_package(ROOT / "data" / "editions" / "1.19.0.zip")
    turned = edited(old, "benchmarks", lambda row: {**row, "direction": "lower"})
    found = changes(old, turned).rankings
    assert len(found.turned) > 9 and all(one.moved or one.turned for one in found.changed)


def test_of_a_number_that_is_only_labelled_otherwise_the_value_did_not_change(package):
    first = package.rows("results")[0]
    other = edited(package, "results", lambda row: {**row, "claim": "copied"} if row == first else row)
    numbers = changes(other, package).numbers
    assert (numbers.come, numbers.gone, numbers.values) == ((), (), ())
    assert [(cell.column, cell.before) for cell in numbers.cells] == [("claim", "copied")]


def test_a_group_that_only_the_later_edition_ranks_has_come():
    whole = read_package(ROOT / "data" / "editions" / "1.19.0.zip")
    tables = {row["origin"] for row in whole.rows("origins") if row["protocol"] == "vl-multitask-three-seeds"}
    less = edited(whole, "results", lambda row: None if row["origin"] in tables else row)
    come, gone = changes(less, whole).rankings, changes(whole, less).rankings
    assert come.come == gone.gone > 0 == come.gone == gone.come


def test_the_reduced_package_is_a_package_that_stays_as_it_is(package, tmp_path):
    path = tmp_path / "small.zip"
    path.write_bytes(reduced_file(package))
    found = read_package(path)
    assert reduced(found) == found and reduced_file(found) == path.read_bytes()
    assert changes(found, package).papers.cells == ()


def test_the_last_edition_is_the_newest_that_is_not_newer(tmp_path):
    folder = tmp_path / "data" / "editions"
    folder.mkdir(parents=True)
    for name in ("1.2.0", "1.10.0", "2.0.0", "notes"):
        (folder / f"{name}.zip").touch()
    for version, last in (("1.1.9", None), ("1.2.0", "1.2.0"), ("1.11.0", "1.10.0"), ("2.0.0", "2.0.0")):
        path = last_edition(tmp_path, version)
        assert (path and path.stem) == last
