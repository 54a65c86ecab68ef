"""What is special about a method is a field of it: the cost model names none, in Python or in the browser."""

import ast
import re

import pytest

from peft_vlm_survey.costs import METHODS
from peft_vlm_survey.data import ROOT

PACKAGE = ROOT / "peft_vlm_survey"
MODULES = sorted((PACKAGE / "costs").glob("*.py"))
DESCRIBE_METHODS = {
    PACKAGE / "costs" / f"{room}.py"
    for room in ("in_place", "reparameterised", "modules", "networks", "prompts", "multimodal")
}
# Modules of which a row, or an old address, is about a method: no rule of theirs asks for its name.
SPEAK_OF_METHODS = {
    PACKAGE / "show" / "memory.py",
    PACKAGE / "show" / "recipes.py",
    PACKAGE / "site" / "moved.py",
}
# Words that are names of methods and of other things too: a variant, a kind of run or of step, a full training set.
ALSO_WORDS = {"full", "lora"}


def compared(tree: ast.AST) -> set[str]:
    """Return the strings that something is compared with, or looked up by."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Compare | ast.Match)]
    return {
        part.value
        for node in nodes
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_nothing_in_the_cost_model_is_decided_by_the_name_of_a_method(path):
    source = path.read_text(encoding="utf-8")
    assert compared(ast.parse(source)) & set(METHODS) <= ALSO_WORDS
    assert not re.search(r"\.id (==|!=|in|not in) [\"(\[{]", source)


def literals(tree: ast.AST) -> set[str]:
    """Return the strings of a module, its docstrings among them."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_no_module_but_those_that_describe_methods_names_one():
    paths = set(PACKAGE.rglob("*.py"))
    assert paths > DESCRIBE_METHODS
    assert {
        f"{path.relative_to(ROOT)}: {name}"
        for path in paths - DESCRIBE_METHODS - SPEAK_OF_METHODS
        for name in literals(ast.parse(path.read_text(encoding="utf-8"))) & set(METHODS) - ALSO_WORDS
    } == set()


def test_no_script_names_a_method():
    scripts = sorted((ROOT / "_static").glob("*.js"))
    assert scripts
    assert {
        f"{path.name}: {name}"
        for path in scripts
        for name in set(re.findall(r"[\"'`]([a-z0-9-]+)[\"'`]", path.read_text(encoding="utf-8")))
        & set(METHODS) - ALSO_WORDS
    } == set()
