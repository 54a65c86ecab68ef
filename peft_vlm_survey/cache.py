"""The cache on disk: the checked survey, the answers to the chapters' questions, and what else is dear to work out.

All of it lies in `_build/cache`, or for an installed package in the reader's cache. Deleting it costs time alone.
Every file begins with a digest of its content and of what it was made from: data, code, pinned libraries and
`data/README.md`. `load` compares that digest before it unpickles anything, so a file that is damaged, of older code or
of another library counts as absent and is written again.
An answer is asked again if something changed that it looked at (`Watched`), and every answer if `code()` changed.
A chapter's kernel loads an answer from here, so that it needs neither the survey nor what draws figures.
"""

import gc
import hashlib
import os
import pickle
import re
import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast

from peft_vlm_survey import per_paper
from peft_vlm_survey.columns_read import ROWS, Column, columns_read, nothing_noted, read_plainly
from peft_vlm_survey.model import Survey
from peft_vlm_survey.place import ROOT
from peft_vlm_survey.read.chapters import read_citations
from peft_vlm_survey.read.descriptions import Description
from peft_vlm_survey.read.joined import paper_row
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.read.sheets import Row

FOLDER = Path("_build", "cache")
PACKAGE = Path(__file__).parent
# Code by another name: the libraries that draw and read, and the meanings of columns that exports repeat.
_LIBRARIES = "requirements.txt"
_DICTIONARY = "data/README.md"
_SOURCES = ("CITATION.cff", "references.bib", "data/*.csv", "data/editions/*.zip")
READING = (
    *(
        "checked.py",
        "columns_read.py",
        "data.py",
        "form.py",
        "cache.py",
        "model.py",
        "per_paper.py",
        "place.py",
        "problems.py",
    ),
    *("read/*.py", "check/*.py", "costs/*.py", "export/bibtex.py"),
)
Look = tuple[str, ...]
_LOOKS = "looks"  # stamp of the digests of looks, each of which has a state of its own
# What is looked up by a key: an answer depends on what was found there, and not on the whole file.
_LOOKED_UP = (
    "paper",
    "description",
    "drawing",
    "drawn_parts",
    "name",
    "venue",
    "origin",
    "protocol",
    "benchmark",
    "dataset",
    "core",
)
# What joins given rows with a table, or is made of some.
_MADE_OF = {
    "number_rows": ("origins",),
    "numbers": ("results", "measurements", "reported_costs"),
    "roles_of_methods": ("methods",),
    "dataset_of": ("datasets",),
}
# Tables by the names of their rows: the table, and under which name one of its rows is noted.
_INDICES = {
    "papers_by_key": ("papers", "paper"),
    "descriptions_by_key": ("descriptions", "description"),
    "origins_by_id": ("origins", "origin"),
}
# Who looks at very many rows of a kind looks at all of them.
_MANY = 500
_WHOLE: Mapping[str, frozenset[Look]] = {
    **{look: frozenset({("column", table, "row")}) for table, look in _INDICES.values()},
    "references": frozenset({("references",)}),
    "venue": frozenset({("references",), ("venues",)}),
    "name": frozenset({("references",), ("background",), ("column", "papers", "name")}),
}
# Who asks for the root looks for earlier editions.
_FILES = {"references": "references.bib", "edition": "CITATION.cff", "root": "data/editions/*.zip"}
# What a look at a single thing depends on, where that is one file; all other looks depend on every source.
_IN_FILE = {
    **{look: f"data/{table}.csv" for table, look in _INDICES.values()},
    "references": _FILES["references"],
}

# Links to pages made from the data, whose texts are looked up when a chapter is read.
_NAMED = re.compile(r"\{(paper|benchmark|dataset)\}`(?:[^`<]*<)?([^`<>]+)>?`")

T = TypeVar("T")


def folder(root: Path) -> Path:
    """Return where things are kept: below the root, but what is installed is left as it was installed.

    What runs beside a build of the same tree keeps its things elsewhere, where `SURVEY_CACHE` says.
    """
    if PACKAGE not in root.parents:
        return root / os.environ.get("SURVEY_CACHE", FOLDER)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "peft-vlm-survey"


def prints() -> bool:
    """Return whether a PDF is made beside the site."""
    return os.environ.get("SURVEY_PDF") == "1"


def whole() -> bool:
    """Return whether a whole site is built, and not a draft."""
    return os.environ.get("SURVEY_WHOLE") == "1"


