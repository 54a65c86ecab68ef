"""What the site writes by the thousand: a file that would say the same as the last time is left alone."""

import hashlib
import json
from collections.abc import Collection
from pathlib import Path


class Written:
    """Digests of what was written the last time, by name, in a file; `state` changes if anything does of which it is made."""

    def __init__(self, path: Path, *, state: str) -> None:
        self._path = path
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        self.current = known.get("state") == state
        self._state = state
        self._before: dict[str, str] = known.get("digests", {})
        self._now: dict[str, str] = {}

    @property
    def names(self) -> Collection[str]:
        """The names of all that was written the last time."""
        return self._before.keys()

    @property
    def gone(self) -> Collection[str]:
        """The names of what was written the last time and is not this time."""
        return self._before.keys() - self._now.keys()

    def differs(self, name: str, *said: object) -> bool:
        """Note what something says, and return whether it said something else the last time."""
        self._now[name] = hashlib.sha256(repr(said).encode()).hexdigest()
        return self._before.get(name) != self._now[name]

    def save(self) -> None:
        """Remember what was noted."""
        self._path.write_text(json.dumps({"state": self._state, "digests": self._now}), encoding="utf-8")
