"""What was checked and has no fault: it is not checked again until a file changes at which the check looked.

Of a check that found nothing it is kept, beside what else is worked out once, at which files it looked, and a digest of
these. Which these are nobody has to say: a rule is handed a survey that notes what is asked of it.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from functools import cached_property
from inspect import getattr_static
from pathlib import Path
from typing import Any, TypeVar, cast

from peft_vlm_survey import cache
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem

_FIELDS = frozenset(held.name for held in fields(Survey))
# What is no table: the files in which it stands. Of a rule that looks at the root nobody knows at which files it looks.
_FILES: Mapping[str, tuple[str, ...]] = {
    "references": ("references.bib",),
    "edition": ("CITATION.cff",),
    "citations": ("book/*.md",),
}
_ROOT = "root"
CHECKED = "checked.pickle"
T = TypeVar("T")


class Seen:
    """The survey as a check sees it, with a note of what it asks for, by the names of the tables and of what else is read."""

    def __init__(self, survey: Survey, known: dict[Any, tuple[Any, frozenset[str]]]) -> None:
        self._survey = survey
        self._known = known  # what was worked out, and what was asked for meanwhile
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        """Return what the survey has under a name, and note that; it is asked for once of each check."""
        self.__dict__[name] = value = self._value(name)
        return value

    def _value(self, name: str) -> Any:
        if name in _FIELDS:
            self.asked.add(name)
            return getattr(self._survey, name)
        held = getattr_static(Survey, name)
        if isinstance(held, cached_property):
            return self._once(name, held.func)
        return held.__get__(self)

    def derived(self, work: Callable[[Survey], T]) -> T:
        """Return what a function makes of the survey, as `Survey.derived` does."""
        made: T = self._once(work, work)
        return made

    def _once(self, name: Any, work: Callable[[Any], Any]) -> Any:
        if name not in self._known:
            inner = Seen(self._survey, self._known)
            self._known[name] = work(inner), frozenset(inner.asked)
        made, asked = self._known[name]
        self.asked |= asked
        return made


class Checked:
    """The checks below a root that found nothing, by name: at which files they looked, and a digest of these."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = cache.folder(root) / CHECKED
        self._state = cache.reading()
        self._found: dict[str, tuple[frozenset[str], str]] = cache.load(self._path, self._state) or {}
        self._before = dict(self._found)
        self._digests: dict[str, str] = {}
        self._together: dict[frozenset[str], str] = {}

    def holds(self, name: str) -> bool:
        """Return whether a check found nothing in the files at which it looked, which are still the same."""
        files, state = self._found.get(name, (frozenset(), ""))
        return state == self._digest(files)

    def note(self, name: str, files: Iterable[str]) -> None:
        """Note that a check finds nothing in these files."""
        looked_at = frozenset(files)
        self._found[name] = looked_at, self._digest(looked_at)

    def faults(self, name: str, files: Collection[str], look: Callable[[], Iterable[Problem]]) -> tuple[Problem, ...]:
        """Return what a check finds in some files, which need not look again where it has found nothing in them."""
        if self.holds(name):
            return ()
        problems = tuple(look())
        if not problems:
            self.note(name, files)
        return problems

    def broken(
        self, rule: Callable[[Survey], Iterable[Problem]], survey: Survey, known: dict[Any, Any]
    ) -> tuple[Problem, ...]:
        """Return what a rule finds in a survey; `known` is what other rules have worked out of the same."""
        name = f"{rule.__module__}.{rule.__qualname__}"
        if self.holds(name):
            return ()
        seen = Seen(survey, known)
        problems = tuple(rule(cast(Survey, seen)))
        if not problems and _ROOT not in seen.asked:
            self.note(name, (file for asked in seen.asked for file in _FILES.get(asked, (f"data/{asked}.csv",))))
        return problems

    def save(self) -> None:
        """Keep what was noted, in this repository and where a build keeps things, not below every folder checked."""
        if self._found != self._before and cache.has_cache(self._root):
            cache.save(self._path, self._state, self._found)

    def _digest(self, files: Collection[str]) -> str:
        """Return what changes if one of these files does; many checks look at the same."""
        if (group := frozenset(files)) not in self._together:
            whole = hashlib.sha256()
            for file in sorted(group):
                if file not in self._digests:
                    self._digests[file] = cache.digest(self._root, file)
                whole.update(f"{file} {self._digests[file]}\n".encode())
            self._together[group] = whole.hexdigest()
        return self._together[group]
