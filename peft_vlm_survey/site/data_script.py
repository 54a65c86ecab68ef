"""Data as a script beside the pages: a page opened from disk may load a script, and may not fetch a file."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from peft_vlm_survey.model import Survey
from peft_vlm_survey.site import files
from peft_vlm_survey.site.made import made

Anchors = tuple[tuple[str, str], ...]
PAGE = "references"  # chapters have short lists of their own, to which no citation leads


class DataScript:
    """One such script, under its name in `_static/`; `text` makes it from the data and the anchors of the list of references.

    `also` returns what it depends on besides these. `names` are those of all such scripts.
    """

    names: ClassVar[set[str]] = set()

    def __init__(
        self, name: str, text: Callable[[Survey, Anchors], str], also: Callable[[], object] = lambda: None
    ) -> None:
        self.name = name
        self.names.add(name)
        self._text = text
        self._also = also
        self._made: dict[Anchors, tuple[str, str]] = {}

    def address(self, env: BuildEnvironment) -> str:
        """Return the script's address beside the others; it changes with the text, so that no cache serves an old one."""
        return f"{self.name}?v={self._of(env)[1]}"

    def setup(self, app: Sphinx) -> None:
        """Write the script when the site is there."""
        app.connect("build-finished", self._write)

    def _of(self, env: BuildEnvironment) -> tuple[str, str]:
        """Return the text and its digest, which every page asks for."""
        asked = anchors(env)
        if asked not in self._made:
            besides = hashlib.sha256(repr((asked, self._also())).encode()).hexdigest()
            text, _ = made(f"{self.name} {besides}", lambda survey: self._text(survey, asked))
            self._made[asked] = text, hashlib.sha256(text.encode()).hexdigest()[:8]
        return self._made[asked]

    def _write(self, app: Sphinx, error: Exception | None) -> None:
        if error is None and app.builder.format == "html":
            files.write(Path(app.outdir, "_static", self.name), self._of(app.env)[0])


def anchors(env: BuildEnvironment) -> Anchors:
    """Return the keys of the list of references, each with the anchor that citations lead to, sorted by key."""
    citations = env.get_domain("cite").citations  # type: ignore[attr-defined]
    return tuple(sorted((c.key, c.citation_id) for c in citations if c.bibliography_key.docname == PAGE))


def compact(value: Any) -> str:
    """Return a value as JSON without a blank."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
