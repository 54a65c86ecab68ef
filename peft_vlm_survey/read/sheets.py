"""Read a CSV of the survey: right columns, right number of cells, words of the vocabulary."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import filterfalse
from pathlib import Path
from typing import Any, TypeVar

from peft_vlm_survey.problems import Problem, nearest, suggest
from peft_vlm_survey.read.sources import read_source

LIST_SEPARATOR = "; "
DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
DATE_FORM = "a date like 2026-11-25"
DOI = r"10\.[0-9]{4,9}/[^\s{}\\<>]+"
DOI_REMEDY = "Write it like 10.1109/CVPR52688.2022.00516, without https://doi.org/."
ADDRESS = r"https?://[^\s<>\"`|{}\\]+"
ID = {"pattern": "[a-z0-9-]+", "form": "an id of small letters, digits and hyphens"}
COUNT_OR_MEAN = {"pattern": "[1-9][0-9]*(/[1-9][0-9]*)?", "form": "a whole number, or a mean as a fraction"}
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """What a column may hold.

    `words` is its closed vocabulary, `pattern` the form of a cell (with `form` saying it in words),
    `many` that a cell is a list separated by `; `, `unique` that no two rows may agree in it,
    `leads` the table whose rows it names, `references` among them.
    """

    name: str
    required: bool = False
    words: Collection[str] | None = None
    pattern: str | None = None
    form: str = ""
    many: bool = False
    unique: bool = False
    leads: str = ""


def column(**rules: Any) -> Any:
    """Return a field of the class of a table's rows, with the rules of its column: what `Column` takes but for the name.

    A field without rules holds any text; one that is a tuple is a list in its cell.
    """
    return field(metadata=rules)


def columns_of(rows: type) -> tuple[Column, ...]:
    """Return the columns of a table by the class of its rows, in the order of the fields; `row` is none of them.

    >>> @dataclass(frozen=True, kw_only=True)
    ... class Pair:
    ...     key: str = column(required=True)
    ...     values: tuple[str, ...]
    ...     row: Row
    >>> [(column.name, column.required, column.many) for column in columns_of(Pair)]
    [('key', True, False), ('values', False, True)]
    """
    return tuple(
        Column(name=held.name, many=held.type is not str, **held.metadata)
        for held in fields(rows)
        if held.name != "row"
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """The cells of one row, the physical line on which it starts, and the columns whose cells have a problem."""

    path: str
    line: int
    cells: Mapping[str, str]
    unsound: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def sound(self, column: str) -> bool:
        """Return whether a cell has no problem of its own."""
        return column not in self.unsound

    def parts(self, column: str) -> tuple[str, ...]:
        """Return the members of a list cell; an empty cell has none."""
        return tuple(self.cells[column].split(LIST_SEPARATOR)) if self.cells[column] else ()

    def problem(self, message: str, remedy: str) -> Problem:
        """Return a problem that points at this row."""
        return Problem(path=self.path, line=self.line, message=message, remedy=remedy)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The rows that could be read, and every problem met on the way."""

    path: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_sheet(root: Path, path: str, columns: Collection[Column], *, may_be_empty: bool = False) -> Sheet:
    """Read and check one CSV below the root; rows with the wrong number of cells are left out.

    Having no rows is a problem unless it `may_be_empty`.
    """
    source = read_source(root, path)
    problems = list(source.problems)
    if not source.text.strip():
        return Sheet(path=path, rows=(), problems=tuple(problems))
    lines, broken = numbered(path, source.text)
    problems += broken
    if not lines:
        return Sheet(path=path, rows=(), problems=tuple(problems))
    (_, header), *body = lines
    header_problems = list(_wrong_header(path, header, columns))
    problems += header_problems
    if header_problems:
        return Sheet(path=path, rows=(), problems=tuple(problems))
    rows = []
    doubted = _doubted(header, [cells for _, cells in body if len(cells) == len(header)], columns)
    for line, cells in body:
        if len(cells) != len(header):
            problems.append(_wrong_length(path, line, cells, header))
            continue
        row = Row(path=path, line=line, cells=dict(zip(header, cells, strict=True)))
        faults = {
            column.name: problem
            for column, doubtful in doubted
            if row.cells[column.name] in doubtful and (problem := _first_problem(row, column))
        }
        problems += faults.values()
        rows.append(replace(row, unsound=frozenset(faults)) if faults else row)
    if not body and not problems and not may_be_empty:
        problems.append(
            Problem(
                path=path,
                line=1,
                message="a header, but no rows.",
                remedy="Restore the rows; data/README.md says what they hold.",
                loses=True,
            )
        )
    for column in columns:
        problems += _repeated(rows, column)
    return Sheet(path=path, rows=tuple(rows), problems=tuple(problems))


