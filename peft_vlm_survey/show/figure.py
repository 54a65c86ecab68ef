"""A finished figure, as a notebook shows it and as it is kept; drawing is another module's, since it needs matplotlib."""

import base64
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)  # no slots: each form is drawn when it is asked for, and kept
class Figure:
    """A finished figure, as SVG for the web and as PDF for print; neither holds a date.

    `draw` returns it in the form that it is asked for; `data` are the rows of the sources behind it, for downloads.
    """

    draw: Callable[[str], bytes]
    data: Sequence[Mapping[str, str]] = ()
    canvas: Any = None  # what it is drawn on, which is not kept

    @cached_property
    def svg(self) -> str:
        """The figure as SVG."""
        return self.draw("svg").decode("utf-8")

    @cached_property
    def pdf(self) -> bytes:
        """The figure as PDF."""
        _ = self.svg  # drawing settles the layout: the bytes must not depend on which form is asked for first
        return self.draw("pdf")

    def __reduce__(self) -> tuple[object, ...]:
        """Keep what was drawn and not what it was drawn with."""
        return Figure, (Drawn(self.svg, self.pdf if prints() else b""), self.data)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        printed = {"application/pdf": base64.b64encode(self.pdf).decode("ascii")} if prints() else {}
        return {"image/svg+xml": self.svg, **printed}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing in its two forms, without what it was drawn with."""

    svg: str
    pdf: bytes

    def __call__(self, form: str) -> bytes:
        """Return the drawing as `svg` or `pdf`."""
        return self.svg.encode("utf-8") if form == "svg" else self.pdf


def prints() -> bool:
    """Return whether a PDF is made beside the site; without one nobody asks for a figure's PDF."""
    return os.environ.get("SURVEY_PDF") == "1"
