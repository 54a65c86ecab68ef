import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.downloads import references_bib
from peft_vlm_survey.read.bibliography import read_bibliography
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.read.reference_rules import FIELDS
from peft_vlm_survey.read.sources import _CONTROL

HEART = """@article{hart2022asker,
  author = {Hart, Mary},
  title = {Asker},
  journal = {Journal of Small Things},
  year = {2022},
}
"""


def read(folder: Path, text: str):
    (folder / "references.bib").write_text(text, encoding="utf-8", newline="")
    return read_bibliography(folder)


def test_an_entry_is_found_by_its_key_as_it_is_written(good):
    found = good.references["hart2022asker"]
    assert (found.fields["volume"], found.line, found.type) == ("3", 34, "article")
    assert good.references["garcia2021grounder"].fields["title"] == "{Grounder}: a {$k$}-shot Study of {CLIP}"


@pytest.mark.parametrize(
    ("written", "as_well"),
    [
        ("@article", "@Article"),
        ("year = {2022}", "year = 2022"),
        ("{Journal of Small Things}", '"Journal of Small Things"'),
        ("  year = {2022},\n}", "  year = {2022}\n}"),
        ("  title = {Asker},\n", "\ttitle={Asker} ,\n"),
    ],
    ids=["capitals", "no braces", "quotation marks", "no last comma", "other spaces"],
)
def test_bibtex_of_another_form_reads_the_same(tmp_path, written, as_well):
    here, there = read(tmp_path, HEART), read(tmp_path, HEART.replace(written, as_well))
    assert there == here


def test_a_clean_entry_has_no_problem(tmp_path):
    assert read(tmp_path, HEART).problems == ()


def test_both_of_two_broken_entries_are_told(tmp_path):
    broken = HEART.replace("2022}", "22}")
    assert [
        p.line for p in read(tmp_path, broken + broken.replace("asker", "other")).problems if "year" in p.message
    ] == [1, 7]


def test_a_problem_of_bytes_does_not_hide_the_entries(tmp_path):
    assert list(read(tmp_path, HEART.replace("Asker", "As\x0cker")).references) == ["hart2022asker"]


def test_a_command_of_the_title_does_not_hide_one_of_the_authors(tmp_path):
    text = HEART.replace("Asker", r"\input{x}").replace("Hart", r"\input{x}")
    assert len(read(tmp_path, text).problems) == 2


def test_the_bibliography_is_written_as_it_was_read(good):
    assert references_bib(good) == (good.root / "references.bib").read_text(encoding="utf-8")


KEYS = st.from_regex(r"[a-z]{1,8}[0-9]{4}[a-z0-9]{1,8}", fullmatch=True)
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="{}\\"), min_size=1).filter(
    lambda value: value == " ".join(value.split()) and not _CONTROL.search(value)
)
ENTRIES = st.dictionaries(KEYS, st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=1), min_size=1, max_size=4)


@given(ENTRIES)
def test_every_field_survives_writing_and_reading(good, entries):
    references = {key: Reference(key=key, type="misc", fields=fields, line=1) for key, fields in entries.items()}
    text = references_bib(dataclasses.replace(good, references=references))
    with TemporaryDirectory() as folder:
        read_again = read(Path(folder), text).references
    assert {key: reference.fields for key, reference in read_again.items()} == entries


@given(ENTRIES)
def test_the_one_form_is_a_form_that_stays(good, entries):
    references = {key: Reference(key=key, type="misc", fields=fields, line=1) for key, fields in entries.items()}
    text = references_bib(dataclasses.replace(good, references=references))
    with TemporaryDirectory() as folder:
        again = dataclasses.replace(good, references=read(Path(folder), text).references)
    assert references_bib(again) == text
