"""Cross-references on paper: to another section with its page, to another document with its name."""

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.addnodes import number_reference, start_of_file
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from peft_vlm_survey.site.chapter_numbers import SUPPLEMENT, UNNUMBERED, ordered

ELSEWHERE = "elsewhere:"  # so the address of a chapter begins that is not in this document
_NO_PAGE = ("references", "glossary")  # citations and terms are many, and found by their alphabet


class CrossReferences(SphinxPostTransform):
    """Add to each reference what a reader on paper needs to follow it."""

    default_priority = 902  # behind what resolves them
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Treat the references of all chapters, which are in one document by now."""
        sections: dict[tuple[str, str], int] = {}
        for chapter in self.document.findall(start_of_file):
            sections |= {(chapter["docname"], name): place for name, place in _places(chapter)}
        for chapter in list(self.document.findall(start_of_file)):
            own = {id(node): section for section, node in _of_sections(chapter)}
            references = [node for node in chapter.findall(nodes.Element) if _is_reference(node)]
            for reference in references:
                self._treat(reference, chapter["docname"], own.get(id(reference), 0), sections)

    def _treat(
        self, reference: nodes.Element, chapter: str, section: int, sections: dict[tuple[str, str], int]
    ) -> None:
        address = reference.get("refuri") or f"%{chapter}#{reference['refid']}"
        if address.startswith(ELSEWHERE):
            name = address.removeprefix(ELSEWHERE).partition("#")[0]
            text = _joined(reference, _document_of(self.env, name)) if not _in_a_cell(reference) else ""
            reference.replace_self([*_plain(reference), nodes.Text(text)])
            return
        name, _, target = address.removeprefix("%").partition("#")
        if name in _NO_PAGE or _in_a_cell(reference):
            return
        if target and (name, target) not in sections:  # a tool is shown in short, without its sections
            reference.attributes.pop("refid", None)
            reference["refuri"], target = f"%{name}", ""
        if name == chapter and target and sections.get((name, target)) == section:
            return
        label = rf"\detokenize{{{name}:{target}}}" if target else rf"\detokenize{{{name}::doc}}"
        before, after = (", ", "") if _in_brackets(reference) else (" (", ")")
        tex = rf"{before}p.~\pageref{{{label}}}{after}"
        reference.parent.insert(reference.parent.index(reference) + 1, nodes.raw("", tex, format="latex"))


def _is_reference(node: nodes.Element) -> bool:
    """Return whether a node leads to a place of the book."""
    if not isinstance(node, nodes.reference | number_reference):
        return False
    address = node.get("refuri", "")
    return bool(node.get("refid")) if not address else address.startswith(("%", ELSEWHERE))


def _of_sections(chapter: nodes.Element) -> Iterator[tuple[int, nodes.Element]]:
    """Yield every node of a chapter with the number of its section, 0 before the first."""
    place = 0
    for title in chapter.children:
        tops = [child for child in title.children if isinstance(child, nodes.Element)]
        for top in tops:
            place += isinstance(top, nodes.section)
            for node in top.findall(nodes.Element):
                yield (place if isinstance(top, nodes.section) else 0), node


def _places(chapter: nodes.Element) -> Iterator[tuple[str, int]]:
    for place, node in _of_sections(chapter):
        yield from ((name, place) for name in node["ids"])


def _in_a_cell(node: nodes.Node) -> bool:
    """Return whether a node is in a table, a caption or a heading, where a page number would be in the way."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.entry | nodes.caption | nodes.title):
            return True
    return False


def _in_brackets(reference: nodes.Node) -> bool:
    """Return whether a bracket is open before a reference."""
    before = ""
    child, parent = reference, reference.parent
    while parent is not None and not isinstance(child, nodes.paragraph):
        before = "".join(node.astext() for node in parent.children[: parent.index(child)]) + before
        child, parent = parent, parent.parent
    return before.count("(") > before.count(")")


def _joined(reference: nodes.Node, document: str) -> str:
    return f", {document}" if _in_brackets(reference) else f" ({document})"


def _plain(reference: nodes.Element) -> list[nodes.Node]:
    if isinstance(reference, number_reference):
        return [nodes.Text(reference.astext())]
    return [nodes.emphasis("", reference.astext())]


def _document_of(env: BuildEnvironment, name: str) -> str:
    """Return where a chapter is that is not in this document."""
    if name in (*ordered(env, SUPPLEMENT), "glossary"):
        return "supplement"
    return "site" if name in UNNUMBERED or name == env.config.root_doc else "book"


def setup(app: Sphinx) -> None:
    """Register the treatment."""
    app.add_post_transform(CrossReferences)