def forms() -> tuple[str, ...]:
    """Return the forms in which this build draws figures: a draft only shows them, a whole site also gives them away."""
    if whole():
        return ("svg", "pdf", "png")
    return ("svg", "pdf") if prints() else ("svg",)


def names_in(text: str) -> frozenset[tuple[str, str]]:
    """Return the papers and benchmarks that a text leads to by its roles, each as kind and key."""
    return frozenset((kind, key) for kind, key in _NAMED.findall(text))


_HEAD = hashlib.sha256().digest_size  # bytes before the content of a file
_memory: dict[Any, tuple[str, Any]] | None = None  # of a process that stays: what it made, and of what


def stay() -> None:
    """Hold in memory what was read and made, from now on: this process makes many drafts."""
    global _memory
    _memory = {}
    per_paper.stay()


def held(name: Any, of: Callable[[], str], make: Callable[[], T]) -> T:
    """Return what is made; a process that stays makes it again only when what it is made of has changed."""
    if _memory is None:
        return make()
    stamp = of()
    if name not in _memory or _memory[name][0] != stamp:
        _memory[name] = stamp, make()
    return cast(T, _memory[name][1])


def digest(root: Path, *patterns: str) -> str:
    """Return what changes if and only if a file below the root that matches does, or its name."""
    state = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    files = {name: path for pattern in patterns for name, path in _matching(root, pattern)}
    for name, path in sorted(files.items()):
        state.update(name.encode())
        state.update(held(("file", path), partial(_times, path), partial(_file_digest, path)))
    return state.hexdigest()


def _matching(root: Path, pattern: str) -> Iterable[tuple[str, Path]]:
    """Return what matches below the root, by its name there; to ask after one file takes a tenth of the time of a search."""
    if "*" in pattern:
        return ((path.relative_to(root).as_posix(), path) for path in root.glob(pattern))
    path = root / pattern
    return ((pattern, path),) if path.exists() else ()


def _times(path: Path) -> str:
    """Return what changes when a file is written, in a process that stays longer than a clock's tick."""
    return f"{(now := path.stat()).st_mtime_ns} {now.st_size} {now.st_ino}"


def _file_digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


@cache
def code() -> str:
    """Return what changes if the package's own code does, a pinned library, or the meaning of a column."""
    return digest(PACKAGE, "*.py", "*/*.py") + digest(ROOT, _LIBRARIES, _DICTIONARY)


@cache
def reading() -> str:
    """Return what changes if the code that reads, checks and forms does, or a pinned library."""
    return digest(PACKAGE, *READING) + digest(ROOT, _LIBRARIES)


def sources(root: Path) -> str:
    """Return what changes if the data, the bibliography or the edition do."""
    return digest(root, *_SOURCES)


def survey_of(root: Path, read: Callable[[Path], Survey]) -> Survey:
    """Return the survey below the root as it was kept, or as it is read now. Raises what `read` raises."""
    citations, problems = read_citations(root)
    cited = sorted({(citation.path, citation.key) for citation in citations})
    stamp = hashlib.sha256(f"{sources(root)}{reading()}{cited}{problems}".encode()).hexdigest()
    path = folder(root) / f"survey-{stamp[:16]}.pickle"
    if _memory is not None and not problems:
        return replace(held(("survey", root), lambda: stamp, lambda: read(root)), citations=citations)
    cached: Survey | None = None if problems else load(path, stamp)
    if cached is not None:
        return replace(cached, citations=citations, root=root)  # the folder may have been moved
    survey = read(root)
    for old in path.parent.glob("survey-*.pickle"):
        old.unlink(missing_ok=True)
    save(path, stamp, survey)
    return survey


def parsed(root: Path, path: str, read: Callable[[Path], T]) -> T:
    """Return what a reader makes of one file below the root, as it was kept or as it is read now."""
    state = digest(root, path)
    return held(
        ("parsed", root, path), lambda: state, lambda: worked_out(root, Path(path).stem, state, lambda: read(root))
    )


def has_cache(root: Path) -> bool:
    """Return whether something is kept below a root: in this repository, and where a build keeps things."""
    return folder(root).is_dir() or root.resolve() == PACKAGE.parent


