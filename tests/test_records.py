"""The records of papers and data sets, for programs: held against their schemas, against the data, and against their Markdown."""

import json
import re
from functools import cache

import fastjsonschema
import pytest
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import numbers_by_paper, record_addresses, records
from peft_vlm_survey.export.records import address_of
from peft_vlm_survey.export.schemas import schemas


@cache
def validator(kind: str) -> Validator:
    schema = json.loads(schemas()[f"{kind}.json"])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@cache
def quick_validator(kind: str):
    """Return a function that raises for the first thing that a schema says against a record, in a fiftieth of the time.

    What our schemas say has the same meaning in the draft that it knows.
    """
    schema = {
        name: said for name, said in json.loads(schemas()[f"{kind}.json"]).items() if name not in ("$schema", "$id")
    }
    return fastjsonschema.compile(schema)


@cache
def book() -> dict[str, str]:
    return records(the_survey())


def of_schemas(texts):
    """Yield the name of each JSON file, the schema that it names, and what it says."""
    for name, text in texts.items():
        if name.endswith(".json") and not name.startswith("schemas/"):
            said = json.loads(text)
            yield name, said["$schema"].removeprefix("../schemas/").removesuffix(".json"), said


def complaints(texts):
    """Return what the schema of each JSON file says against it; both validators must find something, or neither."""
    found = []
    for name, kind, said in of_schemas(texts):
        here = [f"{name}: {error.message[:200]}" for error in validator(kind).iter_errors(said)]
        assert bool(quick_complaints({name: json.dumps(said)})) == bool(here)
        found += here
    return found


def quick_complaints(texts):
    """Return the first thing that the schema of each JSON file says against it."""
    found = []
    for name, kind, said in of_schemas(texts):
        try:
            quick_validator(kind)(said)
        except fastjsonschema.JsonSchemaException as error:
            found.append(f"{name}: {error.message[:200]}")
    return found


@pytest.mark.slow
def test_every_record_of_the_book_keeps_its_schema():
    assert quick_complaints(book()) == []


def test_every_record_of_the_tiny_survey_keeps_its_schema(good):
    assert complaints(records(good)) == []


@pytest.mark.parametrize(
    ("kind", "member", "wrong"),
    [
        ("papers/hart2022asker", "year", "2022"),
        ("papers/hart2022asker", "category", "quality"),
        ("papers/hart2022asker", "checked", "2026"),
        ("papers/hart2022asker", "colour", "red"),
        ("papers/hart2022asker", "name", ""),
    ],
)
def test_a_schema_refuses_what_is_wrong(kind, member, wrong, good):
    text = records(good)[f"{kind}.json"]
    assert complaints({"x.json": json.dumps(json.loads(text) | {member: wrong})})


@pytest.mark.parametrize("member", ["identifier", "results", "summary", "version"])
def test_a_schema_asks_for_every_member(member, good):
    said = json.loads(records(good)["papers/hart2022asker.json"])
    del said[member]
    assert complaints({"x.json": json.dumps(said)})


def test_a_record_has_the_corrections_of_its_paper_and_its_numbers_with_and_without_a_unit_of_their_own(good):
    for paper in good.papers:
        said = json.loads(records(good)[f"papers/{paper.key}.json"])
        corrected = [(one.date, one.what, one.after) for one in good.corrections if one.key == paper.key]
        assert [(one["date"], one["what"], one["after"]) for one in said["corrections"]] == corrected
        shown = numbers_by_paper(good).get(paper.key, ())
        assert len(said["results"]) == sum(not number.unit for number in shown)
        assert len(said["measurements"]) == sum(bool(number.unit) for number in shown)
    assert any(one.key for one in good.corrections)


def test_every_member_of_a_paper_is_explained():
    told = json.loads(schemas()["paper.json"])["properties"]
    assert [name for name, said in told.items() if not said.get("description") and name != "tables"] == []


def test_the_addresses_are_those_of_the_files(good):
    assert record_addresses(good) == set(records(good))
    assert record_addresses(the_survey()) == set(book())


def test_the_record_of_a_paper_holds_every_number_of_its_tables_and_of_its_method(good):
    said = json.loads(records(good)["papers/hart2022asker.json"])
    own = [
        number
        for number in (*good.results, *good.measurements)
        if "hart2022asker" in (good.origin(number.origin).key, number.method_key)
    ]
    assert own
    assert [one["printed"] for one in (*said["results"], *said["measurements"])] == [number.value for number in own]
    assert {one["origin"] for one in (*said["results"], *said["measurements"])} == set(said["tables"]["origins"])


def test_the_groups_of_a_data_set_hold_every_number_of_its_page(good):
    for dataset in good.datasets:
        said = json.loads(records(good)[f"datasets/{dataset.id}.json"])
        told = [one["address"] for group in said["groups"] for line in group["lines"] for one in line["results"]]
        own = [address_of(good, number) for number in good.results if number.benchmark in dataset.shown]
        assert sorted(told) == sorted(own)


def test_an_identifier_names_one_thing_alone():
    named: dict[str, str] = {}
    for name, text in book().items():
        if name.endswith(".json") and not name.startswith("schemas/") and not name.endswith("index.json"):
            identifier = json.loads(text)["identifier"]
            assert re.fullmatch(r"tag:peft-vlm-survey,2026:(paper|dataset)/[a-z0-9-]+", identifier)
            assert named.setdefault(identifier, name) == name


def test_the_indices_name_all_there_is_with_its_addresses():
    for kind, count in (("papers", len(the_survey().papers)), ("datasets", len(the_survey().datasets))):
        members = json.loads(book()[f"{kind}/index.json"])["members"]
        assert len(members) == count
        assert all(one["json"] in book() for one in members)
