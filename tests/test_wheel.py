"""The package as readers install it: built, installed beside what it depends on and nothing else, and asked."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from peft_vlm_survey.data import ROOT

pytestmark = pytest.mark.slow
NAME = "peft-vlm-survey"
MOST_BYTES = 10_000_000
MOST_SECONDS = 0.3
BUILDING = ("sphinx", "matplotlib", "jupyter_book", "IPython", "playwright", "docutils", "nbformat")


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
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
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
    subprocess.run([python, "-m", "pip", "uninstall", "--quiet", "--yes", "pip", "setuptools"], check=True)
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


def test_the_wheel_is_small_and_holds_every_room_and_every_source(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "peft_vlm_survey").rglob("*.py")}
    data = {f"peft_vlm_survey/sources/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "data").glob("*.csv")}
    assert package | data <= names
    assert {"peft_vlm_survey/sources/references.bib", "peft_vlm_survey/py.typed"} <= names
    assert wheel.stat().st_size < MOST_BYTES


@pytest.mark.parametrize("module", BUILDING)
def test_nothing_that_builds_the_book_is_there(installed, module):
    assert "ModuleNotFoundError" in installed("python", "-c", f"import {module}")[2]


def test_an_installed_package_checks_the_data_that_it_brings(installed):
    code, said, error = installed(NAME, "check")
    assert (code, error) == (0, "")
    assert "No problems found." in said


def test_an_installed_package_answers_what_a_method_costs(installed):
    code, said, error = installed(NAME, "cost", "lora", "--backbone", "vit-b16", "rank=8", "--json")
    assert (code, error) == (0, "")
    assert json.loads(said)["trainable"] == 12 * 2 * 8 * (768 + 768)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["choose", "--category", "vision", "--backbone", "vit-b16", "--no-slower"], "LoRA"),
        (["cite", "jia2022vpt", "--format", "ris"], "Visual Prompt Tuning"),
        (["search", "vtab-1k"], "dataset vtab-1k"),
    ],
)
def test_an_installed_package_answers_its_other_commands(installed, words, said):
    code, text, error = installed(NAME, *words)
    assert (code, error) == (0, "")
    assert said in text


def test_an_installed_package_gives_its_tables_as_data_frames(installed):
    line = (
        "import peft_vlm_survey as s; f = s.results(); "
        "print(len(f), f['value'].dtype, f['printed'].dtype, len(s.papers()) > 1000, s.columns('papers')['holds'].notna().all())"
    )
    code, said, error = installed("python", "-W", "error", "-c", line)
    assert (code, error) == (0, "")
    assert re.fullmatch(r"\d{4,} float64 string True True\n", said)


def test_the_package_is_imported_in_no_time_and_loads_nothing_beside_itself(installed):
    line = (
        "import sys, time; start = time.process_time(); import peft_vlm_survey; took = time.process_time() - start; "
        "print(took, 'pandas' in sys.modules, 'sympy' in sys.modules, 'pybtex' in sys.modules)"
    )
    seconds, *loaded = installed("python", "-c", line)[1].split()
    assert float(seconds) < MOST_SECONDS
    assert loaded == ["False"] * 3


def test_an_installed_package_writes_nothing_beside_its_sources(installed, environment):
    installed("python", "-c", "import peft_vlm_survey as s; s.papers()")
    sources = next((environment / "lib").glob("python*/site-packages/peft_vlm_survey/sources"))
    assert {path.name for path in sources.iterdir()} == {"CITATION.cff", "references.bib", "data", "book"}
    assert list((environment / "home" / ".cache" / NAME).glob("survey-*.pickle"))


def test_an_installed_package_reads_its_own_sources(installed, tmp_path):
    code, said, _ = installed(NAME, "check", str(tmp_path))
    assert code == 1
    assert str(Path("references.bib")) in said
