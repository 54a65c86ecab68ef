"""What is worked out once and kept on disk: the checked survey, and the answers to the chapters' questions.

All of it lies in `_build/kept`, or for an installed package in the reader's cache, under digests of what it was made
from. Nothing there is a source: deleting it costs time alone. A chapter's kernel reads an answer from here, so that it loads neither the survey nor what draws figures.
"""

import gc
import hashlib
import os
import pickle
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.chapters import read_citations

FOLDER = Path("_build", "kept")
PACKAGE = Path(__file__).parent
_SOURCES = ("CITATION.cff", "references.bib", "data/*.csv", "data/editions/*.zip")
_READING = ("data.py", "kept.py", "model.py", "problems.py", "read/*.py", "check/*.py", "costs/*.py")
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
    "core",
)
# What joins given rows with a file.
_JOINS = {"paper_rows": ("references", "descriptions"), "number_rows": ("origins",)}
_FILES = {"references": "references.bib", "edition": "CITATION.cff"}

# Links to pages made from the data, whose texts are looked up when a chapter is read.
_NAMED = re.compile(r"\{(paper|benchmark|dataset)\}`(?:[^`<]*<)?([^`<>]+)>?`")

Look = tuple[str, ...]
T = TypeVar("T")


def folder(root: Path) -> Path:
    """Return where things are kept: below the root, but what is installed is left as it was installed."""
    if PACKAGE not in root.parents:
        return root / FOLDER
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "peft-vlm-survey"


def prints() -> bool:
    """Return whether a PDF is made beside the site."""
    return os.environ.get("SURVEY_PDF") == "1"


def forms() -> tuple[str, ...]:
    """Return the forms in which this build draws figures: a draft only shows them, a whole site also gives them away."""
    if os.environ.get("SURVEY_WHOLE") == "1":
        return ("svg", "pdf", "png")
    return ("svg", "pdf") if prints() else ("svg",)


def names_in(text: str) -> frozenset[tuple[str, str]]:
    """Return the papers and benchmarks that a text leads to by its roles, each as kind and key."""
    return frozenset((kind, key) for kind, key in _NAMED.findall(text))


