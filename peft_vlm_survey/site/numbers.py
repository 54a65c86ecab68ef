"""Numbered references, each chapter's doctree unpickled once for all of them and not once for each.

Sphinx's own domain reads the whole target chapter for every `{numref}`, which was three quarters of writing chapters.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment


class Numbers(StandardDomain):
    """The standard domain, with the doctrees at hand that numbered references look into."""

    def _resolve_numref_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.Element | None:
        kept: Any = _Environment(env)
        return super()._resolve_numref_xref(kept, fromdocname, builder, typ, target, node, contnode)


class _Environment:
    """An environment whose doctrees are read from disk once, as long as they do not change; they are only looked at."""

    _doctrees: dict[tuple[str, int], nodes.document] = {}  # noqa: RUF012 (one for the process)

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)

    def get_doctree(self, docname: str) -> nodes.document:
        """Return the doctree of a chapter, to be read and never to be written."""
        place = docname, (Path(self._env.doctreedir) / f"{docname}.doctree").stat().st_mtime_ns
        if place not in self._doctrees:
            self._doctrees[place] = self._env.get_doctree(docname)
        return self._doctrees[place]


def setup(app: Sphinx) -> None:
    """Put it in the place of Sphinx's own."""
    app.add_domain(Numbers, override=True)
