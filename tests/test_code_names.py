"""The names and docstrings of the package, as far as a test can tell whether they say what a thing is."""

import ast
from collections import Counter

from peft_vlm_survey.place import ROOT

# They fit whatever a function has at hand; right of a match that the next line reads, or of a pair.
SAY_NOTHING = {"said", "told", "found", "one", "own"}
MOST = 3  # bindings per thousand lines; edition 1.2.0 had 13, and 1.18.0 had 24
MODULES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in ROOT.glob("peft_vlm_survey/**/*.py")
}
TREES = {name: ast.parse(text) for name, text in MODULES.items()}


def bound(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_few_things_are_called_by_words_that_say_nothing():
    often = Counter({name: sum(word in SAY_NOTHING for word in bound(tree)) for name, tree in TREES.items()})
    lines = sum(text.count("\n") for text in MODULES.values())
    assert often.total() <= MOST * lines / 1000, often.most_common(10)


def test_what_a_function_does_is_said_in_ordinary_english():
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    offenders = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, documented) and (ast.get_docstring(node) or "").startswith(("Tell whether", "Say whether"))
    ]
    assert not offenders
