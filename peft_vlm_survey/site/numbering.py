"""Figures and tables are numbered anew only where one came, went or moved: Sphinx reads every chapter again for that.

The numbers follow from the numbers of sections and from which numbered things stand where. That is noted of a chapter when
it is read, and where it is what it was, the numbers of the last build hold. Where not, what was noted is numbered, which has
all that counts and a hundredth of the nodes.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector

_TITLES = (nodes.caption, nodes.title)
_number_all = TocTreeCollector.assign_figure_numbers


def setup(app: Sphinx) -> None:
    """Take the place of Sphinx's numbering, and note what each chapter holds once all of it is there."""
    TocTreeCollector.assign_figure_numbers = _number  # type: ignore[method-assign,assignment]
    app.connect("doctree-read", _note, priority=950)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)


def outline_of(env: BuildEnvironment, chapter: str) -> nodes.document | None:
    """Return what of a chapter has a number, with its ids and titles; None where it was not all noted."""
    return _outlines(env).get(chapter)


def _number(collector: TocTreeCollector, env: BuildEnvironment) -> list[str]:
    """Number all figures and tables, or give them the numbers of the last build; return the chapters with other numbers."""
    settings = (env.config.numfig, env.config.numfig_secnum_depth, env.config.root_doc)
    state = repr((settings, sorted(env.toc_secnumbers.items()), sorted(_held(env).items())))
    before, numbers = getattr(env, "survey_numbering", ("", {}))
    if state == before:
        env.toc_fignumbers = _copied(numbers)
        return []
    with _outlined(env):
        changed = _number_all(collector, env)
    env.survey_numbering = (state, _copied(env.toc_fignumbers))  # type: ignore[attr-defined]
    return changed


@contextmanager
def _outlined(env: BuildEnvironment) -> Iterator[None]:
    """Let chapters be asked for as outlines, where they have one; the others are read as they are."""
    outlines = _outlines(env)

    def get_doctree(name: str) -> nodes.document:
        return outlines[name] if name in outlines else type(env).get_doctree(env, name)

    env.get_doctree = get_doctree  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        del env.get_doctree


def _copied(numbers: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the numbers apart from those of Sphinx, which forgets a chapter's when it reads the chapter again."""
    return {name: dict(of_chapter) for name, of_chapter in numbers.items()}


def _note(app: Sphinx, doctree: nodes.document) -> None:
    name, numbered = app.env.docname, [*_numbered(app.env, doctree)]
    _held(app.env)[name] = repr(numbered)
    outline = new_document(name, doctree.settings)
    outline += _outline(app.env, doctree)
    for node in (outline, *outline.findall()):
        node.document = None  # type: ignore[assignment]  # or each would bring the whole chapter
    outline.settings = outline.reporter = None  # type: ignore[assignment]
    _outlines(app.env).pop(name, None)
    if [*_numbered(app.env, outline)] == numbered:
        _outlines(app.env)[name] = outline


def _outline(env: BuildEnvironment, part: nodes.Element) -> Iterator[nodes.Element]:
    """Yield what of a chapter decides on numbers, each with its title, out of what else it stands in."""
    for node in part.children:
        if isinstance(node, addnodes.toctree):
            yield node.copy()
        elif isinstance(node, nodes.section):
            yield nodes.section("", *_outline(env, node), ids=node["ids"])
        elif isinstance(node, nodes.Element):
            if node["ids"] and any(domain.get_enumerable_node_type(node) for domain in env.domains.values()):
                numbered = node.copy()
                numbered += [child.deepcopy() for child in node.children if isinstance(child, _TITLES)]
                yield numbered
            yield from _outline(env, node)


def _numbered(env: BuildEnvironment, part: nodes.Element) -> Iterator[Any]:
    """Yield what decides on numbers, in the order of the chapter: sections, tables of contents, and what has a number."""
    for node in part.children:
        if isinstance(node, nodes.section):
            yield node["ids"], [*_numbered(env, node)]
        elif isinstance(node, addnodes.toctree):
            yield "toctree", node["entries"]
        elif isinstance(node, nodes.Element):
            kinds = [domain.get_enumerable_node_type(node) for domain in env.domains.values()]
            if any(kinds) and node["ids"]:
                yield kinds, node["ids"][0], bool(env.get_domain("std").get_numfig_title(node))  # type: ignore[attr-defined]
            yield from _numbered(env, node)


def _held(env: BuildEnvironment) -> dict[str, str]:
    if not hasattr(env, "survey_numbered"):
        env.survey_numbered = {}  # type: ignore[attr-defined]
    return env.survey_numbered  # type: ignore[attr-defined,no-any-return]


def _outlines(env: BuildEnvironment) -> dict[str, nodes.document]:
    if not hasattr(env, "survey_outlines"):
        env.survey_outlines = {}  # type: ignore[attr-defined]
    return env.survey_outlines  # type: ignore[attr-defined,no-any-return]


def _forget(app: Sphinx, env: BuildEnvironment, name: str) -> None:
    _held(env).pop(name, None)
    _outlines(env).pop(name, None)


def _merge(app: Sphinx, env: BuildEnvironment, names: Iterable[str], other: BuildEnvironment) -> None:
    wanted = set(names)
    _held(env).update({name: numbered for name, numbered in _held(other).items() if name in wanted})
    _outlines(env).update({name: outline for name, outline in _outlines(other).items() if name in wanted})
