"""The order and the numbers of the chapters: 1, 2, … through the parts, S1, S2, … in the supplement.

Tools and what is for reference carry no number. Sphinx's own numbering knows neither.
"""

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

TOOLS = ("choose", "fit", "compare", "catalogue", "benchmarks")
SUPPLEMENT = "supplement"  # its chapters are those below it in _toc.yml
UNNUMBERED = (*TOOLS, "glossary", "cite", "references", SUPPLEMENT)


def ordered(env: BuildEnvironment, above: str = "") -> list[str]:
    """Return all chapters in the order of the contents, or those below one of them."""
    below: list[str] = []
    for name in env.toctree_includes.get(above or env.config.root_doc, ()):
        below += [name, *ordered(env, name)]
    return below


def numbers(env: BuildEnvironment) -> dict[str, int | str]:
    """Return the number of each chapter that has one."""
    held = env.toctree_includes
    supplement = held.get(SUPPLEMENT, ())
    chapters = [name for name in ordered(env) if name not in (*UNNUMBERED, *supplement)]
    return {
        **{name: place for place, name in enumerate(chapters, 1)},
        **{name: f"S{place}" for place, name in enumerate(supplement, 1)},
    }


def _assign(collector: TocTreeCollectorWithStyles, env: BuildEnvironment) -> list[str]:
    """Give the titles of chapters their numbers, and sections none; return the chapters with other numbers than before."""
    before, env.toc_secnumbers = env.toc_secnumbers, {}
    numbered = numbers(env)
    for name in ordered(env):
        number = (numbered[name],) if name in numbered else None
        if name in env.titles:
            env.titles[name]["secnumber"] = number
        for reference in _references(env, name):
            own = None if reference["anchorname"] else number
            reference["secnumber"] = own
            if number:
                env.toc_secnumbers.setdefault(name, {})[reference["anchorname"]] = own  # type: ignore[assignment]
    return [name for name in env.tocs if env.toc_secnumbers.get(name) != before.get(name)]


def _references(env: BuildEnvironment, name: str) -> Iterator[nodes.reference]:
    if name in env.tocs:
        yield from env.tocs[name].findall(nodes.reference)


def setup(app: Sphinx) -> None:
    """Take the place of the numbering of sections."""
    TocTreeCollectorWithStyles.assign_section_numbers = _assign  # type: ignore[method-assign]