def worked_out(root: Path, name: str, of: str, work: Callable[[], T], worth: Callable[[T], bool] = bool) -> T:
    """Return what is worked out from `of` by the code that reads and checks, as it was kept or as it is found now.

    It is kept if it is `worth` that, in this repository and where a build keeps things, not below every folder checked.
    """
    stamp = hashlib.sha256(f"{of}{reading()}".encode()).hexdigest()
    path = folder(root) / f"{name}-{stamp[:16]}.pickle"
    cached: T | None = load(path, stamp)
    if cached is not None:
        return cached
    made = work()
    if worth(made) and has_cache(root):
        for old in path.parent.glob(f"{name}-*.pickle"):
            old.unlink(missing_ok=True)
        save(path, stamp, made)
    return made


def copy_cache(root: Path, copy: Path) -> None:
    """Let a copy of a root have what was worked out of files that are still the same, and of checks that found nothing."""
    for pattern in ("checked.pickle", "costs-*.pickle"):
        for path in folder(root).glob(pattern):
            folder(copy).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder(copy) / path.name)


@contextmanager
def all_wanted() -> Iterator[None]:
    """Do what is inside without a search for garbage: thousands of new objects, none of which is any."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def load(path: Path, stamp: str) -> Any:
    """Return what `save` wrote under the same stamp; None if there is no such file, or another or a damaged one."""
    content = _content(path, stamp)
    if content is None:
        return None
    with all_wanted():
        return pickle.loads(content)  # noqa: S301 (`save` wrote just this, with just this code)


def sound(path: Path, stamp: str) -> bool:
    """Return whether a file is as `save` wrote it under the same stamp."""
    return _content(path, stamp) is not None


def _content(path: Path, stamp: str) -> memoryview | None:
    try:
        raw = memoryview(path.read_bytes())
    except OSError:
        return None
    return raw[_HEAD:] if raw[:_HEAD] == _head(stamp, raw[_HEAD:]) else None


def save(path: Path, stamp: str, thing: Any) -> None:
    """Write a thing, whole or not at all, under a stamp of what it was made from; a folder that cannot be written is left."""
    _write(path, stamp, pickle.dumps(thing, protocol=5))


def _head(stamp: str, content: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(stamp.encode())
    digest.update(content)
    return digest.digest()


def _write(path: Path, stamp: str, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}.new")  # another process may keep the same
        with new.open("wb") as file:
            file.write(_head(stamp, content))
            file.write(content)
        new.replace(path)
    except OSError:
        return


class Watched:
    """The survey as one question sees it, with a note of everything that the question looks at.

    It stands in the place of a `Survey`: whole files are noted by their digest, single rows by what they say, and
    of the tables in `columns_read.ROWS` the columns that are read while `noting`, or of those in `columns_read.BY_ROW` the rows.
    """

    def __init__(self, survey: Survey, known: "Looks") -> None:
        self._survey = survey
        self._known = known
        self._tables: set[str] = set()  # those of which columns count
        self._taken: set[Callable[[Survey], Any]] = set()  # derived things whose looks are among these
        self.looks: set[Look] = set()

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note the columns and rows that are read meanwhile, of every table that was looked at as a whole, here or in what was derived."""
        with columns_read() as found:
            yield
        columns = set(found.columns)
        for column, rows in found.rows.items():
            where, others = self._known.places(column, rows, self._tables)
            self.looks |= where
            if others:  # made of rows, so that nobody knows of which
                columns.add(column)
        self.looks |= {("column", table, name) for table in self._tables for row, name in columns if row is ROWS[table]}

    def __getattr__(self, name: str) -> Any:
        """Return what the survey has under a name, and note that; it is asked for once of each question."""
        with nothing_noted():
            value = getattr(self._survey, name)
        self.__dict__[name] = seen = self._seen(name, value)
        return seen

    def _seen(self, name: str, value: Any) -> Any:
        if name in _LOOKED_UP:

            def look_up(key: str) -> Any:
                self.looks.add((name, key))
                with nothing_noted():
                    return value(key)

            return look_up
        if name == "derived":
            return self._derive
        if name == "paper_rows":
            return partial(self.of_papers, paper_row)
        if name == "in_order":
            return partial(_in_order, value)
        if name in _INDICES:
            return _WatchedIndex(value, self, _INDICES[name])
        if name == "references":
            return _WatchedReferences(value, self.looks)
        for table in _files_of(name):
            self._look_at(table)
        return value

    def _look_at(self, table: str) -> None:
        """Note that a table was looked at as a whole: which rows it has, and those columns that are read."""
        if table in ROWS:
            self._tables.add(table)
            self.looks.add(("column", table, _first(table)))
        else:
            self.looks.add((table,))

    def of_papers(self, work: Callable[[Paper, Reference, Description | None], T], papers: Iterable[Paper]) -> list[T]:
        """Return what is made of each of some papers, and note what is said of these alone."""
        with nothing_noted():
            given = list(papers)
            self.looks |= {(name, paper.key) for name in ("paper", "description", "references") for paper in given}
            return self._survey.of_papers(work, given)

    def _derive(self, work: Callable[[Survey], Any]) -> Any:
        """Return what was derived, and note all that was looked at when it was, perhaps for another question."""
        known = self._known.derived
        if work not in known and getattr(work, "dear", False):
            made, looks = self._known.kept(work)
            known[work] = made, looks, frozenset()
        elif work not in known:
            inner = Watched(self._survey, self._known)
            with inner.noting():
                made = work(cast(Survey, inner))
            known[work] = made, frozenset(fewer(inner.looks)), frozenset(inner._tables)
        made, looks, tables = known[work]
        if work not in self._taken:
            self._taken.add(work)
            self.looks |= looks
            self._tables |= tables  # rows may be part of what was made
        return made


