import csv
import io
from pathlib import Path

import pytest
from conftest import examples
from hypothesis import given
from hypothesis import strategies as st
from mistakes import lay_out

from peft_vlm_survey.__main__ import main
from peft_vlm_survey.data import ROOT, load, read, the_survey
from peft_vlm_survey.form import FORMS, find_problems, texts

GOOD = Path(__file__).parent / "good"
SORTED = [path for path, form in FORMS.items() if form.sorted_by]
TOLD = ":{line}: not in its one form.\n    Run: python -m peft_vlm_survey format\n1 problem found. Nothing was built.\n"


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def with_mark(raw: bytes) -> bytes:
    return b"\xef\xbb\xbf" + raw


def with_crlf(raw: bytes) -> bytes:
    return raw.replace(b"\n", b"\r\n")


def rewritten(raw: bytes, **form: object) -> bytes:
    text = io.StringIO()
    csv.writer(text, **{"lineterminator": "\n", **form}).writerows(csv.reader(io.StringIO(raw.decode())))
    return text.getvalue().encode()


def with_quotation_marks(raw: bytes) -> bytes:
    return rewritten(raw, quoting=csv.QUOTE_ALL)


def with_columns_reversed(raw: bytes) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(row[::-1] for row in csv.reader(io.StringIO(raw.decode())))
    return text.getvalue().encode()


def without_the_last_line_end(raw: bytes) -> bytes:
    return raw.removesuffix(b"\n")


def with_rows_reversed(raw: bytes) -> bytes:
    header, *rows = raw.splitlines(keepends=True)
    return b"".join([header, *rows[::-1]])


ANY = [with_mark, with_crlf, with_quotation_marks, with_columns_reversed, without_the_last_line_end]
_CHANGED = [
    *(("data/papers.csv", change) for change in ANY),
    *((path, with_crlf) for path in FORMS if path != "data/papers.csv"),
    *((path, with_rows_reversed) for path in SORTED),
    *(("references.bib", change) for change in (with_mark, with_crlf, without_the_last_line_end)),
]


# A change that leaves a file as it is would make a test of nothing.
MISFORMED = [
    (path, change) for path, change in _CHANGED if change((GOOD / path).read_bytes()) != (GOOD / path).read_bytes()
]


def named(value: object) -> str:
    return getattr(value, "__name__", str(value))


@pytest.fixture(params=MISFORMED, ids=lambda pair: "-".join(map(named, pair)))
def misformed(request, root):
    """Return the folder of a survey with one file in another form, and the path of that file."""
    path, change = request.param
    file = root / path
    file.write_bytes(change(file.read_bytes()))
    return root, path


def test_every_sheet_has_a_form():
    assert {f"data/{path.name}" for path in (ROOT / "data").glob("*.csv")} == set(FORMS)


def test_the_tiny_survey_is_in_its_one_form(good):
    assert list(find_problems(GOOD, good, ())) == []


def test_the_books_own_files_are_in_their_one_form():
    assert list(find_problems(ROOT, the_survey(), ())) == []


def test_a_file_in_another_form_is_told_once_and_reads_as_the_same_survey_and_its_form_is_restored(
    misformed, good, capsys
):
    root, path = misformed
    before = everything(root)
    assert main(["check", str(root)]) == 1
    told = capsys.readouterr().out
    assert told == path + TOLD.format(line=told.split(":")[1])
    assert texts(load(root))[path] == texts(good)[path]
    assert main(["format", "--check", str(root)]) == 1
    assert capsys.readouterr().out.startswith(f"{path}:")
    assert everything(root) == before
    main(["format", str(root)])
    assert everything(root) == everything(GOOD)


def test_the_form_is_told_at_the_first_line_that_differs(root, capsys):
    path = root / "data" / "papers.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], lines[1], lines[3], lines[2], *lines[4:]]), encoding="utf-8")
    main(["check", str(root)])
    assert capsys.readouterr().out.startswith("data/papers.csv:3: ")


def test_the_form_of_a_file_with_another_problem_is_not_told(root, capsys):
    path = root / "data" / "papers.csv"
    path.write_bytes(with_crlf(path.read_bytes().replace(b"grounding", b"groundng")))
    main(["check", str(root)])
    assert "not in its one form" not in capsys.readouterr().out


def test_a_file_with_another_problem_is_formatted_all_the_same(root):
    path = root / "data" / "papers.csv"
    wrong = path.read_bytes().replace(b"grounding", b"groundng")
    path.write_bytes(with_crlf(wrong))
    main(["format", str(root)])
    assert path.read_bytes() == wrong


def test_an_empty_line_is_no_row_that_could_be_lost(break_it):
    root = break_it("empty-line")
    assert main(["format", str(root)]) == 0
    assert everything(root) == everything(GOOD)


LOST = [
    *("brace-missing-in-a-field", "carriage-return-in-a-line", "column-missing", "column-misspelled-in-venues"),
    *("column-unknown", "empty-papers", "field-twice", "key-twice", "missing-errata", "not-utf8-papers"),
    *("quotation-mark-not-closed", "result-row-too-long", "row-too-short", "text-between-entries"),
]


@pytest.mark.parametrize("mistake", LOST)
def test_what_was_not_read_is_told_and_not_lost_by_formatting(break_it, mistake, capsys):
    root = break_it(mistake)
    before = everything(root)
    assert main(["format", str(root)]) == 1
    assert capsys.readouterr().out.endswith("found. Nothing was written.\n")
    assert everything(root) == before


@pytest.mark.parametrize("path", [path for path in FORMS if path not in SORTED])
def test_an_order_that_says_something_is_kept(root, path):
    file = root / path
    file.write_bytes(with_rows_reversed(file.read_bytes()))
    before = file.read_bytes()
    main(["format", str(root)])
    assert file.read_bytes() == before


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, known_as_sound) -> Path:
    """Return the folder of a tiny survey, which every example leaves as it found it, and of which it is kept that it is sound."""
    root = lay_out(tmp_path_factory.mktemp("good") / "survey")
    known_as_sound(root)
    return root


@examples(50)
@given(data=st.data())
def test_formatting_keeps_every_cell_and_stays(data, folder):
    path = data.draw(st.sampled_from(sorted(FORMS)))
    header, *rows = csv.reader(io.StringIO((GOOD / path).read_text(encoding="utf-8")))
    rows = data.draw(st.permutations(rows))
    if rows:
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.integers(0, len(header) - 1))] = data.draw(CELLS)
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    file = folder / path
    sound = file.read_bytes()
    try:
        file.write_bytes(text.getvalue().encode())
        assert main(["format", str(folder)]) == 0
        once = file.read_bytes()
        assert sorted(list(csv.reader(io.StringIO(once.decode())))[1:]) == sorted(rows)
        assert not any(problem.path == path for problem in find_problems(folder, *read(folder)[:1], ()))
        main(["format", str(folder)])
        assert file.read_bytes() == once
    finally:
        file.write_bytes(sound)
