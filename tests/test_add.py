"""Adding papers from exported BibTeX; one folder of tests/add an export of one origin, or a mistake in one."""

import io
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mistakes
import pytest
from conftest import examples
from hypothesis import example, given
from hypothesis import strategies as st

from peft_vlm_survey.__main__ import main
from peft_vlm_survey.add.clean import cleaned
from peft_vlm_survey.add.entries import parse
from peft_vlm_survey.add.keys import make_key
from peft_vlm_survey.cache import folder as place_of
from peft_vlm_survey.data import find_problems, load, read, the_survey
from peft_vlm_survey.downloads import references_bib
from peft_vlm_survey.form import find_problems as find_misformed
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.reference import plain

HERE = Path(__file__).parent
ADD = HERE / "add"
CASES = sorted(path for path in ADD.iterdir() if path.is_dir())
WANTED = ["--category", "qa", "--added", "2026-03-01"]
FILES = ("references.bib", "data/papers.csv", "data/background.csv", "data/excluded.csv")


# What the record of a paper should say, and is named where it does not.
ESTABLISHED = (
    "name",
    "task",
    "backbones",
    "benchmarks",
    "code",
    "checked",
)
DESCRIPTION = "its row in data/descriptions.csv"


@cache
def case_of(folder: Path) -> dict[str, Any]:
    """Return what is expected of a case: the arguments, the report, and the entries and rows that come or go."""
    return tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))


def refused(case: Path) -> bool:
    return report(case).endswith("Nothing was added.\n")


def report(case: Path) -> str:
    """Return what is said below the difference."""
    rows = [change["add"] for change in case_of(case).get("change", ()) if "add" in change]
    said = {*(rows[0] if rows else ()), *(("code",) if rows and "code_found" in rows[0] else ())}
    empty = ", ".join([*(column for column in ESTABLISHED if column not in said), DESCRIPTION])
    text: str = case_of(case)["report"]
    return text.replace("{empty}", empty)


def with_what_is_new(case: Path, before: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files as they should be with the entries and rows of the case, everything in its order."""
    after = {**before, **mistakes.changed(case_of(case).get("change", ()), before)}
    for path in ("data/papers.csv", "data/background.csv"):
        header, *rows = after[path].decode().splitlines(keepends=True)
        after[path] = "".join([header, *sorted(rows, key=lambda row: row.split(",")[0])]).encode()
    if new := case_of(case).get("references"):
        entries = [*before["references.bib"].decode().rstrip().split("\n\n\n"), *new.rstrip().split("\n\n\n")]
        entries.sort(key=lambda entry: entry.partition("{")[2].partition(",")[0])
        after["references.bib"] = ("\n\n\n".join(entries) + "\n").encode()
    return after


def named(path: Path) -> str:
    return path.name


@pytest.fixture
def venues(root: Path) -> Path:
    """Return the folder of a copy of the tiny survey that knows the field's own venues."""
    shutil.copyfile(ADD / "venues.csv", root / "data" / "venues.csv")
    return root


def everything(root: Path) -> dict[str, bytes]:
    """Return every file of a survey, but for what is kept there of the checks."""
    return dict(mistakes.files_below(root))


@cache
def found_sound() -> tuple[tuple[str, bytes], ...]:
    """Return what a check keeps of the tiny survey with the field's own venues, in which it finds nothing."""
    with TemporaryDirectory() as name:
        root = tiny(Path(name))
        place_of(root).mkdir(parents=True)
        assert said("check", str(root))[0] == 0
        return tuple((path.name, path.read_bytes()) for path in place_of(root).iterdir())


def tiny(folder: Path) -> Path:
    """Return the folder of a copy of the tiny survey that knows the field's own venues."""
    root = mistakes.lay_out(folder / "survey")
    shutil.copyfile(ADD / "venues.csv", root / "data" / "venues.csv")
    return root


def checked(root: Path) -> Path:
    """Let it be kept below the root, as it is below that of the book, that nothing was wrong; return the root."""
    place_of(root).mkdir(parents=True)
    for name, raw in found_sound():
        (place_of(root) / name).write_bytes(raw)
    return root


def difference(before: dict[str, bytes], after: dict[str, bytes]) -> str:
    lines: list[str] = []
    for name in FILES:
        texts = (before[name].decode().splitlines(True), after[name].decode().splitlines(True))
        lines += unified_diff(*texts, f"a/{name}", f"b/{name}")
    return "".join(lines)


def said(*arguments: str) -> tuple[int, str]:
    """Run a command; return its exit code and what it said."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = main(list(arguments))
    return code, out.getvalue()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the export of a case, tried dry, then in earnest, then once more."""

    before: dict[str, bytes]
    dry: tuple[int, str]
    after_dry: dict[str, bytes]
    code: int
    after: dict[str, bytes]
    problems: list[Problem]
    again: int


@cache
def outcome(case: Path) -> Outcome:
    arguments = shlex.split(case_of(case)["arguments"])
    with TemporaryDirectory() as name, chdir(case):
        root = checked(tiny(Path(name)))
        command = ("add", "given.bib", *arguments, "--root", str(root))
        before = everything(root)
        dry, after_dry = said(*command, "--dry-run"), everything(root)
        code, after = said(*command)[0], everything(root)
        again = said(*command)[0]
        shutil.rmtree(place_of(root))  # every rule looks again
        survey, problems = read(root)
        return Outcome(
            before=before,
            dry=dry,
            after_dry=after_dry,
            code=code,
            after=after,
            problems=[*problems, *find_misformed(root, survey, problems)],
            again=again,
        )


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_dry_run_shows_the_difference_or_the_problems_and_changes_no_byte(case):
    became = outcome(case)
    difference_and_report = difference(became.before, with_what_is_new(case, became.before)) + report(case)
    assert became.dry == (1 if refused(case) else 0, difference_and_report)
    assert became.after_dry == became.before


@pytest.mark.parametrize("case", [case for case in CASES if refused(case)], ids=named)
def test_what_is_refused_changes_no_byte(case):
    assert (outcome(case).code, outcome(case).after) == (1, outcome(case).before)


@pytest.mark.parametrize("case", [case for case in CASES if not refused(case)], ids=named)
def test_what_is_added_is_what_the_dry_run_showed_and_has_no_problem(case):
    became = outcome(case)
    assert became.code == 0
    assert became.after == with_what_is_new(case, became.before) != became.before
    assert became.problems == []
    assert became.again == 1, "a paper is added twice"


def test_every_problem_of_a_case_names_the_export():
    told = [line for case in CASES if refused(case) for line in report(case).splitlines()[:-1] if line[0] != " "]
    assert [line for line in told if not line.startswith("given.bib:")] == []


def test_an_export_can_be_pasted(venues, monkeypatch, capsys):
    raw = (ADD / "scholar-preprint" / "given.bib").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert main(["add", "-", *WANTED, "--root", str(venues)]) == 0
    assert load(venues).paper("fern2023lowrank").source == "a BibTeX export"


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        ([], "", ""),
        (["--code", "https://code.example/toy"], "https://code.example/toy", "source"),
        (["--code", "https://code.example/toy", "--code-found", "name"], "https://code.example/toy", "name"),
        (["--code-found", "none"], "", "none"),
    ],
)
def test_the_row_says_how_the_address_of_its_code_is_known(arguments, code, found, venues, capsys):
    assert main(["add", str(ADD / "arxiv" / "given.bib"), *WANTED, *arguments, "--root", str(venues)]) == 0
    (paper,) = (paper for paper in load(venues).papers if paper.added == WANTED[-1])
    assert (paper.code, paper.code_found) == (code, found)
    (told,) = re.findall("left empty: (.*)", capsys.readouterr().out)
    assert ("code" in told.split(", ")) is not bool(found)


