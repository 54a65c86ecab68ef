"""The patches of tests/bad themselves: each one changes something, and none knows more of a table than it must."""

import re
from codecs import BOM_UTF16_LE

import mistakes
import pytest
from every import each

NEW = "a_new_column"


@each("name", mistakes.NAMES)
def test_a_mistake_is_told_of_a_file_that_its_patch_changes(name):
    told = {line.split(":")[0] for line in mistakes.report(name).splitlines()[:-1] if not line.startswith(" ")}
    assert told <= set(mistakes.patched(name))


def test_a_new_column_touches_no_mistake():
    good = mistakes.good_files()
    wider = {path: with_the_column(raw) if path.endswith(".csv") else raw for path, raw in good.items()}
    for name in mistakes.NAMES:
        patched = {path: raw and without_the_column(raw) for path, raw in mistakes.patched(name, wider).items()}
        assert patched == {path: raw and text_of(raw) for path, raw in mistakes.patched(name).items()}, name


def with_the_column(raw: bytes) -> bytes:
    header, *rows = raw.decode().splitlines()
    return "".join(f"{line}\n" for line in [f"{header},{NEW}", *(f"{row}," for row in rows)]).encode()


def without_the_column(raw: bytes) -> str:
    text = text_of(raw)
    # The comma that ends a line is the new column's, but for the one in the cell that has a line break.
    return re.sub("(?<!what is named),(?=[\r\n])", "", text.replace(f",{NEW}", "")) if NEW in text else text


def text_of(raw: bytes) -> str:
    return raw.decode("utf-16" if raw.startswith(BOM_UTF16_LE) else "latin-1")


@pytest.mark.parametrize(
    "change",
    [
        {"old": "no such text", "new": "x"},
        {"old": "adapter", "new": "x"},  # stands more than once
        {"every": "no such text", "new": "x"},
        {"row": {"key": "nobody2020nothing"}, "set": {"name": "x"}},
        {"row": {"category": "qa", "depth": "core"}, "set": {"nme": "x"}},
        {"row": {"depth": "core"}, "set": {"name": "x"}},
        {"row": {"key": "hart2022asker"}, "set": {"name": "Asker"}},  # what it says already
        {"row": {"key": "hart2022asker"}, "sett": {"name": "x"}},
        {"row": {"key": "hart2022asker"}, "set": {"name": "x"}, "after": {}},
        {"absent": False},
        {},
    ],
)
def test_a_change_that_changes_nothing_or_several_places_is_refused(change):
    with pytest.raises(ValueError, match=r"data/papers\.csv"):
        mistakes.changed([{"file": "data/papers.csv", **change}], mistakes.good_files())
