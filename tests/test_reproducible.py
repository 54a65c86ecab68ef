"""Two clean builds in two folders give the same bytes: the site of `make test`, and one of a copy of its sources.

The second build makes the pages of a site with a PDF, but no PDF, for TeX takes as long as the rest; `make reproducible`
makes that too. It has other hashes and another time zone, so that no order of a set and no clock is in the pages.
It is no part of `make test`: `make second-build` asks for it, and nothing lands without it (`.ci/run`).
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.site.files import PDFS

_NAMING = ("cite.html", "index.html")
WHOLE = os.environ.get("SURVEY_TWICE") == "1"


def differences(one: Path, other: Path) -> list[str]:
    """Return every file that is not the same below two folders, or not below both."""
    files = [
        {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        for folder in (one, other)
    ]
    alone = [f"{name}: only in one of the two" for name in files[0].keys() ^ files[1].keys()]
    both = files[0].keys() & files[1].keys()
    return sorted(
        alone + [f"{name}: other bytes" for name in both if files[0][name].read_bytes() != files[1][name].read_bytes()]
    )


def copy_of_the_sources(folder: Path) -> Path:
    """Copy what is in git, as it is now, and lend it this environment; nothing that was built goes along."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)  # with its time, or the environment would look older
    (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
    return folder


def test_every_kind_of_difference_is_told(tmp_path):
    for name, text in {
        "one/same": "a",
        "other/same": "a",
        "one/x/differs": "a",
        "other/x/differs": "b",
        "one/gone": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert differences(tmp_path / "one", tmp_path / "one") == []
    assert differences(tmp_path / "one", tmp_path / "other") == [
        "gone: only in one of the two",
        "x/differs: other bytes",
    ]


@pytest.mark.built
@pytest.mark.slow
@pytest.mark.again
def test_a_second_build_in_another_folder_gives_the_same_bytes(site):
    assert (site / PDFS[0]).is_file(), "The built book has no PDF, so that its pages lead to none; run: make test"
    # Matplotlib writes the fonts of a PDF in the order of their paths, some of which lie in the environment and some in
    # the sources. Below _build every copy lies behind .venv, as the sources do.
    shutil.rmtree(ROOT / "_build" / "elsewhere", ignore_errors=True)
    copy = copy_of_the_sources(ROOT / "_build" / "elsewhere")
    # The environment's own package is that of this folder; the copy must read its own sources with its own code.
    own = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    own |= {"PYTHONPATH": str(copy), "TZ": "ELSEWHERE-11", "GIT_CEILING_DIRECTORIES": str(copy.parent)}
    asked = [str(copy / ".venv" / "bin" / "python"), "-c", "import peft_vlm_survey.data as it; print(it.ROOT)"]
    said = subprocess.run(asked, cwd=copy, env=own, capture_output=True, text=True, check=True).stdout
    assert said.strip() == str(copy)
    words = ["make", "--no-print-directory", "site", "SURVEY_PDF=1", "PYTHONHASHSEED=1", *([] if WHOLE else ["PAPER="])]
    done = subprocess.run(words, cwd=copy, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = differences(site, copy / "_build" / "html")
    # What TeX makes is missing, and pages name its sizes.
    without = [*(f"{name}: only in one of the two" for name in PDFS), *(f"{name}: other bytes" for name in _NAMING)]
    assert found == ([] if WHOLE else sorted(without))
    shutil.rmtree(copy)  # several hundred megabytes, which pytest would keep
