"""A finished figure, as a notebook shows it and as it is kept; drawing is another module's, since it needs matplotlib."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from peft_vlm_survey.cache import forms, prints


@dataclass(frozen=True, repr=False)  # no slots: each form is drawn when it is asked for, and kept
class Figure:
    """A finished figure, as SVG for the web, as PDF for print and as PNG for slides; none of them holds a date.

    `draw` returns it in the form that it is asked for; `data` are the rows of the sources behind it, for downloads.
    """

    draw: Callable[[str], bytes]
    data: Sequence[Mapping[str, str]] = ()
    canvas: Any = None  # what it is drawn on, which is not kept

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    @cached_property
    def svg(self) -> str:
        """The figure as SVG."""
        return self.draw("svg").decode("utf-8")

    @cached_property
    def pdf(self) -> bytes:
        """The figure as PDF."""
        _ = self.svg  # drawing settles the layout: the bytes must not depend on which form is asked for first
        return self.draw("pdf")

    @cached_property
    def png(self) -> bytes:
        """The figure as PNG, on white, with twice as many pixels as it takes on the site."""
        _ = self.svg
        return self.draw("png")

    def form(self, name: str) -> bytes:
        """Return the figure as `svg`, `pdf` or `png`."""
        return {"svg": lambda: self.svg.encode("utf-8"), "pdf": lambda: self.pdf, "png": lambda: self.png}[name]()

    def __reduce__(self) -> tuple[object, ...]:
        """Keep what was drawn and not what it was drawn with."""
        return Figure, (Drawn({name: self.form(name) for name in forms()}), self.data)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        printed = {"application/pdf": base64.b64encode(self.pdf).decode("ascii")} if prints() else {}
        return {"image/svg+xml": self.svg, **printed}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing in the forms that were asked for, without what it was drawn with."""

    forms: Mapping[str, bytes]

    def __call__(self, form: str) -> bytes:
        """Return the drawing in a form. Raises KeyError if it was not drawn in it."""
        return self.forms[form]
