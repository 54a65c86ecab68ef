"""The same sources give the same bytes: a second site, built from nothing in another folder, is the first one."""

import os
import shutil
import subprocess

import pytest

from peft_vlm_survey.data import ROOT

pytestmark = [pytest.mark.built, pytest.mark.slow]
_PDF = "peft-vlm-survey.pdf"  # not built again: that takes as long as all the rest


def test_a_second_build_in_another_folder_gives_the_same_bytes(site, tmp_path):
    folder = tmp_path / "another-folder"
    made = ("_build", ".venv", ".venv-*", ".git", ".mypy_cache", ".ruff_cache")
    shutil.copytree(ROOT, folder, symlinks=True, ignore=shutil.ignore_patterns(*made))
    (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
    command = ["make", "--no-print-directory", "--old-file=.venv/.ready", "site"]
    # The answers that the first build kept are not shared. The pages that lead to the PDF are told that it is there.
    surroundings = {**os.environ, "PYTHONPATH": str(folder), "SURVEY_PDF": ""}
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    second = folder / "_build" / "html"
    names = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    again = {path.relative_to(second) for path in second.rglob("*") if path.is_file()}
    assert {name.as_posix() for name in names ^ again} <= {_PDF}
    differ = [
        name.as_posix() for name in sorted(names & again) if (site / name).read_bytes() != (second / name).read_bytes()
    ]
    assert differ == []
