"""The benchmark: the surveys that it makes, what it counts, and the table that it prints."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.bench import Scene, Took, Waits, Weighs, circumstances, make_tree, table, what_was_done
from bench.pauses import clicking, typing
from bench.synthetic import resize, without_the_fields_numbers
from peft_vlm_survey.data import ROOT, find_problems, load, read, the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.vocabulary import FACTS

LOG = (
    "\x1b[2Kreading sources... [ 50%] across\r\x1b[2Kreading sources... [100%] qa\n"
    "/somewhere/book/qa.md: Executing notebook using local CWD [mystnb]\n"
    "writing output... [ 33%] across\nwriting output... [ 66%] index\nwriting output... [100%] qa\n"
)


@pytest.mark.parametrize("papers", [4, 40])
def test_a_larger_survey_has_as_many_papers_as_asked_and_no_problem(root, papers):
    resize(root, papers)
    assert (len(load(root).papers), list(find_problems(root))) == (papers, [])


def test_a_venue_is_written_as_tex_reads_it(root):
    venues = root / "data" / "venues.csv"
    rows = venues.read_text(encoding="utf-8").splitlines()
    header = rows[0].split(",")
    row = dict.fromkeys(header, "") | {"venue": "Cats & Dogs", "short": "C&D", "kind": "journal"}
    venues.write_text("\n".join([*rows, ",".join(row[name] for name in header)]) + "\n", encoding="utf-8")
    resize(root, 100)
    assert list(find_problems(root)) == []
    assert r"{Cats \& Dogs}" in (root / "references.bib").read_text(encoding="utf-8")


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


def test_a_link_to_the_page_of_a_paper_that_is_left_out_becomes_a_citation(root):
    chapter = root / "book" / "index.md"
    chapter.write_text(
        chapter.read_text(encoding="utf-8") + "\n{paper}`jones2023teller` {paper}`it <hart2022asker>`\n",
        encoding="utf-8",
    )
    resize(root, 1)
    assert list(find_problems(root)) == []
    assert chapter.read_text(encoding="utf-8").endswith("\n{cite:t}`jones2023teller` {paper}`it <hart2022asker>`\n")


def test_the_same_seed_invents_the_same_survey_and_another_one_another(root, tmp_path):
    made = []
    for number, seed in enumerate((1, 1, 2)):
        copy = Path(shutil.copytree(root, tmp_path / str(number)))
        resize(copy, 30, seed=seed)
        made.append((copy / "references.bib").read_bytes() + (copy / "data" / "papers.csv").read_bytes())
        made[-1] += (copy / "data" / "descriptions.csv").read_bytes()
    assert made[0] == made[1] != made[2]


def test_an_invented_survey_is_as_varied_as_a_real_one(root):
    resize(root, 300)
    survey = load(root)
    papers = survey.papers
    assert {paper.category for paper in papers} == set(CATEGORIES)
    assert (
        {True, False}
        == {bool(p.code) for p in papers}
        == {bool(p.family) for p in papers}
        == {bool(p.name) for p in papers}
        == {survey.description(p.key) is not None for p in papers}
    )
    for name in FACTS:
        known = {term.value for term in survey.vocabulary if term.field == name}
        assert {value for found in survey.descriptions for value in found.fact(name)} == known


@pytest.mark.slow
def test_without_the_fields_numbers_those_of_the_core_papers_own_tables_are_left_and_no_problem(tmp_path):
    for name in ("book", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("references.bib", "_toc.yml", "_config.yml", "CITATION.cff"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    without_the_fields_numbers(tmp_path)
    left, problems = read(tmp_path)
    core = {paper.key for paper in left.papers if paper.depth == "core"}
    assert {origin.row.cells["key"] for origin in left.origins} <= core
    assert (0 < len(left.results) < len(the_survey().results), problems) == (True, ())


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
        "| build | 2.0 s (3.0 s); read 1 | 5.0 s (3.0 s) ×2.50 |",
        "| page | 2 kB | 4 kB ×3.00 |",
    ]


def test_what_a_reader_waits_is_told_in_milliseconds():
    row = table(["a", "b"], {"click": [Waits(seconds=0.02), Waits(seconds=0.05)]}).splitlines()[-1]
    assert row == "| click | 20 ms | 50 ms ×2.50 |"


_PAGE = """<!doctype html><input><button>Do</button>
<script>document.querySelector("{0}").addEventListener("{1}", () => {{
  const end = performance.now() + 300;
  while (performance.now() < end) {{ /* the page is busy */ }}
}});</script>"""


@pytest.mark.slow
def test_what_a_page_does_before_it_draws_is_in_the_time(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(_PAGE.format("input", "input"), encoding="utf-8")
    with ThreadPoolExecutor(1) as apart:  # Playwright runs once a thread, and another test may have it running here
        assert apart.submit(typing, page, "input", "ab").result() >= 0.3
    page.write_text(_PAGE.format("button", "click"), encoding="utf-8")
    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(clicking, page, "button").result() >= 0.3


def test_what_was_not_measured_is_no_number_and_no_base_of_a_ratio():
    assert table(["a", "b", "c"], {"x": [None, Weighs(bytes=1000), Weighs(bytes=2000)]}).endswith(
        "| x | – | 1 kB | 2 kB ×2.00 |\n"
    )


def test_the_circumstances_name_no_machine_and_no_folder():
    said = circumstances()
    assert "Python 3." in said
    assert str(ROOT) not in said and "/" not in said


def test_a_scene_of_a_commit_is_the_book_as_it_was_then(tmp_path, monkeypatch):
    repository = tmp_path / "repository"
    (repository / "survey").mkdir(parents=True)
    (repository / "survey" / "__init__.py").touch()

    def git(*words: str) -> str:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        return subprocess.run(["git", *who, *words], cwd=repository, capture_output=True, text=True, check=True).stdout

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message=then")
    then = git("rev-parse", "HEAD").strip()
    git("mv", "survey", "peft_vlm_survey")
    git("commit", "--quiet", "--message=now")
    monkeypatch.setattr("bench.bench.ROOT", repository)
    tree = make_tree(tmp_path / "then", Scene(title="then", commit=then))
    assert {path.name for path in tree.iterdir()} == {"survey", ".venv"}