def digest(root: Path, *patterns: str) -> str:
    """Return what changes if and only if a file below the root that matches does, or its name."""
    state = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        state.update(path.relative_to(root).as_posix().encode())
        state.update(hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()


@cache
def code() -> str:
    """Return what changes if the package's own code does."""
    return digest(PACKAGE, "*.py", "*/*.py")


@cache
def _reading() -> str:
    """Return what changes if the code that reads and checks does."""
    return digest(PACKAGE, *_READING)


def sources(root: Path) -> str:
    """Return what changes if the data, the bibliography or the edition do."""
    return digest(root, *_SOURCES)


def survey_of(root: Path, read: Callable[[Path], Survey]) -> Survey:
    """Return the survey below the root as it was kept, or as it is read now. Raises what `read` raises."""
    citations, problems = read_citations(root)
    cited = sorted({(citation.path, citation.key) for citation in citations})
    stamp = hashlib.sha256(f"{sources(root)}{_reading()}{cited}{problems}".encode()).hexdigest()
    path = folder(root) / f"survey-{stamp[:16]}.pickle"
    if path.is_file() and not problems:
        kept: Survey = _load(path)
        return replace(kept, citations=citations, root=root)  # the folder may have been moved
    survey = read(root)
    for old in path.parent.glob("survey-*.pickle"):
        old.unlink(missing_ok=True)
    _save(path, survey)
    return survey


def parsed(root: Path, path: str, read: Callable[[Path], T]) -> T:
    """Return what a reader makes of one file below the root, as it was kept or as it is read now."""
    return worked_out(root, Path(path).stem, digest(root, path), lambda: read(root))


def worked_out(root: Path, name: str, of: str, work: Callable[[], T], worth: Callable[[T], bool] = bool) -> T:
    """Return what is worked out from `of` by the code that reads and checks, as it was kept or as it is found now.

    It is kept if it is `worth` that, in this repository and where a build keeps things, not below every folder checked.
    """
    stamp = hashlib.sha256(f"{of}{_reading()}".encode()).hexdigest()
    kept = folder(root) / f"{name}-{stamp[:16]}.pickle"
    if kept.is_file():
        made: T = _load(kept)
        return made
    made = work()
    if worth(made) and (kept.parent.is_dir() or root.resolve() == PACKAGE.parent):
        for old in kept.parent.glob(f"{name}-*.pickle"):
            old.unlink(missing_ok=True)
        _save(kept, made)
    return made


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


def _load(path: Path) -> Any:
    with all_wanted():
        return pickle.loads(path.read_bytes())  # noqa: S301 (written by `_save` alone)


def _save(path: Path, thing: Any) -> None:
    """Keep a thing, whole or not at all; where nothing can be written, nothing is kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_bytes(pickle.dumps(thing, protocol=5))
        new.replace(path)
    except OSError:
        return


class Watched:
    """The survey as one question sees it, with a note of everything that the question looks at.

    It stands in the place of a `Survey`: whole files are noted by their digest, single rows by what they say.
    """

    def __init__(self, survey: Survey, known: "Looks") -> None:
        self._survey = survey
        self._known = known
        self.looks: set[Look] = set()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._survey, name)
        if name in _LOOKED_UP:

            def look_up(key: str) -> Any:
                self.looks.add((name, key))
                return value(key)

            return look_up
        if name == "derived":
            return self._derive
        if name == "references":
            return _WatchedReferences(value, self.looks)
        self.looks.update((file,) for file in _files_of(name))
        return value

    def _derive(self, work: Callable[[Survey], Any]) -> Any:
        """Return what was derived, and note all that was looked at when it was, perhaps for another question."""
        if work not in self._known.derived:
            inner = Watched(self._survey, self._known)
            self._known.derived[work] = work(cast(Survey, inner)), inner.looks
        made, looks = self._known.derived[work]
        self.looks |= looks
        return made


def _files_of(name: str) -> tuple[str, ...]:
    """Return the names of the tables that an attribute of the survey holds, joins with, or is an index of."""
    return _JOINS.get(name) or (name.partition("_by_")[0],)


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
    """What a survey says wherever a question may look, as digests, each made once."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._known: dict[Look, str] = {}
        self.derived: dict[Callable[[Survey], Any], tuple[Any, set[Look]]] = {}

    def __getitem__(self, look: Look) -> str:
        if look not in self._known:
            self._known[look] = hashlib.sha256(self._text(look).encode()).hexdigest()[:16]
        return self._known[look]

    def _text(self, look: Look) -> str:
        name, *keys = look
        if keys:
            try:
                found = self._survey.references[keys[0]] if name == "references" else getattr(self._survey, name)(*keys)
            except KeyError:
                return ""
            return repr([_said(thing) for thing in found] if isinstance(found, tuple) else _said(found))
        if name == "citations":
            return repr([(citation.path, citation.key) for citation in self._survey.citations])
        path = self._survey.root / _FILES.get(name, f"data/{name}.csv")
        return (
            digest(self._survey.root, path.relative_to(self._survey.root).as_posix())
            if path.is_file()
            else sources(self._survey.root)
        )


def _said(thing: Any) -> Any:
    """Return what a row says, without the line on which it says so."""
    return row.cells if (row := getattr(thing, "row", None)) else getattr(thing, "fields", thing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An answer on disk: where, what was looked at for it, and what changes if a page shows it otherwise."""

    file: str
    looks: Mapping[Look, str]
    shown: str
    label: str
    has_data: bool
    names: frozenset[tuple[str, str]]
    forms: frozenset[str]  # of a figure: those that were drawn

    def serves(self) -> bool:
        """Return whether it has every form that this build needs."""
        return not self.forms or self.forms >= set(forms())


@dataclass(kw_only=True, slots=True)
class Answers:
    """The answers that are kept below a root, by their calls; `state` tells what data they were last held against.

    Each list of them has a name of its own: one for what chapters ask, one for the files that the site makes of data.
    """

    root: Path
    name: str
    code: str = ""
    state: str = ""
    entries: dict[str, Kept] = field(default_factory=dict)

    @property
    def current(self) -> bool:
        """Whether every answer is that of the data and the code as they are now."""
        return self.code == code() and self.state == sources(self.root)

    def load(self, kept: Kept) -> Any:
        """Return an answer."""
        return _load(folder(self.root) / kept.file)

    def renew(self, call: str, label: str, survey: Survey, looks: Looks, ask: Callable[[Survey], Any]) -> Kept:
        """Return the answer to a call as kept, asked again if what it looked at has changed.

        Raises whatever the question raises, and a Warning where it brings one.
        """
        kept = self.entries.get(call)
        if kept is not None and kept.serves() and all(looks[look] == said for look, said in kept.looks.items()):
            return kept
        watched = Watched(survey, looks)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            answer = ask(cast(Survey, watched))
            text = pickle.dumps(answer, protocol=5)  # a figure is drawn here, and may warn
        name = hashlib.sha256(text).hexdigest()[:16]
        _save(folder(self.root) / f"{self.name}-{name}.pickle", answer)
        data = getattr(answer, "data", ())
        shown = hashlib.sha256(f"{getattr(answer, 'svg', answer)}{bool(data)}".encode()).hexdigest()
        kept = Kept(
            file=f"{self.name}-{name}.pickle",
            looks={look: looks[look] for look in sorted(watched.looks)},
            shown=shown,
            label=label,
            has_data=bool(data),
            names=names_in(str(answer)) if not hasattr(answer, "svg") else frozenset(),
            forms=frozenset(forms()) if hasattr(answer, "svg") else frozenset(),
        )
        self.entries[call] = kept
        return kept

    def save(self) -> None:
        """Keep the list of what is kept, and delete what nobody asks for any more."""
        _save(folder(self.root) / f"{self.name}.pickle", (self.code, self.state, self.entries))
        wanted = {kept.file for kept in self.entries.values()}
        for path in folder(self.root).glob(f"{self.name}-*.pickle"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)


def answers(root: Path, name: str = "answers") -> Answers:
    """Return the answers that are kept below a root; none if they were given by other code."""
    path = folder(root) / f"{name}.pickle"
    if path.is_file():
        said, state, entries = _load(path)
        if said == code():
            return Answers(root=root, name=name, code=said, state=state, entries=entries)
    return Answers(root=root, name=name, code=code())
