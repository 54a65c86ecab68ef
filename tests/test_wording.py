"""The words of the data that readers see: names in place of ids, and one form of a word."""

import re
from functools import cache

import pytest

from peft_vlm_survey.data import the_survey

# What each kind of row tells readers in words; `source` and the columns of ids are for those who check.
TEXTS = {
    "protocols": ("name", "training", "pretraining", "resolution", "split", "selection", "averaging", "note"),
    "benchmarks": ("name", "task", "dataset", "split", "metric", "note"),
    "backbones": ("note",),
    "methods": ("note",),
    "origins": ("locator",),
    "results": ("remark",),
    "measurements": ("remark",),
    "contradictions": ("reason",),
    "mismatches": ("explanation",),
}


@cache
def the_ids():
    return {
        *(protocol.protocol for protocol in the_survey().protocols),
        *(origin.origin for origin in the_survey().origins),
        *(benchmark.benchmark for benchmark in the_survey().benchmarks),
    }


each_text = pytest.mark.parametrize(("rows", "columns"), TEXTS.items(), ids=TEXTS)


def texts(rows, columns):
    return sorted({getattr(row, column) for row in getattr(the_survey(), rows) for column in columns} - {""})


@each_text
def test_readers_see_names_and_no_ids(rows, columns):
    found = {
        text: ids
        for text in texts(rows, columns)
        if (
            ids := {
                word
                for word in re.findall(r"(?<![\w/.-])[a-z0-9]+(?:-[a-z0-9]+)*(?![\w/-])", text)
                if word in the_ids()
            }
        )
    }
    assert found == {}


@each_text
def test_a_baseline_is_one_word(rows, columns):
    assert [text for text in texts(rows, columns) if re.search(r"\bbase[ -]line", text, re.IGNORECASE)] == []
