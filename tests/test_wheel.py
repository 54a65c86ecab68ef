"""The package as readers install it: built, installed where nothing else of this repository is, and asked."""

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from peft_vlm_survey.data import ROOT

pytestmark = pytest.mark.slow
MOST_BYTES = 10_000_000


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"  # a build leaves folders behind
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, tracked.stdout.split("\0")):
        source = ROOT / name
        if source.is_file() and not name.startswith(("tests/", "_")):
            target = tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(tree)], check=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the command of the wheel in an environment of its own; its dependencies are those installed here."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    site = next((folder / "lib").glob("python*/site-packages"))
    # Editable packages stand in .pth files, which are not read from a folder that a .pth file names.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")

    def ask(*words):
        command = [str(folder / "bin" / "peft-vlm-survey"), *words]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    return ask


def test_the_wheel_is_small_and_holds_every_room_and_every_source(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "peft_vlm_survey").rglob("*.py")}
    data = {f"peft_vlm_survey/sources/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "data").glob("*.csv")}
    assert package | data <= names
    assert "peft_vlm_survey/sources/references.bib" in names
    assert wheel.stat().st_size < MOST_BYTES


def test_an_installed_package_checks_the_data_that_it_brings(installed):
    code, said, error = installed("check")
    assert (code, error) == (0, "")
    assert "No problems found." in said


def test_an_installed_package_answers_what_a_method_costs(installed):
    code, said, error = installed("cost", "lora", "--backbone", "vit-b16", "rank=8", "--json")
    assert (code, error) == (0, "")
    assert json.loads(said)["trainable"] == 12 * 2 * 8 * (768 + 768)


def test_an_installed_package_reads_its_own_sources(installed, tmp_path):
    code, said, _ = installed("check", str(tmp_path))
    assert code == 1
    assert str(Path("references.bib")) in said
