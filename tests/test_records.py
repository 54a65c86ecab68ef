"""The records of data sets, for programs: held against the pages' data."""

import json
import re

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import records


def test_the_groups_of_a_data_set_hold_every_number_of_its_page(good):
    for dataset in good.datasets:
        said = json.loads(records(good)[f"datasets/{dataset.id}.json"])
        told = [one["address"] for group in said["groups"] for line in group["lines"] for one in line["results"]]
        own = [f"benchmarks/{n.benchmark}.html#{n.anchor}" for n in good.results if n.benchmark in dataset.shown]
        assert sorted(told) == sorted(own)


def test_what_the_numbers_name_is_explained_beside_them():
    for text in records(the_survey()).values():
        said = json.loads(text)
        numbers = [one for group in said["groups"] for line in group["lines"] for one in line["results"]]
        assert {one["origin"] for one in numbers} == set(said["tables"]["origins"])
        assert {one["benchmark"] for one in numbers} <= set(said["tables"]["benchmarks"])
        assert {one["protocol"] for one in said["groups"]} - {None} <= set(said["tables"]["protocols"])


def test_an_identifier_names_one_thing_alone():
    named: dict[str, str] = {}
    for name, text in records(the_survey()).items():
        identifier = json.loads(text)["identifier"]
        assert re.fullmatch(r"tag:peft-vlm-survey,2026:dataset/[a-z0-9-]+", identifier)
        assert named.setdefault(identifier, name) == name
