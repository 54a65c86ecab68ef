r"""The directive {drawing}, which the answer of `figures.drawing` is made of, and the files of all drawings."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.kept import prints
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.origins import linked
from peft_vlm_survey.show.drawing import draw
from peft_vlm_survey.show.drawing_words import BASES, text_alternative
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.site import files
from peft_vlm_survey.site.made import made

FOLDER = "_images/drawings"  # of the site, for the pages of papers
_BUILT = "drawings"  # beside the doctrees, for the chapters


class DrawingFigure(SphinxDirective):
    """A figure of the drawing of a method, with the text alternative that follows from its description."""

    required_arguments = 1
    option_spec: ClassVar = {"name": directives.unchanged, "made": directives.unchanged}
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the figure; Sphinx takes the SVG for the site, and the PDF for paper."""
        key = self.arguments[0]
        survey = the_survey()
        path = _written(self.env.app, key)
        source = Path(os.path.relpath(path, self.env.srcdir))
        alt = text_alternative(survey.name(key), survey.drawing(key), survey.drawn_parts(key))
        caption = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, caption)
        figure = nodes.figure("", nodes.image(uri=f"{source.as_posix()}.*", alt=alt), classes=["drawing"])
        figure += nodes.caption("", "", *(child for part in caption.children for child in part.children))
        self.add_name(figure)
        self.set_source_info(figure)
        return [figure]


def drawing_of(key: str) -> tuple[Figure, str]:
    """Return a drawing, and what changes if and only if it does."""
    return made(f"drawing {key}", _work(key))


@cache
def _work(key: str) -> Callable[[Survey], Figure]:
    def work(survey: Survey) -> Figure:
        return draw(survey.drawn_parts(key))

    return work


def _written(app: Sphinx, key: str) -> Path:
    """Return where a drawing was written, without the ending of the file."""
    figure, _ = drawing_of(key)
    path = Path(app.doctreedir).resolve().parent / _BUILT / key
    files.write(path.with_suffix(".svg"), figure.svg)
    pdf = path.with_suffix(".pdf")
    if prints() and (not pdf.is_file() or pdf.read_bytes() != figure.pdf):
        pdf.write_bytes(figure.pdf)
    return path


def setup(app: Sphinx) -> None:
    """Register the directive, and write every drawing for the page of its paper."""
    app.add_directive("drawing", DrawingFigure)
    app.connect("build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        for drawing in the_survey().drawings:
            files.write(Path(app.outdir, FOLDER, f"{drawing.key}.svg"), drawing_of(drawing.key)[0].svg)


def shown(survey: Survey, key: str) -> dict[str, Any] | None:
    """Return what the page of a paper shows of its drawing; nothing if there is none."""
    drawing = survey.drawings_by_key.get(key)
    if drawing is None:
        return None
    return {
        "file": f"../{FOLDER}/{key}.svg",
        "alt": text_alternative(survey.name(key), drawing, survey.drawn_parts(key)),
        "shows": f"{drawing.shows[0].upper()}{drawing.shows[1:]}.",
        "basis": BASES[drawing.basis],
        "source": [Part(*piece) for piece in linked(drawing.source)],
        "checked": drawing.checked,
        "differs": drawing.differs,
    }
