r"""The directive {drawing}, which the answer of `figures.drawing` is made of, and the files of all drawings."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from peft_vlm_survey.cache import prints
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.drawing import draw
from peft_vlm_survey.show.drawing_graph import text_alternative
from peft_vlm_survey.show.paper_page import DRAWINGS
from peft_vlm_survey.site import files
from peft_vlm_survey.site.made import made

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


def _drawn(key: str) -> Mapping[str, bytes]:
    """Return a drawing in the forms that this build needs: nobody is given it as a file, so that paper alone needs a PDF."""
    forms = ("svg", "pdf") if prints() else ("svg",)
    drawn: Mapping[str, bytes] = made(f"drawing {key} as {' and '.join(forms)}", _work(key, forms))[0]
    return drawn


@cache
def _work(key: str, forms: tuple[str, ...]) -> Callable[[Survey], Mapping[str, bytes]]:
    def work(survey: Survey) -> Mapping[str, bytes]:
        figure = draw(survey.drawn_parts(key))
        return {form: figure.form(form) for form in forms}

    return work


def _written(app: Sphinx, key: str) -> Path:
    """Return where a drawing was written, without the ending of the file."""
    path = Path(app.doctreedir).resolve().parent / _BUILT / key
    for form, raw in _drawn(key).items():
        files.write(path.with_suffix(f".{form}"), raw)
    return path


def setup(app: Sphinx) -> None:
    """Register the directive, and write every drawing for the page of its paper."""
    app.add_directive("drawing", DrawingFigure)
    app.connect("build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        for drawing in the_survey().drawings:
            files.write(Path(app.outdir, DRAWINGS, f"{drawing.key}.svg"), _drawn(drawing.key)["svg"])