def _in_order(sort: Callable[[list[T]], list[T]], numbers: Iterable[T]) -> list[T]:
    """Return numbers in their order, for which nobody need know what they say: whoever has them has looked at the table."""
    given = list(numbers)
    with nothing_noted():
        return sort(given)


def _files_of(name: str) -> tuple[str, ...]:
    """Return the names of the tables that an attribute of the survey holds, joins with, or is an index of."""
    return _MADE_OF.get(name) or (name.partition("_by_")[0],)


@cache
def _first(table: str) -> str:
    return fields(ROWS[table])[0].name


class _WatchedIndex(Mapping[str, Any]):
    """A table by the names of its rows: what is looked up in it is noted as that row, and otherwise the whole table."""

    def __init__(self, rows: Mapping[str, Any], watched: Watched, index: tuple[str, str]) -> None:
        self._rows = rows
        self._watched = watched
        self._table, self._look = index

    def __getitem__(self, key: str) -> Any:
        self._watched.looks.add((self._look, key))
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        self._watched.looks.add(("column", self._table, _first(self._table)))
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        self._watched._look_at(self._table)
        return iter(self._rows)

    def __len__(self) -> int:
        self._watched._look_at(self._table)
        return len(self._rows)


class _WatchedReferences(Mapping[str, Any]):
    """The bibliography, with a note of the entries that were looked at."""

    def __init__(self, entries: Mapping[str, Any], looks: set[Look]) -> None:
        self._entries = entries
        self._looks = looks

    def __getitem__(self, key: str) -> Any:
        self._looks.add(("references", key))
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        self._looks.add(("references", str(key)))
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        self._looks.add(("references",))
        return iter(self._entries)

    def __len__(self) -> int:
        self._looks.add(("references",))
        return len(self._entries)


