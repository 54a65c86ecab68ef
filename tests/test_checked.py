"""What was found without a fault is not looked at again before it changes, and then it is."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import mistakes
import pytest

from peft_vlm_survey import checked as checking
from peft_vlm_survey.cache import PACKAGE, READING, folder
from peft_vlm_survey.check.rules import RULES
from peft_vlm_survey.checked import Checked, Seen
from peft_vlm_survey.data import find_problems, load, read
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.registry import TABLES

GOOD = Path(__file__).parent / "good"
FAULT = Problem(path="data/papers.csv", line=1, message="no.", remedy="Yes.")


@pytest.fixture
def root(tmp_path):
    """Return the folder of a tiny survey where things are kept."""
    root = Path(shutil.copytree(GOOD, tmp_path / "tiny"))
    folder(root).mkdir(parents=True)
    return root


@pytest.fixture(scope="module")
def survey():
    return load(GOOD)


def ask(root, rule, survey):
    """Ask a rule as a check does, and return how often it was really asked."""
    asked = []

    def counted(survey):
        asked.append(True)
        return rule(survey)

    counted.__module__, counted.__qualname__ = rule.__module__, rule.__qualname__
    checked = Checked(root)
    checked.broken(counted, survey, {})
    checked.save()
    return len(asked)


def touch(root, table):
    """Change a file without changing what it says."""
    path = root / f"data/{table}.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def by_index(survey):
    assert survey.origins_by_id
    return ()


def by_method(survey):
    assert survey.name(survey.papers[0].key)
    return ()


def by_property(survey):
    assert survey.numbers
    return ()


def by_what_is_derived(survey):
    assert survey.derived(lambda s: len(s.glossary))
    return ()


LOOKED_AT = {
    by_index: {"origins"},
    by_method: {"papers", "background"},
    by_property: {"results", "measurements", "reported_costs"},
    by_what_is_derived: {"glossary"},
}


@pytest.mark.parametrize("rule", LOOKED_AT, ids=lambda rule: rule.__name__)
def test_a_rule_is_asked_again_when_a_file_changes_at_which_it_looked_and_for_no_other(rule, root, survey):
    assert (ask(root, rule, survey), ask(root, rule, survey)) == (1, 0)
    for table in TABLES:
        touch(root, table)
        assert ask(root, rule, survey) == (table in LOOKED_AT[rule]), table


def test_a_rule_that_found_something_is_asked_again(root, survey):
    def fault(survey):
        return (FAULT,) if survey.papers else ()

    assert (ask(root, fault, survey), ask(root, fault, survey)) == (1, 1)


def test_a_rule_that_looks_at_files_itself_is_always_asked(root, survey):
    def files(survey):
        return () if survey.root.is_dir() else (FAULT,)

    assert (ask(root, files, survey), ask(root, files, survey)) == (1, 1)


def test_what_rules_share_counts_for_each_of_them(survey):
    known = {}
    first, second = Seen(survey, known), Seen(survey, known)
    assert first.papers_by_key is second.papers_by_key
    assert first.asked == second.asked == {"papers"}


def test_rules_find_with_a_note_what_they_find_without(root):
    mistakes.lay_over("several-mistakes", root)
    survey, problems = read(root)
    assert problems
    for rule, _ in RULES:
        assert tuple(rule(Seen(survey, {}))) == tuple(rule(survey))


def test_nothing_is_kept_below_a_folder_that_keeps_nothing(root):
    shutil.rmtree(folder(root))
    assert find_problems(root) == ()
    assert not folder(root).exists()


def test_other_code_trusts_no_check(root, survey, monkeypatch):
    assert ask(root, by_index, survey) == 1
    monkeypatch.setattr(checking.cache, "reading", lambda: "other code")
    assert ask(root, by_index, survey) == 1


def test_the_code_that_checks_is_all_that_a_check_imports():
    code = "import sys, peft_vlm_survey.form, peft_vlm_survey.data, peft_vlm_survey.costs.verdicts; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = re.findall(r"(?<= )peft_vlm_survey\.(\S+)", said)
    known = {path for pattern in READING for path in PACKAGE.glob(pattern)}
    modules = {PACKAGE.joinpath(*name.split(".")) for name in loaded}
    assert {path.with_suffix(".py") for path in modules if not path.is_dir()} <= known
    assert {path / "__init__.py" for path in modules if path.is_dir()} <= known | {PACKAGE / "export" / "__init__.py"}


def test_what_checks_loads_nothing_that_loads_slowly():
    code = """
import sys, peft_vlm_survey.form, peft_vlm_survey.data, peft_vlm_survey.costs.priced, peft_vlm_survey.costs.verdicts
from peft_vlm_survey.costs import cost, shapes
cost("lora", "vit-b16", known=shapes(peft_vlm_survey.data.ROOT))
print(*sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"sympy", "pybtex", "bibtexparser", "pandas", "matplotlib"} & {*said.split()}