@pytest.mark.parametrize(
    "arguments", [["--code", "https://code.example/toy", "--code-found", "none"], ["--code-found", "guessed"]]
)
def test_what_cannot_be_known_of_code_is_refused(arguments, venues, capsys):
    before = everything(venues)
    assert main(["add", str(ADD / "arxiv" / "given.bib"), *WANTED, *arguments, "--root", str(venues)]) == 1
    assert everything(venues) == before


def test_a_file_that_is_not_there_is_told(venues, capsys):
    assert main(["add", str(venues / "none.bib"), *WANTED, "--root", str(venues)]) == 1
    assert "none.bib:1: cannot be read: No such file or directory.\n    " in capsys.readouterr().out


def test_nothing_is_added_to_a_survey_with_a_problem(break_it, capsys):
    root = break_it("year-in-words")
    before = everything(root)
    assert main(["add", str(ADD / "arxiv" / "given.bib"), *WANTED, "--root", str(root)]) == 1
    assert capsys.readouterr().out.endswith("1 problem found. Nothing was added: these come first.\n")
    assert everything(root) == before


def test_nothing_is_added_to_a_file_in_another_form(venues, capsys):
    path = venues / "data" / "papers.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = everything(venues)
    assert main(["add", str(ADD / "arxiv" / "given.bib"), *WANTED, "--root", str(venues)]) == 1
    assert "data/papers.csv:1: not in its one form." in capsys.readouterr().out
    assert everything(venues) == before