class Looks:
    """What a survey says wherever a question may look, as digests, each made once, and again when its file changes."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._states: dict[str, str] = {}
        self._places: dict[str, dict[int, int]] = {}  # of the rows of a table, by their identities
        self._known: dict[Look, str] = self._remembered()
        self._dear = answers(survey.root, "derived")
        self._loaded: dict[str, Any] = {}
        self.derived: dict[Callable[[Survey], Any], tuple[Any, frozenset[Look], frozenset[str]]] = {}

    def __getitem__(self, look: Look) -> str:
        if look not in self._known:
            self._known[look] = hashlib.sha256(self._text(look).encode()).hexdigest()[:16]
        return self._known[look]

    def still(self, before: Mapping[Look, str]) -> bool:
        """Return whether the survey says wherever was looked what it said before."""
        # All at once where they have been looked at: a build asks of hundreds of thousands.
        return before.items() <= self._known.items() or all(self[look] == then for look, then in before.items())

    def still_where(self, before: Mapping[Look, str]) -> frozenset[Look]:
        """Return the looks at which the survey says what it said before."""
        for look in before.keys() - self._known.keys():
            self[look]
        return frozenset(look for look, _ in before.items() & self._known.items())

    def places(self, column: Column, rows: Iterable[int], tables: Collection[str]) -> tuple[set[Look], bool]:
        """Return rows, given by their identities, as looks at a column of these tables, and whether some stand in none of them."""
        left = set(rows)
        found: set[Look] = set()
        for table in sorted(table for table in tables if ROWS[table] is column[0]):
            if table not in self._places:
                self._places[table] = {id(row): place for place, row in enumerate(getattr(self._survey, table))}
            places = self._places[table]
            if own := sorted(places[row] for row in left if row in places):
                found.add(("rows", table, column[1], " ".join(map(str, own))))
                left = {row for row in left if row not in places}
        return found, bool(left)

    def kept(self, work: Callable[[Survey], Any]) -> tuple[Any, frozenset[Look]]:
        """Return what was derived with much work, from the disk if nothing changed at which it looked, and where that was."""
        name = getattr(work, "__qualname__", None) or repr(
            work
        )  # of a thing that can be called, with what it is made with
        found = self._dear.renew(f"{work.__module__}.{name}", "", self._survey, self, work)
        if found.file not in self._loaded:
            self._loaded[found.file] = self._dear.load(found)
        return self._loaded[found.file], frozenset(found.looks)

    def save(self) -> None:
        """Keep on disk what was derived with much work, and the digests."""
        if self._dear.entries:
            self._dear.save()
        by_file: dict[str, dict[Look, str]] = {}
        for look, said in self._known.items():
            by_file.setdefault(_file_of(look), {})[look] = said
        save(self._path, _LOOKS, {file: (self._state(file), known) for file, known in by_file.items()})

    @property
    def _path(self) -> Path:
        return folder(self._survey.root) / "looks.pickle"

    def _remembered(self) -> dict[Look, str]:
        """Return the digests that were kept, of files that are as they were."""
        cached: dict[str, tuple[str, dict[Look, str]]] = load(self._path, _LOOKS) or {}
        valid = [known for file, (state, known) in cached.items() if state == self._state(file)]
        return {look: said for known in valid for look, said in known.items()}

    def _state(self, file: str) -> str:
        """Return what changes if a file does, or every source where none is named, or the code that reads."""
        if file not in self._states:
            root = self._survey.root
            self._states[file] = f"{reading()}{digest(root, file) if file else sources(root) + self._cited()}"
        return self._states[file]

    def _cited(self) -> str:
        return repr([(citation.path, citation.key) for citation in self._survey.citations])

    def _text(self, look: Look) -> str:
        name, *keys = look
        if name == "column":
            table, column = keys
            rows = getattr(self._survey, table)
            return repr([_said(read_plainly((ROWS[table], column), row)) for row in rows])
        if name == "rows":
            table, column, places = keys
            rows, last = getattr(self._survey, table), len(getattr(self._survey, table))
            read = [rows[place] for place in map(int, places.split()) if place < last]
            return repr([_said(read_plainly((ROWS[table], column), row)) for row in read])
        if keys:
            try:
                found = self._survey.references[keys[0]] if name == "references" else getattr(self._survey, name)(*keys)
            except KeyError:
                return ""
            return repr([_said(thing) for thing in found] if isinstance(found, tuple) else _said(found))
        if name == "citations":
            return self._cited()
        root, files = self._survey.root, _FILES.get(name, f"data/{name}.csv")
        return digest(root, files) if name in _FILES or Path(root, files).is_file() else sources(root)


def _file_of(look: Look) -> str:
    """Return the one file on which it depends what a survey says there; empty for every source."""
    name, *keys = look
    if name in ("column", "rows"):
        return f"data/{keys[0]}.csv"
    return _IN_FILE.get(name, "") if keys else ""


def fewer(looks: set[Look]) -> set[Look]:
    """Return the same looks, those at very many rows of a kind as one look at all of them."""
    if len(looks) <= _MANY:
        return looks
    often = {kind for kind, number in Counter(look[0] for look in looks if len(look) == 2).items() if number > _MANY}
    many = often & _WHOLE.keys()
    few = {look for look in looks if len(look) != 2 or look[0] not in many}
    return few.union(*(_WHOLE[kind] for kind in many))


def _said(thing: Any) -> Any:
    """Return what a row says, without the line on which it says so."""
    if isinstance(thing, Row):
        return _in_one(thing)
    return _in_one(row) if (row := getattr(thing, "row", None)) else getattr(thing, "fields", thing)


def _in_one(row: Row) -> str:
    """Return the cells of a row, none of which has two lines, as one text; a table of texts takes five times as long to digest."""
    return "\n".join(row.cells.values())


def said(thing: Any) -> Any:
    """Return what a thing says that is made of rows: their cells, in the order in which it holds them."""
    if isinstance(thing, str):
        return thing
    if isinstance(thing, (tuple, list)):
        parts: Iterable[Any] = thing
    elif names := _made_of(type(thing)):  # type: ignore[arg-type]  # a type can be hashed
        parts = (getattr(thing, name) for name in names)
    else:
        return _said(thing)
    # Most parts are texts, and a call for each of them takes longer than all the rest.
    return [part if part.__class__ is str else said(part) for part in parts]


@cache
def _made_of(kind: type) -> tuple[str, ...]:
    """Return the fields of what is made of rows; none of what is a row itself, or something else."""
    names = tuple(held.name for held in fields(kind)) if is_dataclass(kind) else ()
    return () if "row" in names or hasattr(kind, "row") else names


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An answer on disk: where, what was looked at for it, and what changes if a page shows it otherwise."""

    file: str
    looks: Mapping[Look, str]
    shown: str
    label: str
    has_data: bool
    names: frozenset[tuple[str, str]]
    forms: frozenset[str]  # of a figure: those that were drawn
    printed: bool  # whether it holds what a PDF shows more of than the site

    def serves(self) -> bool:
        """Return whether it has every form that this build needs."""
        return (self.printed or not prints()) and (not self.forms or self.forms >= set(forms()))


