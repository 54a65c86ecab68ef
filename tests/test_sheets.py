import csv
import io
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.read.sheets import Column, Row, doubted_of, numbered, read_records, read_sheet

COLUMNS = (Column(name="key", required=True, unique=True), Column(name="words", many=True), Column(name="note"))


def read(folder: Path, text: str, columns=COLUMNS):
    (folder / "a.csv").write_text(text, encoding="utf-8", newline="")
    return read_sheet(folder, "a.csv", columns)


def told(folder: Path, text: str, columns=COLUMNS) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in read(folder, text, columns).problems]


@pytest.mark.parametrize("text", ["key,words,note\na,x,y\n", "note,key,words\ny,a,x\n"])
def test_cells_are_found_by_the_name_of_their_column_in_any_order(tmp_path, text):
    assert read(tmp_path, text).rows[0]["note"] == "y"


def test_a_row_keeps_its_physical_line_behind_a_cell_of_several_lines(tmp_path):
    sheet = read(tmp_path, 'key,words,note\na,,"one\ntwo\nthree"\nb,,\n')
    assert [row.line for row in sheet.rows] == [2, 5]


def test_a_row_with_a_wrong_number_of_cells_is_left_out_and_hides_no_other_problem(tmp_path):
    assert [row["key"] for row in read(tmp_path, "key,words,note\na,x\nb,,\n").rows] == ["b"]
    assert [line for line, _ in told(tmp_path, "key,words,note\na,x\n,,\n")] == [2, 3]


def test_every_problem_of_a_sheet_is_told_but_a_wrong_header_alone(tmp_path):
    assert len(told(tmp_path, "key,words,note\n,,\na,x;y,\na,, z\n")) == 4
    assert len(told(tmp_path, "key,words,note\n ,,\n")) == 1
    assert [line for line, _ in told(tmp_path, "key,words\n,;\n")] == [1]


def test_a_list_cell_is_split_into_its_members(tmp_path):
    assert Row(path="a.csv", line=2, cells={"words": "x; y"}).parts("words") == ("x", "y")
    assert Row(path="a.csv", line=2, cells={"words": ""}).parts("words") == ()
    (tmp_path / "a.csv").write_text("key,words,note\na,x; y,\n", encoding="utf-8")
    records, _ = read_records(tmp_path, "a.csv", COLUMNS, lambda **cells: cells["words"])
    assert records == (("x", "y"),)


@pytest.mark.parametrize("cell", ["x", "x; y", "", "x y; z"])
def test_a_well_formed_list_has_no_problem(tmp_path, cell):
    assert told(tmp_path, f'key,words,note\na,{cell},"one, ""two"""\n') == []


@pytest.mark.parametrize("cell", ["x;y", "x;  y", "x ; y", "x; ; y", "x;", "; x", "x; x", ";"])
def test_a_misformed_list_has_one_problem(tmp_path, cell):
    assert [line for line, _ in told(tmp_path, f"key,words,note\na,{cell},\n")] == [2]


@pytest.mark.parametrize("cell", [" x", "x ", "\u00a0x", "\tx"])
def test_a_space_at_an_end_of_a_cell_has_one_problem(tmp_path, cell):
    assert told(tmp_path, f"key,words,note\na,,{cell}\n") == [(2, "note begins or ends with a space.")]


@pytest.mark.parametrize("cell", ["x", "1x", "1 2"])
def test_a_cell_must_match_its_pattern_from_end_to_end(tmp_path, cell):
    columns = (Column(name="key"), Column(name="n", pattern="[0-9]+", form="a number"))
    assert (2, f"n '{cell}' is not a number.") in told(tmp_path, f'key,n\na,"{cell}"\n', columns)


@pytest.mark.parametrize(
    "rules", [{"pattern": "[0-9]+", "form": "a number"}, {"words": ("yes", "no")}, {"unique": True}]
)
def test_an_optional_cell_may_be_left_empty_whatever_its_rules(tmp_path, rules):
    assert told(tmp_path, "key,n\na,\nb,\n", (Column(name="key"), Column(name="n", **rules))) == []


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_every_cell_is_read_as_it_was_written(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("key", "words", "note"), *rows])
    with TemporaryDirectory() as folder:
        sheet = read(Path(folder), text.getvalue())
    assert [tuple(row.cells.values()) for row in sheet.rows] == rows


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_every_row_is_found_on_the_line_where_it_begins(rows):
    text, lines = io.StringIO(), []
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("key", "words", "note"))
    for row in rows:
        lines.append(text.getvalue().count("\n") + 1)
        writer.writerow(row)
    with TemporaryDirectory() as folder:
        sheet = read(Path(folder), text.getvalue())
    assert [row.line for row in sheet.rows] == lines


@given(
    st.lists(st.sampled_from(["a", "", ",", ",", "\n", "\n", '"', '"b, ""c"""', '"d\ne"', " "]), max_size=14).map(
        "".join
    )
)
def test_rows_and_their_lines_are_those_of_the_parser(text):
    expected, start = [], 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    with suppress(csv.Error):
        for cells in reader:
            expected.append((start, cells))
            start = reader.line_num + 1
    rows, problems = numbered("a.csv", text)
    assert rows == expected
    assert [problem.line for problem in problems] in ([], [start])


@given(st.lists(st.text(st.sampled_from("ab \t\n\x07\u200b\u3000é视")), min_size=1), st.booleans())
def test_any_text_judged_together_is_doubted_if_a_cell_of_it_is(cells, required):
    column = Column(name="note", required=required)
    alone = {cell for cell in cells if doubted_of(column, [cell])}
    assert doubted_of(column, cells) == alone
    assert {cell for cell in cells if not cell.isprintable() or cell != cell.strip(" ")} <= alone
