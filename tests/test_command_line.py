import io
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from mistakes import GOOD, lay_over, report

from peft_vlm_survey.__main__ import OWN, main
from peft_vlm_survey.cache import folder
from peft_vlm_survey.downloads import downloads

ROOT = Path(__file__).parent.parent
# One of every kind, of those that the two BibTeX parsers stumble over too; tests/test_data.py goes through them all.
TRIED = ["several-mistakes", "not-utf8-papers", "brace-missing-in-a-field", "citation-file-not-yaml"]


def process(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a reader does."""
    command = [sys.executable, "-m", "peft_vlm_survey", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def survey(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, which takes a hundredth of the time; a traceback is a failure of the test."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(ROOT), redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([*map(str, arguments)])
        except SystemExit as stop:
            code = int(stop.code or 0)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def test_a_clean_survey_is_counted_and_exits_with_zero():
    done = process("check", GOOD)
    assert done.returncode == 0
    assert done.stdout == (
        "4 papers, 6 references, 2 errata, 42 numbers from 5 tables. No problems found.\n"
        "Numbers by where they were read: 23 secondary, 10 primary, 9 notes.\n"
        "Printed costs, derived again: 3 agree, 3 explained, 2 open.\n"
    )


def test_without_a_folder_the_books_own_survey_is_checked():
    assert process("check").returncode == 0


@pytest.mark.parametrize("mistake", TRIED)
def test_a_mistake_exits_with_one_and_is_told_on_standard_output_alone(mistake, root):
    done = process("check", lay_over(mistake, root))
    assert (done.returncode, done.stdout, done.stderr) == (1, report(mistake), "")


def test_nothing_is_asked_of_what_was_checked_and_has_a_problem(root):
    broken = lay_over("several-mistakes", root)
    done = survey("ask", "--check", broken)
    assert (done.returncode, done.stdout) == (1, report("several-mistakes"))
    assert not (broken / "_build" / "cache").exists()


def test_what_was_checked_is_kept_and_asked(root):
    done = survey("ask", "--check", root)
    assert (done.returncode, done.stdout) == (0, survey("check", root).stdout)
    assert {path.name.partition("-")[0] for path in folder(root).glob("*-*")} >= {"survey"}
    assert (folder(root) / "answers.pickle").is_file()


def test_a_folder_with_a_part_of_a_survey_is_told_what_is_missing(tmp_path):
    (tmp_path / "data").mkdir()
    done = survey("check", tmp_path)
    assert done.returncode == 1 and "references.bib:1: the file is missing" in done.stdout


def test_a_command_that_there_is_not_ends_the_process_with_two():
    assert process("nothing").returncode == 2


@pytest.mark.parametrize("command", [*OWN, "check", "ask", "format", "export", "add", "stale", "log"])
def test_every_command_calls_itself_by_the_one_name_of_the_program(command):
    said = survey(command, "--help")
    assert said.returncode == 0
    assert said.stdout.startswith(f"usage: peft-vlm-survey {command} ")
    assert "python -m" not in said.stdout


def test_the_export_writes_every_download(tmp_path, good):
    process("export", GOOD, "--to", tmp_path / "out")
    written = {
        str(path.relative_to(tmp_path / "out")): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert written == {name: text.encode() for name, text in downloads(good).items()}


def test_the_export_of_a_broken_survey_writes_nothing_and_exits_with_one(tmp_path, break_it):
    assert survey("export", break_it("year-in-words"), "--to", tmp_path / "out").returncode == 1
    assert not (tmp_path / "out").exists()


def test_an_export_to_a_file_brings_no_traceback(tmp_path):
    (tmp_path / "out").write_text("x", encoding="utf-8")
    assert "Traceback" not in survey("export", GOOD, "--to", tmp_path / "out").stderr


def test_the_format_is_checked_without_a_change_and_restored(root):
    assert survey("format", "--check", GOOD).returncode == 0
    path = root / "references.bib"
    good = path.read_bytes()
    path.write_text(path.read_text(encoding="utf-8").replace("  year", "\tyear"), encoding="utf-8")
    before = path.read_bytes()
    assert survey("format", "--check", root).returncode == 1
    assert path.read_bytes() == before
    survey("format", root)
    assert path.read_bytes() == good


def test_a_latex_run_that_went_well_exits_with_zero(tmp_path):
    (tmp_path / "book.log").write_text("This is XeTeX\n", encoding="utf-8")
    (tmp_path / "book.pdf").write_bytes(b"%PDF-1.5")
    assert survey("log", tmp_path).returncode == 0


def test_a_latex_run_without_a_log_exits_with_one(tmp_path):
    assert survey("log", tmp_path).returncode == 1
