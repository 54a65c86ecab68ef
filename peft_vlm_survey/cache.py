"""The cache on disk: the checked survey, the answers to the chapters' questions, and what else is dear to work out.

All of it lies in `_build/cache`, or for an installed package in the reader's cache. Deleting it costs time alone.
Every file begins with a digest of its content and of what it was made from: data, code, pinned libraries and
`data/README.md`. `load` compares that digest before it unpickles anything, so a file that is damaged, of older code or
of another library counts as absent and is written again.
Every answer is asked again if `code()` changed or any of the sources; another text of a chapter asks none again.
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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from peft_vlm_survey.model import Survey
from peft_vlm_survey.place import ROOT
from peft_vlm_survey.read.chapters import read_citations

FOLDER = Path("_build", "cache")
PACKAGE = Path(__file__).parent
# Code by another name: the libraries that draw and read, and the meanings of columns that exports repeat.
_LIBRARIES = "requirements.txt"
_DICTIONARY = "data/README.md"
_SOURCES = ("CITATION.cff", "references.bib", "data/*.csv", "data/editions/*.zip")
READING = (
    *(
        "checked.py",
        "data.py",
        "form.py",
        "cache.py",
        "model.py",
        "place.py",
        "problems.py",
    ),
    *("read/*.py", "check/*.py", "costs/*.py", "export/bibtex.py"),
)

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


def digest(root: Path, *patterns: str) -> str:
    """Return what changes if and only if a file below the root that matches does, or its name."""
    state = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    files = {name: path for pattern in patterns for name, path in _matching(root, pattern)}
    for name, path in sorted(files.items()):
        state.update(name.encode())
        state.update(hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()


def _matching(root: Path, pattern: str) -> Iterable[tuple[str, Path]]:
    """Return what matches below the root, by its name there; to ask after one file takes a tenth of the time of a search."""
    if "*" in pattern:
        return ((path.relative_to(root).as_posix(), path) for path in root.glob(pattern))
    path = root / pattern
    return ((pattern, path),) if path.exists() else ()


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
    return worked_out(root, Path(path).stem, digest(root, path), lambda: read(root))


def has_cache(root: Path) -> bool:
    """Return whether something is kept below a root: in this repository, and where a build keeps things."""
    return folder(root).is_dir() or root.resolve() == PACKAGE.parent


def worked_out(
    root: Path,
    name: str,
    of: str,
    work: Callable[[], T],
    worth: Callable[[T], bool] = bool,
    by: Callable[[], str] = reading,
) -> T:
    """Return what is worked out from `of`, from the cache if that and the code are the same: by default the code that reads.

    It is kept if it is `worth` that, in this repository and where a build keeps things, not below every folder checked.
    """
    stamp = hashlib.sha256(f"{of}{by()}".encode()).hexdigest()
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An answer on disk: where, and what changes if a page shows it otherwise."""

    file: str
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
    """The answers that are kept below a root, by their calls; `state` tells of which sources and citations they are.

    Each list of them has a name of its own: one for what chapters ask, one for the files that the site makes of data.
    """

    root: Path
    name: str
    code: str = ""
    state: tuple[str, str] = ("", "")
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def current(self) -> bool:
        """Whether every answer is that of the data and the code as they are now."""
        return self.code == code() and self.state[0] == sources(self.root)

    def hold_against(self, survey: Survey) -> None:
        """Drop every answer if the sources changed, or what chapters cite."""
        state = sources(self.root), repr(sorted({(citation.path, citation.key) for citation in survey.citations}))
        if state != self.state:
            self.state = state
            self.entries.clear()

    def load(self, kept: Entry) -> Any:
        """Return an answer; None if its file is gone or damaged."""
        return load(folder(self.root) / kept.file, self.code)

    def renew(self, call: str, label: str, survey: Survey, ask: Callable[[Survey], Any]) -> Entry:
        """Return the answer to a call as kept, asked again if it is not there, lacks a form, or its file is damaged.

        Raises whatever the question raises, and a Warning where it brings one.
        """
        kept = self.entries.get(call)
        if kept and kept.serves() and sound(folder(self.root) / kept.file, self.code):
            return kept
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            answer = ask(survey)
            text = pickle.dumps(answer, protocol=5)  # a figure is drawn here, and may warn
        name = hashlib.sha256(text).hexdigest()[:16]
        _write(folder(self.root) / f"{self.name}-{name}.pickle", self.code, text)
        data = getattr(answer, "data", ())
        drawn, written = hasattr(answer, "svg"), hasattr(answer, "on_the_site")
        # Texts of many files are told by their digest.
        said = answer.svg if drawn else answer.on_the_site if written else name
        kept = Entry(
            file=f"{self.name}-{name}.pickle",
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
    state, entries = load(path, code()) or (("", ""), {})
    # Another process may have kept other answers meanwhile, and deleted these.
    entries = {call: kept for call, kept in entries.items() if (path.parent / kept.file).is_file()}
    return Answers(root=root, name=name, code=code(), state=state, entries=entries)
