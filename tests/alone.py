"""What an installed package must answer on every Python, where neither pytest nor this repository is at hand.

Run it with the Python of an environment that holds the wheel and what the wheel depends on; it exits with 1 at the
first thing that is wrong. tests/test_wheel.py runs it here, and the workflow with every Python that is promised.
"""

import json
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

MOST_SECONDS = 0.3
BUILDING = ("sphinx", "jupyter_book", "matplotlib", "IPython", "docutils", "nbformat")


def ask(*words: str) -> str:
    """Return what a command says; a warning is an error."""
    command = [sys.executable, "-W", "error", "-m", "peft_vlm_survey", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def main() -> None:
    """Ask for everything once."""
    start = time.process_time()
    import peft_vlm_survey as survey

    assert time.process_time() - start < MOST_SECONDS
    assert not {"pandas", "sympy", "pybtex", "bibtexparser"} & set(sys.modules)
    assert [name for name in BUILDING if find_spec(name)] == []
    home = Path(survey.__file__).parent
    assert (home / "py.typed").is_file()

    assert "No problems found." in ask("check")
    assert json.loads(ask("cost", "lora", "--backbone", "vit-b16", "rank=8", "--json"))["trainable"] == 294_912
    assert "\n1. " in ask("choose", "--task", "image classification", "--backbone", "vit-b16", "--no-slower")
    assert ask("search", "vtab-1k").startswith("dataset vtab-1k")
    assert "Costs on " in ask("compare", "maple", "promptsrc")
    assert ask("--version").startswith("peft-vlm-survey ")
    for form, beginning in (("bibtex", "@"), ("ris", "TY  - "), ("csl-json", "[")):
        assert ask("cite", "jia2022vpt", "--format", form).startswith(beginning)

    numbers = survey.results()
    assert len(numbers) > 10_000 and str(numbers["value"].dtype) == "float64" and str(numbers["seeds"].dtype) == "Int64"
    assert dict(numbers.dtypes.astype(str)) == dict(survey.columns("results").set_index("column")["dtype"])
    assert len(survey.papers()) > 1_000 and len(survey.datasets()) > 50 and len(survey.benchmarks()) > 500
    assert survey.cost("lora", "vit-b16", rank=8)["trainable"] == 294_912
    assert next(found.id for found in survey.search("vtab-1k")) == "vtab-1k"

    # What was installed is left as it was installed.
    assert {path.name for path in (home / "sources").iterdir()} == {"CITATION.cff", "references.bib", "data", "book"}


if __name__ == "__main__":
    main()
