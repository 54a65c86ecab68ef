"""What is special about a method is a field of it: the cost model names none, in Python or in the browser."""

import ast
import re

import pytest

from peft_vlm_survey.costs import METHODS
from peft_vlm_survey.data import ROOT

MODULES = sorted((ROOT / "peft_vlm_survey" / "costs").glob("*.py"))
# Words that are names of methods and of other things too: a variant, a quantity, a kind of run.
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


@pytest.mark.parametrize("name", ["costing.js", "calculator.js"])
def test_no_script_of_the_calculator_names_a_method(name):
    source = (ROOT / "_static" / name).read_text(encoding="utf-8")
    assert set(re.findall(r'"([a-z0-9-]+)"', source)) & set(METHODS) <= ALSO_WORDS
