import csv
import io
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import mistakes
import pytest
from conftest import examples
from hypothesis import given
from hypothesis import strategies as st
from mistakes import GOOD, files_below, laid_over, lay_out

from peft_vlm_survey import tables
from peft_vlm_survey.__main__ import main
from peft_vlm_survey.cache import folder as place_of
from peft_vlm_survey.checked import Seen
from peft_vlm_survey.data import ROOT, find_problems, load, read, the_survey
from peft_vlm_survey.downloads import DOWNLOADS, feeds
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import SurveyError
from peft_vlm_survey.read.errata import SEVERITIES

SHEETS = sorted(path.name for path in (GOOD / "data").glob("*.csv"))
FILES = sorted(str(path.relative_to(GOOD)) for path in GOOD.rglob("*") if path.is_file())


def test_the_tiny_survey_has_no_problems():
    assert find_problems(GOOD) == ()


def test_the_books_own_survey_has_no_problems():
    assert find_problems(ROOT) == ()


@pytest.fixture
def read_once(monkeypatch) -> None:
    """Let a folder be read once for the command that checks it and for the door that loads it."""
    once = cache(read)
    for module in ("peft_vlm_survey.__main__", "peft_vlm_survey.data"):
        monkeypatch.setattr(f"{module}.read", once)


@pytest.mark.parametrize("name", mistakes.NAMES)
def test_a_mistake_is_told_with_its_place_and_its_remedy_and_nothing_is_loaded_or_changed(
    name, folder, capfd, read_once, known_as_sound
):
    shutil.rmtree(place_of(folder).parent)
    known_as_sound(folder)  # where it is kept that nothing was wrong before the mistake
    with laid_over(name, folder) as before:
        code = main(["check", str(folder)])
        assert capfd.readouterr() == (mistakes.report(name), "")
        assert code == 1
        with pytest.raises(SurveyError):
            load(folder)
        assert files_below(folder) == before


def test_problems_stand_in_the_order_of_their_places(break_it):
    problems = find_problems(break_it("several-mistakes"))
    assert list(problems) == sorted(problems, key=lambda problem: (problem.path, problem.line))


def test_an_error_reports_what_the_check_tells(break_it):
    root = break_it("several-mistakes")
    with pytest.raises(SurveyError) as error:
        load(root)
    assert error.value.problems == find_problems(root)


def test_the_same_sources_load_the_same_survey(good):
    assert load(GOOD) == good


def test_chapters_all_ask_the_same_survey():
    assert the_survey() is the_survey()


def test_a_folder_without_a_survey_has_every_file_missing(tmp_path):
    missing = {problem.path for problem in find_problems(tmp_path) if "missing" in problem.message}
    assert missing >= {"references.bib", "CITATION.cff", *(f"data/{name}" for name in SHEETS)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return the folder of a tiny survey, which every example leaves as it found it, with a place to keep things in."""
    root = lay_out(tmp_path_factory.mktemp("good") / "survey")
    place_of(root).mkdir(parents=True)
    return root


@contextmanager
def changed(path: Path, content: bytes) -> Iterator[None]:
    """Let a file hold something else for a while."""
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("file", FILES)
@examples(25)
@given(data=st.data())
def test_no_change_of_its_bytes_makes_a_file_break_the_check(file, data, folder):
    content = bytearray((GOOD / file).read_bytes())
    place = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 8))
    content[place : place + length] = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"}", b"{", b'"', b",", b"@", b"\n", b"$"])
    )
    with changed(folder / file, bytes(content)):
        assert isinstance(find_problems(folder), tuple)


@pytest.mark.parametrize("sheet", SHEETS)
@examples(40)
@given(data=st.data())
def test_whatever_cell_the_check_accepts_the_tables_can_print(sheet, data, folder, printed):
    rows = list(csv.reader(io.StringIO((GOOD / "data" / sheet).read_text(encoding="utf-8"))))
    row = rows[data.draw(st.integers(1, len(rows) - 1))]
    column = data.draw(st.integers(0, len(row) - 1))
    known = sorted({cell for other in rows[1:] for cell in other})
    keys = ["able2020adapter", "dataset2019pictures", "jones2023teller"]
    row[column] = data.draw(st.sampled_from([*known, *keys]) | st.text(max_size=12))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    with changed(folder / "data" / sheet, text.getvalue().encode()):
        survey, problems = read(folder)
    if not problems:
        print_what_looks_at(sheet.removesuffix(".csv"), survey, printed)


Printed = Mapping[Any, tuple[Any, frozenset[str]]]


@pytest.fixture(scope="module")
def printed(good) -> Printed:
    """Return what is printed of the tiny survey, and what is derived for it, each with the tables at which it looks."""
    known: dict[Any, tuple[Any, frozenset[str]]] = {}
    for name, ask in everything().items():
        seen = Seen(good, known)
        known[name, "printed"] = str(ask(cast(Survey, seen))), frozenset(seen.asked)
    return known


def print_what_looks_at(table: str, survey: Survey, printed: Printed) -> None:
    """Print of a survey with one table changed all that looks at that table; what looks at others alone is as it was."""
    same = {name: made for name, (made, asked) in printed.items() if not asked & {table, "root"}}
    vars(survey).update({name: made for name, made in same.items() if isinstance(name, str)})
    survey._derived.update({work: made for work, made in same.items() if callable(work)})
    for name, ask in everything().items():
        if (name, "printed") not in same:
            assert str(ask(survey))


def everything() -> dict[str, Callable[[Survey], object]]:
    """Return what is printed of the tiny survey: tables, downloads and feeds, each under a name."""
    about = {"caption": "A caption", "label": "tbl-label"}
    return {
        **DOWNLOADS,
        "errata": lambda s: [tables.errata(severity, **about, survey=s) for severity in SEVERITIES],
        "tables of results": lambda s: [tables.results(origin.origin, **about, survey=s) for origin in s.origins],
        "tradeoffs": lambda s: tables.tradeoffs(**about, survey=s),
        "tiers": lambda s: tables.tiers(**about, survey=s),
        "at a glance": lambda s: tables.at_a_glance(survey=s),
        "glossary": lambda s: tables.glossary(survey=s),
        "surveys": lambda s: tables.surveys(own=True, **about, survey=s),
        "citation": lambda s: tables.citation(survey=s),
        "newest": lambda s: tables.newest(9, survey=s),
        "corrections": lambda s: tables.corrections(9, **about, survey=s),
        "feeds": feeds,
    }


def test_the_columns_of_a_printed_table_can_be_chosen(good):
    about = {"caption": "c", "label": "l", "survey": good}
    table = tables.results("asker-table1", benchmarks=["tinyqa"], **about)
    assert [head.replace("\\", "").partition(",")[0] for head in table.header] == ["Method", "Trained", "TinyQA"]
    with pytest.raises(KeyError):
        tables.results("asker-table1", benchmarks=["nothing"], **about)
