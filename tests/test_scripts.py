"""The scripts of the pages: each is checked by the compiler of TypeScript, which `make lint` runs, and keeps its names to itself."""

import json
import re
import subprocess

import pytest

from peft_vlm_survey.data import ROOT

SCRIPTS = sorted((ROOT / "_static").rglob("*.js"))
TYPES = sorted((ROOT / "types").glob("*.d.ts"))
DATA = (
    "authors", "bibtex", "catalogue", "compare-index", "costs", "descriptions-former", "descriptions-zh", "recipes",
    "search-chapters", "search-names", "search-numbers", "search-texts",
)  # fmt: skip
FIRST = "folding.js"  # makes the name that the scripts share
SETTINGS = json.loads((ROOT / "jsconfig.json").read_text(encoding="utf-8"))

each_script = pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)


def test_the_compiler_checks_every_script_strictly():
    options = SETTINGS["compilerOptions"]
    assert options["checkJs"] and options["strict"] and options["noEmit"]
    assert set(SETTINGS) == {"compilerOptions", "include"}
    checked = {path for pattern in SETTINGS["include"] for path in ROOT.glob(pattern)}
    assert checked >= {*SCRIPTS, *TYPES}
    assert "\t@$(TSC) -p jsconfig.json\n" in (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlint:")[2]


@each_script
def test_a_script_asks_for_the_check_and_hides_nothing_from_it(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("// @ts-check\n")
    assert not re.search(r"@ts-(?:nocheck|ignore|expect-error)", text)


@pytest.mark.parametrize("path", [*SCRIPTS, *TYPES], ids=lambda path: path.name)
def test_no_type_is_left_open(path):
    text = path.read_text(encoding="utf-8")
    types = text if path.suffix == ".ts" else "\n".join(re.findall(r"/\*\*.*?\*/", text, re.DOTALL))
    assert not re.search(r"(?:[:{<|,(=>]|\bas)\s*\*?any\b(?!\w)(?=\s*(?:\[\]|[}>|,;)=]))", types)


@each_script
def test_a_script_gives_the_page_no_name_but_the_shared_one(path):
    _, _, body = path.read_text(encoding="utf-8").partition('"use strict";\n\n')
    declared = re.findall(r"^(?:async )?(?:function\*?|const|let|var|class) (\w+)", body, re.MULTILINE)
    assert declared == (["survey"] if path.name == FIRST else [])
    assert re.search(r"(?:^|\n)\{\n.*\n\}\n$", body, re.DOTALL)
    assert not re.search(r"\b(?:window|globalThis)\.\w+ (?:\?\?)?= ", body)


@each_script
def test_what_a_script_shares_is_described(path):
    described = set(re.findall(r"^  (\w+)[(<:]", (ROOT / "types" / "survey.d.ts").read_text(encoding="utf-8"), re.M))
    shared = re.findall(r"survey\.share\(\{ (.*?) \}\)", path.read_text(encoding="utf-8"))
    assert {name for names in shared for name in names.split(", ")} <= described


def test_what_is_described_is_shared_by_a_script():
    described = set(re.findall(r"^  (\w+)[(<:]", (ROOT / "types" / "survey.d.ts").read_text(encoding="utf-8"), re.M))
    texts = [path.read_text(encoding="utf-8") for path in SCRIPTS]
    shared = {
        name
        for text in texts
        for names in re.findall(r"survey\.share\(\{ (.*?) \}\)", text)
        for name in names.split(", ")
    }
    assert described == {*shared, "data", "share"}


@pytest.mark.built
def test_the_data_have_the_types_that_the_scripts_expect(site, tmp_path):
    """Hold what Python wrote for the pages against the types of `types/data.d.ts`."""
    scripts = [*(site / "_static" / f"{name}.js" for name in DATA)]
    for number, path in enumerate(scripts):
        text = re.sub(r"^\(survey\.data\.\w+ \?\?= \{\}\);\n", "", path.read_text(encoding="utf-8"))
        text = re.sub(r"^Object\.assign\((survey\.data\.\w+), (.*)\);\n$", r"\1 = \2;\n", text, flags=re.DOTALL)
        assert text.startswith("survey.data."), path.name
        (tmp_path / f"{number}.ts").write_text(text, encoding="utf-8")
    (tmp_path / "first.d.ts").write_text("declare const survey: Survey;\n", encoding="utf-8")
    settings = {"compilerOptions": SETTINGS["compilerOptions"], "include": ["*.ts", *map(str, TYPES)]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(["tsc", "-p", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[:3000]
