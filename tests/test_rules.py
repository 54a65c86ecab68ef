from pathlib import Path

import pytest
from every import each

from peft_vlm_survey.check.rules import RULES
from peft_vlm_survey.data import find_problems

GOOD = Path(__file__).parent / "good"
FILES = sorted(str(path.relative_to(GOOD)) for path in GOOD.rglob("*") if path.is_file())


def replace(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), encoding="utf-8")


@each("file", sorted({file for _, needs in RULES for file in needs}))
def test_a_rule_needs_files_that_a_survey_has(file):
    assert file in FILES


@pytest.fixture
def sound(root, known_as_sound):
    """Return the folder of a copy of which it is kept, as it is of the book, that nothing was wrong before."""
    known_as_sound(root)
    return root


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_the_only_problem(sound, file):
    (sound / file).unlink()
    assert [problem.path for problem in find_problems(sound)] == [file]


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_not_utf8_is_the_only_problem(sound, file):
    with (sound / file).open("ab") as stream:
        stream.write(b"\xff")
    assert [problem.path for problem in find_problems(sound)] == [file]


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".csv")])
def test_an_unknown_column_is_the_only_problem(sound, file):
    replace(
        sound,
        file,
        (sound / file).read_text(encoding="utf-8"),
        "zzz," + (sound / file).read_text(encoding="utf-8").replace("\n", "\n,").rstrip(","),
    )
    assert [(problem.path, problem.line) for problem in find_problems(sound)] == [(file, 1)]


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".csv")])
def test_a_row_that_lacks_a_cell_is_the_only_problem(sound, file):
    lines = (sound / file).read_text(encoding="utf-8").splitlines()
    lines[-1] = lines[-1].rsplit(",", 1)[0]
    (sound / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [(problem.path, problem.line) for problem in find_problems(sound)] == [(file, len(lines))]


def test_a_key_that_only_a_chapter_uses_needs_to_say_where_it_was_read(break_it):
    (problem,) = find_problems(break_it("entry-whose-record-was-read-nowhere"))
    assert "data/background.csv" in problem.remedy


NUMBER = "4.18,,rerun,"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/results.csv", NUMBER, f"{NUMBER}\nasker-table1,Seer,ivey2022seer,CLIP RN50,tinyqa,61,,,{NUMBER}"),
        *(
            ("data/results.csv", "tinydogs,62.0,,,2.5,2.00,,", f"tinydogs,62.0,,,2.5,2.00,{claim},")
            for claim in ("own", "rerun", "copied", "")
        ),
        ("data/measurements.csv", "CLIP RN50", ""),
        ("data/methods.csv", "Adapter; TA", "Adapter; RN50"),
        ("data/results.csv", ",65.9,", ",100,"),
        ("data/results.csv", ",112.25,", ",1234.5,"),
        *(("references.bib", "year = {2019}", f"year = {{{year}}}") for year in ("1900", "2100")),
        *(
            ("references.bib", "2101.00010", eprint)
            for eprint in ("2012.06825", "0704.0001", "cs/0112017", "math.GT/0309136", "cond-mat/9901001", "2203.00033")
        ),
        *(
            ("references.bib", "10.1000/small.2022.030", doi)
            for doi in (
                *("10.1000/182", "10.1109/CVPR52688.2022.00516"),
                *("10.18653/v1/2022.acl-short.1", "10.1007/978-3-030-58452-8_24"),
            )
        ),
        *(
            ("references.bib", "{$k$}", formula)
            for formula in ("$k$", r"$\ell_2$", r"$\mathcal{O}(n^2)$", r"$\frac{1}{2}$", r"$3 \times 3$")
        ),
        *(("references.bib", "Ten Pictures and", rf"Ten \{sign} Pictures and") for sign in "%&#_"),
        *(
            (
                "data/descriptions.csv",
                "Puts learned tokens before the question and before every layer of a frozen language model.",
                f"Learned tokens and {text}.",
            )
            for text in (
                *("<script>alert(1)</script>", "a | b", "`code`", "{cite}`able2020adapter`", "$x$", "# no heading"),
                *("-- dashes", "\\input{x}", "&amp;", "[a](b)"),
            )
        ),
    ],
)
def test_what_is_unusual_but_right_is_accepted(root, file, old, new):
    replace(root, file, old, new)
    assert find_problems(root) == ()


def test_a_backbone_that_is_not_established_is_no_unknown_backbone(root):
    for file in ("data/results.csv", "data/contradictions.csv"):
        replace(root, file, "CLIP RN50", "")
    assert find_problems(root) == ()


def test_a_table_without_a_protocol_is_no_problem(root):
    replace(root, "data/origins.csv", ",one-seed,", ",,")
    for file in ("data/protocols.csv", "data/asked_tasks.csv"):
        replace(root, file, "one-seed", "few-shot-too")
    replace(root, "data/origins.csv", "list@0000004: README.md,,", "list@0000004: README.md,few-shot-too,")
    assert find_problems(root) == ()


def test_an_alias_of_a_backbone_is_not_proposed_for_a_method(root):
    replace(root, "data/results.csv", "asker-table1,Tiny Adapter,", "asker-table1,RN50,")
    (problem,) = find_problems(root)
    assert "CLIP RN50" not in problem.remedy


def test_a_protocol_that_is_misspelled_where_it_is_used_is_not_unused_as_well(root):
    replace(root, "data/origins.csv", "few-shot", "few-shots")
    assert [problem.path for problem in find_problems(root)] == ["data/origins.csv"]


@pytest.mark.parametrize(
    "field", ["doi = {10.1000/small.2020.001}", "url = {https://small.example/2020/001}", "eprint = {2001.00001}"]
)
def test_a_field_without_a_value_is_a_problem(root, field):
    replace(root, "references.bib", field, field.split("{")[0] + "{}")
    assert [problem.path for problem in find_problems(root)] == ["references.bib"]


def test_what_is_no_chapter_is_not_read(root):
    (root / "book" / "chapters.txt").write_bytes(b"{cite}`nobody2020nothing` \xff")
    assert find_problems(root) == ()
