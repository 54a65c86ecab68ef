"""Long tables and second figures of a chapter, folded behind their captions on the site; on paper they stand open.

A cell whose tags name `fold` asks for it: `:tags: [remove-input, fold]`. Without scripts a fold opens by a click as
well; survey.js opens the one that an address leads into, and all of them for the printer.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

TAG = "fold"
_OPEN = '<details class="fold"><summary>'


class Folds(SphinxPostTransform):
    """Put what a tagged cell shows behind a fold, with the note, the links and the code that belong to it."""

    default_priority = 900  # when everything that belongs to a table or figure stands behind it
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Wrap the cells."""
        for cell in list(self.document.findall(nodes.container)):
            if f"tag_{TAG}" not in cell["classes"]:
                continue
            words = self._words(cell)
            if not words:  # an answer in a sentence needs no fold
                continue
            cell.insert(0, [nodes.raw("", _OPEN, format="html"), *words, nodes.raw("", "</summary>", format="html")])
            cell.append(nodes.raw("", "</details>", format="html"))

    def _words(self, cell: nodes.Element) -> list[nodes.Node]:
        """Return what stands above the fold: number and caption of a table or figure, else what the cell says under `fold`."""
        holders: list[nodes.Element] = [*cell.findall(nodes.table), *cell.findall(nodes.figure)]
        for holder in holders:
            return [*self._number(holder), *self._caption(holder)]
        named = cell["cell_metadata"].get(TAG)
        return [nodes.inline("", named, classes=["fold-number"])] if named else []

    def _number(self, holder: nodes.Element) -> list[nodes.Node]:
        kind = "table" if isinstance(holder, nodes.table) else "figure"
        known: dict[str, tuple[int, ...]] = self.env.toc_fignumbers.get(self.env.docname, {}).get(kind, {})
        number = next((known[name] for name in holder["ids"] if name in known), None)
        if number is None:
            return []
        text = str(self.config.numfig_format[kind]) % ".".join(map(str, number))
        return [nodes.inline("", f"{text} ", classes=["fold-number"])]

    def _caption(self, holder: nodes.Element) -> list[nodes.Node]:
        """Return the first sentence of the caption, once more as text; a caption holds no citation and no target."""
        words = next(iter(holder.findall(lambda node: isinstance(node, nodes.title | nodes.caption))))
        return [nodes.inline("", words.astext().split("\n")[0], classes=["fold-caption"])]


def setup(app: Sphinx) -> None:
    """Register the folds."""
    app.add_post_transform(Folds)
