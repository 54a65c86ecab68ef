"""The description of the tables in Croissant; MLCommons' own validator runs with `make croissant`."""

import csv
import hashlib
import io
import json

from every import each

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import DOWNLOADS
from peft_vlm_survey.export.csv_json import COLUMNS


def described(survey):
    return json.loads(DOWNLOADS["tables"](survey)["croissant.json"])


def test_every_table_is_a_file_with_its_sum(good):
    given = DOWNLOADS["tables"](good)
    files = {one["contentUrl"]: one["sha256"] for one in described(good)["distribution"]}
    assert files == {f"{name}.csv": hashlib.sha256(given[f"{name}.csv"].encode()).hexdigest() for name in COLUMNS}


@each("name", COLUMNS)
def test_every_column_is_a_field_that_is_found_in_its_file(name, good):
    (found,) = [one for one in described(good)["recordSet"] if one["@id"] == name]
    header = next(csv.reader(io.StringIO(DOWNLOADS["tables"](good)[f"{name}.csv"])))
    assert [field["source"]["extract"]["column"] for field in found["field"]] == header
    assert {field["source"]["fileObject"]["@id"] for field in found["field"]} == {f"{name}.csv"}


def test_a_column_has_the_type_that_the_data_package_gives_it(good):
    types = {
        "number": "sc:Float",
        "integer": "sc:Integer",
        "year": "sc:Integer",
        "date": "sc:Date",
        "string": "sc:Text",
    }
    package = json.loads(DOWNLOADS["tables"](good)["datapackage.json"])
    told = {
        f"{one['name']}/{field['name']}": types[field["type"]]
        for one in package["resources"]
        for field in one["schema"]["fields"]
    }
    fields = [field for one in described(good)["recordSet"] for field in one["field"]]
    assert {field["@id"]: field["dataType"] for field in fields} == told
    assert set(told.values()) == set(types.values())


def test_no_two_things_have_one_id_and_every_reference_leads_to_one(good):
    said = described(good)
    fields = [field for one in said["recordSet"] for field in one["field"]]
    ids = [one["@id"] for one in (*said["distribution"], *said["recordSet"], *fields)]
    assert len(ids) == len(set(ids))
    assert {field["references"]["field"]["@id"] for field in fields if "references" in field} <= set(ids)


def test_the_description_has_what_the_standard_asks_for():
    said = described(the_survey())
    assert said["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert all(said[name] for name in ("name", "description", "license", "url", "version", "datePublished", "citeAs"))
