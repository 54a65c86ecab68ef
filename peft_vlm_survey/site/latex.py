"""What paper needs of the text: places where long names may break."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class LongNames(SphinxPostTransform):
    """Let paths and addresses in tables and records break behind a slash, a dot, an underscore, a hyphen or an at sign.

    A long number in base sixteen, as addresses of records have it, breaks after every eight digits.

    A zero-width space (U+200B) marks the place; _latex/survey.sty says what TeX makes of it. Browsers break by CSS.
    """

    default_priority = 900
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Mark the places in every word of more than twenty characters."""
        holders: list[nodes.Element] = [*self.document.findall(nodes.table), *self.document.findall(nodes.container)]
        for holder in holders:
            for text in list(holder.findall(nodes.Text)):
                broken = re.sub(r"\S{20,}", lambda word: breakable(word.group()), text)
                if broken != text and not isinstance(text.parent, nodes.literal_block | nodes.math):
                    text.parent.replace(text, nodes.Text(broken))


def breakable(word: str) -> str:
    """Return a long word with a zero-width space wherever it may break."""
    word = re.sub(r"(?<=[/._@:-])(?=\w)", "\u200b", word)
    return re.sub(r"[0-9a-f]{24,}", lambda digits: "\u200b".join(re.findall(".{1,8}", digits.group())), word)


def setup(app: Sphinx) -> None:
    """Let long names break on paper."""
    app.add_post_transform(LongNames)
