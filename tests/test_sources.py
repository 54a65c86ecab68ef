import dataclasses
from pathlib import Path

import pytest

from peft_vlm_survey.data import load
from peft_vlm_survey.read.sources import read_source

FILES = sorted(
    str(path.relative_to(Path(__file__).parent / "good"))
    for path in (Path(__file__).parent / "good").rglob("*")
    if path.is_file()
)
BOM = b"\xef\xbb\xbf"


def read(folder: Path, content: bytes):
    (folder / "a.csv").write_bytes(content)
    return read_source(folder, "a.csv")


@pytest.mark.parametrize(
    ("content", "text"),
    [("ä,视觉\tx\n".encode(), "ä,视觉\tx\n"), (BOM + b"key\n", "key\n"), (b"a\r\nb\r\n", "a\nb\n")],
    ids=["UTF-8", "a byte order mark", "carriage returns"],
)
def test_text_is_read_as_utf8_without_mark_and_carriage_returns(tmp_path, content, text):
    source = read(tmp_path, content)
    assert (source.text, source.problems) == (text, ())


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    "saved",
    [
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: BOM + raw.replace(b"\n", b"\r\n"),
        lambda raw: BOM + raw,
        lambda raw: raw.rstrip(b"\n"),
    ],
    ids=["by a spreadsheet program", "by another", "with a mark", "without a last line end"],
)
def test_a_file_that_another_program_saved_loads_the_same(root, good, file, saved):
    path = root / file
    path.write_bytes(saved(path.read_bytes()))
    assert dataclasses.replace(load(root), root=good.root) == good


@pytest.mark.parametrize(
    "character", ["\x00", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u200b", "\u202e", "\u2028", "\ufeff", "\r"]
)
def test_a_control_character_is_named_with_its_line(tmp_path, character):
    source = read(tmp_path, f"one\ntwo {character} three\n".encode())
    assert [(p.line, f"U+{ord(character):04X}" in p.message) for p in source.problems] == [(2, True)]


def test_a_control_character_loses_nothing(tmp_path):
    assert not any(problem.loses for problem in read(tmp_path, b"a\x07b\n").problems)


def test_a_byte_that_is_not_utf8_is_named_with_its_line(tmp_path):
    (problem,) = read(tmp_path, b"one\ntw\xe9\n").problems
    assert (problem.line, problem.message) == (2, "byte 0xE9 is not UTF-8.")


@pytest.mark.parametrize("content", [b"", b"\n", b"  \n\t\n", BOM])
def test_a_file_of_nothing_but_space_is_empty(tmp_path, content):
    assert [problem.message for problem in read(tmp_path, content).problems] == ["the file is empty."]


def test_a_missing_file_is_named(tmp_path):
    assert [problem.path for problem in read_source(tmp_path, "data/none.csv").problems] == ["data/none.csv"]


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path):
    (tmp_path / "a.csv").mkdir()
    assert [problem.path for problem in read_source(tmp_path, "a.csv").problems] == ["a.csv"]


@pytest.mark.parametrize("content", [None, b"", b"\xff"], ids=["missing", "empty", "not UTF-8"])
def test_a_file_that_cannot_be_read_loses_its_content(tmp_path, content):
    if content is not None:
        (tmp_path / "a.csv").write_bytes(content)
    assert all(problem.loses for problem in read_source(tmp_path, "a.csv").problems)