@pytest.mark.parametrize("name", ["references.bib", "data/papers.csv"])
def test_a_file_that_cannot_be_written_leaves_the_other_as_it_was(venues, name, capsys):
    path = venues / name
    path.with_name(f".{path.name}.new").mkdir()  # in the way of the new text
    before = everything(venues)
    assert main(["add", str(ADD / "arxiv" / "given.bib"), *WANTED, "--root", str(venues)]) == 1
    assert "cannot be written" in capsys.readouterr().out
    assert everything(venues) == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--category", "qa", "--background", "model"],
        ["--background", "model", "--task", "visual captioning"],
        ["--background", "model", "--further-family", "adapter"],
        ["--category", "qa", "--name", "One", "--name", "Two"],
        ["--category", "qa", "--code-found", "name", "--code-found", "abstract"],
        ["--background", "model", "--code-found", "none"],
        ["--category", "qa", "--name", "\udcff"],
    ],
)
def test_options_that_contradict_each_other_exit_with_two(venues, arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["add", str(ADD / "arxiv" / "given.bib"), *arguments, "--root", str(venues)])
    assert stop.value.code == 2


KEPT = ("booktitle", "journal", "series", "volume", "pages", "year", "doi", "eprint")


def test_every_entry_of_the_book_comes_out_as_it_stands():
    """Clean every entry of the book's own bibliography as if it were an export."""
    changed = {}
    for entry in parse(references_bib(the_survey()), "own.bib")[0]:
        own, reference = cleaned(entry, the_survey().venues, ""), the_survey().references[entry.key]
        came_out = own.type, plain(own.fields["title"]), [own.fields.get(name) for name in KEPT]
        stands = reference.type, reference.title, [reference.fields.get(name) for name in KEPT]
        if own.log.problems or came_out != stands:
            changed[entry.key] = (own.log.problems, came_out)
    assert changed == {}


@given(st.lists(st.sampled_from(["Ada Fern", "Zoë Łoś", "van der Berg, Jan", "O'Neil, Pat"]), min_size=1, unique=True))
def test_a_key_is_made_of_family_name_year_and_word(names):
    key = make_key({"author": " and ".join(names), "year": "2024", "title": "The Tiny Adapter"}, "", ())
    assert re.fullmatch("(fern|los|vanderberg|oneil)2024tiny", key)


def test_keys_do_not_collide():
    taken: list[str] = []
    for _ in range(60):
        taken.append(make_key({"author": "Fern, Ada", "year": "2024", "title": "Tiny"}, "", taken))
    assert len(set(taken)) == 60


# Hostile input: whatever is given, nothing breaks, and what is added passes the check.
SCRAPS = st.sampled_from(
    [
        *("{", "}", '"', ",", "=", "@", "#", "\\", "$", "%", "&", "~", "^", "\n", " and ", "others", "{\\'e}"),
        *("\\input{x}", "\\\\", "\\v", "--", "@article{", "@string{a = 1}", "@comment{", "$k$", "&amp;", "<b>"),
        *("\x00", "\u202e", "李", "ß", "İ"),
    ]
)
FIELDS = st.sampled_from(
    ["author", "title", "year", "journal", "booktitle", "pages", "doi", "url", "eprint", "crossref", "volume", "Title"]
)
VALUES = st.lists(st.text(max_size=6) | SCRAPS, max_size=6).map("".join)
ENTRIES = st.builds(
    lambda kind, key, fields: f"@{kind}{{{key},\n" + "".join(f"  {n} = {{{v}}},\n" for n, v in fields) + "}\n",
    st.sampled_from(["article", "inproceedings", "misc", "online", "phdthesis", "proceedings", "nothing"]),
    st.sampled_from(["a", "b", "DBLP:conf/x"]),
    st.lists(st.tuples(FIELDS, VALUES), max_size=6),
)
SOUND = "@misc{{a, author = {{{0}, Ada}}, title = {{{1}}}, year = {{2023}}, eprint = {{2301.00123}}}}\n"
ALMOST_SOUND = st.builds(SOUND.format, VALUES, VALUES)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    raw = bytearray((draw(st.sampled_from(CASES)) / "given.bib").read_bytes())
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(raw)))
        raw[place : place + draw(st.integers(0, 9))] = draw(SCRAPS).encode() + draw(st.binary(max_size=2))
    return bytes(raw)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Return the folder of a tiny survey, which every example leaves as it found it."""
    with TemporaryDirectory() as name:
        yield checked(tiny(Path(name)))


@examples(150)
@given(
    raw=st.binary(max_size=60)
    | mutated()
    | st.lists(ENTRIES | ALMOST_SOUND, min_size=1, max_size=3).map(lambda entries: "".join(entries).encode()),
    name=st.sampled_from(["", "Toy-LoRA", "x\ny", "\\", "李"]) | st.text(max_size=4),
)
@example(raw=SOUND.format("Fern", "Tiny").encode(), name="")
def test_hostile_input_breaks_nothing(folder, raw, name):
    before = everything(folder)
    given_file = folder.parent / "given.bib"
    given_file.write_bytes(raw)
    code, told = said("add", str(given_file), *WANTED, f"--name={name}", "--root", str(folder))
    after = everything(folder)
    if code:
        assert after == before
        assert told.endswith("found. Nothing was added.\n")
    else:
        assert find_problems(folder) == ()
        assert after != before
        for path, content in before.items():
            (folder / path).write_bytes(content)
