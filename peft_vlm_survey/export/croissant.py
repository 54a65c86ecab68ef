"""The description of the tables in Croissant, which loaders of data sets for machine learning read.

It says what the Data Package says (`package`), in the vocabulary of schema.org and MLCommons.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from peft_vlm_survey.export.bibtex import book_bib
from peft_vlm_survey.export.csv_json import COLUMNS
from peft_vlm_survey.export.identifiers import TAG
from peft_vlm_survey.export.json_text import Formed, json_text
from peft_vlm_survey.export.package import LICENCE, description_of, primary_key, row_of, target_of, type_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.sheets import Column

_CONFORMS = "http://mlcommons.org/croissant/1.0"
_DATA_TYPES = {"number": "sc:Float", "integer": "sc:Integer", "year": "sc:Integer", "date": "sc:Date"}
# The names of the standard; it asks every file to repeat them.
_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(survey: Survey, tables: Mapping[str, str]) -> str:
    """Describe tables, given as CSV by their name, in Croissant 1.0; the file stands beside them."""
    edition = survey.edition
    members = {
        "@context": dict(_CONTEXT),
        "@type": "sc:Dataset",
        "conformsTo": _CONFORMS,
        "name": "peft-vlm-survey",
        "description": edition.abstract,
        "license": LICENCE["path"],
        # The standard wants an address; while there is none, the name stands there under which the book is known.
        "url": edition.url or f"{TAG}book",
        "version": edition.version,
        "datePublished": edition.date,
        "inLanguage": "en",
        "creator": [{"@type": "sc:Organization", "name": author} for author in edition.authors],
        "citeAs": book_bib(survey).strip(),
        "distribution": [_file(name, text) for name, text in tables.items()],
        "recordSet": [_record_set(name) for name in tables],
    }
    return json_text(members) + "\n"


def _file(name: str, text: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{name}.csv",
        "name": f"{name}.csv",
        "description": f"A row is {row_of(name)}.",
        "contentUrl": f"{name}.csv",
        "encodingFormat": "text/csv",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


@cache
def _record_set(name: str) -> Formed:
    """Return what is said of a table whatever it holds, as it stands within two others."""
    keys = [{"@id": f"{name}/{column}"} for column in primary_key(name)]
    members = {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"A row is {row_of(name)}.",
        **({"key": keys[0] if len(keys) == 1 else keys} if keys else {}),
        "field": [_field(name, column) for column in COLUMNS[name]],
    }
    return Formed(json_text(members, 2))


def _field(table: str, column: Column) -> dict[str, Any]:
    target = target_of(table, column)
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": description_of(table, column.name),
        "dataType": _DATA_TYPES.get(type_of(column), "sc:Text"),
        "source": {"fileObject": {"@id": f"{table}.csv"}, "extract": {"column": column.name}},
        **({"references": {"field": {"@id": "/".join(target)}}} if target else {}),
    }
