import doctest
import importlib
import pkgutil

from every import each

import peft_vlm_survey

MODULES = [
    module.name
    for module in pkgutil.walk_packages(peft_vlm_survey.__path__, "peft_vlm_survey.")
    if not module.name.startswith(("peft_vlm_survey.site", "peft_vlm_survey.__main__"))
]
EXAMPLES = {
    name: test
    for module in MODULES
    for test in doctest.DocTestFinder().find(importlib.import_module(module))
    if test.examples and (name := test.name)
}


@each("name", sorted(EXAMPLES))
def test_an_example_of_a_docstring_is_true(name):
    assert doctest.DocTestRunner().run(EXAMPLES[name]).failed == 0


def test_the_packages_docstrings_have_examples():
    assert len(EXAMPLES) >= 6