def numbered(path: str, text: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Return the rows that could be read, each with the physical line on which it starts, and what is no CSV."""
    if plainly := _one_a_line(text):
        return list(enumerate(plainly, start=1)), []
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        remedy = "Look for a quotation mark that is not closed or not doubled in this row."
        return rows, [Problem(path=path, line=start, message=f"not CSV: {error}.", remedy=remedy, loses=True)]
    return rows, []


def _one_a_line(text: str) -> list[list[str]]:
    """Return the rows if each stands on a line of its own, as nearly always; none if one does not, or is no CSV.

    A line without a quotation mark has its cells between commas, and need not go through the parser.
    """
    lines = text.removesuffix("\n").split("\n") if text else []
    quoted = [line for line in lines if '"' in line]
    try:
        parsed = list(csv.reader(quoted, strict=True))
    except csv.Error:
        return []
    if len(parsed) < len(quoted) or max(map(len, lines), default=0) > csv.field_size_limit():
        return []
    left = iter(parsed)
    return [next(left) if '"' in line else line.split(",") if line else [] for line in lines]


def _doubted(
    header: Sequence[str], body: Sequence[Sequence[str]], columns: Iterable[Column]
) -> tuple[tuple[Column, frozenset[str]], ...]:
    """Return the columns with cells that may have a problem, and these; a cell that stands often is judged once."""
    held = dict(zip(header, zip(*body, strict=True), strict=True)) if body else {}
    by_column = ((column, doubted_of(column, held.get(column.name, ()))) for column in columns)
    return tuple((column, cells) for column, cells in by_column if cells)


def doubted_of(column: Column, cells: Sequence[str]) -> frozenset[str]:
    """Return those cells of a column that may have a problem; any text is judged together, and is mostly clean."""
    if column.words is None and not (column.many or column.pattern or (column.required and "" in cells)):
        text = "\n".join(cells)
        ends = " \n" in text or "\n " in text or " " in (text[:1], text[-1:])
        if not ends and text.count("\n") == len(cells) - 1 and text.replace("\n", "").isprintable():
            return frozenset()
    return frozenset(filterfalse(_judge(column), {*cells}))


def _judge(column: Column) -> Callable[[str], bool]:
    """Return a quick function of a cell that is true only if no rule has anything against it.

    Nearly every cell is clean; what this one doubts, the rules judge one after the other.
    """
    words = None if column.words is None else frozenset(column.words)
    form = re.compile(column.pattern).fullmatch if column.pattern else None
    listed, empty_is_clean = column.many, not column.required

    def clean(cell: str) -> bool:
        if not cell:
            return empty_is_clean
        if cell[0] == " " or cell[-1] == " " or not cell.isprintable() or (form and form(cell) is None):
            return False
        if not listed or ";" not in cell:
            return words is None or cell in words
        members = cell.split(LIST_SEPARATOR)
        once = {*members}
        if len(once) < len(members) or any(not m or ";" in m or m != m.strip() for m in once):
            return False
        return words is None or words.issuperset(once)

    return clean


def _first_problem(row: Row, column: Column) -> Problem | None:
    """Return the first problem of a cell; what comes behind it would mostly follow from it."""
    for rule in (_left_empty, _space_at_an_end, _line_break, _bad_list, _outside_vocabulary, _wrong_form):
        if problem := next(rule(row, column), None):
            return replace(problem, loses=column.unique or bool(column.leads))
    return None


def read_records(
    root: Path, path: str, columns: Collection[Column], make: Callable[..., T], *, may_be_empty: bool = False
) -> tuple[tuple[T, ...], tuple[Problem, ...]]:
    """Read one CSV into typed rows: `make` takes every column by name, lists split, and the `row` to point at."""
    sheet = read_sheet(root, path, columns, may_be_empty=may_be_empty)
    listed = [column.name for column in columns if column.many]

    def made(row: Row) -> T:
        given: dict[str, Any] = {**row.cells, "row": row}
        for name in listed:
            given[name] = tuple(given[name].split(LIST_SEPARATOR)) if given[name] else ()
        return make(**given)

    return tuple(map(made, sheet.rows)), sheet.problems


def _wrong_header(path: str, header: list[str], columns: Collection[Column]) -> Iterator[Problem]:
    known = [column.name for column in columns]
    listed = f"The columns are: {', '.join(known)}."
    meant = {nearest(name, known) for name in header if name not in known}
    for name in known:
        if name not in header and name not in meant:
            yield Problem(path=path, line=1, message=f"column '{name}' is missing.", remedy=listed, loses=True)
    for name in dict.fromkeys(header):
        if name not in known:
            message = f"column '{name}' is not known."
            yield Problem(path=path, line=1, message=message, remedy=suggest(name, known, listed), loses=True)
        elif header.count(name) > 1:
            message = f"column '{name}' stands twice."
            yield Problem(path=path, line=1, message=message, remedy="Keep one of them.", loses=True)


def _wrong_length(path: str, line: int, cells: list[str], header: list[str]) -> Problem:
    if not cells:
        return Problem(path=path, line=line, message="an empty line.", remedy="Delete it.")
    return Problem(
        path=path,
        line=line,
        message=f"{len(cells)} cells where the header has {len(header)}.",
        remedy="Put a cell that contains a comma between double quotes; leave unknown cells empty but keep their commas.",
        loses=True,
    )


def _left_empty(row: Row, column: Column) -> Iterator[Problem]:
    if column.required and not row[column.name].strip():
        yield row.problem(f"{column.name} is empty.", "This column is never empty; data/README.md says what it holds.")


def _space_at_an_end(row: Row, column: Column) -> Iterator[Problem]:
    if row[column.name] != row[column.name].strip():
        yield row.problem(f"{column.name} begins or ends with a space.", "Delete the space.")


def _line_break(row: Row, column: Column) -> Iterator[Problem]:
    if re.search(r"[\n\t]", row[column.name]):
        yield row.problem(f"{column.name} contains a line break or a tab.", "Write the cell on one line.")


def _bad_list(row: Row, column: Column) -> Iterator[Problem]:
    if not column.many or not row[column.name]:
        return
    members = row[column.name].split(";")
    if len(members) > 1 and any(not member.strip() for member in members):
        yield row.problem(f"{column.name} has an empty member.", "Separate members by '; ' and end with none.")
    elif row[column.name] != LIST_SEPARATOR.join(member.strip() for member in members):
        remedy = "Write one semicolon and one space between members."
        yield row.problem(f"{column.name} is not separated by '; '.", remedy)
    elif len(set(row.parts(column.name))) < len(members):
        yield row.problem(f"{column.name} names the same thing twice.", "Keep one of them.")


def _outside_vocabulary(row: Row, column: Column) -> Iterator[Problem]:
    if column.words is None or not row[column.name]:
        return
    listed = ", ".join(sorted(column.words))
    for word in row.parts(column.name) if column.many else (row[column.name],):
        if word not in column.words:
            remedy = suggest(word, column.words, f"Use one of: {listed}.")
            yield row.problem(f"{column.name} '{word}' is not in the vocabulary.", remedy)


def _wrong_form(row: Row, column: Column) -> Iterator[Problem]:
    cell = row[column.name]
    if column.pattern and cell and not re.fullmatch(column.pattern, cell):
        otherwise = "" if column.required else ", or leave the cell empty if it is not established"
        yield row.problem(f"{column.name} '{cell}' is not {column.form}.", f"Write {column.form}{otherwise}.")


def _repeated(rows: list[Row], column: Column) -> Iterator[Problem]:
    if not column.unique:
        return
    first: dict[str, int] = {}
    for row in rows:
        cell = row[column.name]
        if cell and cell in first:
            problem = row.problem(
                f"{column.name} '{cell}' stands in line {first[cell]} already.", "Keep one of the two rows."
            )
            yield replace(problem, loses=True)  # one of the two may have been meant to be another
        else:
            first[cell] = row.line
