"""What every command says to words that it cannot use: one line on what is wrong, one on the way out, and no traceback."""

import io
import shlex
from contextlib import chdir, redirect_stderr, redirect_stdout

import pytest

from peft_vlm_survey.__main__ import OWN, main
from peft_vlm_survey.data import ROOT, the_survey

# Ten wrong uses of each command: misspelt, missing, of no such unit, at no such path.
WRONG = {
    "cost": [
        *("", "lora", "lroa --backbone vit-b16", "lora --backbone vitb16", "lora --backbone", "lora --backbone ''"),
        *("lora --backbone vit-b16 rank", "lora --backbone vit-b16 rank=abc", "lora --backbone vit-b16 --rank 8"),
        *("lora --backbone vit-b16 --gpu 24MB", "lora --backbone vit-b16 --gpu ''", "--list lora", "lora --bckbone x"),
    ],
    "choose": [
        *("", "--task", "--task qzxw", "--task ''", "--tsk x", "'visual question answering'", "--all"),
        *("--task 'LLM adaptation' --data some", "--task 'LLM adaptation' --max-memory 24XB"),
        *("--task 'LLM adaptation' --licence MIT", "--task 'LLM adaptation' --max-stored lots", "--list --task x"),
    ],
    "compare": [
        *("", "coop", "coop coop", "coop xyz", "'' coop", "coop cocoop --bla", "coop cocoop --backbone"),
        *("coop cocoop maple promptsrc kgcoop", "coop cocoop --backbone xyz", "--json"),
    ],
    "cite": [
        *("", "nokey", "coop", "''", "zhou2022coop --format xyz", "zhou2022coop --frmat ris", "--format ris"),
        *("zhou2022coop nokey", "zhou2022coop --format", "zhou2022coop --out x"),
    ],
    "search": [
        *("", "''", "xyzzyqq", "coop --kind foo", "coop --limit 0", "coop --limit -1", "coop --limit x"),
        *("coop --knd paper", "--kind paper", "coop --limit"),
    ],
    "edition": [
        *("", "abc", "1.2", "v1.17.0", "--check", "--check ''", "1.17.0 --root /no/such", "1.17.0 --chek", "1 2"),
        "1.17.0 --to",
    ],
    "check": [
        *("/no/such", "README.md", "bench", "--bla", "a b", "--root x", "''x", "data/papers.csv", "_static"),
        *("x y z",),
    ],
    "ask": ["/no/such", "README.md", "bench", "--bla", "a b", "--chck", "--check bench", "''x", "_static", "x y z"],
    "format": ["/no/such", "README.md", "bench", "--bla", "a b", "--chck", "--check bench", "''x", "_static", "x y z"],
    "export": [
        *("", "bench --to x", "--to", "/no/such --to x", "--tto x", "--to x --bla", "README.md --to x", "a b --to x"),
        *("'x' --to", "_static --to x"),
    ],
    "add": [
        *(
            "",
            "x.bib",
            "x.bib --category",
            "--category qa",
            "x.bib --background model --category qa",
            "x.bib --catgory qa",
        ),
        *(
            "x.bib --background model --task x",
            "x.bib --category qa --name a --name b",
            "x.bib --category qa --root bench",
        ),
        "x.bib y.bib --category qa",
    ],
    "stale": [
        *("/no/such.bib", "bench", "--before x", "--before 0", "--before", "--root bench", "--root /no/such", "--bla"),
        *("README.md /no/such.bib", "--befr 2020"),
    ],
    "log": ["", "a b", "--bla", "a --bla", "a b c", "--folder a", "-x", "'a' 'b'", "--", "-x a"],
}
KNOWN = [(command, words) for command, found in WRONG.items() for words in found]


def told(words):
    """Return the code of a command and what it says."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(ROOT), redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(words)
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_every_command_is_tried_ten_times():
    assert set(OWN) < set(WRONG) and all(len(set(found)) >= 10 for found in WRONG.values())
    listed = told(["--help"])[1]
    assert all(f"    {command} " in listed for command in WRONG)


def test_a_wrong_use_is_told_in_one_line_with_the_way_out_in_the_next():
    the_survey()
    wrong = {}
    for command, words in KNOWN:
        code, out, err = told([command, *shlex.split(words)])
        said = err.rstrip("\n").split("\n")
        sound = code == 2 and not out and len(said) in (1, 2) and said[0].endswith(".") and "usage" not in err
        if command == "stale" and said[0].endswith("no such file."):
            sound = code == 2
        elif sound:
            sound = len(said) == 2 and said[1].startswith("    ") and said[1].rstrip()[-1] in ".?'"
        if not sound:
            wrong[f"{command} {words}"] = (code, out[:80], err)
    assert wrong == {}


@pytest.mark.parametrize(
    ("words", "message", "remedy"),
    [
        ("cots lora", "COMMAND 'cots' is not known.", "Did you mean 'cost'?"),
        ("cost lora --backbone vit-b16 --rank 8", "'--rank' is no option.", "Write rank=8, without dashes."),
        ("cost lora --backbone vit-b16 --rank=8", "'--rank=8' is no option.", "Write rank=8, without dashes."),
        ("cost lora --backbone vit-b16 --gpu ''", "--gpu is empty.", "Give a value, or leave the option out."),
        ("choose --tsk x", "'--tsk' is not understood.", "Did you mean '--task'?"),
        ("search coop --limit 0", "--limit '0' is no whole number above zero.", "peft-vlm-survey search --help says"),
        ("check /no/such", "'/no/such' is no folder.", "peft-vlm-survey check --help says what can be given."),
        ("cite CoOp", "no work has the key 'CoOp'.", "The key of CoOp is 'zhou2022coop'."),
        ("compare coop", "one method is named.", "Name 2 to 4 different ones, by name or by key."),
    ],
)
def test_the_way_out_is_the_nearest(words, message, remedy):
    code, _, err = told(shlex.split(words))
    said, way = err.rstrip("\n").split("\n")
    assert (code, said) == (2, message) and way.startswith(f"    {remedy}")


def test_without_a_command_all_of_them_are_named():
    code, out, err = told([])
    assert code == 2 and out == "" and all(f"    {command} " in err for command in WRONG)
    assert err.endswith("Name a command.\n")


def test_the_edition_is_told():
    assert told(["--version"]) == (0, f"peft-vlm-survey {the_survey().edition.version}\n", "")
