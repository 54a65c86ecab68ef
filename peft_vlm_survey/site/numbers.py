"""Numbered references, for which no chapter is read again.

Sphinx's own domain unpickles the whole target chapter for every `{numref}`, which was three quarters of writing chapters,
though it looks at nothing but the node that has the label: that stands in the outline too.
"""

from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment

from peft_vlm_survey.site.numbering import outline_of


class Numbers(StandardDomain):
    """The standard domain, which looks for numbered things in outlines."""

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
        outlined: Any = _Environment(env)
        return super()._resolve_numref_xref(outlined, fromdocname, builder, typ, target, node, contnode)


class _Environment:
    """An environment whose doctrees are there to be asked for the node with an id, and for nothing else."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)

    def get_doctree(self, docname: str) -> "_Doctree":
        """Return what of a chapter is asked for its ids."""
        return _Doctree(self._env, docname)


class _Doctree:
    def __init__(self, env: BuildEnvironment, docname: str) -> None:
        self._env, self._docname = env, docname

    @property
    def ids(self) -> "_Doctree":
        return self

    def get(self, label: str) -> nodes.Element | None:
        """Return the node with an id: of the outline, and of the whole chapter if it stands in none."""
        outline = outline_of(self._env, self._docname)
        for node in outline.findall(nodes.Element) if outline else ():
            if label in node["ids"]:
                return node
        return self._env.get_doctree(self._docname).ids.get(label)


def setup(app: Sphinx) -> None:
    """Put it in the place of Sphinx's own."""
    app.add_domain(Numbers, override=True)
