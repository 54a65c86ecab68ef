"""Read the mistakes of tests/bad: one patch of the tiny survey each, and the report of the check word for word.

tests/README.md says how to write one.
"""

import csv
import io
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

GOOD = Path(__file__).parent / "good"
BAD = Path(__file__).parent / "bad"
NAMES = sorted(path.stem for path in BAD.iterdir())

Files = Mapping[str, bytes]
Row = list[str]


@cache
def good_files() -> Files:
    """Return the files of the tiny survey by their path below its root."""
    return {str(path.relative_to(GOOD)): path.read_bytes() for path in sorted(GOOD.rglob("*")) if path.is_file()}


def lay_out(root: Path) -> Path:
    """Write the tiny survey into a new folder, and return that."""
    for folder in {(root / path).parent for path in good_files()}:
        folder.mkdir(parents=True, exist_ok=True)
    for path, raw in good_files().items():
        (root / path).write_bytes(raw)
    return root


def files_below(root: Path) -> Files:
    """Return the files that a folder holds, as `good_files` does; of what is kept there, none."""
    found: dict[str, bytes] = {}
    for folder, within, names in os.walk(root):
        within[:] = [name for name in within if name != "_build"]
        below = folder.removeprefix(str(root)).lstrip("/")
        found |= {f"{below}/{name}".lstrip("/"): Path(folder, name).read_bytes() for name in names}
    return found


@contextmanager
def laid_over(name: str, root: Path) -> Iterator[Files]:
    """Let the tiny survey below the root have the mistake for a while, and yield the files as they are meanwhile."""
    try:
        own = patched(name)
        lay_over(name, root)
        yield {path: raw for path, raw in {**good_files(), **own}.items() if raw is not None}
    finally:
        now = files_below(root)
        for path in now.keys() - good_files().keys():
            (root / path).unlink()
        for path, raw in good_files().items():
            if now.get(path) != raw:
                (root / path).write_bytes(raw)


@cache
def mistake(name: str) -> Mapping[str, Any]:
    """Return the patch as it is written. Raises KeyError where a part of it has another name."""
    with (BAD / f"{name}.toml").open("rb") as stream:
        patch = tomllib.load(stream)
    if set(patch) != {"report", "change"}:
        raise KeyError(f"tests/bad/{name}.toml has other parts than report and change: {', '.join(patch)}")
    return patch


def report(name: str) -> str:
    """Return what the check says of the mistake; what follows from the header of a table is filled in."""
    text: str = mistake(name)["report"]
    path = mistake(name)["change"][0]["file"]
    if "{" in text and path.endswith(".csv"):
        header = _rows(good_files()[path])[0]
        text = text.replace("{columns}", ", ".join(header)).replace("{width}", str(len(header)))
        text = text.replace("{width + 1}", str(len(header) + 1)).replace("{width - 1}", str(len(header) - 1))
    return text


def patched(name: str, files: Files | None = None) -> dict[str, bytes | None]:
    """Return every file that the mistake changes, None where it takes it away. Raises ValueError as `changed` does."""
    try:
        return changed(mistake(name)["change"], good_files() if files is None else files)
    except ValueError as error:
        raise ValueError(f"tests/bad/{name}.toml: {error}") from error


def changed(changes: Iterable[Mapping[str, Any]], files: Files) -> dict[str, bytes | None]:
    """Return the files that the changes touch, as they are then.

    Raises ValueError if a change finds nothing to change, or more than one place.
    """
    after: dict[str, bytes | None] = {}
    for change in changes:
        path = change["file"]
        before = after.get(path, files.get(path))
        if before is None:
            raise ValueError(f"there is no {path}")
        try:
            after[path] = _changed(before, {part: change[part] for part in change if part != "file"})
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
        if after[path] == before:
            raise ValueError(f"{path}: {change} changes nothing")
    return after


def lay_over(name: str, root: Path) -> Path:
    """Put the mistake into the copy of the tiny survey below the root, and return the root."""
    for path, raw in patched(name).items():
        if raw is None:
            (root / path).unlink()
        else:
            (root / path).write_bytes(raw)
    return root


def _changed(raw: bytes, change: Mapping[str, Any]) -> bytes | None:
    match change:
        case {"absent": True, **other} if not other:
            return None
        case {"text": str(text), **other} if not other:
            return text.encode()
        case {"encoding": str(encoding), **other} if not other:
            return raw.decode().encode(encoding)
        case {"append": str(text), **other} if not other:
            return raw + text.encode()
        case {"old": str(old), "new": str(new), **other} if set(other) <= {"encoding"}:
            if raw.count(old.encode()) != 1:
                raise ValueError(f"{old!r} stands {raw.count(old.encode())} times")
            return raw.replace(old.encode(), new.encode(other.get("encoding", "utf-8")))
        case {"every": str(old), "new": str(new), **other} if not other:
            return raw.replace(old.encode(), new.encode())
        case _:
            return _text(_changed_table(_rows(raw), change))


def _changed_table(rows: list[Row], change: Mapping[str, Any]) -> list[Row]:
    header, *records = rows
    match change:
        case {"row": dict(row), "set": dict(cells), **other} if not other:
            place = _place(header, records, row)
            records[place] = _with(header, records[place], cells)
        case {"remove": dict(row), **other} if not other:
            del records[_place(header, records, row)]
        case {"rows": 0, **other} if not other:
            records = []
        case {"add": dict(cells), **other} if set(other) <= {"like", "after"}:
            like = records[_place(header, records, other["like"])] if "like" in other else [""] * len(header)
            place = _place(header, records, other["after"]) + 1 if "after" in other else len(records)
            records.insert(place, _with(header, like, cells))
        case {"column": str(column), "name": str(name), **other} if not other:
            header = [*header]
            header[_column(header, column)] = name
        case {"column": str(column), "remove": True, **other} if not other:
            place = _column(header, column)
            header, *records = ([*row[:place], *row[place + 1 :]] for row in rows)
        case {"column": str(column), "add": True, **other} if not other:
            header, records = [*header, column], [[*row, ""] for row in records]
        case _:
            raise ValueError(f"{change} is no change")
    return [header, *records]


def _with(header: Row, record: Row, cells: Mapping[str, str]) -> Row:
    record = [*record]
    for column, value in cells.items():
        record[_column(header, column)] = value
    return record


def _column(header: Row, column: str) -> int:
    if header.count(column) != 1:
        raise ValueError(f"column {column!r} stands {header.count(column)} times")
    return header.index(column)


def _place(header: Row, records: Iterable[Row], wanted: Mapping[str, str]) -> int:
    """Return the place of the one record that has these cells."""
    cells = [(_column(header, column), value) for column, value in wanted.items()]
    found = [place for place, record in enumerate(records) if all(record[column] == value for column, value in cells)]
    if len(found) != 1:
        raise ValueError(f"{dict(wanted)} are the cells of {len(found)} rows")
    return found[0]


def _rows(raw: bytes) -> list[Row]:
    return list(csv.reader(io.StringIO(raw.decode(), newline=""), strict=True))


def _text(rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
