"""The benchmark: the trees that it makes, what it counts, and the table that it prints."""

import subprocess

from bench.bench import Took, Weighs, circumstances, make_tree, table, what_was_done
from peft_vlm_survey.data import ROOT

LOG = (
    "\x1b[2Kreading sources... [ 50%] across\r\x1b[2Kreading sources... [100%] qa\n"
    "/somewhere/book/qa.md: Executing notebook using local CWD [mystnb]\n"
    "writing output... [ 33%] across\nwriting output... [ 66%] index\nwriting output... [100%] qa\n"
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
        "| build | 2.0 s (3.0 s); read 1 | 5.0 s (3.0 s) ×2.50 |",
        "| page | 2 kB | 4 kB ×3.00 |",
    ]


def test_what_was_not_measured_is_no_number_and_no_base_of_a_ratio():
    assert table(["a", "b", "c"], {"x": [None, Weighs(bytes=1000), Weighs(bytes=2000)]}).endswith(
        "| x | – | 1 kB | 2 kB ×2.00 |\n"
    )


def test_the_circumstances_name_no_machine_and_no_folder():
    said = circumstances()
    assert "Python 3." in said
    assert str(ROOT) not in said and "/" not in said


def test_a_tree_of_a_commit_is_the_book_as_it_was_then(tmp_path, monkeypatch):
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
    tree = make_tree(tmp_path / "then", then)
    assert {path.name for path in tree.iterdir()} == {"survey", ".venv"}
