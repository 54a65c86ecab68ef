r"""The parts of the book, and its appendices: without a number on the site, and on paper behind the chapters.

On the site an appendix stands in the part where readers look for it. On paper the appendices come last, after
\appendix, so that a chapter has one number on the site and on paper.
"""

from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx.addnodes import start_of_file, toctree
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.texescape import escape

APPENDICES = ("catalogue", "glossary", "references")  # in their order on paper
WIDE = "catalogue"  # its lists take the width of the page, so that they take fewer of them

# What the start page has for the site alone: front pages or a chapter say it, or nobody can press it.
_SAID = {"tools", "at-a-glance", "cite-and-take-along"}


class Unnumbered(SphinxTransform):
    """Split each part's list of chapters around its appendices, which carry no number."""

    default_priority = 110  # the lists are inserted at 100 and collected at 880

    def apply(self, **kwargs: Any) -> None:
        """Put several lists in the place of one; the first keeps the caption."""
        for part in list(self.document.findall(toctree)):
            runs = groupby(part["entries"], key=lambda entry: entry[1] in APPENDICES)
            pieces = [self._piece(part, list(entries), appendix=appendix) for appendix, entries in runs]
            for piece in pieces[1:]:
                piece["caption"], piece["rawcaption"] = None, ""
            part.replace_self(pieces)

    def _piece(self, part: toctree, entries: list[tuple[str | None, str]], *, appendix: bool) -> toctree:
        piece = part.copy()
        piece["entries"] = entries
        piece["includefiles"] = [name for _, name in entries]
        if appendix:
            piece["numbered"] = 0
        return piece


class OnPaper(SphinxPostTransform):
    """Let the contents name the parts, let the appendices come last, and let the start page hold no chapter."""

    default_priority = 910
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Move the chapters, which are all in one document by now."""
        _head_no_chapter(self.document)
        chapters = {chapter["docname"]: chapter for chapter in self.document.findall(start_of_file)}
        for name, caption in openings(self.env).items():
            if name in chapters:
                _before(
                    chapters[name], rf"\addtocontents{{toc}}{{\protect\surveypart{{{escape(caption, 'xelatex')}}}}}"
                )
        appendices = [chapters[name] for name in APPENDICES if name in chapters]
        if not appendices:
            return
        last = list(chapters.values())[-1].parent
        for chapter in appendices:
            chapter.parent.remove(chapter)
            last.append(chapter)
        _before(appendices[0], r"\addtocontents{toc}{\protect\surveypart{Appendices}}" + "\n" + r"\appendix")
        if WIDE in chapters:
            _before(chapters[WIDE], r"\surveywidepage")
            _after(chapters[WIDE], r"\surveyusualpage")


def openings(env: BuildEnvironment) -> dict[str, str]:
    """Return the captions of the parts by their first chapters that are no appendices."""
    captions = {}
    caption = None
    for part in env.get_doctree(env.config.root_doc).findall(toctree):
        caption = part["caption"] or caption
        names = [name for name in part["includefiles"] if name not in APPENDICES]
        if caption and names:
            captions[names[0]] = caption
            caption = None
    return captions


def _head_no_chapter(document: nodes.document) -> None:
    """Turn the sections of the start page into headings; TeX would count them as chapters.

    What the front pages say already, and the ways into the tools of the site, are left out.
    """
    for page in [node for node in document.children if isinstance(node, nodes.section)]:
        _leave_out(page)
        for section in [node for node in page.children if isinstance(node, nodes.section)]:
            title, *rest = section.children
            section.replace_self([nodes.rubric("", "", *title.children, ids=section["ids"]), *rest])


def _leave_out(part: nodes.Element) -> None:
    for child in [child for child in part.children if isinstance(child, nodes.Element)]:
        holds_chapters = next(child.findall(start_of_file), None) is not None
        if _SAID & {*child.get("classes", ()), *child.get("ids", ())} and not holds_chapters:
            part.remove(child)
        elif not isinstance(child, start_of_file):
            _leave_out(child)


def _before(chapter: nodes.Element, tex: str) -> None:
    parent = chapter.parent
    parent.insert(parent.index(chapter), nodes.raw("", tex, format="latex"))


def _after(chapter: nodes.Element, tex: str) -> None:
    parent = chapter.parent
    parent.insert(parent.index(chapter) + 1, nodes.raw("", tex, format="latex"))


def setup(app: Sphinx) -> None:
    """Register both."""
    app.add_transform(Unnumbered)
    app.add_post_transform(OnPaper)
