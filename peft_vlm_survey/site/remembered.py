"""What the site makes of the survey one by one, thousands of pages and records: each again only if something changed for it."""

import pickle
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from peft_vlm_survey.cache import Look, Looks, Watched, fewer, load, save, whole
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.model import Survey

T = TypeVar("T")
_STAMP = "remembered"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Made:
    """A thing as it was last made: a digest of what it shows, what it was made of besides, and where was looked for it."""

    shown: str
    besides: str
    looks: tuple[Look, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    """All of them as they were last made, and what was said wherever was looked for one of them."""

    state: str = ""
    frame: str = ""
    things: dict[str, _Made] = field(default_factory=dict)
    looks: dict[Look, str] = field(default_factory=dict)


class Unwatched:
    """The survey as it is, but that what is derived with much work comes from the disk if nothing changed at which it looked."""

    def __init__(self, survey: Survey, known: Looks) -> None:
        self._survey = survey
        self._known = known
        self._dear: dict[Callable[[Survey], Any], Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._survey, name)

    def derived(self, work: Callable[[Survey], Any]) -> Any:
        """Return what a function makes of the survey, made once."""
        if not getattr(work, "dear", False):
            return self._survey.derived(work)
        if work not in self._dear:
            self._dear[work] = self._known.kept(work)[0]
        return self._dear[work]


class Remembered:
    """Such things by their names, remembered in a file.

    `state` changes if anything does of which they are made, `frame` if something does that all of them share.
    A whole site begins with nothing and its file is deleted with it, so that nothing is noted there of what was looked at.
    """

    def __init__(self, path: Path, *, state: str, frame: str) -> None:
        self._path = path
        self._looks = the_survey().derived(Looks)
        self._before = _read(path, frame)
        self._now = _Record(state=state, frame=frame)
        self._valid: frozenset[Look] | None = None
        self._unwatched = Unwatched(the_survey(), self._looks)

    @property
    def names(self) -> Collection[str]:
        """The names of all that was made the last time."""
        return self._before.things.keys()

    @property
    def gone(self) -> Collection[str]:
        """The names of what was made the last time and is not this time."""
        return self._before.things.keys() - self._now.things.keys()

    @property
    def current(self) -> bool:
        """Whether nothing changed of which any of them is made."""
        return self._before.state == self._now.state

    def holds(self, name: str, besides: str) -> bool:
        """Return whether a thing would be made as it was the last time, and if so take it over."""
        known = self._before.things.get(name)
        if self._before.frame != self._now.frame or known is None or known.besides != besides or not known.looks:
            return False
        if self._valid is None:
            self._valid = self._looks.still_where(self._before.looks)
        if not self._valid.issuperset(known.looks):
            return False
        self._now.things[name] = known
        return True

    def make(self, name: str, besides: str, work: Callable[[Survey], T], shown: Callable[[T], str]) -> tuple[T, bool]:
        """Make a thing, and return with it whether it shows something else than the last time."""
        if whole():
            self._now.things[name] = _Made(shown="", besides=besides, looks=())
            return work(cast(Survey, self._unwatched)), True
        watched = Watched(the_survey(), self._looks)
        with watched.noting():
            thing = work(cast(Survey, watched))
        made, known = (
            _Made(shown=shown(thing), besides=besides, looks=tuple(fewer(watched.looks))),
            self._before.things.get(name),
        )
        self._now.things[name] = made
        return thing, known is None or known.shown != made.shown

    def save(self) -> None:
        """Remember what was made or taken over this time."""
        looks = set().union(*(thing.looks for thing in self._now.things.values()))
        self._now.looks.update((look, self._looks[look]) for look in looks)
        record = pickle.dumps(self._now, protocol=5)
        save(self._path, _STAMP, (self._now.frame, tuple(self._now.things), record))


def _read(path: Path, frame: str) -> _Record:
    """Return what was remembered; of another frame, which other code may have made, no more than the names."""
    before, names, record = load(path, _STAMP) or ("", (), b"")
    if before == frame and record:
        known: _Record = pickle.loads(record)  # noqa: S301 (saved by this code)
        return known
    return _Record(things={name: _Made(shown="", besides="", looks=()) for name in names})
