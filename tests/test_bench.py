"""The benchmark: the surveys that it makes, what it counts, and the table that it prints."""

import shutil
from pathlib import Path

import pytest

from bench.bench import Took, Weighs, circumstances, table, what_was_done
from bench.synthetic import resize
from survey.data import ROOT, find_problems, load

LOG = (
    "\x1b[2Kreading sources... [ 50%] across\r\x1b[2Kreading sources... [100%] qa\n"
    "/somewhere/book/qa.md: Executing notebook using local CWD [mystnb]\n"
    "writing output... [ 33%] across\nwriting output... [ 66%] index\nwriting output... [100%] qa\n"
)


@pytest.mark.parametrize("papers", [4, 40])
def test_a_larger_survey_has_as_many_papers_as_asked_and_no_problem(root, papers):
    resize(root, papers)
    assert (len(load(root).papers), list(find_problems(root))) == (papers, [])


def test_a_smaller_survey_keeps_its_core_papers_and_has_no_problem(root):
    core = [paper.key for paper in load(root).papers if paper.depth == "core"]
    resize(root, 1)
    assert ([paper.key for paper in load(root).papers], list(find_problems(root))) == (core, [])


def test_what_a_chapter_cites_stays_when_its_paper_is_left_out(root):
    chapter = root / "book" / "index.md"
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\n{cite:t}`jones2023teller`\n", encoding="utf-8")
    resize(root, 1)
    assert list(find_problems(root)) == []
    assert "jones2023teller" in {work.key for work in load(root).background}


def test_the_same_seed_invents_the_same_survey_and_another_one_another(root, tmp_path):
    made = []
    for number, seed in enumerate((1, 1, 2)):
        copy = Path(shutil.copytree(root, tmp_path / str(number)))
        resize(copy, 30, seed=seed)
        made.append((copy / "references.bib").read_bytes() + (copy / "data" / "papers.csv").read_bytes())
    assert made[0] == made[1] != made[2]


def test_an_invented_survey_is_as_varied_as_a_real_one(root):
    resize(root, 300)
    papers = load(root).papers
    assert {paper.category for paper in papers} == {"grounding", "qa", "vision", "language"}
    assert (
        {True, False}
        == {bool(p.code) for p in papers}
        == {bool(p.family) for p in papers}
        == {bool(p.name) for p in papers}
    )


def test_what_a_build_did_is_known_from_its_log():
    assert what_was_done(LOG) == {"read": {"across", "qa"}, "executed": {"qa"}, "written": {"across", "index", "qa"}}


def test_a_build_that_did_nothing_says_so():
    assert what_was_done("no targets are out of date.\n") == {"read": set(), "executed": set(), "written": set()}


def test_times_are_compared_by_the_processor_and_sizes_by_bytes():
    measured = {
        "build": [Took(seconds=3, processor=2, did="read 1"), Took(seconds=3, processor=5)],
        "page": [Weighs(bytes=1500), Weighs(bytes=4500)],
    }
    assert table(["11 papers", "99 papers"], measured).splitlines() == [
        "| | 11 papers | 99 papers |",
        "| :-- | --: | --: |",
        "| build | 3.0 s (2.0 s); read 1 | 3.0 s (5.0 s) ×2.5 |",
        "| page | 2 kB | 4 kB ×3.0 |",
    ]


def test_what_was_not_measured_is_no_number_and_no_base_of_a_ratio():
    assert table(["a", "b", "c"], {"x": [None, Weighs(bytes=1000), Weighs(bytes=2000)]}).endswith(
        "| x | – | 1 kB | 2 kB ×2.0 |\n"
    )


def test_the_circumstances_name_no_machine_and_no_folder():
    said = circumstances()
    assert "Python 3." in said
    assert str(ROOT) not in said and "/" not in said
