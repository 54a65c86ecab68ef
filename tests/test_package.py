"""The description of the tables, and the tables held against it by frictionless."""

import csv
import io
import json
import warnings

import pytest
from every import each

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.downloads import DOWNLOADS
from peft_vlm_survey.export.csv_json import COLUMNS
from peft_vlm_survey.export.package import meaning
from peft_vlm_survey.read.dictionary import read_dictionary
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES


def described(survey):
    return json.loads(DOWNLOADS["tables"](survey)["datapackage.json"])


def resource(survey, name):
    (found,) = [one for one in described(survey)["resources"] if one["name"] == name]
    return found


def field(survey, table, column):
    (found,) = [one for one in resource(survey, table)["schema"]["fields"] if one["name"] == column]
    return found


def written(survey, folder):
    """Write the tables and their description into a folder."""
    for name, text in DOWNLOADS["tables"](survey).items():
        if name == "datapackage.json" or name.endswith(".csv"):
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def complaints(folder):
    """Return the kinds of errors that frictionless finds in a folder, by table."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own
        import frictionless  # which takes a second to load, and only here

        report = frictionless.validate(folder / "datapackage.json")
    errors = [("package", error.type) for error in report.errors]
    return errors + [(task.name, error.type) for task in report.tasks for error in task.errors]


def without_sums(folder):
    """Take sizes and sums out of the description, so that a changed table is judged by its cells."""
    path = folder / "datapackage.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    for one in said["resources"]:
        del one["bytes"], one["hash"]
    path.write_text(json.dumps(said), encoding="utf-8")


def only(folder, table):
    """Leave in the description a table, and those to which it leads."""
    path = folder / "datapackage.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    found = {one["name"]: one for one in said["resources"]}
    wanted, reached = set(), {table}
    while reached - wanted:
        wanted |= reached
        reached = leads(found, wanted)
    said["resources"] = [one for one in said["resources"] if one["name"] in wanted]
    path.write_text(json.dumps(said), encoding="utf-8")


def leads(found, names):
    """Return the tables to which some lead."""
    keys = [key for name in names for key in found[name]["schema"].get("foreignKeys", ())]
    return {key["reference"]["resource"] for key in keys} - {""}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Return a folder with the tables of the book."""
    return written(the_survey(), tmp_path_factory.mktemp("tables"))


@pytest.mark.slow
def test_frictionless_finds_nothing_wrong_with_the_tables_of_the_book(tables):
    assert complaints(tables) == []


def test_frictionless_finds_nothing_wrong_with_the_tables_of_the_tiny_survey(good, tmp_path):
    assert complaints(written(good, tmp_path)) == []


@pytest.mark.parametrize(
    ("table", "was", "becomes", "error"),
    [
        ("papers", ",qa,", ",quality,", "constraint-error"),
        (
            "papers",
            "visual question answering; visual captioning",
            "visual question answering; looking",
            "constraint-error",
        ),
        ("papers", "2026-02-03", "3 February 2026", "type-error"),
        ("results", "66.90", "about 67", "type-error"),
        ("results", "4.18", "418", "constraint-error"),
        ("results", "asker-table2", "asker-table9", "foreign-key"),
        ("results", "Tiny Adapter", "Tinier Adapter", "foreign-key"),
        ("origins", "hart2022asker", "hart2022aska", "foreign-key"),
        ("methods", "Grounder,", "Asker,", "primary-key"),
        ("corrections", "hart2022asker", "hart2022aska", "foreign-key"),
    ],
)
def test_frictionless_finds_what_the_readers_would_refuse(good, tmp_path, table, was, becomes, error):
    without_sums(written(good, tmp_path))
    only(tmp_path, table)
    assert complaints(tmp_path) == []
    path = tmp_path / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    assert (table, error) in complaints(tmp_path)


def test_frictionless_notices_a_byte_that_changed(good, tmp_path):
    path = written(good, tmp_path) / "venues.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("CST", "CSU", 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    assert ("venues", "hash-count") in complaints(tmp_path)


@each("table", COLUMNS)
def test_a_table_has_the_columns_that_are_described(good, table):
    (header, *_) = csv.reader(io.StringIO(DOWNLOADS["tables"](good)[f"{table}.csv"]))
    assert header == [one["name"] for one in resource(good, table)["schema"]["fields"]]


def test_every_table_of_the_data_is_among_the_downloads():
    assert {path.stem for path in (ROOT / "data").glob("*.csv")} <= set(COLUMNS)


@each("table", COLUMNS)
def test_the_dictionary_says_what_a_row_is_what_a_column_holds_and_what_an_empty_cell_means(table):
    assert read_dictionary(ROOT).rows[f"{table}.csv"]
    for column in COLUMNS[table]:
        said = meaning(table, column.name)
        assert said.holds and said.empty and (said.empty == "never empty") == column.required, column.name


def test_the_dictionary_explains_no_column_that_there_is_not():
    said = read_dictionary(ROOT).columns
    known = {(f"{table}.csv", column.name) for table in COLUMNS for column in COLUMNS[table]}
    assert {(s, c) for s in said for c in said[s] if s.endswith(".csv")} <= known


def test_a_column_that_nobody_explains_is_named():
    with pytest.raises(KeyError, match=r"'colour' of papers\.csv"):
        meaning("papers", "colour")


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("papers", "title", "string"),
        ("papers", "year", "year"),
        ("papers", "added", "date"),
        ("excluded", "year", "year"),
        ("results", "value", "number"),
        ("results", "seeds", "integer"),
        ("left_out", "source_row", "integer"),
        ("left_out", "value", "string"),
    ],
)
def test_a_column_has_its_type(good, table, column, kind):
    assert field(good, table, column)["type"] == kind


@pytest.mark.parametrize(
    ("table", "column", "rules"),
    [
        ("papers", "category", {"required": True, "enum": list(CATEGORIES)}),
        ("papers", "family", {"enum": list(FAMILIES)}),
        ("papers", "key", {"required": True, "unique": True}),
        ("papers", "backbones", {"pattern": "[^;]+(; [^;]+)*"}),
        ("results", "trained_percent", {"minimum": 0, "maximum": 100}),
        ("results", "trained_millions", {"minimum": 0}),
        ("results", "value", {"required": True}),
    ],
)
def test_a_column_has_the_rules_of_its_reader(good, table, column, rules):
    assert field(good, table, column)["constraints"] == rules


def test_a_column_has_its_unit_and_the_words_of_the_dictionary(good):
    assert field(good, "measurements", "trained_percent")["unit"] == "%"
    assert field(good, "measurements", "trained_millions")["unit"] == "million parameters"
    assert field(good, "results", "spread")["description"] == (
        "What is printed behind ±, in the same unit. Empty: none printed, or not established."
    )


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("papers", ["key"]),
        ("origins", ["origin"]),
        ("results", ["origin", "method", "backbone", "benchmark", "trained_percent"]),
        ("measurements", ["origin", "method", "backbone", "quantity", "trained_percent"]),
    ],
)
def test_a_table_has_its_primary_key(good, table, keys):
    assert resource(good, table)["schema"]["primaryKey"] == keys


@pytest.mark.parametrize("table", ["excluded", "left_out"])
def test_a_table_that_leads_nowhere_has_no_foreign_key(good, table):
    assert "foreignKeys" not in resource(good, table)["schema"]


def test_the_description_names_the_edition(good):
    said = described(good)
    assert (said["title"], said["version"], said["homepage"]) == (
        good.edition.title,
        "0.1.0",
        "https://tiny.example/book",
    )