@dataclass(kw_only=True, slots=True)
class Answers:
    """The answers that are kept below a root, by their calls; `state` tells what data they were last held against.

    Each list of them has a name of its own: one for what chapters ask, one for the files that the site makes of data.
    """

    root: Path
    name: str
    code: str = ""
    state: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def current(self) -> bool:
        """Whether every answer is that of the data and the code as they are now."""
        return self.code == code() and self.state == sources(self.root)

    def load(self, kept: Entry) -> Any:
        """Return an answer; None if its file is gone or damaged."""
        return load(folder(self.root) / kept.file, self.code)

    def renew(self, call: str, label: str, survey: Survey, looks: Looks, ask: Callable[[Survey], Any]) -> Entry:
        """Return the answer to a call as kept, asked again if what it looked at has changed, or its file is damaged.

        Raises whatever the question raises, and a Warning where it brings one.
        """
        kept = self.entries.get(call)
        if kept and kept.serves() and looks.still(kept.looks) and sound(folder(self.root) / kept.file, self.code):
            return kept
        watched = Watched(survey, looks)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with watched.noting():
                answer = ask(cast(Survey, watched))
                text = pickle.dumps(answer, protocol=5)  # a figure is drawn here, and may warn
        name = hashlib.sha256(text).hexdigest()[:16]
        _write(folder(self.root) / f"{self.name}-{name}.pickle", self.code, text)
        data = getattr(answer, "data", ())
        drawn, written = hasattr(answer, "svg"), hasattr(answer, "on_the_site")
        # Texts of many files are told by their digest.
        said = answer.svg if drawn else answer.on_the_site if written else name
        kept = Entry(
            file=f"{self.name}-{name}.pickle",
            looks={look: looks[look] for look in sorted(fewer(watched.looks))},
            shown=hashlib.sha256(f"{said}{bool(data)}".encode()).hexdigest(),
            label=label,
            has_data=bool(data),
            names=names_in(said) if written else frozenset(),
            forms=frozenset(forms()) if drawn else frozenset(),
            printed=prints() or not (written and answer.more_on_paper),
        )
        self.entries[call] = kept
        return kept

    def save(self) -> None:
        """Keep the list of what is kept, and delete what nobody asks for any more."""
        save(folder(self.root) / f"{self.name}.pickle", self.code, (self.state, self.entries))
        wanted = {kept.file for kept in self.entries.values()}
        for path in folder(self.root).glob(f"{self.name}-*.pickle"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)


def answers(root: Path, name: str = "answers") -> Answers:
    """Return the answers that are kept below a root; none if they were given by other code."""
    path = folder(root) / f"{name}.pickle"
    state, entries = load(path, code()) or ("", {})
    # Another process may have kept other answers meanwhile, and deleted these.
    entries = {call: kept for call, kept in entries.items() if (path.parent / kept.file).is_file()}
    return Answers(root=root, name=name, code=code(), state=state, entries=entries)
