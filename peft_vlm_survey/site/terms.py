"""Link the first use of a glossary term in a chapter to its entry, with the definition as a tooltip."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.glossary import GlossaryTerm

_NOT_PROSE = (
    nodes.title,
    nodes.reference,
    nodes.literal,
    nodes.math,
    nodes.raw,
    nodes.caption,
    nodes.table,
    nodes.strong,
    nodes.definition_list,
    nodes.comment,
)
_LONG = 11  # letters of a single word that has no other meaning in a sentence about models
_WITHOUT = ("glossary", "references", "catalogue", "index")  # pages that explain themselves


def linked_names(terms: Iterable[GlossaryTerm]) -> dict[str, GlossaryTerm]:
    """Return the names that are linked: several words, abbreviations and long words, since *rank* or *gate* mean more than one thing."""
    return {name: term for term in terms for name in term.names if _is_plain(name)}


def _is_plain(name: str) -> bool:
    capitals = sum(letter.isupper() for letter in name)
    return bool(re.search(r"[ –-]", name)) or capitals > 1 or len(name) >= _LONG


@cache
def _names() -> tuple[dict[str, GlossaryTerm], re.Pattern[str]]:
    names = linked_names(the_survey().glossary)
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return {_folded(name): names[name] for name in longest_first}, re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(_pattern, longest_first))})(?![\w-])"
    )


def _folded(name: str) -> str:
    return name if sum(letter.isupper() for letter in name) > 1 else name.lower()


def _pattern(name: str) -> str:
    """Return what finds a name: an abbreviation as it is written, another one also at the start of a sentence and in the plural."""
    if sum(letter.isupper() for letter in name) > 1:
        return re.escape(name)
    return rf"(?i:{re.escape(name)})s?"


def found_in(text: str) -> Iterator[tuple[int, int, GlossaryTerm]]:
    """Yield where a text names terms of the glossary, and which."""
    names, pattern = _names()
    for match in pattern.finditer(text):
        name = _folded(match.group())
        term = names.get(name) or names.get(_folded(match.group().lower())) or names.get(name.removesuffix("s"))
        if term:
            yield match.start(), match.end(), term


class Terms(SphinxPostTransform):
    """Make links of the first uses; on paper the glossary is its own place."""

    default_priority = 90  # after citations and references became links, which stay as they are
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace the texts."""
        std = self.env.get_domain("std")
        if self.env.docname in _WITHOUT:
            return
        seen: set[str] = set()
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if _stands_in_prose(paragraph):
                for text in list(paragraph.findall(nodes.Text)):
                    if _stands_in_prose(text):
                        self._link(text, std.objects, seen)  # type: ignore[attr-defined]

    def _link(self, text: nodes.Text, objects: dict[tuple[str, str], tuple[str, str]], seen: set[str]) -> None:
        pieces: list[nodes.Node] = []
        end = 0
        for start, stop, term in found_in(str(text)):
            place = objects.get(("term", term.term))
            if term.term in seen or place is None:
                continue
            seen.add(term.term)
            page, anchor = place
            address = f"{self.app.builder.get_relative_uri(self.env.docname, page)}#{anchor}"
            link = nodes.reference("", text[start:stop], refuri=address, internal=True, classes=["glossary-term"])
            link["reftitle"] = term.definition
            pieces += [nodes.Text(text[end:start]), link]
            end = stop
        if pieces:
            parent = text.parent
            parent.replace(text, [*pieces, nodes.Text(text[end:])])


def _stands_in_prose(node: nodes.Node) -> bool:
    while node is not None:
        if isinstance(node, _NOT_PROSE) or (isinstance(node, nodes.container) and "table-note" in node["classes"]):
            return False
        node = node.parent
    return True


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(Terms)
