"""The package as readers install it: built, installed beside what it depends on and nothing else, and asked."""

import json
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from peft_vlm_survey.data import ROOT, load
from peft_vlm_survey.editions.changes import last_edition

pytestmark = pytest.mark.slow
NAME = "peft-vlm-survey"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel that `make wheel` builds, made in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(["make", "--no-print-directory", "wheel-alone", f"WHEEL={folder}"], cwd=ROOT, check=True)
    (made,) = folder.glob("*.whl")
    return made


def needed(requirements: list[str], met: dict[str, Distribution]) -> dict[str, Distribution]:
    """Return the distributions that requirements without an extra lead to, by their names, each once."""
    for text in requirements:
        wanted = Requirement(text)
        if wanted.name not in met and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
            met[wanted.name] = distribution(wanted.name)
            needed(met[wanted.name].requires or [], met)
    return met


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """Return an environment that holds the wheel and what it says it needs, copied from here, and not even pip."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--disable-pip-version-check", str(wheel)], check=True)
    asked = [
        python,
        "-c",
        "import importlib.metadata, json; print(json.dumps(importlib.metadata.requires('peft-vlm-survey')))",
    ]
    requires = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    site = next((folder / "lib").glob("python*/site-packages"))
    for found in needed(requires, {}).values():
        for file in found.files or ():
            source = Path(str(found.locate_file(file)))
            if ".." not in file.parts and "__pycache__" not in file.parts and source.is_file():
                target = site / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
    return folder


@pytest.fixture(scope="module")
def installed(environment):
    """Return a function that runs the command of the wheel, and one that runs a line of Python beside it."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(environment / "home")}

    def run(program, *words):
        done = subprocess.run(
            [str(environment / "bin" / program), *words],
            cwd=environment,
            env=clean,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_the_wheel_holds_every_room_and_every_source(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "peft_vlm_survey").rglob("*.py")}
    kinds = ("data/*.csv", "data/README.md", "book/*.md", "references.bib", "CITATION.cff")
    read = [[path.relative_to(ROOT).as_posix() for path in ROOT.glob(kind)] for kind in kinds]
    assert all(read)
    before = last_edition(ROOT, load().edition.version).relative_to(ROOT).as_posix()
    sources = {f"peft_vlm_survey/sources/{path}" for paths in (*read, [before]) for path in paths}
    assert sorted((package | sources) - names) == []
    assert [name for name in sorted(names) if "/editions/" in name and name.endswith(".zip")] == [
        f"peft_vlm_survey/sources/{before}"
    ]
    assert "peft_vlm_survey/py.typed" in names


def test_two_builds_of_the_wheel_give_the_same_bytes(wheel, tmp_path):
    subprocess.run(["make", "--no-print-directory", "wheel-alone", f"WHEEL={tmp_path}"], cwd=ROOT, check=True)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_an_installed_package_answers_alone_what_is_promised_on_every_python(installed):
    """tests/alone.py says what that is: the commands, the data frames, the time of an import, and what must not be there."""
    assert installed("python", str(ROOT / "tests" / "alone.py")) == (0, "", "")


def test_an_installed_package_checks_the_data_that_it_brings(installed):
    code, said, error = installed(NAME, "check")
    assert (code, error) == (0, "")
    assert "No problems found." in said


def test_an_installed_package_answers_what_a_method_costs(installed):
    code, said, error = installed(NAME, "cost", "lora", "--backbone", "vit-b16", "rank=8", "--json")
    assert (code, error) == (0, "")
    assert json.loads(said)["trainable"] == 12 * 2 * 8 * (768 + 768)


def test_what_is_kept_lies_in_the_cache_of_the_reader(installed, environment):
    installed("python", "-c", "import peft_vlm_survey as s; s.papers()")
    assert list((environment / "home" / ".cache" / NAME).glob("survey-*.pickle"))


def test_an_installed_package_reads_its_own_sources(installed, tmp_path):
    (tmp_path / "data").mkdir()
    code, said, _ = installed(NAME, "check", str(tmp_path))
    assert code == 1
    assert str(Path("references.bib")) in said


def test_an_installed_package_names_its_commands_where_none_is_said(installed):
    for program, words in ((NAME, []), ("python", ["-m", "peft_vlm_survey"])):
        code, _, said = installed(program, *words)
        assert code == 2 and "search " in said and said.endswith("Name a command.\n")
